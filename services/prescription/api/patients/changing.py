"""The only way for a route to change a patient: checks who may, and records a stated emergency (S70)."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from services.prescription.api.own.work import OwnWork
from services.prescription.api.patients.forms import ChangeForm
from services.prescription.api.patients.views import PatientKept
from services.prescription.api.reach import demand_reaching
from services.prescription.api.serving import Serving
from services.prescription.domain.patients.patients import Patient
from services.prescription.domain.patients.serving import NOT_YOUR_PATIENT, in_emergency
from services.prescription.repository.collections import PATIENTS
from services.prescription.repository.prescriptions import Prescribing
from shared.clock import Clock
from shared.domain.decision import Decision
from shared.http import Asked, Problem
from shared.repository import Answer
from shared.sealed import Seals

EMERGENCY = "emergency"
"""The purpose that such a change has in the audit log."""


class Changing:
    """Lets those change a patient who serve the patient, and others in a stated emergency."""

    def __init__(self, prescribing: Prescribing, own_work: OwnWork, clock: Clock, seals: Seals) -> None:
        self._prescribing = prescribing
        self._serving = Serving(prescribing, own_work, clock)
        self._clock = clock
        self._seals = seals

    async def change(
        self, patient_ref: str, rule: Callable[[Patient], Decision[Patient]], form: ChangeForm, asked: Asked
    ) -> Answer:
        """Change the patient; raises Problem and Forbidden for who may not."""
        await demand_reaching(asked.actor, self._prescribing, patient_ref, on=self._clock.today())
        cause = asked.cause
        if not await self._serving.may_change(asked.actor, patient_ref):
            if form.emergency is None:
                raise Problem(403, "not-your-patient", NOT_YOUR_PATIENT, patient_refs=(patient_ref,))
            note = self._seals.seal(f"{asked.actor.sub}: {form.emergency}")
            rule = partial(in_emergency, rule=rule, note=note)
            cause = replace(cause, entry=replace(asked.entry, purpose=EMERGENCY))
        ref = PATIENTS.ref(patient_ref, if_version=asked.if_match)
        return await self._prescribing.repository.change(ref, rule, cause=cause, reply=PatientKept.of)
