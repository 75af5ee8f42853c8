"""Limits how many messages may be with a gateway at once; none while it is paused (Q24, N7)."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from services.notification.domain.health import Health, how_many_at_once
from services.notification.domain.message import Channel
from shared.clock import Clock


class Gates:
    """A claimed message takes a place for the call, and gives it back when its gateway has answered."""

    def __init__(self, healths: Callable[[], Mapping[Channel, Health | None]], clock: Clock) -> None:
        self._healths = healths
        self._clock = clock
        self._taken: Counter[Channel] = Counter()
        self._left = asyncio.Event()

    @asynccontextmanager
    async def place(self, channel: Channel) -> AsyncIterator[bool]:
        """Wait for a place; False when the gateway began to rest meanwhile."""
        if not await self._took(channel):
            yield False
            return
        try:
            yield True
        finally:
            self._taken[channel] -= 1
            self._left.set()

    async def _took(self, channel: Channel) -> bool:
        while True:
            most = how_many_at_once(self._healths().get(channel), at=self._clock.now())
            if most == 0:
                return False
            if self._taken[channel] < most:
                self._taken[channel] += 1
                return True
            self._left.clear()
            await self._left.wait()
