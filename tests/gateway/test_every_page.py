"""Every page: no obstacle that axe finds, nothing too wide, no complaint; and a picture of each."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.gateway.driving import NARROW, WIDE, Person, browser, sitting
from tests.gateway.site import Site, running
from tests.watch.main_job import ARTICLE

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]
WAYS: tuple[dict[str, Any], ...] = (
    {"width": WIDE, "locale": "sv-SE", "color_scheme": "light"},
    {"width": NARROW, "locale": "en-GB", "color_scheme": "dark"},
    {"width": NARROW, "locale": "sv-SE", "color_scheme": "light"},
    {"width": WIDE, "locale": "en-GB", "color_scheme": "dark"},
)
"""Each two of width, language and colours together; the first two have each of them once."""
OFTEN = WAYS[:2]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Browser]:
    async with browser() as started:
        yield started


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Site, dict[str, str]]]:
    async with running(tmp_path_factory.mktemp("site")) as site:
        yield site, await furnished(site)


async def furnished(site: Site) -> dict[str, str]:
    """Prescribe two articles and withdraw one, so that no page is empty; give the numbers."""
    ref, bus = await site.registered(), site.bus
    lines = [
        {"article_no": number, "packages": 20, "days": 30, "withdrawals": 6} for number in (ARTICLE, "900100")
    ]
    form = {"patient_ref": ref, "prescription_type": "energy_nutrition", "care_unit": "DEMO-101"}
    for each in lines:
        await bus.ask("dietitian", "prescription", "/prescriptions", {**form, "lines": [each]})
        await bus.settle()
    allowance = (await bus.ask("customer_service", "ordering", f"/allowances/{ref}", method="GET")).json()
    line = allowance["lines"][0]
    split = [{"article_no": each["article_no"], "packages": 10} for each in line["variants"][:2]]
    delivery = {"kind": "home", "rule": "leave_outside", "notice": "none"}
    items = [{"line_id": line["line_id"], "split": split}]
    asked = {"patient_ref": ref, "items": items, "delivery": delivery}
    drafted = (await bus.ask("customer_service", "ordering", "/withdrawals", asked)).json()
    number = drafted["withdrawal_no"]
    sent = (await bus.ask("customer_service", "ordering", f"/withdrawals/{number}/send")).json()
    await bus.settle()
    return {"ref": ref, "withdrawal": number, "order": sent["order_nos"][0]}


def pages(person: str, of: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Give each page of a person with the name of its picture."""
    yield "start", "/"
    yield "patient", f"/patients/{of['ref']}"
    yield "my-page", "/me"
    if person == "dietitian":
        yield "prescribe", f"/patients/{of['ref']}/prescribe"
        yield "help", "/help"
        yield "accessibility", "/accessibility"
    else:
        yield "withdraw", f"/patients/{of['ref']}/withdraw"
        yield "withdrawal", f"/withdrawals/{of['withdrawal']}?sent=1"
        yield "order", f"/orders/{of['order']}"
        yield "tasks", "/tasks"
        yield "refused", "/orders/B2026-999999-9"
        yield "missing", "/nothing-here"


@pytest.mark.parametrize(
    "way",
    [pytest.param(each, marks=[] if each in OFTEN else pytest.mark.full) for each in WAYS],
    ids=lambda each: "-".join(str(part) for part in each.values()),
)
async def test_no_page_has_an_obstacle(
    chromium: Browser, site: tuple[Site, dict[str, str]], way: dict[str, Any]
) -> None:
    running_site, numbers = site
    found: dict[str, list[str]] = {}
    name = f"{way['width']}-{way['locale'][:2]}-{way['color_scheme']}"
    async with sitting(chromium, running_site, **way) as person:
        await person.page.goto(running_site.gateway_url)
        found["landing"] = await seen(person, f"landing-{name}")
        for who in ("dietitian", "customer_service"):
            await person.page.goto(f"{running_site.gateway_url}/sign-in")
            await person.page.locator(f"button[value={who}]").click()
            for picture, path in pages(who, numbers):
                await person.page.goto(running_site.gateway_url + path)
                found[f"{who} {path}"] = await seen(person, f"{picture}-{name}")

        pages_of: dict[str, list[str]] = {}
        for path, obstacles in found.items():
            for each in obstacles:
                pages_of.setdefault(each, []).append(path)
        assert pages_of == {}
        assert [each for each in person.troubles if "404" not in each and "422" not in each] == []


async def seen(person: Person, picture: str) -> list[str]:
    await person.picture(picture)
    return await person.obstacles()
