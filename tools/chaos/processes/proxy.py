"""A proxy to the broker that knows AMQP: it drops confirms, doubles deliveries, stops reading."""

import asyncio
import struct
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal

from tools.embedded.ports import ADDRESS

Mode = Literal["lose-confirms", "lose-acks", "double-deliveries", "deaf"]

SETTLE_SECONDS = 0.05
PROTOCOL_HEADER_BYTES = 8
FRAME_HEADER = struct.Struct(">BHI")
END_BYTES = 1
METHOD, HEADER, BODY = 1, 2, 3
BASIC_ACK = (60, 80)
BASIC_DELIVER = (60, 60)


@dataclass
class Frame:
    """One frame as it came."""

    kind: int
    channel: int
    payload: bytes
    raw: bytes

    @property
    def method(self) -> tuple[int, int] | None:
        if self.kind != METHOD:
            return None
        family, method = struct.unpack_from(">HH", self.payload)
        return family, method


@dataclass(eq=False)
class Link:
    """One connection of a service."""

    client: asyncio.StreamWriter
    broker: asyncio.StreamWriter
    message: list[Frame] = field(default_factory=list)
    copying: bool = False

    def cut(self) -> None:
        for writer in (self.client, self.broker):
            with suppress(RuntimeError):
                writer.transport.abort()


class Proxy:
    """Passes everything on, unless it is told to misbehave for a while."""

    def __init__(self, port: int, broker_port: int) -> None:
        self.port = port
        self._broker_port = broker_port
        self._mode: Mode | None = None
        self._links: set[Link] = set()
        self._server: asyncio.Server | None = None
        self.counts: dict[str, int] = {}

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, ADDRESS, self.port)

    async def stop(self) -> None:
        if self._server:
            self._server.close()
        while self._links:
            for link in list(self._links):
                link.cut()
            await asyncio.sleep(SETTLE_SECONDS)

    async def misbehave(self, mode: Mode, *, seconds: float) -> None:
        """Misbehave for so many seconds; one that read nothing closes its connections afterwards."""
        self._mode = mode
        await asyncio.sleep(seconds)
        self._mode = None
        if mode == "deaf":
            for link in list(self._links):
                link.cut()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            answers, broker = await asyncio.open_connection(ADDRESS, self._broker_port)
        except OSError:
            writer.transport.abort()
            return
        link = Link(writer, broker)
        self._links.add(link)
        try:
            broker.write(await reader.readexactly(PROTOCOL_HEADER_BYTES))
            async with asyncio.TaskGroup() as both:
                both.create_task(self._from_client(reader, link))
                both.create_task(self._from_broker(answers, link))
        except* (OSError, asyncio.IncompleteReadError, Cut):
            pass
        finally:
            self._links.discard(link)
            link.cut()

    async def _from_client(self, reader: asyncio.StreamReader, link: Link) -> None:
        while True:
            frame = await self._next(reader)
            if frame.method == BASIC_ACK and self._mode == "lose-acks":
                self._count("acks lost")
                raise Cut
            link.broker.write(frame.raw)
            await link.broker.drain()

    async def _from_broker(self, reader: asyncio.StreamReader, link: Link) -> None:
        while True:
            frame = await self._next(reader)
            if frame.method == BASIC_ACK and self._mode == "lose-confirms":
                self._count("confirms lost")
                raise Cut
            link.client.write(frame.raw)
            self._double(frame, link)
            await link.client.drain()

    def _double(self, frame: Frame, link: Link) -> None:
        """Give a whole delivery twice: its method, its header and its body, which come in a row."""
        if frame.method == BASIC_DELIVER:
            link.copying = self._mode == "double-deliveries"
            link.message = []
        if not link.copying or frame.kind not in (METHOD, HEADER, BODY):
            return
        link.message.append(frame)
        if frame.kind == BODY:
            link.client.write(b"".join(each.raw for each in link.message))
            link.copying = False
            self._count("deliveries doubled")

    async def _next(self, reader: asyncio.StreamReader) -> Frame:
        head = await reader.readexactly(FRAME_HEADER.size)
        kind, channel, size = FRAME_HEADER.unpack(head)
        rest = await reader.readexactly(size + END_BYTES)
        while self._mode == "deaf":  # noqa: ASYNC110  the mode ends when its time is over
            await asyncio.sleep(0.05)
        return Frame(kind, channel, rest[:size], head + rest)

    def _count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1


class Cut(Exception):
    """The connection is cut here, as a network does."""
