"""A device that was stolen, lost or damaged, and what is proposed and decided that the patient pays (Q57)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from shared.domain.decision import Decision
from shared.domain.money import Money
from shared.events.tasks import TaskRaised, TaskResolved

How = Literal["stolen", "lost", "damaged"]
State = Literal["reported", "proposed", "decided"]


@dataclass(frozen=True)
class Proposal:
    """What somebody proposes that the patient pays; 0 kr: nothing."""

    amount: Money
    fee_code: str
    text: str
    tariff: str
    by_rule: Money | None
    """What the tariff's rule gives; None where it gives none."""
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Compensation:
    """A reported loss, and what two people decide that the patient pays for it."""

    loss_no: str
    loan_id: str
    patient_ref: str
    device_no: str
    article_no: str
    product_area: str
    care_unit: str
    order_no: str
    how: How
    happened_on: date
    reported_at: datetime
    price: Money | None
    bought_on: date
    """The purchase, or where nobody knows it the hand-out."""
    state: State = "reported"
    proposal: Proposal | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    earlier: tuple[Proposal, ...] = ()
    """What was proposed and given back, the first first."""


def note_loss(known: Compensation | None, *, reported: Compensation) -> Decision[Compensation]:
    """Open the case once, and ask an economist to propose a compensation (S181)."""
    if known is not None:
        return known, []
    return reported, [_waits(reported)]


def _task_id(case: Compensation) -> str:
    return f"compensation:{case.loss_no}"


def _waits(case: Compensation) -> TaskRaised:
    return TaskRaised(
        task_id=_task_id(case),
        kind="compensation_waits",
        role="economist",
        patient_ref=case.patient_ref,
        subject_no=case.loss_no,
        reason=f"device-{case.how}",
    )


def solved(case: Compensation) -> TaskResolved:
    return TaskResolved(task_id=_task_id(case), how="decided")
