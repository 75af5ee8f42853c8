"""Decides who may read a prescription: its care unit, customer service, the patient (S8, S73, S75)."""

from datetime import date

from services.prescription.domain.patients.guardians import acts_alone_for, is_guardian_of
from services.prescription.domain.patients.patients import Patient, demand_served
from services.prescription.domain.prescriptions.prescriptions import Prescription
from services.prescription.repository.collections import PATIENTS, PRESCRIPTIONS
from services.prescription.repository.prescriptions import Prescribing
from shared.auth.actor import Actor
from shared.auth.rule import STAFF
from shared.domain.guardianship import GuardianCallsCustomerService
from shared.http import Ask, Forbidden, Problem


def demand_reach(actor: Actor, prescription: Prescription) -> None:
    """Numbers can be guessed: only the care unit's people and the patient come through; raises Forbidden."""
    if actor.has("patient") and actor.patient_ref == prescription.patient_ref:
        return
    if not (actor.has(*STAFF) and sees(actor, prescription)):
        raise Forbidden("not-your-unit", patient_refs=(prescription.patient_ref,))


async def demand_reading(
    actor: Actor, prescribing: Prescribing, prescription: Prescription, *, on: date
) -> None:
    """Let through who reaches it, and a guardian of a child below 13; raises Forbidden (Q7)."""
    if actor.has("patient"):
        await demand_reaching(actor, prescribing, prescription.patient_ref, on=on)
    else:
        demand_reach(actor, prescription)


def sees(actor: Actor, prescription: Prescription) -> bool:
    """Tell whether a prescription stands in the areas and units that the person works in (S73)."""
    if actor.has("patient") and actor.patient_ref == prescription.patient_ref:
        return True
    return actor.covers(area=prescription.product_area, unit=prescription.care_unit)


async def shown_patient(prescribing: Prescribing, patient_ref: str, ask: Ask, *, on: date) -> Patient:
    """Show a patient who is served, audited; raises Forbidden, NotFound and why not (S66, S67)."""
    await demand_reaching(ask.actor, prescribing, patient_ref, on=on)
    return await prescribing.repository.show(PATIENTS.ref(patient_ref), asked=ask, demand=demand_served)


async def shown_prescription(
    prescribing: Prescribing, prescription_no: str, ask: Ask, *, on: date
) -> Prescription:
    """Show a prescription to who may read it, audited; raises Forbidden and NotFound (S8)."""
    ref = PRESCRIPTIONS.ref(prescription_no)
    await demand_reading(ask.actor, prescribing, await prescribing.repository.get(ref), on=on)
    return (await prescribing.repository.show(ref, asked=ask)).as_of(on)


async def demand_reaching(actor: Actor, prescribing: Prescribing, patient_ref: str, *, on: date) -> None:
    """Let through staff, the patient, and a guardian of a child below 13 (Q7).

    Raises Forbidden, and tells a guardian of a child from 13 to 17 to call customer service.
    """
    if actor.has(*STAFF) or (actor.patient_ref is not None and actor.patient_ref == patient_ref):
        return
    # The token is not enough: the guardian must be registered here, on that day.
    guardian = actor.patient_ref if patient_ref in actor.guardian_of else None
    child = await prescribing.repository.get(PATIENTS.maybe(patient_ref)) if guardian else None
    known = (child.patient_ref,) if child else ()
    if child is None or guardian is None or not is_guardian_of(child, guardian, on=on):
        raise Forbidden(patient_refs=known)
    if not acts_alone_for(child, guardian, on=on):
        raise Problem.saying(GuardianCallsCustomerService, 403, patient_refs=known)


async def seen_by(
    actor: Actor, prescribing: Prescribing, patient_ref: str, *, on: date
) -> list[Prescription]:
    """List what stands in the product areas and care units that the person works in, as of a day (S73)."""
    found = await prescribing.prescriptions_of(patient_ref)
    return [each.as_of(on) for each in found if not actor.has(*STAFF) or sees(actor, each)]
