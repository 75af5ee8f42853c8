"""The demo's SMS gateway: takes messages and shows them, or fails as it is told to."""

from pathlib import Path

import httpx
import pytest

from shared.clock import SystemClock
from tools.demo.control import Control
from tools.demo.journal import read
from tools.demo.settings import DemoSettings
from tools.demo.sms_gateway import NAME, create_app
from tools.demo.sms_receipts import Reports

NOTICE = {
    "from": "Demoregion",
    "to": "+46701740605",
    "message": "Din leverans är på väg.",
    "reference": "notice:B1",
}


@pytest.fixture
def gateway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> httpx.AsyncClient:
    monkeypatch.setenv("SESAM_PEER_LOG_DIR", str(tmp_path))
    return httpx.AsyncClient(transport=httpx.ASGITransport(create_app()), base_url="http://sms")


async def test_a_message_is_taken_and_shown(gateway: httpx.AsyncClient) -> None:
    answer = await gateway.post("/a1/sms", data=NOTICE)

    taken = (await gateway.get("/messages")).json()
    assert answer.json()["status"] == "created"
    assert [(each["id"], each["reference"]) for each in taken] == [(answer.json()["id"], "notice:B1")]


async def test_the_reference_may_stand_in_a_header(gateway: httpx.AsyncClient) -> None:
    without = {name: value for name, value in NOTICE.items() if name != "reference"}

    await gateway.post("/a1/sms", data=without, headers={"reference": "notice:B2"})

    assert (await gateway.get("/messages")).json()[0]["reference"] == "notice:B2"


async def test_the_same_message_twice_is_two_messages(gateway: httpx.AsyncClient) -> None:
    await gateway.post("/a1/sms", data=NOTICE)
    await gateway.post("/a1/sms", data=NOTICE)

    assert len((await gateway.get("/messages")).json()) == 2


async def test_a_number_that_is_not_international_is_refused(gateway: httpx.AsyncClient) -> None:
    answer = await gateway.post("/a1/sms", data=NOTICE | {"to": "070-1740605"})

    assert answer.status_code == 422


async def test_a_gateway_that_is_out_of_order_takes_nothing(
    gateway: httpx.AsyncClient, tmp_path: Path
) -> None:
    Control(NAME, DemoSettings(peer_log_dir=tmp_path)).tell({"mode": "500"})

    answer = await gateway.post("/a1/sms", data=NOTICE)

    assert answer.status_code == 500
    assert (await gateway.get("/messages")).json() == []


async def test_a_gateway_may_take_a_message_and_then_never_answer(
    gateway: httpx.AsyncClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Control(NAME, DemoSettings(peer_log_dir=tmp_path)).tell({"mode": "timeout-after-accept"})
    monkeypatch.setattr("tools.demo.sms_gateway.SILENT_SECONDS", 0.01)

    await gateway.post("/a1/sms", data=NOTICE)

    assert len((await gateway.get("/messages")).json()) == 1


@pytest.mark.parametrize("path", ["/live", "/ready"])
async def test_a_gateway_that_answers_is_live_and_ready(gateway: httpx.AsyncClient, path: str) -> None:
    assert (await gateway.get(path)).status_code == 200


@pytest.mark.parametrize("status", ["400", "401", "403", "429", "503"])
async def test_a_gateway_refuses_as_it_is_told_to(
    gateway: httpx.AsyncClient, tmp_path: Path, status: str
) -> None:
    Control(NAME, DemoSettings(peer_log_dir=tmp_path)).tell({"mode": status})

    assert (await gateway.post("/a1/sms", data=NOTICE)).status_code == int(status)
    assert (await gateway.get("/messages")).json() == []


async def test_a_gateway_may_refuse_only_what_is_about_something(
    gateway: httpx.AsyncClient, tmp_path: Path
) -> None:
    Control(NAME, DemoSettings(peer_log_dir=tmp_path)).tell({"mode": "500", "about": "notice:"})

    refused = await gateway.post("/a1/sms", data=NOTICE)
    taken = await gateway.post("/a1/sms", data=NOTICE | {"reference": "renewal:F1"})

    assert (refused.status_code, taken.status_code) == (500, 200)


async def test_a_text_that_is_not_to_be_kept_is_not_kept(gateway: httpx.AsyncClient) -> None:
    await gateway.post("/a1/sms", data=NOTICE | {"dontlog": "message"})

    assert (await gateway.get("/messages")).json()[0]["message"] == ""


class Customer:
    """Whoever is reported to; answers with these statuses, then with 204."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.heard: list[tuple[str, str]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        form = dict(each.split("=") for each in request.content.decode().split("&"))
        status = self.statuses.pop(0) if self.statuses else 204
        if status == 0:
            raise httpx.ConnectError("away")
        if status == 204:
            self.heard.append((form["id"], form["status"]))
        return httpx.Response(status)


def reports(folder: Path, customer: Customer) -> Reports:
    control = Control(NAME, DemoSettings(peer_log_dir=folder, peer_delay_seconds=0))
    return Reports(folder / "r.jsonl", control, SystemClock(), transport=httpx.MockTransport(customer))


async def test_what_is_promised_is_reported_in_order(tmp_path: Path) -> None:
    customer = Customer()
    told = reports(tmp_path, customer)

    told.promise("s1", "http://us/x", ["sent", "delivered"])
    await told.settled()

    assert customer.heard == [("s1", "sent"), ("s1", "delivered")]


async def test_a_report_is_repeated_until_it_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.demo.sms_receipts.FIRST_PAUSE_SECONDS", 0.001)
    customer = Customer(500, 0, 404)
    told = reports(tmp_path, customer)

    told.promise("s1", "http://us/x", ["delivered"])
    await told.settled()

    assert customer.heard == [("s1", "delivered")]


async def test_a_gateway_that_is_started_again_reports_what_is_left(tmp_path: Path) -> None:
    killed = reports(tmp_path, Customer(*[0] * 400))
    killed.promise("s1", "http://us/x", ["delivered"])
    await killed.stop()
    customer = Customer()

    told = reports(tmp_path, customer)
    told.resume()
    await told.settled()
    again = reports(tmp_path, customer)
    again.resume()
    await again.settled()

    assert customer.heard == [("s1", "delivered")]


@pytest.mark.parametrize(
    ("mode", "promised"),
    [
        ("normal", ["sent", "delivered"]),
        ("failed", ["sent", "failed"]),
        ("failed-then-delivered", ["failed", "delivered"]),
        ("shuffled", ["delivered", "sent", "delivered"]),
        ("no-receipt", []),
    ],
)
async def test_a_mode_decides_what_is_reported(
    gateway: httpx.AsyncClient, tmp_path: Path, mode: str, promised: list[str]
) -> None:
    Control(NAME, DemoSettings(peer_log_dir=tmp_path)).tell({"mode": mode})

    await gateway.post("/a1/sms", data=NOTICE | {"whendelivered": "http://127.0.0.1:9/receipts/x"})

    entries = read(tmp_path / "sms_receipts.jsonl")
    assert [each["status"] for each in entries if each["what"] == "promised"] == promised
