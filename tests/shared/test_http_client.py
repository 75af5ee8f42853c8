"""Asking others over HTTP says honestly whether anything left this process."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import httpx
import pytest

from services.notification.domain.outcomes import Accepted, NotSent, Outcome, Unknown
from services.notification.gateways.http_gateway import HttpGateway, gateway_client
from shared.http_client import http_client

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

WELL = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nSet-Cookie: a=b\r\n\r\nok"
ELSEWHERE = b"HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n"
HALF = b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhalf"


@asynccontextmanager
async def server(talk: Talk) -> AsyncIterator[str]:
    """Let somebody talk on a port of this machine; give its address."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError):
            await talk(reader, writer)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    listening = await asyncio.start_server(connected, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    finally:
        listening.close()
        await asyncio.sleep(0.01)  # whoever still talks hears that nobody is there


def answering(*answers: bytes) -> tuple[Talk, list[bytes]]:
    """Answer one request after the other on a connection; give what was asked."""
    asked: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for answer in answers:
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length:")[2].split(None, 1)[0])
            asked.append(head + await reader.readexactly(length))
            writer.write(answer)
            await writer.drain()

    return talk, asked


def counting(talk: Talk) -> tuple[Talk, list[None]]:
    """Talk, and count the connections."""
    connections: list[None] = []

    async def counted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(None)
        await talk(reader, writer)

    return counted, connections


async def silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read()


@pytest.fixture
async def nobody() -> str:
    """Give an address where nobody listens."""
    async with server(silent) as address:
        return address


async def posted(address: str, *, within_seconds: float = 5) -> httpx.Response:
    async with http_client(within_seconds=within_seconds) as client:
        return await client.post(address, json={"a": 1})


async def test_an_answer_comes_back_on_a_kept_connection_and_no_cookie_is_kept() -> None:
    talk, asked = answering(WELL, WELL)
    counted, connections = counting(talk)
    async with server(counted) as address, http_client(within_seconds=5) as client:
        answers = [await client.post(address, json={"a": 1}) for _ in range(2)]

    assert len(connections) == 1
    assert [(each.status_code, each.text) for each in answers] == [(200, "ok")] * 2
    assert all(each.endswith(b'{"a":1}') and b"application/json" in each for each in asked)
    assert b"cookie" not in asked[1].lower()


async def test_a_redirection_is_not_followed() -> None:
    talk, asked = answering(ELSEWHERE, WELL)
    async with server(talk) as address:
        answer = await posted(address)

    assert (answer.status_code, len(asked)) == (302, 1)


@pytest.mark.parametrize(
    ("name", "proxy", "asked_through_it"),
    [
        ("http_proxy", "http://{}", True),
        ("http_proxy", "{}", True),
        ("all_proxy", "http://{}", True),
        ("https_proxy", "http://{}", False),
    ],
)
async def test_the_proxy_of_the_environment_is_asked(
    monkeypatch: pytest.MonkeyPatch, name: str, proxy: str, *, asked_through_it: bool
) -> None:
    talk, asked = answering(WELL)
    async with server(talk) as address:
        monkeypatch.setenv(name, proxy.format(address.removeprefix("http://")))
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        try:
            await posted("http://name.invalid/")
        except httpx.ConnectError:
            assert not asked_through_it

    assert bool(asked) is asked_through_it


async def test_a_name_that_is_none_is_never_reached() -> None:
    with pytest.raises(httpx.ConnectError):
        await posted(f"http://{'x' * 70}.test/")


async def test_where_nobody_listens_nothing_left_this_process(nobody: str) -> None:
    with pytest.raises(httpx.ConnectError):
        await posted(nobody)


@pytest.mark.parametrize("answer", [b"", HALF, b"no HTTP at all\r\n\r\n"])
async def test_a_connection_that_breaks_after_the_asking_is_no_connect_error(answer: bytes) -> None:
    talk, asked = answering(answer)
    async with server(talk) as address:
        with pytest.raises(httpx.HTTPError) as broken:
            await posted(address)

    assert isinstance(broken.value, httpx.ReadError)
    assert len(asked) == 1


async def test_who_does_not_answer_in_time_is_given_up() -> None:
    async with server(silent) as address:
        with pytest.raises(httpx.ReadTimeout):
            await posted(address, within_seconds=0.2)


async def test_a_kept_connection_that_was_closed_meanwhile_is_known_as_broken_or_opened_anew() -> None:
    talk, asked = answering(WELL)
    async with server(talk) as address, http_client(within_seconds=5) as client:
        await client.post(address, json={})
        await asyncio.sleep(0.05)
        answer = await client.post(address, json={})

    assert (answer.status_code, len(asked)) == (200, 2)


async def test_a_client_that_keeps_nothing_opens_each_time() -> None:
    talk, asked = answering(WELL, WELL)
    counted, connections = counting(talk)
    async with server(counted) as address, http_client(within_seconds=5, kept_seconds=0) as client:
        for _ in range(2):
            await client.post(address, json={})

    assert (len(connections), len(asked)) == (2, 2)
    assert all(b"connection: close" in each.lower() for each in asked)


async def test_a_connection_that_was_idle_for_long_enough_is_opened_anew() -> None:
    talk, asked = answering(WELL, WELL, WELL)
    counted, connections = counting(talk)
    async with server(counted) as address, http_client(within_seconds=5, kept_seconds=0.1) as client:
        for pause in (0, 0.2, 0):
            await client.post(address, json={})
            await asyncio.sleep(pause)

    assert (len(connections), len(asked)) == (2, 3)


async def sms_through(address: str) -> Outcome:
    async with gateway_client() as client:
        return await sms_by(HttpGateway(client, address))


async def sms_by(gateway: HttpGateway) -> Outcome:
    return await gateway.send(
        "delivery-notice:B1",
        to="+46701740605",
        text="På väg.",
        sender="Demo",
        report_to="http://us.test/x",
    )


async def test_an_sms_whose_connection_broke_after_the_asking_is_unknown_and_never_sent_again() -> None:
    talk, _ = answering(b"")
    async with server(talk) as address:
        assert await sms_through(address) == Unknown()


async def test_an_sms_to_a_gateway_where_nobody_listens_was_surely_not_sent(nobody: str) -> None:
    assert await sms_through(nobody) == NotSent("ConnectError")


TAKEN = b'HTTP/1.1 200 OK\r\nContent-Length: 32\r\n\r\n{"id": "1", "status": "created"}'


async def test_a_gateway_that_closes_without_a_word_makes_one_message_unknown_and_no_more() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(int(head.lower().partition(b"content-length:")[2].split(None, 1)[0]))
        writer.write(TAKEN)
        await writer.drain()
        await asyncio.sleep(0.002)

    async with server(talk) as address, gateway_client(kept_seconds=0.25) as kept, gateway_client() as fresh:
        gateway = HttpGateway(kept, address, fresh=fresh)
        outcomes = [await sms_by(gateway) for _ in range(20)]

    assert outcomes[0] == Accepted("1", reports=True)
    assert outcomes.count(Unknown()) == 1
    assert set(outcomes[outcomes.index(Unknown()) + 1 :]) == {Accepted("1", reports=True)}


async def test_messages_that_follow_each_other_share_a_connection_with_a_gateway_that_keeps_it() -> None:
    talk, asked = answering(TAKEN, TAKEN, TAKEN)
    counted, connections = counting(talk)
    async with server(counted) as address, gateway_client(kept_seconds=0.25) as client:
        gateway = HttpGateway(client, address)
        outcomes = [await sms_by(gateway) for _ in range(3)]

    assert outcomes == [Accepted("1", reports=True)] * 3
    assert (len(connections), len(asked)) == (1, 3)
