"""The main flow as people do it: by mouse, by keyboard alone, and without scripts on a narrow screen."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, expect

from tests.gateway.driving import NARROW, Person, browser, sitting
from tests.gateway.site import Site, running

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]
ARTICLE = "smak DEMO dryck"
FLAVOURS = ("10", "5", "5")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Browser]:
    async with browser() as started:
        yield started


@pytest_asyncio.fixture(loop_scope="module")
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with running(tmp_path) as site:
        await site.registered()
        yield site


async def prescribed_by_mouse(person: Person) -> None:
    page = person.page
    await person.signs_in("dietitian")
    await person.finds_the_patient()
    await page.get_by_role("link", name="Ny förskrivning").click()
    await page.get_by_label("Lägg till artikel").fill(ARTICLE)
    await page.get_by_role("button", name="Sök artikel").click()
    await page.locator("button.hit").first.click()
    await page.get_by_label("Mängd").fill("20")
    await page.get_by_role("button", name="Spara förskrivningen").click()
    await page.get_by_text("Förskrivningen är sparad").wait_for()
    await person.signs_out()


async def withdrawn_by_mouse(person: Person) -> None:
    page = person.page
    await person.signs_in("customer_service")
    await person.finds_the_patient()
    await page.get_by_role("link", name="Skapa uttag").click()
    fields = page.locator(".flavour input")
    for place, count in enumerate(FLAVOURS):
        await fields.nth(place).fill(count)
    await page.get_by_role("button", name="Räkna om").last.click()
    await page.get_by_text("kan skickas").wait_for()
    await person.picture("filled-in")
    await page.get_by_role("button", name="Skicka uttaget").click()
    await page.get_by_text("Uttaget är skickat").wait_for()


async def follows_until_delivered(person: Person) -> None:
    await person.site.bus.converse()
    await person.page.get_by_role("link", name="Uppdatera").click()
    await person.page.locator("h1 .badge", has_text="levererad").wait_for()


async def test_a_dietitian_prescribes_and_customer_service_withdraws_until_it_is_delivered(
    chromium: Browser, site: Site
) -> None:
    async with sitting(chromium, site) as person:
        await prescribed_by_mouse(person)
        await withdrawn_by_mouse(person)
        assert "120 kr" in await person.page.locator(".message-box--success").inner_text()
        await follows_until_delivered(person)

        assert person.troubles == []


async def types_into(person: Person, field: Locator, text: str) -> None:
    """Type where the page has put the cursor; keys that come before it would be lost."""
    await expect(field).to_be_focused()
    await person.page.keyboard.type(text)


async def finds_by_keys(person: Person) -> None:
    await types_into(person, person.page.get_by_label("Sök patient"), "199007052393")
    await person.page.keyboard.press("Enter")
    await person.page.get_by_role("heading", name="Test Testsson").wait_for()


async def prescribes_by_keys(person: Person) -> None:
    keys, page = person.page.keyboard, person.page
    await keys.press("Alt+n")
    await page.get_by_role("heading", name="Ny förskrivning").wait_for()
    await types_into(person, page.get_by_label("Lägg till artikel"), ARTICLE)
    await page.locator("button.hit").first.wait_for()
    await keys.press("ArrowDown")
    await keys.press("Enter")
    await types_into(person, page.get_by_label("Mängd"), "20")
    await page.get_by_text("kan sparas").wait_for()
    await keys.press("Alt+s")
    await page.get_by_text("Förskrivningen är sparad").wait_for()


async def withdraws_by_keys(person: Person) -> None:
    keys, page = person.page.keyboard, person.page
    await keys.press("Alt+u")
    await page.get_by_role("heading", name="Nytt uttag").wait_for()
    await page.locator("input[name=line]").focus()
    for count in FLAVOURS:
        await keys.press("Tab")
        await keys.type(count)
    await page.get_by_text("kan skickas").wait_for()
    await keys.press("Alt+s")
    await page.get_by_text("Uttaget är skickat").wait_for()


async def test_the_whole_flow_is_done_by_keys_alone(chromium: Browser, site: Site) -> None:
    async with sitting(chromium, site) as person:
        await person.signs_in("dietitian")
        await finds_by_keys(person)
        await prescribes_by_keys(person)
        await person.signs_out()
        await person.signs_in("customer_service")
        await finds_by_keys(person)
        await withdraws_by_keys(person)

        assert person.troubles == []


async def test_the_whole_flow_is_done_without_scripts_on_a_narrow_screen(
    chromium: Browser, site: Site
) -> None:
    async with sitting(chromium, site, width=NARROW, java_script_enabled=False) as person:
        await prescribed_by_mouse(person)
        await withdrawn_by_mouse(person)
        await follows_until_delivered(person)
