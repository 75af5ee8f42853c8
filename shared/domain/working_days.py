"""Swedish working days: weekends and public holidays by law, eves and other free days as data (1989:253)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

Eve = Literal[
    "twelfth_eve", "maundy_thursday", "walpurgis", "midsummer_eve", "christmas_eve", "new_years_eve"
]
"""Days before a holiday on which a region may not work, in whole or in part; the law leaves them open."""
EVES: tuple[Eve, ...] = get_args(Eve)
FREE_EVES: frozenset[Eve] = frozenset({"midsummer_eve", "christmas_eve", "new_years_eve"})
"""What the Holidays Act of collective life counts with Sundays (1930:173)."""
FRIDAY = 5
"""The last working day of the week."""


@dataclass(frozen=True)
class WorkingDays:
    """The days on which a region works and carries goods."""

    free_eves: frozenset[Eve] = FREE_EVES
    closed: frozenset[date] = frozenset()
    """Other days on which nobody works."""

    def __contains__(self, day: date) -> bool:
        if day.isoweekday() > FRIDAY or day in self.closed:
            return False
        return day not in holidays(day.year) and not any(
            day == _eve(each, day.year) for each in self.free_eves
        )

    def after(self, day: date, *, days: int = 1) -> date:
        """Give the working day so many working days after a day."""
        for _ in range(days):
            day += timedelta(days=1)
            while day not in self:
                day += timedelta(days=1)
        return day


def holidays(year: int) -> frozenset[date]:
    """Give the public holidays of a year, Sundays besides."""
    return frozenset(_holidays(year))


def easter(year: int) -> date:
    """Give Easter Sunday of the Gregorian calendar."""
    century, of_century = divmod(year, 100)
    golden = year % 19
    moon = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (of_century // 4) - moon - of_century % 4) % 7
    month, day = divmod(moon + weekday - 7 * ((golden + 11 * moon + 22 * weekday) // 451) + 114, 31)
    return date(year, month, day + 1)


def _holidays(year: int) -> Iterator[date]:
    for month, day in ((1, 1), (1, 6), (5, 1), (6, 6), (12, 25), (12, 26)):
        yield date(year, month, day)
    for days in (-2, 0, 1, 39, 49):
        yield easter(year) + timedelta(days=days)
    yield _saturday_from(date(year, 6, 20))
    yield _saturday_from(date(year, 10, 31))


def _eve(eve: Eve, year: int) -> date:
    match eve:
        case "twelfth_eve":
            return date(year, 1, 5)
        case "maundy_thursday":
            return easter(year) - timedelta(days=3)
        case "walpurgis":
            return date(year, 4, 30)
        case "midsummer_eve":
            return _saturday_from(date(year, 6, 20)) - timedelta(days=1)
        case "christmas_eve":
            return date(year, 12, 24)
        case "new_years_eve":
            return date(year, 12, 31)


def _saturday_from(day: date) -> date:
    return day + timedelta(days=(FRIDAY + 1 - day.isoweekday()) % 7)
