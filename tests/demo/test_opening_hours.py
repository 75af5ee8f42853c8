"""The demo begins by day, so that an SMS may be sent."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.days import STOCKHOLM
from tools.demo.flows.opening_hours import next_opening
from tools.demo.flows.stage import move_clock


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM)


@pytest.mark.parametrize("moment", ["2026-11-23T08:00", "2026-11-23T12:00", "2026-11-23T19:49"])
def test_by_day_the_clock_is_left_alone(moment: str) -> None:
    assert next_opening(local(moment)) is None


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        ("2026-11-23T07:59", "2026-11-23T10:00"),
        ("2026-11-23T19:50", "2026-11-24T10:00"),
        ("2026-11-23T23:55", "2026-11-24T10:00"),
        ("2026-11-24T00:05", "2026-11-24T10:00"),
        ("2027-03-27T21:00", "2027-03-28T10:00"),
    ],
)
def test_by_night_the_demo_begins_at_ten_the_next_morning(moment: str, opening: str) -> None:
    assert next_opening(local(moment)) == local(opening)


@given(st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2036, 1, 1), timezones=st.just(UTC)))
def test_the_clock_is_only_ever_moved_forward_and_less_than_a_day(moment: datetime) -> None:
    opening = next_opening(moment)

    assert opening is None or timedelta() < opening - moment < timedelta(hours=25)


def test_moving_the_clock_adds_to_what_it_was_moved_before(tmp_path: Path) -> None:
    file = tmp_path / "clock.json"

    move_clock(file, by=timedelta(hours=2))
    move_clock(file, by=timedelta(minutes=30))

    assert json.loads(file.read_text()) == {"offset_seconds": 9000.0}
