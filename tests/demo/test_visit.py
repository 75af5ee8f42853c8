"""Another moment visited by the demo: the run's clock is set back as if nobody had been away."""

import json
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from shared.clock import FixedClock
from shared.domain.days import STOCKHOLM
from tools.demo.flows.bad_days.october import last_sunday_of_october
from tools.demo.flows.play import play
from tools.demo.flows.stage import Stage, demand
from tools.demo.flows.timeline import StepFailed, Timeline
from tools.demo.flows.visit import visiting
from tools.demo.settings import DemoSettings

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
OCTOBER = datetime(2026, 10, 24, 18, 0, tzinfo=UTC)
WEEK, MONTH = timedelta(days=7).total_seconds(), (NOW - OCTOBER).total_seconds()


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    settings = DemoSettings(clock_file=tmp_path / "clock.json", peer_log_dir=tmp_path / "peers")
    stage = Stage(settings, httpx.AsyncClient(), Timeline(Console(file=StringIO())))
    stage.clock = FixedClock(NOW)
    return stage


def told(stage: Stage) -> object:
    assert stage.clock_file is not None
    return json.loads(stage.clock_file.read_text())


def already_moved(stage: Stage, told: dict[str, float]) -> None:
    assert stage.clock_file is not None
    stage.clock_file.write_text(json.dumps(told))


async def test_a_visit_sets_the_clock_and_sets_it_back_to_where_it_was(stage: Stage) -> None:
    already_moved(stage, {"offset_seconds": WEEK})

    async with visiting(stage, OCTOBER):
        there = told(stage)
        await stage.pass_time(timedelta(hours=1))

    assert there == {"offset_seconds": WEEK - MONTH, "left_at_seconds": WEEK}
    assert told(stage) == {"offset_seconds": WEEK}


async def test_time_that_passes_on_a_visit_does_not_forget_where_it_began(stage: Stage) -> None:
    async with visiting(stage, OCTOBER):
        await stage.pass_time(timedelta(hours=1))

        assert told(stage) == {"offset_seconds": 3600 - MONTH, "left_at_seconds": 0.0}


async def test_a_visit_is_over_also_when_a_step_of_it_fails(stage: Stage) -> None:
    with pytest.raises(StepFailed):
        async with visiting(stage, OCTOBER):
            demand(condition=False, what="it went wrong", look_at="")

    assert told(stage) == {"offset_seconds": 0.0}


async def test_a_run_without_a_clock_file_cannot_be_at_another_moment(stage: Stage) -> None:
    stage.clock_file = None

    with pytest.raises(StepFailed) as failure:
        async with visiting(stage, OCTOBER):
            pass

    assert "SESAM_CLOCK_FILE" in failure.value.look_at


async def test_the_demo_comes_home_from_a_visit_in_which_it_was_killed(stage: Stage) -> None:
    already_moved(stage, {"offset_seconds": WEEK - MONTH, "left_at_seconds": WEEK})
    output = StringIO()

    await play([], stage.settings, Console(file=output, width=160))

    assert told(stage) == {"offset_seconds": WEEK}
    assert "it is where it was again" in output.getvalue()


@pytest.mark.parametrize(
    ("before", "sunday"),
    [
        ("2026-11-22", "2026-10-25"),
        ("2026-10-28", "2026-10-25"),
        ("2026-10-27", "2025-10-26"),
        ("2027-10-31", "2026-10-25"),
        ("2027-11-03", "2027-10-31"),
    ],
)
def test_the_night_that_is_visited_is_the_last_one_that_is_quite_over(before: str, sunday: str) -> None:
    assert last_sunday_of_october(before=date.fromisoformat(before)) == date.fromisoformat(sunday)


@given(st.dates(date(2026, 1, 1), date(2060, 1, 1)))
def test_the_day_that_is_visited_has_25_hours_and_lies_within_the_last_53_weeks(before: date) -> None:
    sunday = last_sunday_of_october(before=before)

    begins, ends = (
        datetime(day.year, day.month, day.day, tzinfo=STOCKHOLM).astimezone(UTC)
        for day in (sunday, sunday + timedelta(days=1))
    )
    assert ends - begins == timedelta(hours=25)
    assert timedelta(days=2) < before - sunday <= timedelta(weeks=53, days=3)
