"""The one question that another service asks over HTTP: may this person be told something now (Q24)."""

from typing import Annotated

from pydantic import StringConstraints

from services.prescription.domain.reachability import WhyNot, reachability
from services.prescription.domain.register import RegisterSilent
from services.prescription.register.residents import Residents
from services.prescription.repository import PATIENTS, Prescribing
from shared.http import Ask, Problem, Request, Router, View

Text = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class WhoToReach(Request):
    """Whom a message would be for, and what it would be about."""

    patient_ref: Text
    purpose: Text


class ReachabilityView(View):
    """Whether the person may be told, and why not."""

    may_be_told: bool
    why: WhyNot | None


class RegisterSilentNow(Problem):
    """The register does not answer at the moment of sending: whoever asks waits and asks again (Q18)."""

    def __init__(self) -> None:
        super().__init__(503, RegisterSilent.rule, RegisterSilent.sentence)


def routes(prescribing: Prescribing, residents: Residents) -> Router:
    router = Router("prescription", prefix="/reachability", tags=["patients"])

    @router.post("")
    async def ask_reachability(who: WhoToReach, ask: Ask) -> ReachabilityView:
        patient_ref = await prescribing.current_ref(who.patient_ref)
        before = reachability(await prescribing.repository.get(PATIENTS.maybe(patient_ref)))
        known = not before.may_be_told or await residents.refresh(patient_ref, at_this_moment=True)
        await prescribing.repository.note(ask, [patient_ref])
        if not known:
            raise RegisterSilentNow
        # Read after the audit row is kept: protection that was committed meanwhile counts (Q24).
        answer = reachability(await prescribing.repository.get(PATIENTS.maybe(patient_ref)))
        return ReachabilityView(may_be_told=answer.may_be_told, why=answer.why)

    return router
