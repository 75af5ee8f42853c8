"""A waiver of a group's fees: previewed, decided by two people, each fee credited once (N5)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from services.billing.domain.fees.account import Booked
from services.billing.domain.fees.cap import given_back
from services.billing.domain.fees.ledger import Fee, net, reversal_of, taken_back, told_facts
from services.billing.domain.fees.payer import Payer
from shared.domain.days import local_day
from shared.domain.decision import Decision, Refused, Sentence
from shared.domain.money import NOTHING, Money
from shared.domain.two_people import refuse_same_person
from shared.events.tasks import TaskRaised, TaskResolved


class WaiverDecided(Refused):
    """The waiver is decided, and never changed after that."""

    rule = "waiver-decided"
    sentence = Sentence(
        "Avgiftsbefrielsen är redan avgjord. Lägg ett nytt förslag om något ska ändras.",
        "The waiver is decided already. Make a new proposal if something shall change.",
    )


class DaysTurned(Refused):
    """The last day is before the first."""

    rule = "waiver-days-turned"
    sentence = Sentence(
        "Sista dagen ligger före den första. Rätta datumen.",
        "The last day is before the first. Correct the dates.",
    )


@dataclass(frozen=True)
class Group:
    """Which fees are waived: by their day, and by code, type and rule; an empty choice leaves nothing out."""

    sent_from: date
    sent_through: date
    fee_codes: tuple[str, ...] = ()
    prescription_types: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()

    def holds(self, fee: Fee) -> bool:
        entry = fee.entry
        return (
            entry.kind == "charge"
            and self.sent_from <= entry.due_on <= self.sent_through
            and (not self.fee_codes or entry.fee_code in self.fee_codes)
            and (not self.prescription_types or entry.prescription_type in self.prescription_types)
            and (not self.reasons or entry.reason in self.reasons)
        )


@dataclass(frozen=True)
class Waiver:
    """A campaign: fees of a group that the region decided not to take."""

    waiver_id: str
    group: Group
    reason: str
    proposed_by: str
    proposed_at: datetime
    state: Literal["proposed", "decided", "declined", "done"] = "proposed"
    decided_by: str | None = None
    decided_at: datetime | None = None
    count: int = 0
    total: Money = NOTHING
    """What was waived, once it is done."""


@dataclass(frozen=True)
class Waived:
    """How many fees a waiver takes back, and what they come to."""

    count: int
    total: Money

    def __add__(self, other: "Waived") -> "Waived":
        return Waived(self.count + other.count, self.total + other.total)


def foreseen(group: Group, fees: Iterable[Fee], *, credited: frozenset[str]) -> Waived:
    """Count the fees that would be waived; `credited` are charges taken back already (N5)."""
    found = [
        fee for fee in fees if group.holds(fee) and fee.event_id not in credited and fee.signed != NOTHING
    ]
    return Waived(len(found), net(found))


def propose_waiver(waiver: Waiver | None, *, proposed: Waiver) -> Decision[Waiver | None]:
    """Keep a proposal, and ask a second person to decide (N5); raises DaysTurned."""
    if waiver:
        return waiver, []
    if proposed.group.sent_through < proposed.group.sent_from:
        raise DaysTurned
    return proposed, [_waits(proposed)]


def decide_waiver(waiver: Waiver, *, by: str, at: datetime) -> Decision[Waiver]:
    """Let the fees of the group be taken back from now on (N5); raises WaiverDecided and SamePerson."""
    _refuse_decided(waiver)
    refuse_same_person(asked_by=waiver.proposed_by, by=by)
    decided = replace(waiver, state="decided", decided_by=by, decided_at=at)
    return decided, [TaskResolved(task_id=_task_id(waiver), how="decided")]


def decline_waiver(waiver: Waiver, *, by: str, at: datetime) -> Decision[Waiver]:
    """Leave the fees as they are; the proposer may do it too (N5); raises WaiverDecided."""
    _refuse_decided(waiver)
    declined = replace(waiver, state="declined", decided_by=by, decided_at=at)
    return declined, [TaskResolved(task_id=_task_id(waiver), how="declined")]


def waive(
    fees: Booked, payer: Payer | None, *, waiver: Waiver, at: datetime
) -> Decision[Booked, Payer | None]:
    """Take one charge of the group back; `fees` is the charge and its credit, once whatever comes (N5)."""
    charge, credit = fees
    if charge is None or charge.stage == "nothing_due" or not waiver.group.holds(charge):
        return fees, payer, []
    reversal = reversal_of(charge.entry, on=local_day(at), at=at, why="waived", because=waiver.waiver_id)
    taken, new_credit = taken_back(charge, credit, payer, reversal=reversal, at=at)
    if taken is charge and new_credit is credit:
        return fees, payer, []
    return (taken, new_credit), given_back(payer, [charge.event_id]), told_facts([new_credit])


def finish_waiver(waiver: Waiver, *, waived: Waived, today: date) -> Decision[Waiver]:
    """Note what was waived so far; it is done when its last day has passed (N5)."""
    over = today > waiver.group.sent_through
    known = replace(waiver, count=waived.count, total=waived.total, state="done" if over else waiver.state)
    return (waiver if known == waiver else known), []


def _refuse_decided(waiver: Waiver) -> None:
    if waiver.state != "proposed":
        raise WaiverDecided(state=waiver.state)


def _task_id(waiver: Waiver) -> str:
    return f"waiver:{waiver.waiver_id}"


def _waits(waiver: Waiver) -> TaskRaised:
    return TaskRaised(
        task_id=_task_id(waiver),
        kind="waiver_waits",
        role="economist",
        subject_no=waiver.waiver_id,
        reason="waiver-proposed",
    )
