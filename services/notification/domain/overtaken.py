"""What became untrue, or was said by another message, while a message waited (Q33)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.notification.domain.message import Message
from shared.domain.decision import Decision

WAITED = timedelta(seconds=15)
ABOUT_ORDERS = frozenset({"delivery_notice", "order_delayed"})


@dataclass(frozen=True)
class Arrival:
    """An order that has been delivered."""

    order_no: str
    at: datetime


def note_arrival(known: Arrival | None, *, arrived: Arrival) -> Decision[Arrival | None]:
    """Keep that an order came (Q33)."""
    return known or arrived, []


def may_be_overtaken(message: Message, *, at: datetime) -> bool:
    """Tell whether a message waited so long that it is asked about again: through a night, say (Q33)."""
    written = message.written_at
    return message.kind in ABOUT_ORDERS and written is not None and at - written >= WAITED


def overtaken(
    message: Message, arrival: Arrival | None, others: Iterable[Message], *, at: datetime
) -> Decision[Message]:
    """Say that it has come, where nobody met it; leave out what other messages say, or what is over (Q33)."""
    if message.state != "due":
        return message, []
    if arrival and message.kind == "delivery_notice" and message.is_left_outside:
        return (message if message.has_arrived else replace(message, has_arrived=True)), []
    why = "delivered-meanwhile" if arrival else _told_otherwise(message, others)
    return (message.came_to("suppressed", at=at, note=why) if why else message), []


def _told_otherwise(message: Message, others: Iterable[Message]) -> str | None:
    if message.kind != "order_delayed" or message.written_at is None:
        return None
    for other in others:
        if other.kind == "delivery_notice" and other.part == "part" and other.day == message.day:
            return "told-with-the-part"
        newer = other.written_at is not None and other.written_at > message.written_at
        later_day = other.written_at == message.written_at and (other.day or message.day) != message.day
        if (
            other.kind == "order_delayed"
            and other.state == "due"
            and (newer or (later_day and _after(other, message)))
        ):
            return "another-day-since"
    return None


def _after(other: Message, message: Message) -> bool:
    return other.day is not None and message.day is not None and other.day > message.day
