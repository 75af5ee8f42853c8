"""The dated numbers that prescribing is held to (S16, S20, S63, Q2, Q4, Q25)."""

from dataclasses import dataclass
from datetime import date

from shared.domain.days import LONGEST_DAYS, Period


@dataclass(frozen=True)
class Limits:
    """Ages in whole years, days in calendar days; `child_longest_days` is per withdrawal."""

    holds: Period
    adult_from_years: int = 16
    formula_below_years: int = 16
    longest_days: int = LONGEST_DAYS
    child_longest_days: int | None = 90


LIMITS: tuple[Limits, ...] = (Limits(Period(date(2002, 10, 1))),)
"""From the day that the law (2002:160) applies; a change is a further row, the last one in force wins."""


def limits_on(day: date, *, table: tuple[Limits, ...] = LIMITS) -> Limits:
    """Choose what holds on the day (S16, Q25)."""
    return next(each for each in reversed(table) if each.holds.covers(day))
