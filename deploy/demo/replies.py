"""What the demo distributor answers to an order: one plan per mode, one message per step."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from zlib import crc32

from shared.domain.days import local_day
from shared.events.partners import (
    DespatchedLine,
    DistributorReply,
    LineResponse,
    Order,
    OrderAcknowledged,
    OrderCancelledReply,
    OrderDeliveredReply,
    OrderDespatchedReply,
    OrderResponse,
    OrderUndeliverableReply,
)

DELIVERED = ("ack", "response", "despatched", "delivered")
PLANS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "normal": DELIVERED,
        "slow": DELIVERED,
        "hold": DELIVERED,
        "refuse": ("refused",),
        "reject-lines": ("ack", "rejected"),
        "cancel": ("ack", "cancelled"),
        "undeliverable": ("ack", "response", "despatched", "undeliverable"),
        "duplicate": tuple(step for step in DELIVERED for _ in range(2)),
        "contradict": (*DELIVERED, "undeliverable"),
        "unknown-order": ("ack", "response", "despatched", "unknown", "delivered"),
    }
)
UNKNOWN_ORDER_NO = "B1999-000000-0"
KEEPS_DAYS = 300
GS1_DEMO_PREFIX = "952"


def plan(mode: str) -> tuple[str, ...]:
    """Name the steps in order; raises KeyError with the modes there are when there is no such mode."""
    if mode not in PLANS:
        raise KeyError(f"no mode {mode!r}; there are: {', '.join(PLANS)}")
    return PLANS[mode]


def message_id(order: Order, step: str) -> str:
    """Name a reply for ever, so that the same one sent again is known as the same."""
    return f"{order.order_no}/{step}"


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


def despatched(order: Order, name: str, at: datetime) -> DistributorReply:
    return OrderDespatchedReply(
        type="order.despatched.v1",
        message_id=name,
        order_no=order.order_no,
        at=at,
        packages=(sscc(order.order_no),),
        lines=goods(order, at),
    )


def delivered(order: Order, name: str, at: datetime) -> DistributorReply:
    return OrderDeliveredReply(
        type="order.delivered.v1",
        message_id=name,
        order_no=order.order_no,
        at=at,
        lines=goods(order, at),
        signed=order.deliver.rule != "leave_outside",
        proof=f"demo-proof-{crc32(order.order_no.encode()):08x}",
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


REPLIES: Mapping[str, Callable[[Order, str, datetime], DistributorReply]] = MappingProxyType(
    {
        "ack": acknowledged,
        "refused": refused,
        "response": all_lines,
        "rejected": no_lines,
        "despatched": despatched,
        "delivered": delivered,
        "undeliverable": undeliverable,
        "cancelled": cancelled,
        "unknown": about_an_unknown_order,
    }
)


def goods(order: Order, at: datetime) -> tuple[DespatchedLine, ...]:
    best_before = local_day(at) + timedelta(days=KEEPS_DAYS)
    return tuple(
        DespatchedLine(
            line=each.line, quantity=each.quantity, batch=f"DEMO{at:%y%m}", best_before=best_before
        )
        for each in order.lines
    )


def sscc(order_no: str) -> str:
    """Number the despatch's one parcel: 18 digits in GS1's demo prefix, the last one checks the others."""
    digits = f"3{GS1_DEMO_PREFIX}000{crc32(order_no.encode()):010d}"
    weighted = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(digits))
    return f"{digits}{-weighted % 10}"
