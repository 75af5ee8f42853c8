"""Two patients are one person: what the first has moves to the second, once, in any order (S65, S68)."""

from dataclasses import replace
from datetime import datetime

from services.ordering.domain.allowance import Allowance, refuse_moved
from services.ordering.domain.order import Order
from services.ordering.domain.reply_context import demand_all
from services.ordering.domain.withdrawal import Step, Withdrawal
from shared.domain.decision import Decision


def merge(
    old: Allowance | None, kept: Allowance | None, *, patient_ref: str, into_ref: str
) -> Decision[Allowance, Allowance]:
    """Move what may be withdrawn, what is used and what is on its way; the old reference points on (S65)."""
    before = old or Allowance(patient_ref)
    into = kept or Allowance(into_ref)
    if before.merged_into:
        return before, into, []
    refuse_moved(into)
    known = {line.line_id for line in into.lines}
    moved = replace(
        into,
        lines=into.lines + tuple(line for line in before.lines if line.line_id not in known),
        annulled_lines=tuple(dict.fromkeys(into.annulled_lines + before.annulled_lines)),
        expired_lines=tuple(dict.fromkeys(into.expired_lines + before.expired_lines)),
        on_the_way=tuple(dict.fromkeys(into.on_the_way + before.on_the_way)),
    )
    return Allowance(patient_ref, merged_into=into_ref), moved, []


def move(
    withdrawal: Withdrawal, orders: tuple[Order, ...], *, into_ref: str, at: datetime
) -> Decision[Withdrawal, tuple[Order, ...]]:
    """Write a withdrawal and its orders on the person they belong to now, traceably (S65)."""
    if withdrawal.patient_ref == into_ref:
        return withdrawal, orders, []
    demand_all(withdrawal, orders)
    moved = replace(withdrawal, patient_ref=into_ref)
    step = Step(at, "ordering", "merged", withdrawal.patient_ref)
    return moved.noting(step), tuple(replace(order, patient_ref=into_ref) for order in orders), []
