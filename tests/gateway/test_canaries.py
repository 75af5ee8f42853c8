"""Whatever text a service gives, whoever typed it, is shown as text on every page."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from gateway.web.opened_by import OPENED_BY
from tests.gateway.site import Site
from tests.gateway.surfing import surfing
from tests.gateway.test_money import tariff_in_billing
from tests.gateway.test_roles import filled, furnished, may_open
from tests.gateway.visiting import Surfer

pytestmark = pytest.mark.asyncio(loop_scope="module")
CANARY = "<img src=x onerror=alert(1)>'\""
SHOWN = "&lt;img src=x onerror=alert(1)&gt;"
PEOPLE = {
    "dietitian": "prescriber",
    "customer_service": "customer_service",
    "economist": "economist",
    "operator": "operator",
    "patient": "patient",
}
Surfing = tuple[Site, Surfer, dict[str, str]]
NAMED = frozenset(
    {"name", "title", "text", "reason", "detail", "note", "to", "because", "line1", "co", "city"}
)
"""Fields that somebody writes, whatever they hold now; of the others, what has a blank in it."""


def poisoned(said: Any, field: str = "") -> Any:
    """Put the canary in place of each text of an answer that people write or read."""
    if isinstance(said, dict):
        return {name: poisoned(each, name) for name, each in said.items()}
    if isinstance(said, list):
        return [poisoned(each, field) for each in said]
    if isinstance(said, str) and (field in NAMED or " " in said):
        return CANARY
    return said


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def surf(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Surfing]:
    async with surfing(tmp_path_factory.mktemp("canaries")) as (site, browser):
        numbers = await furnished(site)
        await more_texts(site, numbers)
        yield site, browser, numbers


async def more_texts(site: Site, numbers: dict[str, str]) -> None:
    """Let each list have something: news, a task, a parked message, a correction and a waiver."""
    bus, number = site.bus, numbers["withdrawal_no"]
    days = {"valid_from": "2026-11-20", "valid_through": "2027-01-31"}
    await bus.ask("operator", "notification", "/news", {"title": "Nytt", "text": "Läs", **days})
    help_asked = await bus.ask("dietitian", "notification", "/support-requests", {"text": "Hjälp mig"})
    numbers["task_id"] = help_asked.json()["task_id"]
    await bus.park("notification.hears.prescription.patient_changed.v1", "{}")
    fees = (await bus.ask("economist", "billing", "/fees/search", {"withdrawal_no": number})).json()["fees"]
    asked = {"amount": "50.00", "reason": "LMA-kortet saknades"}
    await bus.ask("economist", "billing", f"/fees/{fees[0]['event_id']}/correction", asked)
    await tariff_in_billing(site)
    period = {"sent_from": "2026-11-01", "sent_through": "2026-11-30", "reason": "Leveranskris"}
    await bus.ask("economist", "billing", "/waivers", period)


@pytest.mark.parametrize("person", PEOPLE)
async def test_every_text_of_every_answer_is_shown_as_text(
    surf: Surfing, person: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, browser, numbers = surf
    await browser.signed_in(person)
    usual = site.handle_async_request

    async def with_canaries(request: httpx.Request) -> httpx.Response:
        answer = await usual(request)
        is_json = "json" in answer.headers.get("content-type", "")
        if request.url.host == "issuer.test" or not is_json:
            return answer
        content = json.dumps(poisoned(json.loads(answer.content)))
        headers = {name: value for name, value in answer.headers.items() if name.lower() != "content-length"}
        return httpx.Response(answer.status_code, content=content, headers=headers)

    monkeypatch.setattr(site, "handle_async_request", with_canaries)
    seen = 0
    for path in (each for each in OPENED_BY if may_open(PEOPLE[person], each)):
        page = await browser.http.get(filled(path, numbers))
        assert page.status_code < 500, path
        assert CANARY not in page.text, path
        assert "onerror=alert(1)>" not in page.text, path
        seen += page.text.count(SHOWN)
    assert seen > len(PEOPLE)


async def test_what_is_typed_comes_back_as_text_from_every_form(surf: Surfing) -> None:
    _, browser, numbers = surf
    ref, fields = numbers["patient_ref"], {"do": "none", "key": CANARY, "etag": CANARY}
    forms = {
        "customer_service": {
            "/register-patient": ("number", "name", "line1", "city", "phone", "email", "born", "lma_from"),
            "/shortages": ("text",),
            "/support": ("text", "subject_no", "call_back"),
            "/news": ("title", "text", "title_en", "text_en", "valid_from"),
            f"/patients/{ref}/contact": ("phone", "other_phones", "email"),
            f"/patients/{ref}/withdraw": ("receiver_name", "address_line1", "door_code", "instructions"),
            f"/tasks/{numbers['task_id']}": ("comment",),
        },
        "economist": {
            "/money/waivers": ("sent_from", "sent_through", "reason"),
            "/money/fees": ("number",),
            "/money/tariffs": ("valid_from", "types:specific_content"),
        },
    }
    for person, pages in forms.items():
        await browser.signed_in(person)
        for path, names in pages.items():
            page = await browser.send(path, **fields, **dict.fromkeys(names, CANARY))
            assert page.status_code < 500, path
            assert CANARY not in page.text, path
            assert SHOWN in page.text, path
