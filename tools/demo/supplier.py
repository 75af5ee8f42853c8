"""The demo suppliers: take purchases off their queues, answer them, deliver in parts and make mistakes.

Everything is noted in supplier.jsonl.
Modes, in supplier.control.json as {"mode": ..., "delay_seconds": ...}:
normal (in two parts), slow, hold, refuse, reject, price (another than agreed), fewer, more, cancel,
silent, duplicate (each answer twice), unknown-line, contradict (a refusal after the goods left),
too-late. What a cancel request is about is stopped until it has left: never when too-late.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from shared.distributors import purchases_queue, reply_key
from shared.suppliers import (
    PurchaseAcknowledged,
    PurchaseCancelled,
    PurchaseCancelRequest,
    PurchaseConfirmed,
    PurchaseDespatched,
    PurchaseLineConfirmed,
    PurchaseLineDespatched,
    PurchaseOrder,
    PurchaseReply,
    PurchaseTooLate,
)
from tools.demo.conversation import Letter, Question
from tools.demo.peer import Door, Peer, start
from tools.demo.settings import DemoSettings

MESSAGES: TypeAdapter[PurchaseOrder | PurchaseCancelRequest] = TypeAdapter(
    Annotated[PurchaseOrder | PurchaseCancelRequest, Field(discriminator="type")]
)
LEFT = frozenset({"first-part", "second-part", "all"})
IN_TWO = ("ack", "response", "first-part", "second-part")
STEPS: Mapping[str, tuple[str, ...]] = {
    "refuse": ("refuse",),
    "reject": ("ack", "reject"),
    "price": ("ack", "price", "first-part", "second-part"),
    "fewer": ("ack", "fewer", "first-part"),
    "more": ("ack", "response", "more"),
    "cancel": ("ack", "response", "cancelled"),
    "silent": (),
    "duplicate": ("ack", "ack", "response", "response", "first-part", "first-part", "second-part"),
    "unknown-line": ("ack", "unknown-line", *IN_TWO[1:]),
    "contradict": (*IN_TWO, "refuse"),
}
DAYS = 5
DEARER = Decimal("1.10")


def read(body: bytes, mode: str) -> Question:
    """Take a purchase or a request to stop one; the same order number is the same purchase."""
    message = MESSAGES.validate_json(body)
    if isinstance(message, PurchaseOrder):
        return Question(message.order_no, body=json.loads(body), steps=STEPS.get(mode, IN_TWO))
    in_time = mode not in {"silent", "too-late"}
    return Question(
        f"{message.order_no}/cancel",
        body=json.loads(body),
        steps=() if mode == "silent" else ("cancelled",) if in_time else ("too-late",),
        calls_off=message.order_no if in_time else None,
        too_late_after=LEFT,
        steps_if_too_late=("too-late",),
    )


def write(body: Mapping[str, Any], step: str, at: datetime) -> Letter:
    message = MESSAGES.validate_python(body)
    said = reply(step, message, at=at)
    return Letter(reply_key(message.supplier), said.message_id, str(getattr(said, "type", step)), said)


def reply(step: str, message: PurchaseOrder | PurchaseCancelRequest, *, at: datetime) -> PurchaseReply:
    """Write an answer; the same step of the same purchase is the same message."""
    head: dict[str, Any] = {
        "message_id": f"{message.supplier}-{message.order_no}-{step}", "order_no": message.order_no, "at": at,
    }  # fmt: skip
    if step == "cancelled":
        return PurchaseCancelled(type="purchase.cancelled.v1", reason="out_of_stock", **head)
    if step == "too-late" or isinstance(message, PurchaseCancelRequest):
        return PurchaseTooLate(type="purchase.too_late.v1", reason="despatched", **head)
    if step in {"ack", "refuse"}:
        refused = step == "refuse"
        code = "unknown_customer" if refused else None
        return PurchaseAcknowledged(type="purchase.ack.v1", accepted=not refused, code=code, **head)
    if step in LEFT or step == "more":
        return PurchaseDespatched(
            type="purchase.despatched.v1", packages=(f"{message.order_no}-{step}",),
            lines=tuple(_despatched(message, step)), **head,
        )  # fmt: skip
    return PurchaseConfirmed(
        type="purchase.response.v1", lines=tuple(_confirmed(message, step, at.date())), **head
    )


def _confirmed(message: PurchaseOrder, step: str, today: date) -> list[PurchaseLineConfirmed]:
    first = message.lines[0]
    if step == "unknown-line":
        return [PurchaseLineConfirmed(line=len(message.lines) + 1, status="accepted")]
    return [
        PurchaseLineConfirmed(
            line=each.line,
            status="rejected" if step == "reject" else "changed" if step == "fewer" else "accepted",
            quantity=max(1, each.quantity // 2) if step == "fewer" else each.quantity,
            delivery_date=today + timedelta(days=DAYS),
            unit_price=(each.unit_price * DEARER).quantize(Decimal("0.01"))
            if step == "price" and each == first
            else each.unit_price,
            code="out_of_stock" if step == "reject" else None,
        )
        for each in message.lines
    ]


def _despatched(message: PurchaseOrder, step: str) -> list[PurchaseLineDespatched]:
    found = []
    for each in message.lines:
        half = (each.quantity + 1) // 2
        many = {"first-part": half, "second-part": each.quantity - half, "more": each.quantity + 1}[step]
        if many:
            found.append(
                PurchaseLineDespatched(
                    line=each.line, quantity=many, batch=f"{message.supplier[-4:]}-{step[0]}"
                )
            )
    return found


def doors(settings: DemoSettings) -> list[Door]:
    """Give each supplier of the run its own way in: no account reads or answers for another."""
    urls = settings.supplier_urls
    return [
        Door(urls.get(each, settings.rabbitmq_partners_url), purchases_queue(each), reply_key(each))
        for each in settings.suppliers
    ]


PEER = Peer(name="supplier", doors=doors, answers_to="suppliers.replies", read=read, write=write)

if __name__ == "__main__":
    start(PEER, what=__doc__ or PEER.name)
