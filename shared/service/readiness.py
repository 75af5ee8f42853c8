"""Whether a process can do its work: checked at each request, and any doubt means no."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

import structlog

from shared.clock import Clock
from shared.repository.backend import Backend
from shared.service.metrics import Sources

OLDEST_SECONDS = 60
CHECK_SECONDS = 2

log = structlog.get_logger()

Check = Callable[[], Awaitable[bool]]


class Readiness:
    """Runs each check every time; one that fails or hangs means: not ready."""

    def __init__(self) -> None:
        self.checks: dict[str, Check] = {"started": _not_yet}
        self.sources = Sources()

    def begin(self, checks: Mapping[str, Check]) -> None:
        """Everything is started: from now on these checks decide."""
        self.checks = dict(checks)

    async def missing(self) -> list[str]:
        held = await asyncio.gather(*(_holds(name, check) for name, check in self.checks.items()))
        return [name for name, holds in zip(self.checks, held, strict=True) if not holds]


def primary_is_reached(backend: Backend) -> Check:
    return backend.can_write


def outbox_is_young(backend: Backend, clock: Clock) -> Check:
    """Nothing that was committed has waited longer than a minute to be published."""

    async def check() -> bool:
        before = clock.now() - timedelta(seconds=OLDEST_SECONDS)
        return not await backend.outbox.unpublished(before=before, limit=1)

    return check


async def _not_yet() -> bool:
    return False


async def _holds(name: str, check: Check) -> bool:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            holds = await check()
    except Exception as failure:  # noqa: BLE001  any failure means: not ready
        log.warning("not ready", what=name, error=type(failure).__name__)
        return False
    return holds
