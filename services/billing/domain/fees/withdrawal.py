"""A withdrawal as billing knows it: what its price depends on, and how far its orders came (N5, N11)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from hashlib import blake2b
from typing import Literal

from shared.domain.decision import Decision
from shared.domain.money import Money
from shared.domain.tariff import Priced
from shared.events.fact import Open, Unknown
from shared.events.fees import FeeCondition, FeeDue, FeePriced, LineCame

Outcome = Literal["delivered", "undeliverable", "annulled"]


@dataclass(frozen=True)
class OrderHeard:
    """An order that ordering published, in whatever order its facts came."""

    order_no: str
    sent: bool = False
    outcome: Outcome | None = None
    rest_on: date | None = None
    """The day it was sent, when it orders the rest of a withdrawal that did not name it (Q32)."""


@dataclass(frozen=True)
class Withdrawal:
    """One withdrawal, kept until all that follows from it is seen to agree."""

    withdrawal_no: str
    patient_ref: str
    day: date
    """The day it was sent; until that is known, the day of the first fact about it."""
    heard: bool = False
    """Whether the withdrawal itself is known, not only its orders."""
    order_nos: tuple[str, ...] = ()
    orders: tuple[OrderHeard, ...] = ()
    fees: tuple[FeePriced, ...] = ()
    annulled_fees: tuple[int, ...] = ()
    conditions: tuple[Open[FeeCondition], ...] | None = None
    lines: tuple[Priced, ...] | None = None
    """None when what a tariff prices by was not published."""
    revision: int = 0
    due: tuple[FeeDue, ...] = ()
    """What the fees come to by what came, as ordering published it last (Q32)."""
    came: tuple[LineCame, ...] = ()
    settled: bool = False
    """Nothing of it is awaited any more, and nothing differs."""

    @property
    def number(self) -> str:
        return self.withdrawal_no

    @property
    def known_conditions(self) -> tuple[FeeCondition, ...] | None:
        """Give what about the patient set the fee; None when not published or not known here."""
        known = tuple(each for each in self.conditions or () if not isinstance(each, Unknown))
        return known if self.conditions is not None and len(known) == len(self.conditions) else None

    @property
    def standing_fees(self) -> tuple[FeePriced, ...]:
        """Give the fees that are not credited, as they are by what came (Q9, Q32)."""
        due = {each.fee_no: each.amount for each in self.due}
        return tuple(
            fee.model_copy(update={"amount": due.get(fee.fee_no, fee.amount)})
            for fee in self.fees
            if fee.fee_no not in self.annulled_fees
        )

    @property
    def lines_that_came(self) -> tuple[Priced, ...]:
        """Give what a tariff prices by: what came, where that was published (N5, Q32)."""
        came = {each.line_id: each for each in self.came}
        return tuple(
            replace(line, packages=came[line.line_id].packages, cost=Money(came[line.line_id].cost))
            if line.line_id in came
            else line
            for line in self.lines or ()
        )

    @property
    def fingerprint(self) -> bytes:
        """Give a few bytes that are others as soon as anything of it is another; of this process alone."""
        return blake2b(repr(self).encode(), digest_size=16).digest()

    def order(self, order_no: str) -> OrderHeard:
        return next((each for each in self.orders if each.order_no == order_no), OrderHeard(order_no))

    def with_order(self, order: OrderHeard) -> "Withdrawal":
        others = tuple(each for each in self.orders if each.order_no != order.order_no)
        return replace(self, orders=(*others, order), settled=False)


def note_sent(known: Withdrawal | None, *, published: Withdrawal) -> Decision[Withdrawal | None]:
    """Store a sent withdrawal, with what is known of its orders already (N11)."""
    if known is None:
        return published, []
    if known.heard:
        return known, []
    heard = replace(
        published,
        orders=known.orders,
        annulled_fees=known.annulled_fees,
        revision=known.revision,
        due=known.due,
        came=known.came,
    )
    return heard, []


def note_annulled(
    known: Withdrawal | None, *, opened: Withdrawal, fee_nos: tuple[int, ...]
) -> Decision[Withdrawal | None]:
    """Keep which fees ordering wants credited (Q9, N11)."""
    row = known or opened
    fresh = tuple(each for each in dict.fromkeys(fee_nos) if each not in row.annulled_fees)
    if known and not fresh:
        return known, []
    return replace(row, annulled_fees=row.annulled_fees + fresh, settled=False), []


def note_repriced(
    known: Withdrawal | None,
    *,
    opened: Withdrawal,
    revision: int,
    fees: tuple[FeeDue, ...],
    lines: tuple[LineCame, ...],
) -> Decision[Withdrawal | None]:
    """Store the newest price that ordering published (Q32, N11)."""
    row = known or opened
    if row.revision >= revision:
        return known, []
    return replace(row, revision=revision, due=fees, came=lines, settled=False), []


def note_order(
    known: Withdrawal | None, *, opened: Withdrawal, order_no: str, change: Callable[[OrderHeard], OrderHeard]
) -> Decision[Withdrawal | None]:
    """Store how far an order came (N11); a repeated fact does nothing."""
    row = known or opened
    before = row.order(order_no)
    after = change(before)
    if known and after == before and before in row.orders:
        return known, []
    return row.with_order(after), []


def was_sent(order: OrderHeard, *, rest_on: date | None = None) -> OrderHeard:
    """Keep that an order went out; of one that orders the rest, also when (N11, Q32)."""
    return replace(order, sent=True, rest_on=rest_on)


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


def note_settled(known: Withdrawal, *, seen: bytes) -> Decision[Withdrawal]:
    """Close a withdrawal that agrees, unless a fact came since it was looked at (N11).

    `seen` is the fingerprint of what was looked at.
    """
    if known.settled or known.fingerprint != seen:
        return known, []
    return replace(known, settled=True), []
