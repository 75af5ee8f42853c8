"""The one question that another service asks over HTTP: may this person be told something now (Q24)."""

from typing import Annotated

from pydantic import StringConstraints

from services.prescription.domain.reachability import WhyNot, reachability
from services.prescription.repository import PATIENTS, Prescribing
from shared.http import Ask, Request, Router, View

Text = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class WhoToReach(Request):
    """Whom a message would be for, and what it would be about."""

    patient_ref: Text
    purpose: Text


class ReachabilityView(View):
    """Whether the person may be told, and why not."""

    may_be_told: bool
    why: WhyNot | None


def routes(prescribing: Prescribing) -> Router:
    router = Router("prescription", prefix="/reachability", tags=["patients"])

    @router.post("")
    async def ask_reachability(who: WhoToReach, ask: Ask) -> ReachabilityView:
        patient = await prescribing.repository.show(PATIENTS.maybe(who.patient_ref), asked=ask)
        answer = reachability(patient)
        return ReachabilityView(may_be_told=answer.may_be_told, why=answer.why)

    return router
