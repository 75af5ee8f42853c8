"""The replies of the demo's distributor to an order: one message for each step of its plan."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from zlib import crc32

from shared.domain.days import local_day
from shared.partners import (
    DespatchedLine,
    DistributorReply,
    LineResponse,
    Order,
    OrderAcknowledged,
    OrderCancelledReply,
    OrderCancelRequest,
    OrderDeliveredReply,
    OrderDespatchedReply,
    OrderLine,
    OrderResponse,
    OrderTooLateReply,
    OrderUndeliverableReply,
)

UNKNOWN_ORDER_NO = "B1999-000000-0"
UNKNOWN_ARTICLE_NO = "900999"
UNKNOWN_LINE = 99
KEEPS_DAYS = 300
WEEK = 7
GS1_DEMO_PREFIX = "952"


def message_id(order: Order | OrderCancelRequest, step: str) -> str:
    """Name a reply for ever, so that the same one sent again is known as the same."""
    return f"{order.order_no}/{step}"


def amqp_id(reply: DistributorReply, step: str) -> str:
    """Name the letter as its reply; a distributor that counts anew uses a number that it used before."""
    return "1" if step == "counted-anew" else reply.message_id


def reply(step: str, order: Order, *, at: datetime) -> DistributorReply:
    return REPLIES[step](order, message_id(order, step), at)


def acknowledged(order: Order, name: str, at: datetime) -> DistributorReply:
    return OrderAcknowledged(type="order.ack.v1", message_id=name, order_no=order.order_no, at=at)


def refused(order: Order, name: str, at: datetime) -> DistributorReply:
    return OrderAcknowledged(
        type="order.ack.v1",
        message_id=name,
        order_no=order.order_no,
        at=at,
        accepted=False,
        code="not-served",
        text="The demo distributor refuses orders right now.",
    )


def all_lines(order: Order, name: str, at: datetime) -> DistributorReply:
    lines = tuple(
        LineResponse(line=each.line, status="accepted", quantity=each.quantity) for each in order.lines
    )
    return OrderResponse(
        type="order.response.v1", message_id=name, order_no=order.order_no, at=at, lines=lines
    )


def no_lines(order: Order, name: str, at: datetime) -> DistributorReply:
    lines = tuple(
        LineResponse(line=each.line, status="rejected", code="out-of-stock") for each in order.lines
    )
    return OrderResponse(
        type="order.response.v1", message_id=name, order_no=order.order_no, at=at, lines=lines
    )


def back_ordered(order: Order, name: str, at: datetime) -> DistributorReply:
    """The first half comes, the rest later, on a day that `later` will move."""
    return _with_the_rest_on(order, name, at, days=WEEK)


def shortened(order: Order, name: str, at: datetime) -> DistributorReply:
    """Half of it comes, and the rest never."""
    lines = tuple(
        LineResponse(line=each.line, status="changed", quantity=part_of(each), code="out-of-stock")
        for each in order.lines
    )
    return OrderResponse(
        type="order.response.v1", message_id=name, order_no=order.order_no, at=at, lines=lines
    )


def later(order: Order, name: str, at: datetime) -> DistributorReply:
    return _with_the_rest_on(order, name, at, days=2 * WEEK)


def _with_the_rest_on(order: Order, name: str, at: datetime, *, days: int) -> DistributorReply:
    lines = tuple(
        LineResponse(
            line=each.line,
            status="changed",
            quantity=part_of(each),
            back_order=each.quantity - part_of(each),
            back_order_date=local_day(at) + timedelta(days=days),
            code="back-order",
        )
        for each in order.lines
    )
    return OrderResponse(
        type="order.response.v1", message_id=name, order_no=order.order_no, at=at, lines=lines
    )


def substituted(order: Order, name: str, at: datetime) -> DistributorReply:
    """Exchange the first line for the article of the last: asked for or not, as distributors do."""
    first, last = order.lines[0], order.lines[-1]
    other = last.article_no if last is not first else UNKNOWN_ARTICLE_NO
    exchanged = LineResponse(
        line=first.line, status="changed", quantity=first.quantity, replacement_article_no=other
    )
    rest = (LineResponse(line=each.line, status="accepted") for each in order.lines[1:])
    return OrderResponse(
        type="order.response.v1", message_id=name, order_no=order.order_no, at=at, lines=(exchanged, *rest)
    )


def despatched(order: Order, name: str, at: datetime) -> DistributorReply:
    return _left(order, name, at, lines=goods(order, at))


def part_despatched(order: Order, name: str, at: datetime) -> DistributorReply:
    return _left(order, name, at, lines=goods(order, at, part_of))


def rest_despatched(order: Order, name: str, at: datetime) -> DistributorReply:
    return _left(order, name, at, lines=goods(order, at, rest_of))


def _left(order: Order, name: str, at: datetime, *, lines: tuple[DespatchedLine, ...]) -> DistributorReply:
    return OrderDespatchedReply(
        type="order.despatched.v1",
        message_id=name,
        order_no=order.order_no,
        at=at,
        packages=(sscc(name),),
        lines=lines,
    )


def delivered(order: Order, name: str, at: datetime) -> DistributorReply:
    return _arrived(order, name, at, lines=goods(order, at))


def part_delivered(order: Order, name: str, at: datetime) -> DistributorReply:
    return _arrived(order, name, at, lines=goods(order, at, part_of))


def rest_delivered(order: Order, name: str, at: datetime) -> DistributorReply:
    return _arrived(order, name, at, lines=goods(order, at, rest_of))


def _arrived(order: Order, name: str, at: datetime, *, lines: tuple[DespatchedLine, ...]) -> DistributorReply:
    return OrderDeliveredReply(
        type="order.delivered.v1",
        message_id=name,
        order_no=order.order_no,
        at=at,
        lines=lines,
        signed=order.deliver.rule != "leave_outside",
        proof=f"demo-proof-{crc32(name.encode()):08x}",
    )


def undeliverable(order: Order, name: str, at: datetime) -> DistributorReply:
    return OrderUndeliverableReply(
        type="order.undeliverable.v1", message_id=name, order_no=order.order_no, at=at, reason="nobody-there"
    )


def cancelled(order: Order, name: str, at: datetime) -> DistributorReply:
    return OrderCancelledReply(
        type="order.cancelled.v1", message_id=name, order_no=order.order_no, at=at, reason="out-of-stock"
    )


def about_an_unknown_order(_order: Order, name: str, at: datetime) -> DistributorReply:
    return OrderDeliveredReply(type="order.delivered.v1", message_id=name, order_no=UNKNOWN_ORDER_NO, at=at)


def about_an_unknown_line(order: Order, name: str, at: datetime) -> DistributorReply:
    lines = (LineResponse(line=UNKNOWN_LINE, status="accepted", quantity=1),)
    return OrderResponse(
        type="order.response.v1", message_id=name, order_no=order.order_no, at=at, lines=lines
    )


def ready(order: Order, name: str, at: datetime) -> DistributorReply:
    """Say once more, in other words, that the order has come."""
    return OrderAcknowledged(
        type="order.ack.v1", message_id=name, order_no=order.order_no, at=at, text=f"Order {order.order_no}."
    )


def answer_cancel(step: str, request: OrderCancelRequest, *, at: datetime) -> DistributorReply:
    """Answer a request to stop an order."""
    name, number = message_id(request, step), request.order_no
    if step == "too-late":
        return OrderTooLateReply(
            type="order.too_late.v1", message_id=name, order_no=number, at=at, reason="already-packed"
        )
    return OrderCancelledReply(
        type="order.cancelled.v1", message_id=name, order_no=number, at=at, reason="asked-for"
    )


REPLIES: Mapping[str, Callable[[Order, str, datetime], DistributorReply]] = MappingProxyType(
    {
        "ack": acknowledged,
        "refused": refused,
        "response": all_lines,
        "rejected": no_lines,
        "back-ordered": back_ordered,
        "shortened": shortened,
        "later": later,
        "substituted": substituted,
        "part-despatched": part_despatched,
        "part-delivered": part_delivered,
        "rest-despatched": rest_despatched,
        "rest-delivered": rest_delivered,
        "despatched": despatched,
        "delivered": delivered,
        "undeliverable": undeliverable,
        "cancelled": cancelled,
        "unknown": about_an_unknown_order,
        "unknown-line": about_an_unknown_line,
        "unreadable": ready,
        "counted-anew": ready,
    }
)


def part_of(line: OrderLine) -> int:
    return line.quantity // 2


def rest_of(line: OrderLine) -> int:
    return line.quantity - part_of(line)


def whole(line: OrderLine) -> int:
    return line.quantity


def goods(
    order: Order, at: datetime, packages: Callable[[OrderLine], int] = whole
) -> tuple[DespatchedLine, ...]:
    best_before = local_day(at) + timedelta(days=KEEPS_DAYS)
    return tuple(
        DespatchedLine(
            line=each.line, quantity=packages(each), batch=f"DEMO{at:%y%m}", best_before=best_before
        )
        for each in order.lines
        if packages(each)
    )


def sscc(name: str) -> str:
    """Number a despatch's one parcel: 18 digits in GS1's demo prefix, the last one checks the others."""
    digits = f"3{GS1_DEMO_PREFIX}000{crc32(name.encode()):010d}"
    weighted = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(digits))
    return f"{digits}{-weighted % 10}"
