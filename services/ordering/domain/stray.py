"""Replies that belong to no order of ours: kept and shown, never lost."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.ordering.domain.order import Order
from services.ordering.domain.replies import digest
from shared.domain.decision import Decision
from shared.events.partners import DistributorReply
from shared.events.tasks import TaskRaised


class OrderIsOurs(Exception):
    """The order is there after all: it was looked for where the newest commits were not known yet."""


@dataclass(frozen=True)
class StrayReply:
    """A reply about an order number that we never gave; its text is sealed."""

    order_no: str
    message_id: str
    kind: str
    at: datetime
    received_at: datetime
    body: str
    copies: int = 1


def stray_key(reply: DistributorReply) -> str:
    """Give the same key to the same reply, whatever id it carries."""
    return digest(reply)


def keep_stray(
    known: StrayReply | None, order: Order | None, *, reply: DistributorReply, body: str, at: datetime
) -> Decision[StrayReply, Order | None]:
    """Keep a reply for an unknown order, and ask somebody to look once (formats.md 4); raises OrderIsOurs."""
    if order:
        raise OrderIsOurs
    if known:
        return replace(known, copies=known.copies + 1), order, []
    stray = StrayReply(reply.order_no, reply.message_id, reply.type, reply.at, at, body)
    task = TaskRaised(
        task_id=f"stray-reply:{stray_key(reply)[:16]}",
        kind="reply_for_unknown_order",
        role="customer_service",
        subject_no=reply.order_no[:40],
        reason="unknown-order",
    )
    return stray, order, [task]
