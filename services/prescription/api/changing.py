"""The one way to change a patient at a door: who may, and what an emergency leaves behind (S70)."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from services.prescription.api.forms import ChangeForm
from services.prescription.api.own_work import OwnWork
from services.prescription.api.patient_views import PatientKept
from services.prescription.api.reach import demand_reaching
from services.prescription.domain.patients import Patient
from services.prescription.domain.serving import Server, active_on, in_emergency, knows, serves
from services.prescription.repository import PATIENTS, Prescribing
from shared.auth.actor import Actor
from shared.auth.rule import STAFF
from shared.clock import Clock
from shared.domain.customer_service import CALL
from shared.domain.decision import Decision, Sentence
from shared.http import Asked, Problem
from shared.repository import Answer
from shared.sealed import Seals

EMERGENCY = "emergency"
"""The purpose that such a change has in the audit log."""

NOT_YOUR_PATIENT = (
    Sentence(
        "Patienten har ingen rad, beställning, utlåning eller uppgift hos någon av dina enheter. Låt "
        "kundservice ändra, eller ange varför det är en nödsituation; kundservice får veta det.",
        "The patient has no line, order, loan or task at any of your units. Let customer service make the "
        "change, or say why it is an emergency; customer service is told.",
    )
    + CALL
)


class Changing:
    """Lets those change a patient who serve the patient, and others in a stated emergency."""

    def __init__(self, prescribing: Prescribing, own_work: OwnWork, clock: Clock, seals: Seals) -> None:
        self._prescribing = prescribing
        self._own_work = own_work
        self._clock = clock
        self._seals = seals

    async def change(
        self, patient_ref: str, rule: Callable[[Patient], Decision[Patient]], form: ChangeForm, asked: Asked
    ) -> Answer:
        """Change the patient; raises Problem and Forbidden for who may not."""
        await demand_reaching(asked.actor, self._prescribing, patient_ref, on=self._clock.today())
        cause = asked.cause
        if not await self.may_change(asked.actor, patient_ref):
            if form.emergency is None:
                raise Problem(403, "not-your-patient", NOT_YOUR_PATIENT, patient_refs=(patient_ref,))
            note = self._seals.seal(f"{asked.actor.sub}: {form.emergency}")
            rule = partial(in_emergency, rule=rule, note=note)
            cause = replace(cause, entry=replace(asked.entry, purpose=EMERGENCY))
        ref = PATIENTS.ref(patient_ref, if_version=asked.if_match)
        return await self._prescribing.repository.change(ref, rule, cause=cause, reply=PatientKept.of)

    async def may_change(self, actor: Actor, patient_ref: str) -> bool:
        """Tell whether the person is the patient, acts for the patient, or serves the patient (S70)."""
        if not actor.has(*STAFF) or actor.has("customer_service"):
            return True
        lines = active_on(await self._prescribing.active_of([patient_ref]), self._clock.today())
        ties = await self._prescribing.ties_of(patient_ref)
        server = Server(actor.roles, lambda area, unit: actor.covers(area=area, unit=unit))
        if serves(server, lines, ties):
            return True
        if lines or ties:
            return False
        given_at = await self._own_work.number_given_at(actor, patient_ref)
        return knows(given_at, at=self._clock.now())
