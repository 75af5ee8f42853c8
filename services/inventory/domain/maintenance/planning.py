"""How often devices are maintained, as dated data, and when each is due (S131, Q56)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from services.inventory.domain.devices.device import Device
from services.inventory.domain.devices.loan import Loan
from services.inventory.domain.devices.upkeep import Interval, Intervals, next_due
from shared.domain.days import local_day
from shared.domain.decision import Decision, Refused, Sentence

MOST_INTERVALS = 50
"""Of an article or a device."""
LONGEST_MONTHS = 120


class PastInterval(Refused):
    """What was due on days that have been is not changed afterwards."""

    rule = "past-interval"
    sentence = Sentence(
        "Ett nytt intervall börjar gälla tidigast i dag. Ange ett senare datum.",
        "A new interval begins today at the earliest. Give a later day.",
    )


class TooManyIntervals(Refused):
    """So many changes of one interval are a mistake."""

    rule = "too-many-intervals"
    sentence = Sentence(
        "Intervallet har ändrats för många gånger. Kontakta systemförvaltningen.",
        "The interval has been changed too often. Contact the operators.",
    )


@dataclass(frozen=True)
class MaintenancePlan:
    """How often the devices of an article are maintained."""

    article_no: str
    intervals: Intervals
    version: int


def set_interval(
    plan: MaintenancePlan | None, *, article_no: str, interval: Interval
) -> Decision[MaintenancePlan]:
    """Let an interval hold for an article from its day on, instead of what was said of later days.

    Raises PastInterval and TooManyIntervals.
    """
    known = plan or MaintenancePlan(article_no, (), 0)
    intervals = with_interval(known.intervals, interval)
    return replace(known, intervals=intervals, version=known.version + 1), []


def set_own_interval(
    device: Device, plan: MaintenancePlan | None, *, interval: Interval
) -> Decision[Device, MaintenancePlan | None]:
    """Let an interval hold for one device from its day on, instead of its article's (S131).

    Raises PastInterval and TooManyIntervals.
    """
    intervals = with_interval(device.upkeep.intervals, interval)
    changed = replace(device, upkeep=replace(device.upkeep, intervals=intervals))
    return planned(changed, plan), plan, []


def with_interval(before: Intervals, interval: Interval) -> Intervals:
    """Add an interval; raises PastInterval and TooManyIntervals."""
    if before and interval.valid_from < local_day(interval.at):
        raise PastInterval(valid_from=interval.valid_from.isoformat())
    kept = tuple(each for each in before if each.valid_from < interval.valid_from)
    if len(kept) >= MOST_INTERVALS:
        raise TooManyIntervals(most=MOST_INTERVALS)
    return (*kept, interval)


def planned(device: Device, plan: MaintenancePlan | None) -> Device:
    """Count when the device is due: from its last maintenance, else purchase or receipt (S131)."""
    upkeep = device.upkeep
    intervals = with_own(plan.intervals if plan else (), upkeep.intervals)
    due = None
    if intervals and device.state != "written_off":
        first = upkeep.maintained_on or device.purchased_on or device.received_on
        due = next_due(intervals, counted_from=first or intervals[0].valid_from)
    if upkeep.next_on is not None and due is not None:
        due = min(due, upkeep.next_on)
    return replace(device, upkeep=replace(upkeep, due_on=due, plan_version=plan.version if plan else 0))


def with_own(of_article: Intervals, own: Intervals) -> Intervals:
    """Give the intervals of a device: its article's until its own begin (S131)."""
    if not own:
        return of_article
    return (*(each for each in of_article if each.valid_from < own[0].valid_from), *own)


def plan_devices(
    devices: tuple[Device, ...], loans: tuple[Loan | None, ...], plan: MaintenancePlan
) -> Decision[tuple[Device, ...], tuple[Loan | None, ...], MaintenancePlan]:
    """Count anew when devices are due after their article's interval changed, or after they came (S131).

    `loans` say whose patients have what an earlier version lent; a loan that was not read changes nothing.
    """
    units = dict(_units(loans))
    counted = (
        replace(each, care_unit=each.care_unit or units.get(each.loan_id or ""))
        for each in (planned(device, plan) for device in devices)
    )
    return tuple(counted), loans, plan, []


def _units(loans: Iterable[Loan | None]) -> Iterable[tuple[str, str]]:
    return ((each.loan_id, each.care_unit) for each in loans if each)
