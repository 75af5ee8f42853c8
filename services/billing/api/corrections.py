"""Routes for correcting a fee: one economist asks, another decides (S97)."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Response
from pydantic import Field

from services.billing.application.corrections import Corrections
from services.billing.domain.fees.correction import Correction
from shared.domain.money import Money
from shared.fields import Amount
from shared.http import Ask, Asked, Pages, ReasonText, Request, Router, View
from shared.http.ids import Id

Kronor = Annotated[Amount, Field(ge=0, max_digits=9, decimal_places=2)]


class CorrectionAsked(Request):
    """The right amount, 0 kr to take the fee back, and why; name nobody in the reason."""

    amount: Kronor
    reason: ReasonText


class CorrectionApproved(Request):
    """What the second person approves: the amount that was read."""

    amount: Kronor
    """SEK, as the proposal says; another proposal made meanwhile is not approved unread."""


class CorrectionView(View):
    """A proposal about one fee."""

    event_id: str
    withdrawal_no: str
    amount: str
    """SEK: what the fee shall be."""
    reason: str
    state: Literal["asked", "approved", "declined"]
    asked_by: str
    asked_at: datetime
    decided_by: str | None
    decided_at: datetime | None

    @classmethod
    def of(cls, correction: Correction | None, *_: object) -> "CorrectionView":
        if correction is None:
            raise LookupError("a proposal is kept")
        return cls(
            event_id=correction.event_id,
            withdrawal_no=correction.source_no,
            amount=str(correction.amount),
            reason=correction.reason,
            state=correction.state,
            asked_by=correction.asked_by,
            asked_at=correction.asked_at,
            decided_by=correction.decided_by,
            decided_at=correction.decided_at,
        )


def correction_routes(corrections: Corrections) -> Router:
    router = Router("billing", tags=["corrections"])

    @router.post("/fees/{event_id}/correction", response_model=CorrectionView, status_code=201)
    async def ask_correction(event_id: Id, body: CorrectionAsked, asked: Asked) -> Response:
        answer = await corrections.ask(
            event_id,
            amount=Money(body.amount),
            reason=body.reason,
            by=asked.actor.sub,
            cause=asked.cause,
            reply=CorrectionView.of,
        )
        return asked.answered(answer, 201)

    @router.post("/fees/{event_id}/correction/approve", response_model=CorrectionView)
    async def approve_correction(event_id: Id, body: CorrectionApproved, asked: Asked) -> Response:
        answer = await corrections.approve(
            event_id,
            amount=Money(body.amount),
            by=asked.actor.sub,
            cause=asked.cause,
            reply=CorrectionView.of,
        )
        return asked.answered(answer)

    @router.post("/fees/{event_id}/correction/decline", response_model=CorrectionView)
    async def decline_correction(event_id: Id, asked: Asked) -> Response:
        answer = await corrections.decline(
            event_id, by=asked.actor.sub, cause=asked.cause, reply=CorrectionView.of
        )
        return asked.answered(answer)

    @router.get("/corrections")
    async def list_waiting_corrections(ask: Ask, pages: Pages) -> list[CorrectionView]:
        page = await corrections.queries.waiting(ask, after=pages.after)
        return [CorrectionView.of(each) for each in pages.shown(page)]

    return router
