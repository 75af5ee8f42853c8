"""Replies of a distributor, as examples."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count

from services.ordering.domain.allowance import Allowance
from services.ordering.domain.dialogue.effects import take_reply
from services.ordering.domain.order import Order
from services.ordering.domain.withdrawal import Withdrawal
from shared.events.fact import Fact
from shared.partners import (
    DespatchedLine,
    DistributorReply,
    LineResponse,
    OrderAcknowledged,
    OrderCancelledReply,
    OrderDeliveredReply,
    OrderDespatchedReply,
    OrderResponse,
    OrderUndeliverableReply,
)
from tests.ordering.examples import (
    BOTH_ORDER,
    BOTH_SENT,
    BOTH_USED,
    CATALOGUE,
    NOW,
    ORDER,
    ORDER_NO,
    SENT,
    USED,
)

Told = tuple[Withdrawal, Allowance, Order, list[Fact]]
LATER = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
numbers = count(1)

ACK = OrderAcknowledged(type="order.ack.v1", message_id="ack", order_no=ORDER_NO, at=NOW)
REFUSAL = ACK.model_copy(update={"message_id": "refusal", "accepted": False, "code": "OUT-OF-STOCK"})
DESPATCHED = OrderDespatchedReply(
    type="order.despatched.v1", message_id="despatched", order_no=ORDER_NO, at=LATER
)
DELIVERED = OrderDeliveredReply(
    type="order.delivered.v1", message_id="delivered", order_no=ORDER_NO, at=LATER, signed=True
)
UNDELIVERABLE = OrderUndeliverableReply(
    type="order.undeliverable.v1", message_id="undeliverable", order_no=ORDER_NO, at=LATER, reason="NOT-HOME"
)
CANCELLED = OrderCancelledReply(
    type="order.cancelled.v1", message_id="cancelled", order_no=ORDER_NO, at=LATER, reason="RECALLED"
)
ALL_THREE = (LineResponse(line=1, status="accepted"), LineResponse(line=2, status="accepted"))


def answer(*lines: LineResponse) -> OrderResponse:
    return OrderResponse(
        type="order.response.v1", message_id=f"r{next(numbers)}", order_no=ORDER_NO, at=NOW, lines=lines
    )


def goods(number: int, quantity: int) -> DespatchedLine:
    return DespatchedLine(line=number, quantity=quantity)


def left(*lines: DespatchedLine) -> OrderDespatchedReply:
    return DESPATCHED.model_copy(update={"message_id": f"l{next(numbers)}", "lines": lines})


def arrived(*lines: DespatchedLine) -> OrderDeliveredReply:
    return DELIVERED.model_copy(update={"message_id": f"a{next(numbers)}", "lines": lines})


def rejected(number: int) -> LineResponse:
    return LineResponse(line=number, status="rejected", code="OUT-OF-STOCK")


def after(
    *replies: DistributorReply,
    start: tuple[Withdrawal, Allowance, Order] = (SENT, USED, ORDER),
) -> Told:
    withdrawal, allowance, order = start
    told: list[Fact] = []
    for reply in replies:
        withdrawal, allowance, (order,), facts = take_reply(
            withdrawal,
            allowance,
            (order,),
            reply=reply,
            body="sealed:body",
            at=LATER,
            catalogue=CATALOGUE,
        )
        told += facts
    return withdrawal, allowance, order, told


def after_both(*replies: DistributorReply) -> Told:
    return after(*replies, start=(BOTH_SENT, BOTH_USED, BOTH_ORDER))


def kinds(facts: Sequence[Fact]) -> list[type[Fact]]:
    return [type(each) for each in facts]


def made_of(order: Order) -> list[str]:
    return [each.made_of for each in order.replies]
