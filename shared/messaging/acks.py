"""Acknowledges deliveries that end at the same moment with one frame to the broker (decision 0034)."""

import asyncio
from weakref import WeakKeyDictionary

from aio_pika.abc import AbstractIncomingMessage
from aiormq.abc import AbstractChannel


class Acks:
    """What one subscription has to acknowledge, on each channel that it had."""

    def __init__(self) -> None:
        self._by_channel: WeakKeyDictionary[AbstractChannel, _Tags] = WeakKeyDictionary()

    async def ended(self, message: AbstractIncomingMessage) -> None:
        """Acknowledge a delivery with all others that end at this moment; raises when its channel is gone."""
        channel = message.channel
        tags = self._by_channel.setdefault(channel, _Tags())
        tags.ended.add(message.delivery_tag or 0)
        if tags.saying is None:
            tags.saying = asyncio.create_task(_say(tags, channel))
        await asyncio.shield(tags.saying)  # a cancelled one does not cancel the acknowledgement of the others


class _Tags:
    """Deliveries of one channel; the broker numbers them from 1."""

    def __init__(self) -> None:
        self.ended: set[int] = set()
        self.through = 0
        """Every delivery up to this one is acknowledged."""
        self.beyond: set[int] = set()
        """Later deliveries that are acknowledged although an earlier one is not."""
        self.saying: asyncio.Task[None] | None = None

    def take(self) -> tuple[list[int], list[int]]:
        """Give what can be acknowledged up to a number, and what only alone, as an earlier is not done."""
        fresh = {tag for tag in self.ended - self.beyond if tag > self.through}
        self.ended, self.saying = set(), None
        self.beyond |= fresh
        while self.through + 1 in self.beyond:
            self.through += 1
            self.beyond.remove(self.through)
        together = [tag for tag in fresh if tag <= self.through]
        return together, [tag for tag in fresh if tag > self.through]


async def _say(tags: _Tags, channel: AbstractChannel) -> None:
    together, alone = tags.take()
    if together:
        await channel.basic_ack(max(together), multiple=True, wait=False)
    for tag in alone:
        await channel.basic_ack(tag, wait=False)
