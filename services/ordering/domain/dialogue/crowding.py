"""How many of a distributor's replies an order stores, and how long; the rest is beside it (S49)."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.ordering.domain.order import MadeOf, Order, Received
from shared.partners import DistributorReply

MOST_BELIEVED = 200
"""Replies of one order that may change it: beyond them a person looks at each."""
MOST_OTHERS = 20
"""Replies of one order that change nothing and lie in it; further ones are kept beside it."""
LONGEST_TEXT = 100
LONGEST_LIST = 20


class KeptBeside(Exception):
    """The order took many replies since it was read: this one is to be kept beside it."""


@dataclass(frozen=True)
class LongReply:
    """A reply that is too long, or one too many, to lie in its order: whole, its text sealed."""

    order_no: str
    content: str
    """A digest of all but its id and time, as in the order."""
    kind: str
    received_at: datetime
    body: str
    made_of: MadeOf
    why: str | None = None
    copies: int = 1


def long_key(order_no: str, content: str) -> str:
    """Name a reply kept beside its order by its content: the same one is kept once (formats.md 4)."""
    return f"{order_no}|{content}"


def shortened(reply: DistributorReply) -> dict[str, Any] | None:
    """Give a reply with its long texts and lists cut; None when there is nothing to cut."""
    whole = reply.model_dump(mode="json")
    short: dict[str, Any] = _cut(whole)
    return None if short == whole else short


def is_crowded(order: Order) -> bool:
    """Tell whether replies that change nothing find no more room in the order."""
    return sum(each.made_of != "believed" for each in order.replies) >= MOST_OTHERS


def is_answered_too_often(order: Order) -> bool:
    return sum(each.made_of == "believed" for each in order.replies) >= MOST_BELIEVED


def beside(known: LongReply | None, *, order_no: str, received: Received, body: str) -> LongReply:
    """Keep a reply beside its order, or count one more copy of it."""
    if known:
        return replace(known, copies=known.copies + 1)
    return LongReply(
        order_no, received.content, received.kind, received.received_at, body, received.made_of, received.why
    )


def _cut(said: Any) -> Any:
    match said:
        case str() if len(said) > LONGEST_TEXT:
            return f"{said[:LONGEST_TEXT]}…"
        case list():
            return [_cut(each) for each in said[:LONGEST_LIST]]
        case dict():
            return {name: _cut(each) for name, each in said.items()}
        case _:
            return said
