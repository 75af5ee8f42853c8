"""Decides whether a person's care units serve a patient; used by changes and by the menu."""

from services.prescription.api.own.work import OwnWork
from services.prescription.domain.patients.serving import Server, active_on, knows, serves
from services.prescription.repository.prescriptions import Prescribing
from shared.auth.actor import Actor
from shared.auth.rule import STAFF
from shared.clock import Clock


class Serving:
    """Looks up what ties the patient to the person."""

    def __init__(self, prescribing: Prescribing, own_work: OwnWork, clock: Clock) -> None:
        self._prescribing = prescribing
        self._own_work = own_work
        self._clock = clock

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
