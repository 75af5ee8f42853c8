"""What is known of a device's maintenance: intervals, what was done, what is due (S131, S176, Q56)."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import zip_longest


@dataclass(frozen=True)
class Interval:
    """How often preventive maintenance is done from a day on."""

    valid_from: date
    months: int | None
    """None: from that day on it needs none."""
    by: str
    at: datetime
    reason: str


Intervals = tuple[Interval, ...]
"""The oldest first; each holds until the next begins."""


@dataclass(frozen=True)
class Exemption:
    """Why a device whose maintenance is overdue may be handed out all the same."""

    due_on: date
    """The day that was passed: it holds for no later one."""
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Upkeep:
    """The maintenance of one device."""

    maintained_on: date | None = None
    """The newest preventive maintenance."""
    due_on: date | None = None
    """The day by which the next is done; None: it needs none, or nobody has counted it yet."""
    plan_version: int | None = None
    """The version of its article's plan that `due_on` was counted by; None: not counted yet."""
    intervals: Intervals = ()
    """Of this device, instead of its article's from the day on which the first begins."""
    next_on: date | None = None
    """An earlier day than the interval says, named by who maintained it last."""
    exemption: Exemption | None = None
    preventive_job: str | None = None
    """The number of the open job, one of each kind at most."""
    corrective_job: str | None = None
    rejected_by: str | None = None
    """The number of the job that found it unfit for use, until another mends it."""


NO_UPKEEP = Upkeep()


def next_due(intervals: Sequence[Interval], *, counted_from: date) -> date | None:
    """Give the day by which maintenance is due, whatever day it is now; None when none is needed.

    An interval that is shortened calls nobody before the day on which it begins.
    """
    for interval, following in zip_longest(intervals, intervals[1:]):
        if interval.months is None:
            continue
        due = max(months_after(counted_from, interval.months), interval.valid_from)
        if following is None or due < following.valid_from:
            return due
    return None


def months_after(day: date, months: int) -> date:
    """Give the same day so many months later, or the last one of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
