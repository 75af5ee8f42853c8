"""A running process, and connections that ask for too much before anybody has signed in."""

import asyncio
import contextlib
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from tools.embedded.ports import ADDRESS, answers, free_ports

PROJECT = Path(__file__).parents[2]
HEAD = b"POST /echo HTTP/1.1\r\nhost: x\r\n"
PATIENCE_SECONDS = 20.0
# The process of the test is the real one; only the waiting is shorter.
SHORTER = """
from shared.http import connections
connections.HEAD_SECONDS = connections.BODY_SECONDS = connections.WRITE_SECONDS = 1.0
connections.LINGER_SECONDS = 0.3
"""
FEWER = """
from shared.http import connections
connections.MOST_CONNECTIONS = 40
"""
START = """
from shared.service.server import main
main()
"""


class Running:
    """An application with the services' own limits, in a process of its own."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process = process
        self.port = port

    def kilobytes(self) -> int:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0])

    def open_connections(self) -> int:
        sockets = [link for link in Path(f"/proc/{self.process.pid}/fd").iterdir() if link.is_symlink()]
        found = 0
        for each in sockets:
            with contextlib.suppress(OSError):
                found += str(each.readlink()).startswith("socket:")
        return found

    async def until(self, holds: Callable[[], bool]) -> float:
        began = time.monotonic()
        while not holds():
            assert time.monotonic() - began < PATIENCE_SECONDS
            await asyncio.sleep(0.05)
        return time.monotonic() - began

    async def ask(self, sent: bytes) -> bytes:
        """Send bytes as they are; give all that comes until the other side closes."""
        async with self.connection() as (reader, writer):
            writer.write(sent)
            return await asyncio.wait_for(reader.read(), PATIENCE_SECONDS)

    @contextlib.asynccontextmanager
    async def connection(self) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        reader, writer = await asyncio.open_connection(ADDRESS, self.port)
        try:
            yield reader, writer
        finally:
            await closed(writer)

    async def is_well(self) -> bool:
        answer = await self.ask(b"GET /live HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        return answer.startswith(b"HTTP/1.1 200")


async def closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


@contextlib.contextmanager
def started(limits: str) -> Iterator[Running]:
    (port,) = free_ports(1)
    command = [sys.executable, "-c", limits + START, "tests.doors.echo", "--port", str(port)]
    process = subprocess.Popen(
        command, cwd=PROJECT, env={"PYTHONPATH": str(PROJECT)}, stdout=subprocess.DEVNULL
    )
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not answers(port):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)
    yield Running(process, port)
    process.terminate()
    process.wait()


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with started(SHORTER) as running:
        yield running


async def test_a_request_is_answered_and_its_connection_serves_the_next(running: Running) -> None:
    async with running.connection() as (reader, writer):
        for body in (b"a", b"b" * 60_000):
            writer.write(HEAD + f"content-length: {len(body)}\r\n\r\n".encode() + body)
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
            assert head.startswith(b"HTTP/1.1 200")
            assert b"server:" not in head
            assert await reader.readexactly(len(str(len(body)))) == str(len(body)).encode()


async def test_a_body_in_small_chunks_is_a_body(running: Running) -> None:
    chunks = b"".join(b"2\r\nxy\r\n" for _ in range(20_000))

    answer = await running.ask(
        HEAD + b"transfer-encoding: chunked\r\nconnection: close\r\n\r\n" + chunks + b"0\r\n\r\n"
    )

    assert answer.endswith(b"40000")


@pytest.mark.parametrize(
    "head",
    [
        b"cookie: " + b"x" * 40_000 + b"\r\n",
        b"".join(b"x-%d: 1\r\n" % number for number in range(101)),
        b"".join(b"x-%d: %b\r\n" % (number, b"y" * 1000) for number in range(40)),
    ],
    ids=["one large", "many", "large together"],
)
async def test_headers_that_are_too_large_or_too_many_are_refused(running: Running, head: bytes) -> None:
    answer = await running.ask(HEAD + head + b"content-length: 0\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 431")
    assert await running.is_well()


async def test_an_address_that_is_too_long_is_refused(running: Running) -> None:
    answer = await running.ask(b"GET /" + b"a" * 40_000 + b" HTTP/1.1\r\nhost: x\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 431")


@pytest.mark.parametrize(
    "begun",
    [
        HEAD + b"x-endless: ",
        b"GET /",
        HEAD + b"transfer-encoding: chunked\r\n\r\n0\r\nx-trailer: ",
        HEAD + b"transfer-encoding: chunked\r\n\r\n5;extension=",
    ],
    ids=["header", "address", "trailer", "chunk extension"],
)
async def test_what_never_ends_is_cut_off_and_costs_no_memory(running: Running, begun: bytes) -> None:
    before = running.kilobytes()

    async def send_fifty_megabytes() -> None:
        async with running.connection() as (_, writer):
            with contextlib.suppress(OSError):
                writer.write(begun)
                for _ in range(50):
                    writer.write(b"x" * 1024 * 1024)
                    await writer.drain()

    await asyncio.gather(*(send_fifty_megabytes() for _ in range(4)))

    assert running.kilobytes() - before < 10_000
    assert await running.is_well()


@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"POST",
        HEAD,
        HEAD + b"content-length: 10\r\n\r\n",
        HEAD + b"content-length: 10\r\n\r\n12345",
        HEAD + b"transfer-encoding: chunked\r\n\r\n5\r\nab",
    ],
    ids=["nothing", "a word", "half the headers", "no body", "half a body", "half a chunk"],
)
async def test_half_a_request_does_not_stay(running: Running, begun: bytes) -> None:
    before = running.open_connections()
    opened = [await asyncio.open_connection(ADDRESS, running.port) for _ in range(50)]
    for _, writer in opened:
        writer.write(begun)
    await running.until(lambda: running.open_connections() >= before + 50)

    waited = await running.until(lambda: running.open_connections() <= before)

    assert waited < 5
    answer = await opened[0][0].read()
    assert answer == b"" if not begun else answer.startswith(b"HTTP/1.1 408")
    for _, writer in opened:
        await closed(writer)


@pytest.mark.parametrize(
    "begun",
    [HEAD, HEAD + b"content-length: 1000\r\n\r\n", b"", b"\r\n"],
    ids=["head", "body", "blank", "lines"],
)
async def test_a_request_that_comes_drop_by_drop_does_not_stay(running: Running, begun: bytes) -> None:
    drop = b"\r\n" if begun in (b"", b"\r\n") else b"x"

    async def send_drops(writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(drop)
            await asyncio.sleep(0.1)

    async with running.connection() as (reader, writer):
        writer.write(begun)
        began, sending = time.monotonic(), asyncio.create_task(send_drops(writer))
        with contextlib.suppress(ConnectionError):
            await asyncio.wait_for(reader.read(), PATIENCE_SECONDS)
        sending.cancel()

    assert time.monotonic() - began < 3


async def test_an_answer_that_nobody_reads_is_given_up(running: Running) -> None:
    before = running.open_connections()
    async with running.connection() as (_, writer):
        writer.write(b"GET /large HTTP/1.1\r\nhost: x\r\n\r\n")
        await running.until(lambda: running.open_connections() > before)

        assert await running.until(lambda: running.open_connections() <= before) < 5


async def test_there_are_only_so_many_connections_and_then_there_is_room_again() -> None:
    with started(FEWER) as running:
        before = running.open_connections()
        opened = [await asyncio.open_connection(ADDRESS, running.port) for _ in range(60)]
        refused = [await asyncio.wait_for(reader.read(), PATIENCE_SECONDS) for reader, _ in opened[40:]]

        assert {each.partition(b"\r\n")[0] for each in refused} == {b"HTTP/1.1 503 Service Unavailable"}

        for _, writer in opened:
            await closed(writer)
        await running.until(lambda: running.open_connections() <= before)
        assert await running.is_well()
