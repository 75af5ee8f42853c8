"""Publishes one message at a time over a connection of its own, confirmed by the broker."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import cast

import aiormq
from aiormq.abc import AbstractConnection
from pamqp.commands import Basic

from shared.messaging.amqp import address
from shared.messaging.envelope import Envelope

PUBLISH_SECONDS = 5.0
LOOK_SECONDS = 1.0
PERSISTENT = 2


class Publisher:
    """A connection of its own with confirms; opened again whenever it was lost."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._opened: _Opened | None = None
        self._opening = asyncio.Lock()
        self._closing: set[asyncio.Task[None]] = set()

    async def publish(self, envelope: Envelope) -> bool:
        """Publish a message; True only when the broker has it on disk and a queue took it."""
        opened = await self._open()
        try:
            confirmation = await opened.channel.basic_publish(
                envelope.body,
                exchange=envelope.exchange,
                routing_key=envelope.routing_key,
                properties=envelope.properties,
                mandatory=True,
                timeout=PUBLISH_SECONDS,
                wait=False,  # the next need not wait until this one is written: the broker's confirm counts
            )
        except BaseException:
            self._forget(opened)
            raise
        return isinstance(confirmation, Basic.Ack)

    async def depth_of(self, queue: str) -> int:
        """Count what lies in a queue, which takes no right to read it; raises AMQPError."""
        async with asyncio.timeout(LOOK_SECONDS):
            opened = await self._open()
            channel = await opened.connection.channel(publisher_confirms=False)
            try:
                return (await channel.queue_declare(queue, passive=True)).message_count or 0
            finally:
                await channel.close()

    async def close(self) -> None:
        if self._opened:
            await self._opened.close()

    async def _open(self) -> "_Opened":
        async with self._opening:
            if self._opened is None:
                async with asyncio.timeout(PUBLISH_SECONDS):
                    connection = await aiormq.connect(address(self._url))
                    channel = await connection.channel(publisher_confirms=True, on_return_raises=False)
                self._opened = _Opened(connection, cast("aiormq.Channel", channel))
            return self._opened

    def _forget(self, opened: "_Opened") -> None:
        """Close a connection that failed once: a dead one may still say that it is open."""
        if self._opened is opened:
            self._opened = None
            closing = asyncio.create_task(opened.close())
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)


@dataclass
class _Opened:
    connection: AbstractConnection
    channel: aiormq.Channel

    async def close(self) -> None:
        with suppress(Exception):
            async with asyncio.timeout(PUBLISH_SECONDS):
                await self.connection.close()
