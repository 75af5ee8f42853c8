"""Gateways say honestly what they know."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs

import httpx
import pytest

from services.notification.domain.outcomes import Accepted, NotSent, Outcome, Rejected, Unknown
from services.notification.gateways.carrying import SmsGateway
from services.notification.gateways.file_gateway import FileGateway
from services.notification.gateways.http_gateway import ElksGateway, HttpGateway, gateway_client

Answer = Callable[[httpx.Request], httpx.Response]


async def sent_to(gateway: SmsGateway) -> Outcome:
    return await gateway.send(
        "delivery-notice:B1",
        to="+46701740605",
        text="Din leverans är på väg.",
        sender="Demo",
        report_to="http://us.test/receipts/x",
    )


async def over_http(answer: Answer) -> Outcome:
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        return await sent_to(HttpGateway(client, "http://gateway.test/"))


def raising(error: type[httpx.HTTPError]) -> Answer:
    def answer(_: httpx.Request) -> httpx.Response:
        raise error("broken")

    return answer


async def test_a_message_is_posted_as_a_form_with_our_own_reference() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={"id": "s123", "status": "created"})

    assert await over_http(answer) == Accepted("s123", reports=True)
    (request,) = asked
    assert str(request.url) == "http://gateway.test/a1/sms"
    assert parse_qs(request.content.decode()) == {
        "from": ["Demo"],
        "to": ["+46701740605"],
        "message": ["Din leverans är på väg."],
        "whendelivered": ["http://us.test/receipts/x"],
        "reference": ["delivery-notice:B1"],
    }


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (400, Rejected("http-400")),
        (422, Rejected("http-422")),
        (401, NotSent("http-401")),
        (403, NotSent("http-403")),
        (408, NotSent("http-408")),
        (429, NotSent("http-429")),
        (503, NotSent("http-503")),
        (500, Unknown()),
        (502, Unknown()),
        (302, Unknown()),
    ],
)
async def test_an_error_is_rejected_not_sent_or_unknown(status: int, outcome: Outcome) -> None:
    assert await over_http(lambda _: httpx.Response(status)) == outcome


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout])
async def test_when_nothing_left_this_process_nothing_was_sent(error: type[httpx.HTTPError]) -> None:
    assert await over_http(raising(error)) == NotSent(error.__name__)


@pytest.mark.parametrize(
    "error",
    [httpx.ReadTimeout, httpx.WriteError, httpx.WriteTimeout, httpx.ReadError, httpx.RemoteProtocolError],
)
async def test_after_something_left_this_process_the_outcome_is_unknown(error: type[httpx.HTTPError]) -> None:
    assert await over_http(raising(error)) == Unknown()


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ({"id": "s1", "status": "failed"}, Rejected("failed")),
        ({"status": "created"}, Unknown()),
        ("taken", Unknown()),
    ],
)
async def test_an_answer_is_read_carefully(body: object, outcome: Outcome) -> None:
    assert await over_http(lambda _: httpx.Response(200, json=body)) == outcome


async def test_no_connection_is_kept_that_the_gateway_could_close_under_us() -> None:
    async with gateway_client() as client:
        assert await sent_to(HttpGateway(client, "http://127.0.0.1:9")) == NotSent("ConnectError")


async def test_46elks_gets_our_name_and_password_and_is_asked_not_to_keep_the_text() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={"id": "s123", "status": "created"})

    client = gateway_client("u1", "secret", transport=httpx.MockTransport(answer))

    assert await sent_to(ElksGateway(client, "https://elks.test")) == Accepted("s123", reports=True)
    (request,) = asked
    assert str(request.url) == "https://elks.test/a1/sms"
    assert request.headers["authorization"] == "Basic dTE6c2VjcmV0"
    form = parse_qs(request.content.decode())
    assert form["dontlog"] == ["message"]
    assert form["whendelivered"] == ["http://us.test/receipts/x"]
    assert "reference" not in form


async def test_the_file_gateway_writes_one_line_a_message(tmp_path: Path) -> None:
    gateway = FileGateway(tmp_path / "sent" / "sms.jsonl")

    assert await sent_to(gateway) == Accepted("file:sms.jsonl")
    assert await sent_to(gateway) == Accepted("file:sms.jsonl")

    lines = [json.loads(line) for line in (tmp_path / "sent" / "sms.jsonl").read_text().splitlines()]
    assert (
        lines
        == [
            {
                "id": "delivery-notice:B1",
                "from": "Demo",
                "to": "+46701740605",
                "message": "Din leverans är på väg.",
            }
        ]
        * 2
    )


async def test_a_file_that_cannot_be_opened_means_that_nothing_was_sent(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")

    assert await sent_to(FileGateway(tmp_path / "taken" / "sms.jsonl")) == NotSent("file-not-open")


async def test_a_pipe_that_nobody_reads_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "sms.jsonl")

    assert await sent_to(FileGateway(tmp_path / "sms.jsonl")) == NotSent("file-not-open")


async def test_a_file_that_cannot_be_written_to_the_end_is_unknown() -> None:
    device_that_is_always_full = Path("/dev/full")

    assert await sent_to(FileGateway(device_that_is_always_full)) == Unknown()
