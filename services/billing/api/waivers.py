"""Routes for waivers of a group: previewed, proposed by one economist, decided by another (N5)."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import Response
from pydantic import Field

from services.billing.application.waivers import NOTHING_YET, Foreseen, Waivers
from services.billing.domain.fees.waiver import Group, Waived, Waiver
from shared.domain.money import Money
from shared.events.fees import FeeReason
from shared.events.values import PrescriptionType
from shared.fields import Code, Day, SingleLine
from shared.http import Ask, Asked, Pages, ReasonText, Request, Router, View
from shared.http.ids import Id

FeeCode = Annotated[Code, Field(pattern=r"^[A-Z0-9-]{1,20}$")]


class GroupAsked(Request):
    """Which fees: of withdrawals sent on these days; an empty choice leaves nothing out."""

    sent_from: Day
    sent_through: Day
    fee_codes: Annotated[tuple[FeeCode, ...], Field(max_length=50)] = ()
    prescription_types: Annotated[tuple[PrescriptionType, ...], Field(max_length=10)] = ()
    reasons: Annotated[tuple[FeeReason, ...], Field(max_length=10)] = ()

    @property
    def group(self) -> Group:
        return Group(
            sent_from=self.sent_from,
            sent_through=self.sent_through,
            fee_codes=self.fee_codes,
            prescription_types=self.prescription_types,
            reasons=self.reasons,
        )


class WaiverAsked(GroupAsked):
    """A waiver and why it is given."""

    reason: ReasonText


class WaivedView(View):
    """How many fees, and what they come to; nobody is named."""

    count: int
    total: str

    @classmethod
    def of(cls, waived: Waived) -> "WaivedView":
        return cls(count=waived.count, total=str(waived.total))


class Further(Request):
    """How far a preview has come: the last charge that was read, and what was found so far."""

    day: Day
    event_id: Id
    count: Annotated[int, Field(ge=0)]
    total: Annotated[SingleLine, Field(pattern=r"^[0-9]{1,12}\.[0-9]{2}$")]


class PreviewAsked(GroupAsked):
    """A group, and how far the last answer came: many fees are counted in several answers."""

    after: Further | None = None

    @property
    def so_far(self) -> Foreseen:
        known = self.after
        if known is None:
            return NOTHING_YET
        return Foreseen(Waived(known.count, Money.of(known.total)), known.day, known.event_id)


class PreviewView(WaivedView):
    """What was counted so far; `after` is sent again for the rest, and None when all is counted."""

    after: Further | None

    @classmethod
    def of_foreseen(cls, found: Foreseen) -> "PreviewView":
        count, total = found.waived.count, str(found.waived.total)
        further = (
            Further(day=found.day, event_id=found.event_id, count=count, total=total) if found.day else None
        )
        return cls(count=count, total=total, after=further)


class WaiverView(View):
    """A waiver, and how far it came."""

    waiver_id: str
    state: Literal["proposed", "decided", "declined", "done"]
    sent_from: date
    sent_through: date
    fee_codes: tuple[str, ...]
    prescription_types: tuple[str, ...]
    reasons: tuple[str, ...]
    reason: str
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    waived: WaivedView

    @classmethod
    def of(cls, waiver: Waiver | None) -> "WaiverView":
        if waiver is None:
            raise LookupError("a proposal is kept")
        group = waiver.group
        return cls(
            waiver_id=waiver.waiver_id,
            state=waiver.state,
            sent_from=group.sent_from,
            sent_through=group.sent_through,
            fee_codes=group.fee_codes,
            prescription_types=group.prescription_types,
            reasons=group.reasons,
            reason=waiver.reason,
            proposed_by=waiver.proposed_by,
            proposed_at=waiver.proposed_at,
            decided_by=waiver.decided_by,
            decided_at=waiver.decided_at,
            waived=WaivedView(count=waiver.count, total=str(waiver.total)),
        )


def waiver_routes(waivers: Waivers, *, carry_out_soon: Callable[[], None]) -> Router:
    router = Router("billing", prefix="/waivers", tags=["waivers"])

    @router.post("/preview")
    async def preview_waiver(body: PreviewAsked, _: Ask) -> PreviewView:
        """Count what a group's waiver would take back; ask again with `after` until it is None."""
        return PreviewView.of_foreseen(await waivers.foresee(body.group, so_far=body.so_far))

    @router.post("", response_model=WaiverView, status_code=201)
    async def propose_waiver(body: WaiverAsked, asked: Asked) -> Response:
        answer = await waivers.propose(
            body.group, reason=body.reason, by=asked.actor.sub, cause=asked.cause, reply=WaiverView.of
        )
        return asked.answered(answer, 201)

    @router.get("")
    async def list_waivers(pages: Pages) -> list[WaiverView]:
        return [
            WaiverView.of(each) for each in pages.shown(await waivers.queries.newest_first(after=pages.after))
        ]

    @router.get("/{waiver_id}")
    async def get_waiver(waiver_id: Id) -> WaiverView:
        return WaiverView.of(await waivers.queries.get(waiver_id))

    @router.post("/{waiver_id}/decide", response_model=WaiverView)
    async def decide_waiver(waiver_id: Id, asked: Asked) -> Response:
        answer = await waivers.decide(waiver_id, by=asked.actor.sub, cause=asked.cause, reply=WaiverView.of)
        carry_out_soon()
        return asked.answered(answer)

    @router.post("/{waiver_id}/decline", response_model=WaiverView)
    async def decline_waiver(waiver_id: Id, asked: Asked) -> Response:
        answer = await waivers.decline(waiver_id, by=asked.actor.sub, cause=asked.cause, reply=WaiverView.of)
        return asked.answered(answer)

    return router
