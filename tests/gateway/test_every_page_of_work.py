"""The pages of citizens, clerks, economists and operators: no obstacle, nothing too wide; with pictures."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from shared.events.tasks import TaskRaised
from tests.gateway.driving import Person, browser, sitting
from tests.gateway.site import NUMBER, Site, running
from tests.gateway.surfing import prescribed, withdrawn
from tests.gateway.test_every_page import OFTEN, WAYS
from tools.demo.load import TARIFF

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]
QUEUE = "notification.hears.prescription.patient_changed.v1"
Numbers = dict[str, str]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Browser]:
    async with browser() as started:
        yield started


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Site, Numbers]]:
    async with running(tmp_path_factory.mktemp("site")) as site:
        yield site, await furnished(site)


async def furnished(site: Site) -> Numbers:
    """Let there be something on every page; give the numbers that stand in addresses."""
    bus = site.bus
    ref = await site.registered()
    site.is_patient("patient", ref)
    await prescribed(site, ref)
    number = await withdrawn(site, ref)
    await bus.converse()
    draft = await of_money(site, number)
    news = {"title": "Nya smaker", "text": "Två nya smaker finns från i dag.", "valid_from": "2026-11-20"}
    await bus.ask("operator", "notification", "/news", news | {"valid_through": "2027-01-31"})
    urgent = {"title": "Uppdatering i kväll", "text": "Systemet är stängt 22 till 23.", "is_urgent": True}
    await bus.ask("operator", "notification", "/news", news | urgent | {"valid_through": "2027-01-31"})
    await bus.park(QUEUE, '{"unreadable": true}')
    late = TaskRaised(
        task_id="t-1",
        kind="message_not_sent",
        role="customer_service",
        patient_ref=ref,
        reason="sms-not-possible",
    )
    await bus.services["notification"].hear(late)
    return {"ref": ref, "number": number, "draft": draft, "message": await message_of(site, ref)}


async def of_money(site: Site, number: str) -> str:
    """Publish a tariff, draft another, ask for a correction, propose a waiver, and close two days."""
    bus, billing = site.bus, site.bus.services["billing"]
    tariff = json.loads(TARIFF.read_text())
    first = (await bus.ask("economist", "billing", "/tariffs/drafts", tariff)).json()
    headers = billing.once("economist", sub="economist-2")
    await billing.client.post(f"/tariffs/drafts/{first['draft_id']}/publish", headers=headers)
    next_year = tariff | {"valid_from": "2027-01-01"}
    draft = (await bus.ask("economist", "billing", "/tariffs/drafts", next_year)).json()
    fees = (await bus.ask("economist", "billing", "/fees/search", {"withdrawal_no": number})).json()["fees"]
    asked = {"amount": "50.00", "reason": "LMA-kortet saknades"}
    await bus.ask("economist", "billing", f"/fees/{fees[0]['event_id']}/correction", asked)
    period = {"sent_from": "2026-11-01", "sent_through": "2026-11-30", "reason": "Leveranskris"}
    await bus.ask("economist", "billing", "/waivers", period)
    await bus.ask("economist", "billing", "/batches")
    await billing.run_jobs()
    bus.clock.move(hours=24)
    for _ in range(3):
        await billing.run_jobs()
    return str(draft["draft_id"])


async def message_of(site: Site, ref: str) -> str:
    asked = {"patient_ref": ref}
    found = await site.bus.ask("customer_service", "notification", "/messages/search", asked)
    return str(found.json()[0]["message_id"])


PAGES = {
    "patient": {
        "citizen": "/",
        "citizen-patient": "/patients/{ref}",
        "citizen-withdraw": "/patients/{ref}/withdraw",
        "citizen-fees": "/patients/{ref}/fees",
        "citizen-messages": "/patients/{ref}/messages",
        "citizen-contact": "/patients/{ref}/contact",
        "citizen-log": "/patients/{ref}/log",
    },
    "customer_service": {
        "clerk-start": "/",
        "clerk-tasks": "/tasks",
        "clerk-register": "/register-patient",
        "clerk-shortages": "/shortages",
        "clerk-overrides": "/overrides",
        "clerk-news": "/news",
        "clerk-support": "/support",
        "clerk-message": "/messages/{message}",
    },
    "economist": {
        "money": "/money",
        "money-day": "/money/days/2026-11-23",
        "money-fees": "/money/fees?number={number}",
        "money-corrections": "/money/corrections",
        "money-waivers": "/money/waivers",
        "money-files": "/money/files",
        "money-tariffs": "/money/tariffs",
        "money-tariff": "/money/tariffs/{draft}",
    },
    "operator": {"operations": "/operations", "operator-me": "/me", "operator-help": "/help"},
}
"""Each page of a person, by the name of its picture."""


@pytest.mark.parametrize(
    "way",
    [pytest.param(each, marks=[] if each in OFTEN else pytest.mark.full) for each in WAYS],
    ids=lambda each: "-".join(str(part) for part in each.values()),
)
async def test_no_page_of_work_has_an_obstacle(
    chromium: Browser, site: tuple[Site, Numbers], way: dict[str, Any]
) -> None:
    running_site, numbers = site
    name = f"{way['width']}-{way['locale'][:2]}-{way['color_scheme']}"
    pages_of: dict[str, list[str]] = {}
    async with sitting(chromium, running_site, **way) as person:
        for who, pages in PAGES.items():
            await person.page.goto(f"{running_site.gateway_url}/sign-in")
            await person.page.locator(f"button[value={who}]").click()
            for picture, address in pages.items():
                path = address.format(**numbers)
                for each in await seen(person, path, f"{picture}-{name}"):
                    pages_of.setdefault(each, []).append(f"{who} {path}")

        assert pages_of == {}
        assert [each for each in person.troubles if "404" not in each and "422" not in each] == []


async def seen(person: Person, path: str, picture: str) -> list[str]:
    """Open a page; give its obstacles, and that nothing about a person stands in title or address."""
    answer = await person.page.goto(person.site.gateway_url + path)
    await person.picture(picture)
    title = await person.page.title()
    told = [each for each in ("Test Testsson", NUMBER, "199007052393") if each in title + person.page.url]
    failed = [] if answer and answer.ok else [f"answered {answer and answer.status}"]
    return [*await person.obstacles(), *told, *failed]
