"""The clock: the only place that reads the time."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Protocol

from shared.domain.days import local_day

LOOK_AGAIN_SECONDS = 0.05


class Clock(Protocol):
    """Gives the moment in UTC, and the patient's calendar day."""

    def now(self) -> datetime: ...

    def today(self) -> date: ...


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251  the one clock that asks the world

    def today(self) -> date:
        return local_day(self.now())


class FixedClock:
    """A clock that stands until it is moved."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def now(self) -> datetime:
        return self._moment

    def today(self) -> date:
        return local_day(self._moment)

    def move(self, *, days: int = 0, hours: int = 0, minutes: int = 0, seconds: float = 0) -> None:
        self._moment += timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)

    def set(self, moment: datetime) -> None:
        self._moment = moment


class FileClock:
    """The machine's time plus an offset that a file holds, so that an embedded run can be set to any day."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._world = SystemClock()
        self._looked: datetime | None = None
        self._offset = timedelta()

    def now(self) -> datetime:
        moment = self._world.now()
        if self._looked is None or (moment - self._looked).total_seconds() > LOOK_AGAIN_SECONDS:
            self._looked = moment
            self._offset = self._read()
        return moment + self._offset

    def today(self) -> date:
        return local_day(self.now())

    def _read(self) -> timedelta:
        try:
            offset = timedelta(seconds=float(json.loads(self._path.read_text())["offset_seconds"]))
            self._world.now() + offset  # a day that there is no calendar for raises here
        except FileNotFoundError:
            return timedelta()
        except (OSError, ValueError, LookupError, TypeError, OverflowError, RecursionError):
            return self._offset  # half written, or no clock: the time continues as it was
        return offset


def clock_from(path: Path | None) -> Clock:
    """Give the settable clock when a file is named, else the machine's own."""
    return FileClock(path) if path else SystemClock()
