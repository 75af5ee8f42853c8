"""Asks a virus scanner about a file, over the protocol of ClamAV's daemon."""

import asyncio
import struct
from typing import Literal, Protocol

import structlog

log = structlog.get_logger()

Verdict = Literal["clean", "infected", "not_scanned"]
CHUNK = 64 * 1024
ANSWERED_WITHIN_SECONDS = 20.0
CLEAN = b"stream: OK"
"""What the daemon says of a clean file, to the letter: a proxy's "200 OK" is not believed."""
EICAR = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"
"""Stands in the harmless file by which scanners are tried."""


class VirusScanner(Protocol):
    """Says of a file whether it may be kept; never raises."""

    async def scan(self, content: bytes) -> Verdict: ...


class ClamAV:
    """A ClamAV daemon, asked with INSTREAM: the file is sent over the connection and written nowhere."""

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port

    async def scan(self, content: bytes) -> Verdict:
        """Ask; a daemon that is away, slow, or refuses the size has not scanned."""
        try:
            async with asyncio.timeout(ANSWERED_WITHIN_SECONDS):
                said = await self._ask(content)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            log.warning("the virus scanner did not answer")
            return "not_scanned"
        if said.endswith(b"FOUND"):
            return "infected"
        if said == CLEAN:
            return "clean"
        log.warning("the virus scanner did not scan")
        return "not_scanned"

    async def _ask(self, content: bytes) -> bytes:
        reader, writer = await asyncio.open_connection(self._host, self._port)
        try:
            writer.write(b"zINSTREAM\0")
            for start in range(0, len(content), CHUNK):
                chunk = content[start : start + CHUNK]
                writer.write(struct.pack("!L", len(chunk)) + chunk)
                await writer.drain()
            writer.write(struct.pack("!L", 0))
            await writer.drain()
            return (await reader.readuntil(b"\0")).rstrip(b"\0")
        finally:
            writer.close()


class OfTrials:
    """For trials on one machine, where no scanner is: it knows the harmless test file and nothing else."""

    async def scan(self, content: bytes) -> Verdict:
        return "infected" if EICAR in content else "clean"


def scanner_at(address: str | None) -> VirusScanner:
    """Give the scanner at `host:port`; without one, which production does not allow, the trial's."""
    if address is None:
        return OfTrials()
    host, _, port = address.rpartition(":")
    return ClamAV(host, int(port))
