"""Routes for what patients pay for devices that were stolen, lost or damaged (S181, Q57)."""

from datetime import date, datetime
from functools import partial
from typing import Annotated

from fastapi import Response
from pydantic import Field

from services.billing.application.compensations import Compensations
from services.billing.domain.devices.compensation import Compensation, How, Proposal, State
from services.billing.repository.collections import COMPENSATIONS
from shared.domain.decision import Sentence
from shared.domain.money import Money
from shared.fields import Amount
from shared.http import Ask, Asked, Language, Pages, ReasonText, Request, Router, View
from shared.http.language import said
from shared.http.numbers import LossNo

HOW: dict[How, Sentence] = {
    "stolen": Sentence("stulet", "stolen"),
    "lost": Sentence("förkommet", "lost"),
    "damaged": Sentence("skadat av oaktsamhet", "damaged by carelessness"),
}
"""What people call what happened."""


Kronor = Annotated[Amount, Field(ge=0, max_digits=9, decimal_places=2)]


class CompensationProposalForm(Request):
    """What the patient shall pay and why; name nobody in the reason."""

    amount: Kronor | None = None
    """SEK, 0 for nothing; left out, what the tariff of the day says."""
    reason: ReasonText


class CompensationDecisionForm(Request):
    """What the second person decides: the amount that was read."""

    amount: Kronor
    """SEK, as the proposal says; another proposal made meanwhile is not decided unread."""


class ProposalView(View):
    """A proposed compensation."""

    amount: str
    by_rule: str | None
    """What the tariff says; null when it says nothing."""
    fee_code: str
    text: str
    tariff: str
    reason: str
    proposed_by: str
    proposed_at: datetime


class CompensationView(View):
    """A reported loss, and what two people decide that the patient pays."""

    loss_no: str
    patient_ref: str
    device_no: str
    article_no: str
    product_area: str
    care_unit: str
    order_no: str
    how: How
    how_text: str
    happened_on: date
    reported_at: datetime
    price: str | None
    """SEK, what the device cost; null when nobody knows."""
    state: State
    proposal: ProposalView | None
    earlier: list[ProposalView]
    """Proposals that were given back, the first first."""
    decided_by: str | None
    decided_at: datetime | None
    amount_by_rule: str | None
    """SEK, what the tariff in force on the day says; null when it says nothing, and once it is decided."""

    @classmethod
    def of(
        cls,
        case: Compensation,
        *_: object,
        language: Language,
        by_rule: Money | None = None,
    ) -> "CompensationView":
        return cls(
            loss_no=case.loss_no,
            patient_ref=case.patient_ref,
            device_no=case.device_no,
            article_no=case.article_no,
            product_area=case.product_area,
            care_unit=case.care_unit,
            order_no=case.order_no,
            how=case.how,
            how_text=said(HOW[case.how], language),
            happened_on=case.happened_on,
            reported_at=case.reported_at,
            price=str(case.price) if case.price else None,
            state=case.state,
            proposal=_proposal(case.proposal) if case.proposal else None,
            earlier=[_proposal(each) for each in case.earlier],
            decided_by=case.decided_by,
            decided_at=case.decided_at,
            amount_by_rule=str(by_rule) if by_rule is not None else None,
        )


class OtherReportView(View):
    """Another report about the same device on the same loan, such as a damage before a theft."""

    loss_no: str
    how: How
    how_text: str
    happened_on: date
    state: State
    amount: str | None
    """SEK, what is proposed or decided; null when nothing is."""


class CompensationDetails(CompensationView):
    """A reported loss with the other reports: what they come to is taken off what the tariff says."""

    other_reports: list[OtherReportView]


def compensation_routes(compensations: Compensations) -> Router:
    router = Router("billing", prefix="/compensations", tags=["compensations"])
    _reading(router, compensations)
    _deciding(router, compensations)
    return router


def _reading(router: Router, compensations: Compensations) -> None:
    @router.get("")
    async def list_compensations(ask: Ask, pages: Pages) -> list[CompensationView]:
        """List what waits for a proposal or a decision, the oldest first (Q57)."""
        found = pages.shown(await compensations.queries.waiting(after=pages.after))
        await compensations.repository.note(ask, [each.patient_ref for each in found])
        return [
            CompensationView.of(each, language=ask.language, by_rule=await compensations.by_rule(each))
            for each in found
        ]

    @router.get("/{loss_no}")
    async def get_compensation(loss_no: LossNo, ask: Ask) -> CompensationDetails:
        """Show a reported loss: what the tariff says, what is proposed and decided, other reports (Q57)."""
        case = await compensations.repository.show(COMPENSATIONS.ref(loss_no), asked=ask)
        by_rule = await compensations.by_rule(case) if case.state != "decided" else None
        shown = CompensationView.of(case, language=ask.language, by_rule=by_rule)
        others = await compensations.queries.of_device(case)
        return CompensationDetails(
            **dict(shown), other_reports=[_other(each, ask.language) for each in others]
        )


def _deciding(router: Router, compensations: Compensations) -> None:
    @router.post("/{loss_no}/propose", response_model=CompensationView)
    async def propose_compensation(loss_no: LossNo, form: CompensationProposalForm, asked: Asked) -> Response:
        """Propose what the tariff says, or another amount; a second person decides (Q57)."""
        answer = await compensations.propose(
            loss_no,
            amount=Money(form.amount) if form.amount is not None else None,
            reason=form.reason,
            by=asked.actor.sub,
            cause=asked.cause,
            reply=partial(CompensationView.of, language=asked.language),
        )
        return asked.answered(answer)

    @router.post("/{loss_no}/give-back", response_model=CompensationView)
    async def give_back_compensation(loss_no: LossNo, asked: Asked) -> Response:
        """Take the proposal away, as who proposed it or a colleague; the case waits for a new one (Q57)."""
        reply = partial(CompensationView.of, language=asked.language)
        return asked.answered(await compensations.give_back(loss_no, cause=asked.cause, reply=reply))

    @router.post("/{loss_no}/decide", response_model=CompensationView)
    async def decide_compensation(loss_no: LossNo, form: CompensationDecisionForm, asked: Asked) -> Response:
        """Decide as a second person on the amount that was read; 0 kr ends the case without a fee (Q57)."""
        answer = await compensations.decide(
            loss_no,
            amount=Money(form.amount),
            by=asked.actor.sub,
            cause=asked.cause,
            reply=partial(CompensationView.of, language=asked.language),
        )
        return asked.answered(answer)


def _other(case: Compensation, language: Language) -> OtherReportView:
    return OtherReportView(
        loss_no=case.loss_no,
        how=case.how,
        how_text=said(HOW[case.how], language),
        happened_on=case.happened_on,
        state=case.state,
        amount=str(case.proposal.amount) if case.proposal else None,
    )


def _proposal(proposal: Proposal) -> ProposalView:
    return ProposalView(
        amount=str(proposal.amount),
        by_rule=str(proposal.by_rule) if proposal.by_rule is not None else None,
        fee_code=proposal.fee_code,
        text=proposal.text,
        tariff=proposal.tariff,
        reason=proposal.reason,
        proposed_by=proposal.by,
        proposed_at=proposal.at,
    )
