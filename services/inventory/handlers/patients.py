"""Handler for the fact that two patients are one person (S65)."""

from functools import partial

from services.inventory.application.warehouse import Warehouse
from services.inventory.domain.patients import merge_patients
from services.inventory.repository.collections import PATIENTS
from shared.events.prescription import PatientsMerged
from shared.messaging.consuming import Subscriptions
from shared.repository import Cause
from shared.repository.merged import present


def on_patients(subscriptions: Subscriptions, warehouse: Warehouse) -> None:
    repository = warehouse.repository

    @subscriptions.on(PatientsMerged)
    async def on_patients_merged(event: PatientsMerged, cause: Cause) -> None:
        into, _ = await present(repository, PATIENTS, event.into_ref)
        if into == event.patient_ref:
            return  # each was merged into the other: the first one counts
        refs = PATIENTS.maybe(event.patient_ref) & PATIENTS.maybe(into)
        rule = partial(merge_patients, patient_ref=event.patient_ref, into_ref=into)
        await repository.change(refs, rule, cause=cause)
