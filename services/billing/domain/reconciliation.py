"""The day added up: withdrawals = orders = deliveries = fees = files, and its differences as work (N11)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.billing.domain.comparison import SENTENCES, Case, Difference, Moment, differences
from services.billing.domain.ledger import Fee, net
from shared.domain.decision import Decision
from shared.domain.money import Money
from shared.events.fact import Fact
from shared.events.tasks import TaskRaised, TaskResolved

MOST_DIFFERENCES = 2000
"""A day with more has one cause, and its list would only hide it; the others come up as these are mended."""


@dataclass(frozen=True)
class Sums:
    """What a day's withdrawals come to."""

    withdrawals: int
    orders: int
    delivered: int
    undelivered: int
    """Undeliverable, refused, cancelled or annulled."""
    fees: int
    charged: Money
    credited: Money
    in_files: Money
    """Charges minus credits that stand in a file."""
    not_in_files: Money


@dataclass(frozen=True)
class Reconciliation:
    """A day as it was last looked at."""

    day: date
    made_at: datetime
    sums: Sums
    differences: tuple[Difference, ...]
    not_listed: int = 0
    """Differences beyond those: neither listed nor raised as work yet."""


def reconcile(
    known: Reconciliation | None, *, day: date, cases: Sequence[Case], moment: Moment
) -> Decision[Reconciliation | None]:
    """Add up a day, raise each new difference as work, and end the work of those that are gone (N11)."""
    every = tuple(each for case in cases for each in differences(case, moment=moment))
    found = every[:MOST_DIFFERENCES]
    before = set(known.differences) if known else set()
    facts: list[Fact] = [_differs(each, cases) for each in found if each not in before]
    gone = sorted(before - set(every), key=_task_id)
    facts += [TaskResolved(task_id=_task_id(each), how="it agrees now") for each in gone]
    return Reconciliation(day, moment.at, _sums(cases), found, len(every) - len(found)), facts


def _sums(cases: Sequence[Case]) -> Sums:
    orders = [order for case in cases for order in case.withdrawal.orders]
    fees = [fee for case in cases for fee in case.fees]
    outcomes = [order.outcome for order in orders]
    return Sums(
        withdrawals=sum(case.withdrawal.heard for case in cases),
        orders=sum(order.sent for order in orders),
        delivered=outcomes.count("delivered"),
        undelivered=outcomes.count("undeliverable") + outcomes.count("annulled"),
        fees=sum(fee.entry.kind == "charge" for fee in fees),
        charged=net(_of_kind(fees, "charge")),
        credited=-net(_of_kind(fees, "credit")),
        in_files=net([fee for fee in fees if fee.batch]),
        not_in_files=net([fee for fee in fees if not fee.batch]),
    )


def _of_kind(fees: Sequence[Fee], kind: str) -> list[Fee]:
    return [fee for fee in fees if fee.entry.kind == kind]


def _task_id(difference: Difference) -> str:
    return f"reconciliation:{difference.withdrawal_no}:{difference.kind}:{difference.subject}"


def _differs(difference: Difference, cases: Sequence[Case]) -> TaskRaised:
    refs = {case.withdrawal.withdrawal_no: case.withdrawal.patient_ref for case in cases}
    return TaskRaised(
        task_id=_task_id(difference),
        kind="reconciliation_differs",
        role="economist",
        patient_ref=refs[difference.withdrawal_no],
        subject_no=difference.withdrawal_no,
        reason=f"{SENTENCES[difference.kind].en} ({difference.subject})",
    )
