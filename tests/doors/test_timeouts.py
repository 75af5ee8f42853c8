"""Nobody is waited for without end: every connection that goes out has its time."""

import ast
import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from time import perf_counter

import httpx
import pytest
from pamqp.commands import Basic

from shared.auth import provider
from shared.auth.keys import NoKeys, keys_at
from shared.messaging.envelope import Envelope
from shared.messaging.publisher import Publisher
from shared.repository.mongo.backend import connect

PROJECT = Path(__file__).parents[2]
GOES_OUT = frozenset(
    {
        "httpx.AsyncClient",
        "httpx.Client",
        "httpx.get",
        "httpx.post",
        "httpx.request",
        "aio_pika.connect",
        "aio_pika.connect_robust",
        "aiormq.connect",
        "smtplib.SMTP",
        "socket.create_connection",
        "urlopen",
    }
)


def calls_out() -> Iterator[tuple[str, bool]]:
    """Find every call in the services that opens a connection: its place, and whether it has its time."""
    for folder in ("shared", "services"):
        for file in sorted((PROJECT / folder).rglob("*.py")):
            tree = ast.parse(file.read_text())
            within = {
                id(inner)
                for block in ast.walk(tree)
                if isinstance(block, ast.AsyncWith)
                and any(is_timed(each.context_expr) for each in block.items)
                for inner in ast.walk(block)
            }
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and ast.unparse(node.func) in GOES_OUT:
                    named = any(word.arg == "timeout" and says_when(word.value) for word in node.keywords)
                    yield f"{file.relative_to(PROJECT)}:{node.lineno}", named or id(node) in within


def is_timed(context: ast.expr) -> bool:
    if not isinstance(context, ast.Call) or ast.unparse(context.func) != "asyncio.timeout":
        return False
    return all(says_when(each) for each in context.args)


def says_when(value: ast.expr) -> bool:
    return ast.unparse(value) != "None"


def test_every_call_that_opens_a_connection_names_its_time() -> None:
    assert [place for place, has_its_time in calls_out() if not has_its_time] == []


def test_the_search_for_such_calls_finds_those_that_are_there() -> None:
    assert {place.partition(":")[0] for place, _ in calls_out()} >= {
        "shared/http_client.py",
        "shared/messaging/publisher.py",
    }


async def test_a_database_that_hangs_is_not_waited_for_without_end() -> None:
    client = connect("mongodb://127.0.0.1:9/?directConnection=true", app_name="tests")

    limits = client.options.pool_options
    await client.close()

    assert limits.socket_timeout == 20
    assert limits.connect_timeout == 5
    assert client.options.server_selection_timeout == 10


@pytest.fixture
async def silent_port() -> AsyncIterator[int]:
    """Give the port of somebody who takes every connection and never says a word."""
    gone = asyncio.Event()

    async def keep_still(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await gone.wait()
        writer.close()

    server = await asyncio.start_server(keep_still, "127.0.0.1", 0)
    yield int(server.sockets[0].getsockname()[1])
    gone.set()
    server.close()


async def test_an_issuer_that_keeps_still_is_given_up(
    silent_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provider, "WITHIN_SECONDS", 0.2)
    began = perf_counter()

    async with httpx.AsyncClient(timeout=None) as client:  # noqa: S113  the source's own time is on trial
        with pytest.raises(NoKeys):
            await keys_at(provider.Provider(client, f"http://127.0.0.1:{silent_port}"))()

    assert perf_counter() - began < 3


async def test_a_broker_that_keeps_still_is_given_up(
    silent_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.messaging.publisher.PUBLISH_SECONDS", 0.2)
    publisher = Publisher(f"amqp://guest:guest@127.0.0.1:{silent_port}/events")
    letter = Envelope([{"exchange": "events", "routing_key": "x"}], b"{}", Basic.Properties())
    began = perf_counter()

    with pytest.raises(TimeoutError):
        await publisher.publish(letter)

    assert perf_counter() - began < 3
