"""The clock of an embedded run can be set."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

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


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"\xff", b"[" * 100_000, b"7", b"{}", b'{"offset_seconds": "soon"}',
        b'{"offset_seconds": 1e300}', b'{"offset_seconds": NaN}',
    ],
)  # fmt: skip
def test_a_clock_file_that_says_no_time_leaves_the_clock_as_it_was(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "clock.json"
    file.write_bytes(b'{"offset_seconds": 86400}')
    clock = FileClock(file)
    clock.now()

    file.write_bytes(content)
    clock._looked = None

    assert timedelta(hours=23) < clock.now() - SystemClock().now() <= timedelta(hours=24)


def test_without_a_file_the_clock_is_the_machines() -> None:
    assert isinstance(clock_from(None), SystemClock)


def test_today_is_the_day_in_stockholm() -> None:
    clock = FixedClock(datetime(2026, 12, 31, 23, 30, tzinfo=UTC))

    assert clock.today() == date(2027, 1, 1)
