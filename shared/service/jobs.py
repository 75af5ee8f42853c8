"""Runs jobs again and again, and knows which of them hang or always fail."""

import asyncio
from dataclasses import dataclass
from time import monotonic

import structlog

from shared.logs import own_frames
from shared.service.definition import Job

LATE_SECONDS = 60
"""How much longer than its pause a job may take before it counts as hanging."""
FAILED_OFTEN = 3
FAILED_LONG_SECONDS = 20
"""How often in a row, and for how many seconds, a job may fail before its service is not ready."""
AGAIN_WITHIN_SECONDS = 60
"""Seconds after which a failed job runs again at the latest."""

log = structlog.get_logger()


@dataclass
class _Runs:
    every_seconds: float
    ended_at: float
    failed_in_a_row: int = 0
    failing_since: float = 0


class JobHeartbeats:
    """How the runs of each job ended: tells a job that hangs, or always fails, from one that works."""

    def __init__(self) -> None:
        self._runs: dict[str, _Runs] = {}

    def begin(self, job: str, *, every_seconds: float) -> None:
        self._runs[job] = _Runs(every_seconds, monotonic())

    def ended_well(self, job: str) -> None:
        runs = self._runs[job]
        runs.ended_at, runs.failed_in_a_row = monotonic(), 0

    def failed(self, job: str) -> None:
        runs = self._runs[job]
        runs.ended_at = monotonic()
        if not runs.failed_in_a_row:
            runs.failing_since = runs.ended_at
        runs.failed_in_a_row += 1

    def idle(self) -> dict[str, float]:
        """Give the seconds since each job ended a run, well or badly."""
        return {job: monotonic() - runs.ended_at for job, runs in self._runs.items()}

    def failures(self) -> dict[str, int]:
        """Give how many runs of each job have failed since one ended well."""
        return {job: runs.failed_in_a_row for job, runs in self._runs.items()}

    async def all_alive(self) -> bool:
        now = monotonic()
        return not any(_hangs(runs, now) or _always_fails(runs, now) for runs in self._runs.values())


async def again_and_again(job: Job, heartbeats: JobHeartbeats) -> None:
    """Run a job for ever; it is due after its pause, when it is woken, and soon when it has failed."""
    while True:
        pause = job.every_seconds
        try:
            await job.run()
        except Exception as failure:  # noqa: BLE001  a job that failed is due again; its error is logged
            log.warning("job failed", job=job.name, error=type(failure).__name__, frames=own_frames(failure))
            heartbeats.failed(job.name)
            pause = min(pause, AGAIN_WITHIN_SECONDS)
        else:
            heartbeats.ended_well(job.name)
        try:
            await asyncio.wait_for(job.wake.wait(), pause)
        except TimeoutError:
            continue
        job.wake.clear()


def _hangs(runs: _Runs, now: float) -> bool:
    return now - runs.ended_at >= runs.every_seconds + LATE_SECONDS


def _always_fails(runs: _Runs, now: float) -> bool:
    return runs.failed_in_a_row >= FAILED_OFTEN and now - runs.failing_since >= FAILED_LONG_SECONDS
