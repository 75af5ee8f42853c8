"""Calendar days in Sweden, ages, and which days are possible (decision 0059)."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shared.domain.decision import Refused, Sentence
from shared.domain.text import typed

STOCKHOLM = ZoneInfo("Europe/Stockholm")
LONGEST_DAYS = 365
"""A prescription is valid through day 365 counted from day 0 (S16, S24, Q4)."""
LONGEST_WAIT_DAYS = 365
"""Goods that are said to come later than a year from now are a slip of the pen (decision 0059)."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    rf"{_DAY.pattern}[T ][0-9]{{2}}:[0-9]{{2}}(:[0-9]{{2}}(\.[0-9]{{1,9}})?)?(Z|[+-][0-9]{{2}}:?[0-9]{{2}})"
)


class NotADay(Refused):
    """The text is no day of the calendar."""

    rule = "not-a-day"
    sentence = Sentence(
        "Skriv dagen med år, månad och dag, till exempel 2026-11-29.",
        "Write the day as year, month and day, for example 2026-11-29.",
    )


class NotAMoment(Refused):
    """The text is no moment, or does not say how far from UTC it is."""

    rule = "not-a-moment"
    sentence = Sentence(
        "Skriv tidpunkten med datum, klockslag och tidszon, till exempel 2026-11-29T08:00:00+01:00.",
        "Write the moment with date, time and time zone, for example 2026-11-29T08:00:00+01:00.",
    )


class ImpossibleDay(Refused):
    """The day is in the calendar, but cannot be the one that is meant."""

    rule = "impossible-day"
    sentence = Sentence("Dagen är inte rimlig. Kontrollera året.", "The day cannot be right. Check the year.")


class DayToCome(Refused):
    """Something that has happened, on a day that has not been."""

    rule = "day-to-come"
    sentence = Sentence(
        "Dagen har inte varit än. Ange dagen när det hände, senast i dag.",
        "The day has not come yet. Give the day when it happened, today at the latest.",
    )


class PeriodReversed(Refused):
    """The last day stands before the first."""

    rule = "period-reversed"
    sentence = Sentence(
        "Sista dagen är före den första. Byt plats på dem eller rätta den som är fel.",
        "The last day is before the first. Swap them, or correct the one that is wrong.",
    )


@dataclass(frozen=True)
class Days:
    """The days that one kind of day can be, both ends included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


EVERY_DAY = Days(date.min, date.max)
"""For what is judged by a rule that knows more, such as a partner's reply."""
BIRTHS = Days(date(1880, 1, 1), date(2100, 12, 31))
"""When somebody can be born; not after today either, which prescription's rule says."""
EVENTS = Days(date(1900, 1, 1), date(2100, 12, 31))
"""When something can have happened to a person, or a status can hold."""
CALENDAR = Days(date(2000, 1, 1), date(2100, 12, 31))
"""Days of rules, tariffs, deliveries, invoices and queries."""


def read_day(text: str, among: Days = CALENDAR) -> date:
    """Read a day as ISO 8601 writes it, and nothing else; raises NotADay and ImpossibleDay."""
    written = typed(text)
    if not _DAY.fullmatch(written):
        raise NotADay
    try:
        day = date.fromisoformat(written)
    except ValueError as unreadable:
        raise NotADay from unreadable
    return possible(day, among)


def read_moment(text: str, among: Days = CALENDAR) -> datetime:
    """Read an aware moment as ISO 8601 writes it, in UTC; raises NotAMoment and ImpossibleDay."""
    written = typed(text)
    if not _MOMENT.fullmatch(written):
        raise NotAMoment
    try:
        moment = datetime.fromisoformat(written)
        possible(moment.date(), among)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as unreadable:
        raise NotAMoment from unreadable


def possible(day: date, among: Days) -> date:
    """Give the day when it is among those that there can be; raises ImpossibleDay."""
    if day not in among:
        raise ImpossibleDay(first=among.first.isoformat(), last=among.last.isoformat())
    return day


def can_be_expected(day: date, *, since: date, today: date) -> bool:
    """Tell whether goods ordered on `since` can be meant to come that day (decision 0059)."""
    return since <= day <= today + timedelta(days=LONGEST_WAIT_DAYS)


def local_day(moment: datetime) -> date:
    """Give the calendar day in Stockholm of an aware moment."""
    return moment.astimezone(STOCKHOLM).date()


def begins_at(day: date) -> datetime:
    """Give the moment, in UTC, at which a calendar day begins in Stockholm (Q4)."""
    return datetime.combine(day, time(), STOCKHOLM).astimezone(UTC)


def valid_through(prescribed_on: date) -> date:
    """Give the last day a line prescribed that day may be used (Q4)."""
    return prescribed_on + timedelta(days=LONGEST_DAYS)


def birthday(born: date, years: int) -> date:
    """Give the day a person turns so many years; born 29 February turns on 1 March in a common year (Q2)."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


def age(born: date, on: date) -> int:
    """Count whole years, from the birthday itself (Q2, Q5)."""
    years = on.year - born.year
    return years if birthday(born, years) <= on else years - 1


@dataclass(frozen=True)
class Period:
    """Days from and through, both included; an absent end is open."""

    valid_from: date
    valid_through: date | None = None

    def in_order(self) -> "Period":
        """Give the period itself; raises PeriodReversed."""
        if self.valid_through is not None and self.valid_through < self.valid_from:
            raise PeriodReversed
        return self

    def covers(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_through is None or day <= self.valid_through)
