"""A simulated clerk's HTTP connection: as little as a POST needs, so that the bench measures the system."""

import asyncio
from dataclasses import dataclass, field
from time import monotonic
from urllib.parse import urlsplit

OPEN_SECONDS = 2
"""A service closes what was idle for five."""


class NotAnswered(Exception):
    """A service did not answer well; its words are shown."""


@dataclass
class Desk:
    """One connection to one service, opened when first needed; one request at a time."""

    url: str
    _streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = field(default=None, init=False)
    _used: float = field(default=0.0, init=False)

    async def post(self, path: str, headers: dict[str, str]) -> bytes:
        """Give the body of a 2xx; raises NotAnswered."""
        reader, writer = await self._open()
        lines = [f"POST {path} HTTP/1.1", f"Host: {urlsplit(self.url).netloc}", "Content-Length: 0"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        writer.write("\r\n".join([*lines, "", ""]).encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        body = await reader.readexactly(int(head.partition("content-length:")[2].split(None, 1)[0]))
        if head.split(None, 2)[1][0] != "2":
            raise NotAnswered(body.decode())
        return body

    async def close(self) -> None:
        if self._streams:
            self._streams[1].close()
            await self._streams[1].wait_closed()
            self._streams = None

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._streams and monotonic() - self._used > OPEN_SECONDS:
            await self.close()
        self._used = monotonic()
        if self._streams is None:
            where = urlsplit(self.url)
            self._streams = await asyncio.open_connection(where.hostname, where.port)
        return self._streams
