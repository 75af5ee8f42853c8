"""Parses a moment that a person types: with an offset, or in Swedish time."""

import re
from datetime import UTC, date, datetime, time, timedelta

from shared.domain import text
from shared.domain.days import CALENDAR, STOCKHOLM, ImpossibleDay, possible

FORMS = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)"
    r"(?:[Tt ](?P<time>\d\d:\d\d(?::\d\d(?:[.,]\d{1,6})?)?) ?(?P<offset>[Zz]|[+-]\d\d:?\d\d)?)?",
    re.ASCII,
)
HOW = (
    "Write a day (2026-11-23) or a moment (2026-11-23T10:00, 2026-11-23T10:00:30+01:00, 2026-11-23T09:00Z), "
    "from 2000 to 2100. Without an offset it is Swedish time."
)


class Unreadable(ValueError):
    """What was typed is no day and no moment."""

    def __init__(self, typed: str) -> None:
        super().__init__(f"{typed!r} is not a moment. {HOW}")


def since_typed(typed: str) -> datetime:
    """Give the moment in UTC from which on is meant; a day begins at its midnight. Raises Unreadable."""
    return _read(typed, last=False)


def until_typed(typed: str) -> datetime:
    """Give the moment in UTC before which is meant; a day is meant with all of it. Raises Unreadable."""
    return _read(typed, last=True)


def _read(typed: str, *, last: bool) -> datetime:
    form = FORMS.fullmatch(text.typed(typed))
    if form is None:
        raise Unreadable(typed)
    try:
        day = possible(date.fromisoformat(form["day"]), CALENDAR)
        if form["time"] is None:
            return _in_sweden(datetime.combine(day, time()) + timedelta(days=last), last=last)
        read = datetime.fromisoformat(f"{form['day']}T{form['time']}{(form['offset'] or '').upper()}")
        return read.astimezone(UTC) if read.tzinfo else _in_sweden(read, last=last)
    except (ValueError, ImpossibleDay):
        raise Unreadable(typed) from None


def _in_sweden(shown: datetime, *, last: bool) -> datetime:
    """Read what a clock shows; an hour that comes twice in October is taken as wide as it may be meant."""
    meant = [shown.replace(tzinfo=STOCKHOLM, fold=fold).astimezone(UTC) for fold in (0, 1)]
    return max(meant) if last else min(meant)
