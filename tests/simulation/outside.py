"""The partners: a distributor that means what it says, a gateway and invoicing, each with its book."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import aio_pika

from shared.clock import Clock
from shared.distributors import reply_key
from shared.partners import (
    DistributorReply,
    FeeAcknowledged,
    FeeEvent,
    LineResponse,
    Order,
    OrderCancelRequest,
    OrderLine,
    OrderResponse,
)
from shared.repository.codec import Document
from tools.demo.replies import answer_cancel, delivered, despatched, message_id, reply

State = Literal[
    "open", "acked", "refused", "shortened", "despatched", "delivered", "undeliverable", "cancelled"
]
NEXT: dict[State, tuple[State, ...]] = {
    "open": ("acked", "refused", "cancelled"),
    "acked": ("despatched", "shortened", "cancelled"),
    "shortened": ("despatched", "cancelled"),
    "despatched": ("delivered", "undeliverable"),
}
STEP: dict[State, str] = {"acked": "ack"}
LEFT: frozenset[State] = frozenset({"despatched", "delivered", "undeliverable"})
Say = Callable[[str, str, aio_pika.Message], None]
"""To an exchange, with a routing key."""


@dataclass
class Known:
    """One order as the distributor knows it."""

    order: Order
    state: State = "open"
    is_short: bool = False
    """It said that less comes: only that is sent then (Q32)."""
    asked_to_stop: OrderCancelRequest | None = None
    is_answered: bool = False


@dataclass
class Distributor:
    """Knows an order by its number, however often it comes; its own truth never goes back."""

    clock: Clock
    say: Say
    known: dict[str, Known] = field(default_factory=dict)
    early: dict[str, OrderCancelRequest] = field(default_factory=dict)
    """Requests to stop what has not come yet."""
    troubles: list[str] = field(default_factory=list)

    def receive(self, row: Document, body: bytes) -> None:
        if row["topic"] == OrderCancelRequest.topic:
            request = OrderCancelRequest.model_validate_json(body)
            known = self.known.get(request.order_no)
            if known is None:
                self.early[request.order_no] = request
            else:
                known.asked_to_stop = known.asked_to_stop or request
            return
        order = Order.model_validate_json(body)
        known = self.known.get(order.order_no)
        if known is None:
            self.known[order.order_no] = Known(order, asked_to_stop=self.early.pop(order.order_no, None))
            return
        if known.order != order:
            self.troubles.append(f"I5 {order.order_no}: came with another content")

    def steps(self, order_no: str) -> tuple[State, ...]:
        return NEXT.get(self.known[order_no].state, ())

    def act(self, order_no: str, state: State) -> None:
        """Do the next thing with an order, and tell it."""
        known = self.known[order_no]
        known.state = state
        known.is_short |= state == "shortened"
        said = _shortly if known.is_short else reply
        self._say(known, said(STEP.get(state, state), known.order, at=self.clock.now()))

    @property
    def to_be_stopped(self) -> list[str]:
        return [no for no, each in self.known.items() if each.asked_to_stop and not each.is_answered]

    def answer_stop(self, order_no: str) -> None:
        """Answer a request to stop; who refused or called it off himself has said so already."""
        known = self.known[order_no]
        assert known.asked_to_stop
        known.is_answered = True
        if known.state in {"refused", "cancelled"}:
            return
        step = "too-late" if known.state in LEFT else "called-off"
        if step == "called-off":
            known.state = "cancelled"
        self._say(known, answer_cancel(step, known.asked_to_stop, at=self.clock.now()))

    def _say(self, known: Known, said: DistributorReply) -> None:
        self.say(
            "distributors.replies",
            reply_key(known.order.distributor),
            _written(said.model_dump_json(), said.message_id),
        )


def _shortly(step: str, order: Order, *, at: datetime) -> DistributorReply:
    """Tell of a delivery that lacks one package of the last line; that is in no parcel (Q32)."""
    name, last = message_id(order, step), order.lines[-1]
    comes = last.model_copy(update={"quantity": last.quantity - 1})
    lines: tuple[OrderLine, ...] = (*order.lines[:-1], *([comes] if comes.quantity else []))
    if step != "shortened":
        say = {"despatched": despatched, "delivered": delivered}.get(step)
        return say(order.model_copy(update={"lines": lines}), name, at) if say else reply(step, order, at=at)
    short = LineResponse(
        line=last.line,
        status="changed" if comes.quantity else "rejected",
        quantity=comes.quantity or None,
        code="out-of-stock",
    )
    whole = [
        LineResponse(line=each.line, status="accepted", quantity=each.quantity) for each in order.lines[:-1]
    ]
    return OrderResponse(
        type="order.response.v1", message_id=name, order_no=order.order_no, at=at, lines=(*whole, short)
    )


@dataclass
class Invoicing:
    """Books each entry once, by its id."""

    clock: Clock
    say: Say
    booked: dict[str, FeeEvent] = field(default_factory=dict)
    acknowledged: set[str] = field(default_factory=set)
    troubles: list[str] = field(default_factory=list)

    def receive(self, body: bytes) -> None:
        fee = FeeEvent.model_validate_json(body)
        before = self.booked.setdefault(fee.event_id, fee)
        if before != fee:
            self.troubles.append(f"I11 {fee.event_id}: came with another content")

    def acknowledge(self, event_id: str) -> None:
        self.acknowledged.add(event_id)
        said = FeeAcknowledged(event_id=event_id, status="accepted", at=self.clock.now())
        self.say("invoicing.acks", "invoicing", _written(said.model_dump_json(), f"ack-{event_id}"))


@dataclass(frozen=True)
class Sms:
    """A message that the gateway took."""

    message_id: str
    to: str
    asked: int
    """When prescription answered the sender, in the order of all commits; 0 when it never asked."""


def _written(body: str, message_id: str) -> aio_pika.Message:
    return aio_pika.Message(body.encode(), message_id=message_id)
