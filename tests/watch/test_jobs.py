"""A job that hangs or fails every time is seen: `/ready` says so, and a metric for the alert."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from shared.service.definition import Job
from shared.service.jobs import FAILED_LONG_SECONDS, LATE_SECONDS, JobHeartbeats, again_and_again

JOB = "close the day"


class Watch:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    watch = Watch()
    monkeypatch.setattr("shared.service.jobs.monotonic", watch)
    return watch


def begun(*, every_seconds: float = 5) -> JobHeartbeats:
    heartbeats = JobHeartbeats()
    heartbeats.begin(JOB, every_seconds=every_seconds)
    return heartbeats


async def test_a_job_that_hangs_means_not_ready(watch: Watch) -> None:
    heartbeats = begun(every_seconds=5)

    watch.seconds += 4 + LATE_SECONDS
    assert await heartbeats.all_alive()
    watch.seconds += 1
    assert not await heartbeats.all_alive()
    heartbeats.ended_well(JOB)
    assert await heartbeats.all_alive()


async def test_a_job_that_fails_every_time_means_not_ready_until_a_run_ends_well(watch: Watch) -> None:
    heartbeats = begun()
    for _ in range(3):
        heartbeats.failed(JOB)
        watch.seconds += FAILED_LONG_SECONDS / 2

    assert not await heartbeats.all_alive()
    assert heartbeats.failures() == {JOB: 3}

    heartbeats.ended_well(JOB)
    assert await heartbeats.all_alive()
    assert heartbeats.failures() == {JOB: 0}


async def test_a_job_that_fails_now_and_then_or_for_a_moment_is_alive(watch: Watch) -> None:
    heartbeats = begun()
    for _ in range(20):
        heartbeats.failed(JOB)
        watch.seconds += FAILED_LONG_SECONDS / 20 - 0.01
    assert await heartbeats.all_alive()

    for _ in range(20):
        heartbeats.failed(JOB)
        heartbeats.failed(JOB)
        watch.seconds += FAILED_LONG_SECONDS
        heartbeats.ended_well(JOB)
    assert await heartbeats.all_alive()


async def test_two_failures_long_apart_are_not_every_time(watch: Watch) -> None:
    heartbeats = begun(every_seconds=3600)
    heartbeats.failed(JOB)
    watch.seconds += FAILED_LONG_SECONDS
    heartbeats.failed(JOB)

    assert await heartbeats.all_alive()


async def test_a_run_that_fails_is_counted_and_done_again_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.service.jobs.AGAIN_WITHIN_SECONDS", 0.01)
    heartbeats = begun(every_seconds=3600)
    runs: list[int] = []

    async def run() -> None:
        runs.append(heartbeats.failures()[JOB])
        if len(runs) < 4:
            raise OSError

    await until_done(run, heartbeats, lambda: len(runs) == 4)

    assert runs == [0, 1, 2, 3]
    assert heartbeats.failures() == {JOB: 0}


async def until_done(
    run: Callable[[], Awaitable[None]], heartbeats: JobHeartbeats, done: Callable[[], bool]
) -> None:
    """Do a job until this is true; raises TimeoutError."""
    running = asyncio.create_task(again_and_again(Job(JOB, every_seconds=3600, run=run), heartbeats))
    async with asyncio.timeout(5):
        while not done():
            await asyncio.sleep(0.005)
    await asyncio.sleep(0)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
