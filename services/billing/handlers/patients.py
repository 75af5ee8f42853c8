"""Handlers for the facts about patients and those who pay for them."""

from services.billing.application.corrections import Corrections
from services.billing.application.ledger import Ledger
from services.billing.application.withdrawals import Withdrawals
from services.billing.domain.fees.payer import Guardian, Identity, Payer
from shared.domain.person_id import OIDS
from shared.events.prescription import PatientChanged, PatientsMerged
from shared.messaging.consuming import Subscriptions
from shared.repository import Cause

OID_OF = {str(number_type): oid for number_type, oid in OIDS.items()}


def on_patients(
    subscriptions: Subscriptions, ledger: Ledger, corrections: Corrections, withdrawals: Withdrawals
) -> None:
    @subscriptions.on(PatientChanged)
    async def on_patient_changed(event: PatientChanged, cause: Cause) -> None:
        await ledger.know(_payer(event), cause=cause)

    @subscriptions.on(PatientsMerged)
    async def on_patients_merged(event: PatientsMerged, cause: Cause) -> None:
        await ledger.merge(event.patient_ref, into_ref=event.into_ref, cause=cause)
        await corrections.merge(event.patient_ref, into_ref=event.into_ref, cause=cause)
        await withdrawals.merge(event.patient_ref, into_ref=event.into_ref, cause=cause)


def _payer(event: PatientChanged) -> Payer:
    return Payer(
        patient_ref=event.patient_ref,
        version=event.version,
        identity=Identity(OID_OF[event.number_type], event.number) if event.number else None,
        protected=event.protected,
        born=event.born,
        guardians=tuple(
            Guardian(each.guardian_ref, each.valid_from, each.valid_through) for each in event.guardians
        ),
    )
