"""Route for notification: may these persons be sent a message now (Q24)."""

import asyncio
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from services.prescription.application.residents import Residents
from services.prescription.domain.patients.patients import Patient
from services.prescription.domain.patients.reachability import WhyNot, reachability
from services.prescription.repository.collections import PATIENTS
from services.prescription.repository.prescriptions import Prescribing
from shared.fields import Code
from shared.http import Ask, Request, Router, View
from shared.http.ids import PatientRef

MOST_AT_ONCE = 64
MOST_LOOKED_UP_AT_ONCE = 16
"""A register that takes its time has others to answer too, who have a patient before them."""

Text = Annotated[Code, StringConstraints(max_length=64)]


class WhoToReach(Request):
    """Whom a message would be for, and what it would be about."""

    patient_ref: PatientRef
    purpose: Text


class WhomToReach(Request):
    """Everybody who is asked about at the same moment."""

    people: Annotated[list[WhoToReach], Field(min_length=1, max_length=MOST_AT_ONCE)]


class ReachabilityView(View):
    """Whether a person may be sent a message, and why not; while the register is silent, ask later (Q18)."""

    may_be_told: bool
    why: WhyNot | Literal["register_silent"] | None


class ReachabilitiesView(View):
    """One answer for each who was asked about, in that order."""

    answers: list[ReachabilityView]


def routes(prescribing: Prescribing, residents: Residents) -> Router:
    router = Router("prescription", prefix="/reachability", tags=["patients"])
    looking_up = asyncio.Semaphore(MOST_LOOKED_UP_AT_ONCE)

    @router.post("")
    async def ask_reachability(whom: WhomToReach, ask: Ask) -> ReachabilitiesView:
        refs = await asyncio.gather(*(prescribing.current_ref(each.patient_ref) for each in whom.people))
        each_once = list(dict.fromkeys(refs))
        known = dict(zip(each_once, await asyncio.gather(*map(_is_known, each_once)), strict=True))
        await prescribing.repository.note(ask, refs)
        # Read after the audit row is kept: protection that was committed meanwhile counts (Q24).
        patients = await prescribing.repository.get(PATIENTS.maybe_many(refs))
        answers = [_answer(patient, is_known=known[ref]) for ref, patient in zip(refs, patients, strict=True)]
        return ReachabilitiesView(answers=answers)

    async def _is_known(patient_ref: str) -> bool:
        before = reachability(await prescribing.repository.get(PATIENTS.maybe(patient_ref)))
        if not before.may_be_told:
            return True
        async with looking_up:
            return await residents.refresh(patient_ref, at_this_moment=True)

    return router


def _answer(patient: Patient | None, *, is_known: bool) -> ReachabilityView:
    if not is_known:
        return ReachabilityView(may_be_told=False, why="register_silent")
    answer = reachability(patient)
    return ReachabilityView(may_be_told=answer.may_be_told, why=answer.why)
