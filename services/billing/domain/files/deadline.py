"""When the day is closed next; stored, so that a restart neither skips nor repeats a day."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from services.billing.domain.files.batch import next_at
from shared.domain.decision import Decision

TOO_FAR_OFF = timedelta(days=2)
"""What comes every day is never so far away: such a deadline was set by a clock that was wrong."""


@dataclass(frozen=True)
class Deadline:
    """The next moment of a thing that comes every day."""

    name: str
    due_at: datetime


def set_next(
    deadline: Deadline | None, *, name: str, now: datetime, local: time
) -> Decision[Deadline | None]:
    """Set the first deadline, or the one after a passed one; one to come stands (S46).

    One that a clock set while it was far ahead does not: no day's file would come until then.
    """
    if deadline and now < deadline.due_at < now + TOO_FAR_OFF:
        return deadline, []
    return Deadline(name, next_at(local, now).astimezone(UTC)), []
