"""The demo's SMS gateway: takes messages and shows them, or fails as it is told to."""

from pathlib import Path

import httpx
import pytest

from deploy.demo.control import Control
from deploy.demo.settings import DemoSettings
from deploy.demo.sms_gateway import NAME, create_app

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
    monkeypatch.setattr("deploy.demo.sms_gateway.SILENT_SECONDS", 0.01)

    await gateway.post("/a1/sms", data=NOTICE)

    assert len((await gateway.get("/messages")).json()) == 1


@pytest.mark.parametrize("path", ["/live", "/ready"])
async def test_a_gateway_that_answers_is_live_and_ready(gateway: httpx.AsyncClient, path: str) -> None:
    assert (await gateway.get(path)).status_code == 200
