"""Replies with an unknown order number or about another distributor's order; they are stored."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from services.ordering.domain.dialogue.replies import digest
from services.ordering.domain.order import Order
from shared.distributors import NOBODY
from shared.domain.decision import Decision
from shared.domain.hashing import Hashed, plain_hash
from shared.domain.numbers import is_number
from shared.events.tasks import TaskRaised
from shared.partners import DistributorReply

Why = Literal["unknown-order", "unknown-sender", "another-distributors-order"]
KINDS: dict[Why, str] = {
    "unknown-order": "reply_for_unknown_order",
    "unknown-sender": "reply_of_unknown_sender",
    "another-distributors-order": "reply_of_another_distributor",
}


class OrderIsOurs(Exception):
    """The order is there after all: it was looked for where the newest commits were not known yet."""


@dataclass(frozen=True)
class StrayReply:
    """A reply that is not believed; its text is sealed, also what it calls the order."""

    order_no: str
    """Empty when the distributor wrote something that is no order number of ours."""
    message_id: str
    """A hash of it: what a partner calls its messages may be anything (N7)."""
    kind: str
    at: datetime
    received_at: datetime
    body: str
    copies: int = 1
    sender: str | None = None
    why: Why = "unknown-order"


def may_answer(order: Order, sender: str | None) -> bool:
    """Only the order's own distributor is believed, and an operator's replay (formats.md 4)."""
    return sender in {None, order.distributor}


def stray_key(reply: DistributorReply, sender: str | None, hashed: Hashed = plain_hash) -> str:
    """Give the same key to the same reply of the same sender, whatever id it carries (formats.md 4)."""
    return ":".join(part for part in (sender, digest(reply, hashed)) if part)


def keep_stray(
    known: StrayReply | None,
    order: Order | None,
    *,
    reply: DistributorReply,
    sender: str | None,
    body: str,
    at: datetime,
    hashed: Hashed = plain_hash,
) -> Decision[StrayReply, Order | None]:
    """Keep a reply that changes nothing, and ask somebody to look once (formats.md 4); raises OrderIsOurs."""
    if order and may_answer(order, sender):
        raise OrderIsOurs
    if known:
        return replace(known, copies=known.copies + 1), order, []
    why = _why(order, sender)
    order_no = reply.order_no if is_number(reply.order_no, "B") else ""
    stray = StrayReply(
        order_no, hashed(reply.message_id), reply.type, reply.at, at, body, sender=sender, why=why
    )
    task = TaskRaised(
        task_id=f"stray-reply:{':'.join(part for part in (sender, digest(reply, hashed)[:16]) if part)}",
        kind=KINDS[why],
        role="customer_service",
        subject_no=order_no or None,
        reason=why,
        details={"sender": sender} if sender else {},
    )
    return stray, order, [task]


def _why(order: Order | None, sender: str | None) -> Why:
    if sender == NOBODY:
        return "unknown-sender"
    return "another-distributors-order" if order else "unknown-order"
