"""Whether a process can do its work, and the figures that say how it does."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta

import structlog
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

from shared.clock import Clock
from shared.hearing import Hearing
from shared.relay import Relay
from shared.repository.backend import Backend

OLDEST_SECONDS = 60
CHECK_SECONDS = 2

log = structlog.get_logger()

Check = Callable[[], Awaitable[bool]]


class Readiness(Collector):
    """Asks each check anew; one that fails or hangs means: not ready."""

    def __init__(self) -> None:
        self.checks: dict[str, Check] = {}
        self.relay: Relay | None = None
        self.hearing: Hearing | None = None

    async def missing(self) -> list[str]:
        return [name for name, check in self.checks.items() if not await _holds(check)]

    def collect(self) -> Iterator[Metric]:
        told = CounterMetricFamily("sesam_relay", "What became of the outbox's rows", labels=["outcome"])
        for outcome, count in (self.relay.counts if self.relay else {}).items():
            told.add_metric([outcome], count)
        yield told
        heard = CounterMetricFamily("sesam_heard", "What became of deliveries", labels=["queue", "outcome"])
        for (queue, outcome), count in (self.hearing.counts if self.hearing else {}).items():
            heard.add_metric([queue, outcome], count)
        yield heard


def outbox_is_young(backend: Backend, clock: Clock) -> Check:
    """Nothing that was committed has waited longer than a minute to be told."""

    async def check() -> bool:
        before = clock.now() - timedelta(seconds=OLDEST_SECONDS)
        return not await backend.unpublished(before=before, limit=1)

    return check


async def _holds(check: Check) -> bool:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            return await check()
    except Exception as failure:  # noqa: BLE001  any failure means: not ready
        log.warning("not ready", error=type(failure).__name__)
        return False
