"""A withdrawal as billing hears of it: what it was priced by, and how far its orders came (N5, N11)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from shared.domain.decision import Decision
from shared.domain.tariff import Priced
from shared.events.ordering import FeeCondition, FeePriced

Outcome = Literal["delivered", "undeliverable", "annulled"]


@dataclass(frozen=True)
class OrderHeard:
    """An order that ordering told of, in whatever order its facts came."""

    order_no: str
    sent: bool = False
    outcome: Outcome | None = None


@dataclass(frozen=True)
class Withdrawal:
    """One withdrawal, kept until all that follows from it is seen to agree."""

    withdrawal_no: str
    patient_ref: str
    day: date
    """The day it was sent; the day of the first fact about it until that is heard."""
    heard: bool = False
    """Whether the withdrawal itself was heard of, not only its orders."""
    order_nos: tuple[str, ...] = ()
    orders: tuple[OrderHeard, ...] = ()
    fees: tuple[FeePriced, ...] = ()
    annulled_fees: tuple[int, ...] = ()
    conditions: tuple[FeeCondition, ...] | None = None
    lines: tuple[Priced, ...] | None = None
    """None when what a tariff prices by was not told."""
    settled: bool = False
    """Nothing of it is awaited any more, and nothing differs."""

    def order(self, order_no: str) -> OrderHeard:
        return next((each for each in self.orders if each.order_no == order_no), OrderHeard(order_no))

    def with_order(self, order: OrderHeard) -> "Withdrawal":
        others = tuple(each for each in self.orders if each.order_no != order.order_no)
        return replace(self, orders=(*others, order), settled=False)


def note_sent(known: Withdrawal | None, *, told: Withdrawal) -> Decision[Withdrawal | None]:
    """Keep what a sent withdrawal says, with what was heard of its orders before (N11)."""
    if known is None:
        return told, []
    if known.heard:
        return known, []
    return replace(told, orders=known.orders, annulled_fees=known.annulled_fees), []


def note_annulled(
    known: Withdrawal | None, *, opened: Withdrawal, fee_nos: tuple[int, ...]
) -> Decision[Withdrawal | None]:
    """Keep which fees ordering wants credited (Q9, N11)."""
    row = known or opened
    fresh = tuple(each for each in dict.fromkeys(fee_nos) if each not in row.annulled_fees)
    if known and not fresh:
        return known, []
    return replace(row, annulled_fees=row.annulled_fees + fresh, settled=False), []


def note_order(
    known: Withdrawal | None, *, opened: Withdrawal, order_no: str, change: Callable[[OrderHeard], OrderHeard]
) -> Decision[Withdrawal | None]:
    """Keep how far an order came (N11); what is heard again does nothing."""
    row = known or opened
    before = row.order(order_no)
    after = change(before)
    if known and after == before and before in row.orders:
        return known, []
    return row.with_order(after), []


def was_sent(order: OrderHeard) -> OrderHeard:
    return replace(order, sent=True)


def came_to(order: OrderHeard, *, outcome: Outcome) -> OrderHeard:
    """Keep the first outcome, save that a delivery is what counts (N11)."""
    if order.outcome is None or outcome == "delivered":
        return replace(order, outcome=outcome)
    return order


def move_withdrawal(known: Withdrawal, *, into_ref: str) -> Decision[Withdrawal]:
    """Let a withdrawal hang on the patient that two turned out to be (S65, S68)."""
    if known.patient_ref == into_ref:
        return known, []
    return replace(known, patient_ref=into_ref), []


def note_settled(known: Withdrawal, *, seen: Withdrawal) -> Decision[Withdrawal]:
    """Close a withdrawal that agrees, unless something was heard since it was looked at (N11)."""
    if known != seen or known.settled:
        return known, []
    return replace(known, settled=True), []
