"""When the day is closed next: kept, so that a restart neither forgets nor repeats a day."""

from dataclasses import dataclass
from datetime import UTC, datetime, time

from services.billing.domain.batch import next_at
from shared.domain.decision import Decision


@dataclass(frozen=True)
class Deadline:
    """The next moment of a thing that comes every day."""

    name: str
    due_at: datetime


def set_next(
    deadline: Deadline | None, *, name: str, now: datetime, local: time
) -> Decision[Deadline | None]:
    """Set the first deadline, or the one after a passed one; one to come stands (S46)."""
    if deadline and deadline.due_at > now:
        return deadline, []
    return Deadline(name, next_at(local, now).astimezone(UTC)), []
