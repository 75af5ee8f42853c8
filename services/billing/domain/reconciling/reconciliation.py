"""The nightly comparison of a day: withdrawals, orders, deliveries, fees and files (N11)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime

from services.billing.domain.devices.comparison import DeviceCase, device_differences
from services.billing.domain.fees.ledger import Fee, net
from services.billing.domain.reconciling.comparison import Case, Difference, Moment, differences
from shared.domain.decision import Decision
from shared.domain.money import NOTHING, Money
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
    device_orders: int = 0

    def __add__(self, others: "Sums") -> "Sums":
        return Sums(*(getattr(self, each.name) + getattr(others, each.name) for each in fields(self)))


@dataclass(frozen=True)
class AddedUp:
    """What some of a day's cases come to, their differences, and whom those are about."""

    sums: Sums = Sums(0, 0, 0, 0, 0, NOTHING, NOTHING, NOTHING, NOTHING)
    differences: tuple[Difference, ...] = ()
    patient_refs: Mapping[str, str] = field(default_factory=dict)
    """By the number of the withdrawal, or of the order of devices."""


@dataclass(frozen=True)
class Reconciliation:
    """A day as it was last looked at."""

    day: date
    made_at: datetime
    sums: Sums
    differences: tuple[Difference, ...]
    not_listed: int = 0
    """Differences beyond those: neither listed nor raised as work yet."""


def add_up(so_far: AddedUp, cases: Sequence[Case], *, moment: Moment) -> AddedUp:
    """Add some more of a day's cases: of what agrees, only the sums are kept (N11)."""
    found = tuple(each for case in cases for each in differences(case, moment=moment))
    differing = {each.withdrawal_no for each in found}
    refs = {case.withdrawal.withdrawal_no: case.withdrawal.patient_ref for case in cases}
    about = {number: ref for number, ref in refs.items() if number in differing}
    return AddedUp(so_far.sums + _sums(cases), so_far.differences + found, {**so_far.patient_refs, **about})


def add_up_devices(so_far: AddedUp, cases: Sequence[DeviceCase], *, moment: Moment) -> AddedUp:
    """Add some of a day's orders of devices (N11)."""
    found = tuple(each for case in cases for each in device_differences(case, moment=moment))
    differing = {each.withdrawal_no for each in found}
    refs = {case.order.order_no: case.order.patient_ref for case in cases}
    about = {number: ref for number, ref in refs.items() if number in differing}
    sums = replace(_of_fees([fee for case in cases for fee in case.fees]), device_orders=len(cases))
    return AddedUp(so_far.sums + sums, so_far.differences + found, {**so_far.patient_refs, **about})


def reconcile(
    known: Reconciliation | None, *, day: date, added: AddedUp, at: datetime
) -> Decision[Reconciliation | None]:
    """Keep a day's sums, raise each new difference as work, and end the work of those that are gone (N11)."""
    every = added.differences
    before, found = set(known.differences) if known else set(), every[:MOST_DIFFERENCES]
    facts: list[Fact] = [_differs(each, added.patient_refs) for each in found if each not in before]
    gone = sorted(before - set(every), key=_task_id)
    facts += [TaskResolved(task_id=_task_id(each), how="agrees-now") for each in gone]
    return Reconciliation(day, at, added.sums, found, len(every) - len(found)), facts


def _sums(cases: Sequence[Case]) -> Sums:
    orders = [order for case in cases for order in case.withdrawal.orders]
    outcomes = [order.outcome for order in orders]
    return replace(
        _of_fees([fee for case in cases for fee in case.fees]),
        withdrawals=sum(case.withdrawal.heard for case in cases),
        orders=sum(order.sent for order in orders),
        delivered=outcomes.count("delivered"),
        undelivered=outcomes.count("undeliverable") + outcomes.count("annulled"),
    )


def _of_fees(fees: Sequence[Fee]) -> Sums:
    return replace(
        AddedUp().sums,
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


def _differs(difference: Difference, patient_refs: Mapping[str, str]) -> TaskRaised:
    return TaskRaised(
        task_id=_task_id(difference),
        kind="reconciliation_differs",
        role="economist",
        patient_ref=patient_refs[difference.withdrawal_no],
        subject_no=difference.withdrawal_no,
        reason=difference.kind,
        details={"subject": difference.subject},
    )
