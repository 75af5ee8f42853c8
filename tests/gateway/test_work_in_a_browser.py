"""A citizen withdraws, and two economists waive fees: each by mouse, and by keys alone."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.gateway.driving import NARROW, Person, browser, sitting
from tests.gateway.site import NUMBER, Site, running
from tests.gateway.surfing import prescribed, withdrawn
from tests.gateway.test_in_a_browser import types_into

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]
FROM, THROUGH, WHY = "2026-11-01", "2026-11-30", "Leveranskris"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Browser]:
    async with browser() as started:
        yield started


@pytest_asyncio.fixture(loop_scope="module")
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with running(tmp_path) as site:
        ref = await site.registered()
        site.is_patient("patient", ref)
        await prescribed(site, ref)
        yield site


async def test_a_citizen_withdraws_by_mouse_on_a_narrow_screen_and_follows_it(
    chromium: Browser, site: Site
) -> None:
    async with sitting(chromium, site, width=NARROW) as person:
        page = person.page
        await person.signs_in("patient")
        await page.get_by_role("link", name="Gör uttag").click()
        await page.locator(".flavour input").first.fill("20")
        await page.get_by_text("kan skickas").wait_for()
        await page.get_by_role("button", name="Skicka uttaget").click()
        await page.get_by_text("Uttaget är skickat").wait_for()
        await site.bus.converse()
        await page.get_by_role("link", name="Start").click()
        await page.get_by_role("link", name="Egenavgifter").click()

        assert "120 kr" in await page.locator("main").inner_text()
        assert person.troubles == []


async def test_a_citizen_withdraws_by_keys_alone(chromium: Browser, site: Site) -> None:
    async with sitting(chromium, site) as person:
        keys, page = person.page.keyboard, person.page
        await person.signs_in("patient")
        await page.get_by_role("link", name="Visa allt").focus()
        await keys.press("Enter")
        await page.get_by_role("heading", name="Aktiva rader").wait_for()
        await keys.press("Alt+u")
        await page.get_by_role("heading", name="Nytt uttag").wait_for()
        await page.locator("input[name=line]").focus()
        await keys.press("Tab")
        await keys.type("20")
        await page.get_by_text("kan skickas").wait_for()
        await keys.press("Alt+s")
        await page.get_by_text("Uttaget är skickat").wait_for()

        assert person.troubles == []


async def opens_waivers(person: Person, who: str) -> None:
    await person.signs_in(who)
    await person.page.get_by_role("link", name="Ekonomi").click()
    await person.page.get_by_role("link", name="Efterskänkta avgifter").click()
    await person.page.get_by_role("heading", name="Nytt förslag").wait_for()


async def test_fees_are_waived_by_two_by_mouse(chromium: Browser, site: Site) -> None:
    ref = (
        await site.bus.ask("customer_service", "prescription", "/patients/find", {"number": NUMBER})
    ).json()
    await withdrawn(site, ref["patient_ref"])
    async with sitting(chromium, site) as person:
        page = person.page
        await opens_waivers(person, "economist")
        await page.get_by_label("Uttag skickade från och med").fill(FROM)
        await page.get_by_label("Till och med").fill(THROUGH)
        await page.get_by_label("Skäl").fill(WHY)
        await page.get_by_role("button", name="Räkna").last.click()
        await page.get_by_text("1 avgift").wait_for()
        await page.get_by_role("button", name="Föreslå").click()
        await page.get_by_text("En annan ekonom beslutar").wait_for()
        assert await page.get_by_role("button", name="Besluta").count() == 0
        await person.signs_out()
        await opens_waivers(person, "economist_2")
        await page.get_by_role("button", name="Besluta").click()
        await page.get_by_text("Avgifterna krediteras").wait_for()

        assert person.troubles == []


async def test_fees_are_waived_by_two_by_keys_alone(chromium: Browser, site: Site) -> None:
    async with sitting(chromium, site) as person:
        keys, page = person.page.keyboard, person.page
        await opens_waivers(person, "economist")
        await types_into(person, page.get_by_label("Uttag skickade från och med"), FROM)
        await keys.press("Tab")
        await types_into(person, page.get_by_label("Till och med"), THROUGH)
        await page.get_by_label("Skäl").focus()
        await keys.type(WHY)
        await keys.press("Alt+s")
        await page.get_by_text("En annan ekonom beslutar").wait_for()
        await person.signs_out()
        await opens_waivers(person, "economist_2")
        await keys.press("Alt+b")
        await page.get_by_text("Avgifterna krediteras").wait_for()

        assert person.troubles == []
