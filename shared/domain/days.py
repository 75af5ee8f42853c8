"""Calendar days where the patient lives, and ages counted in them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")
LONGEST_DAYS = 365
"""A prescription is valid through day 365 counted from day 0 (S16, S24, Q4)."""


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

    def covers(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_through is None or day <= self.valid_through)
