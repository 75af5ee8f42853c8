"""What a distributor's reply may move: the withdrawal, all its orders and the allowance (Q23)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from services.ordering.domain.allowance import Allowance, release
from services.ordering.domain.order import Order, OrderedLine
from services.ordering.domain.withdrawal import Step, Withdrawal
from services.ordering.domain.withdrawal_steps import What
from shared.domain.hashing import Hashed, plain_hash
from shared.events.fact import Fact


class OrdersMoved(Exception):
    """The rest was ordered since the withdrawal was read: its orders are read again (Q32)."""


def demand_all(withdrawal: Withdrawal, orders: tuple[Order, ...]) -> None:
    """Raise OrdersMoved when the withdrawal has got an order that was not read."""
    if len(orders) < len(withdrawal.order_nos):
        raise OrdersMoved


@dataclass(frozen=True)
class ReplyContext:
    """The states that a reply changes, and the facts so far; `order_no`: the reply's order."""

    withdrawal: Withdrawal
    allowance: Allowance
    orders: tuple[Order, ...]
    order_no: str
    at: datetime
    facts: tuple[Fact, ...] = ()
    by: str | None = None
    """Who moves it, where that is not the distributor."""
    id_is_reused: bool = False
    """The sender used the reply's message id for something else (decision 0042)."""
    hashed: Hashed = plain_hash
    """How the service hashes what a partner writes: with its key (decision 0084)."""

    @property
    def order(self) -> Order:
        return next(each for each in self.orders if each.order_no == self.order_no)

    @property
    def about(self) -> dict[str, str]:
        """What every fact of the order names."""
        order = self.order
        return {
            "order_no": order.order_no,
            "withdrawal_no": order.withdrawal_no,
            "patient_ref": order.patient_ref,
        }

    def noting(self, what: What, note: str | None = None) -> "ReplyContext":
        by = self.by or f"distributor:{self.order.distributor}"
        step = Step(self.at, by, what, note, order_no=self.order_no)
        return replace(self, withdrawal=self.withdrawal.noting(step))

    def with_facts(self, *facts: Fact) -> "ReplyContext":
        return replace(self, facts=self.facts + facts)

    def with_order(self, order: Order) -> "ReplyContext":
        kept = tuple(order if each.order_no == order.order_no else each for each in self.orders)
        return replace(self, orders=kept)

    def with_order_changed(self, **changes: Any) -> "ReplyContext":
        """Change the order that the reply is about."""
        return self.with_order(replace(self.order, **changes))

    def releasing(self, line_ids: tuple[str, ...]) -> "ReplyContext":
        """Free the articles of these lines from the order (S47)."""
        return replace(self, allowance=release(self.allowance, order_no=self.order_no, line_ids=line_ids))

    def line_ids(self, holds: Callable[[OrderedLine], bool]) -> tuple[str, ...]:
        """Name the prescribed lines of which every article in this order is so."""
        return tuple(
            line_id
            for line_id in self.order.line_ids
            if all(holds(line) for line in self.order.lines if line.line_id == line_id)
        )


def aware(moment: datetime) -> datetime:
    """Take a distributor that leaves out its time zone to mean UTC (formats.md 4)."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
