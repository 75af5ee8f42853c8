"""Routes that show orders with all replies of the distributor, and the effect of each."""

import json
from datetime import date, datetime, timedelta
from typing import Annotated, Any

from fastapi import Query

from services.ordering.application.seeing import demand_seeing, places_of
from services.ordering.domain.dialogue.crowding import LongReply, long_key
from services.ordering.domain.dialogue.silence import has_been_silent
from services.ordering.domain.dialogue.stray import StrayReply
from services.ordering.domain.order import Order, OrderedLine, Received
from services.ordering.repository.collections import ORDERS, WITHDRAWALS
from services.ordering.repository.withdrawals import MOST_LONG_REPLIES, Ordering
from shared.clock import Clock
from shared.fields import Code
from shared.http import Ask, Language, Pages, Router, View
from shared.http.language import said
from shared.http.numbers import OrderNo
from shared.sealed import Seals


class OrderedLineView(View):
    """One article of the order."""

    line: int
    line_id: str
    article_no: str
    name: str
    packages: int
    answer: str | None
    expected: int
    delivery_date: date | None
    substitution_allowed: bool
    replacement_article_no: str | None
    is_substituted: bool
    back_ordered: int
    back_order_on: date | None
    despatched: int
    delivered: int


class ReplyView(View):
    """A reply as it came, and what was made of it."""

    message_id: str
    kind: str
    at: datetime
    received_at: datetime
    made_of: str
    why: str | None
    copies: int
    is_cut: bool
    """Long texts and lists are cut here; GET /orders/{order_no}/replies gives the whole."""
    said: dict[str, Any]


class LongReplyView(View):
    """A reply that is kept beside its order, whole."""

    kind: str
    received_at: datetime
    made_of: str
    why: str | None
    copies: int
    said: dict[str, Any]


class LongRepliesView(View):
    """Some of them, and where to continue; null when there are no more."""

    replies: list[LongReplyView]
    after: str | None


class OrderView(View):
    """An order with the whole dialogue."""

    order_no: str
    withdrawal_no: str
    patient_ref: str
    distributor: str
    state: str
    state_text: str
    annulment: str | None
    """asked: the distributor has not answered; too_late: it could not stop the goods (Q22)."""
    is_silent: bool
    """It has had no answer for too long."""
    unreached: str | None
    """order or annulment: the distributor has no queue that took it (decision 0046)."""
    sent_at: datetime
    despatched_at: datetime | None
    over_at: datetime | None
    lines: list[OrderedLineView]
    replies: list[ReplyView]
    has_more_replies: bool
    """Others that changed nothing are kept beside it: GET /orders/{order_no}/replies."""


class StrayReplyView(View):
    """A reply that was not believed: its order is unknown, or is another distributor's than the sender."""

    order_no: str
    message_id: str
    kind: str
    sender: str | None
    """The distributor whose account sent it; `?` when no distributor's did."""
    why: str
    """unknown-order, unknown-sender or another-distributors-order."""
    at: datetime
    received_at: datetime
    copies: int
    said: dict[str, Any]


def routes(ordering: Ordering, seals: Seals, clock: Clock, *, silent_hours: int) -> Router:
    router = Router("ordering", prefix="/orders", tags=["orders"])
    repository = ordering.repository

    @router.get("/{order_no}")
    async def get_order(order_no: OrderNo, ask: Ask) -> OrderView:
        """Show an order, its lines and every reply."""
        before = clock.now() - timedelta(hours=silent_hours)
        return _shown(await seen(order_no, ask), seals, ask.language, before=before)

    @router.get("/{order_no}/replies")
    async def list_long_replies(
        order_no: OrderNo, ask: Ask, after: Annotated[Code | None, Query(max_length=200)] = None
    ) -> LongRepliesView:
        """List the replies that are too long or too many to lie in the order: five at a time, whole."""
        await seen(order_no, ask)
        found = await ordering.long_replies(order_no, after=after)
        more = len(found) == MOST_LONG_REPLIES
        shown = [_long(each, seals) for each in found]
        return LongRepliesView(replies=shown, after=long_key(order_no, found[-1].content) if more else None)

    async def seen(order_no: OrderNo, ask: Ask) -> Order:
        known = await repository.get(ORDERS.ref(order_no))
        withdrawal = await repository.get(WITHDRAWALS.ref(known.withdrawal_no))
        demand_seeing(ask.actor, patient_ref=known.patient_ref, places=places_of(withdrawal))
        return await repository.show(ORDERS.ref(order_no), asked=ask)

    return router


def reply_routes(ordering: Ordering, seals: Seals) -> Router:
    router = Router("ordering", prefix="/replies", tags=["replies"])

    @router.get("/stray")
    async def list_stray_replies(ask: Ask, pages: Pages) -> list[StrayReplyView]:
        """List replies that were not believed: their order is unknown or another's; the latest first."""
        found = pages.shown(await ordering.stray_replies(after=pages.after))
        await ordering.repository.note(ask, [])
        return [_stray(each, seals) for each in found]

    return router


def _shown(order: Order, seals: Seals, language: Language, *, before: datetime) -> OrderView:
    return OrderView(
        order_no=order.order_no,
        withdrawal_no=order.withdrawal_no,
        patient_ref=order.patient_ref,
        distributor=order.distributor,
        state=order.state,
        state_text=said(order.said_state, language),
        annulment=order.cancelling,
        is_silent=has_been_silent(order, before=before),
        unreached=order.unreached,
        sent_at=order.sent_at,
        despatched_at=order.despatched_at,
        over_at=order.over_at,
        lines=[_line(each) for each in order.lines],
        replies=[_reply(each, seals) for each in order.replies],
        has_more_replies=order.has_more_replies,
    )


def _line(line: OrderedLine) -> OrderedLineView:
    return OrderedLineView(
        line=line.line,
        line_id=line.line_id,
        article_no=line.article_no,
        name=line.name,
        packages=line.packages,
        answer=line.answer,
        expected=line.expected,
        delivery_date=line.delivery_date,
        substitution_allowed=line.substitution_allowed,
        replacement_article_no=line.replacement_article_no,
        is_substituted=line.is_substituted,
        back_ordered=line.back_ordered,
        back_order_on=line.back_order_on,
        despatched=line.despatched,
        delivered=line.delivered,
    )


def _long(reply: LongReply, seals: Seals) -> LongReplyView:
    return LongReplyView(
        kind=reply.kind,
        received_at=reply.received_at,
        made_of=reply.made_of,
        why=reply.why,
        copies=reply.copies,
        said=json.loads(seals.open(reply.body)),
    )


def _reply(received: Received, seals: Seals) -> ReplyView:
    reply = json.loads(seals.open(received.body))
    return ReplyView(
        message_id=reply["message_id"],
        kind=received.kind,
        at=received.at,
        received_at=received.received_at,
        made_of=received.made_of,
        why=received.why,
        copies=received.copies,
        is_cut=received.is_cut,
        said=reply,
    )


def _stray(stray: StrayReply, seals: Seals) -> StrayReplyView:
    reply = json.loads(seals.open(stray.body))
    return StrayReplyView(
        order_no=reply["order_no"],
        message_id=reply["message_id"],
        kind=stray.kind,
        sender=stray.sender,
        why=stray.why,
        at=stray.at,
        received_at=stray.received_at,
        copies=stray.copies,
        said=reply,
    )
