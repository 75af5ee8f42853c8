"""The clock of an embedded run can be set."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from shared.clock import FileClock, FixedClock, SystemClock, clock_from


def test_a_file_moves_the_clock_and_taking_it_away_sets_it_right(tmp_path: Path) -> None:
    path = tmp_path / "clock.json"
    real = SystemClock().now()

    path.write_text(json.dumps({"offset_seconds": 86_400.0}))
    moved = FileClock(path).now()
    path.unlink()
    back = FileClock(path).now()

    assert timedelta(days=1) <= moved - real < timedelta(days=1, minutes=1)
    assert back - real < timedelta(minutes=1)


def test_without_a_file_the_clock_is_the_machines() -> None:
    assert isinstance(clock_from(None), SystemClock)


def test_today_is_the_day_in_stockholm() -> None:
    clock = FixedClock(datetime(2026, 12, 31, 23, 30, tzinfo=UTC))

    assert clock.today() == date(2027, 1, 1)
