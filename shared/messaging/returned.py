"""Orders that the broker returns because no queue takes them: for how long, and setting them aside."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic

import structlog

from shared.clock import Clock
from shared.distributors import ORDERS_EXCHANGE
from shared.repository.backend import Backend
from shared.repository.moments import Document

GIVEN_UP_AFTER_SECONDS = 10.0
WHY = "no queue takes it"

log = structlog.get_logger()

WhenSetAside = Callable[[str, str], Awaitable[None]]
"""A service's reaction to a message that no queue takes; called with topic and subject."""


class Returned:
    """What was returned since when, and what is set aside.

    Every other queue is always part of the topology, so what is for it waits until that is loaded; a
    distributor may be gone for good (decision 0046).
    """

    def __init__(self, backend: Backend, clock: Clock, when_set_aside: WhenSetAside | None) -> None:
        self._backend = backend
        self._clock = clock
        self._when_set_aside = when_set_aside
        self._since: dict[str, float] = {}
        self._given_up: asyncio.Queue[Document] = asyncio.Queue()

    def is_given_up(self, row: Document) -> bool:
        """Note that it came back once more; true when it is being set aside from now on."""
        if row["exchange"] != ORDERS_EXCHANGE:
            return False
        now = monotonic()
        if now - self._since.setdefault(row["_id"], now) < GIVEN_UP_AFTER_SECONDS:
            return False
        self._given_up.put_nowait(row)
        return True

    def forget(self, message_id: str) -> None:
        self._since.pop(message_id, None)

    async def next_set_aside(self) -> tuple[Document, bool]:
        """Set the next one aside; the service is called first. False when it failed."""
        row = await self._given_up.get()
        try:
            if self._when_set_aside:
                await self._when_set_aside(row["topic"], row["subject"])
            await self._backend.outbox.set_aside(row["_id"], because=WHY, at=self._clock.now())
        except Exception as failure:  # noqa: BLE001  it is returned again, and set aside again
            log.warning("not set aside", message_id=row["_id"], error=type(failure).__name__)
            return row, False
        log.error("set aside", topic=row["topic"], message_id=row["_id"], exchange=row["exchange"])
        self.forget(row["_id"])
        return row, True
