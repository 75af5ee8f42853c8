"""The main jobs of devices as people do them: by keys and a scanner, by mouse, and without scripts."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.devices.running import Clinic
from tests.gateway.clinic import equipped
from tests.gateway.driving import NARROW, Person, browser, sitting
from tests.gateway.site import Site, running
from tests.gateway.test_in_a_browser import finds_by_keys, types_into

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]
SCANNED = ("D100001", "D100002", "D100003", "D200001", "D200002", "910300", "910100", "910101")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Browser]:
    async with browser() as started:
        yield started


@pytest_asyncio.fixture(loop_scope="module")
async def clinic(tmp_path: Path) -> AsyncIterator[tuple[Site, Clinic]]:
    async with running(tmp_path) as site:
        yield site, await equipped(site)


async def test_a_device_is_handed_out_by_keys_and_a_scanner(
    chromium: Browser, clinic: tuple[Site, Clinic]
) -> None:
    async with sitting(chromium, clinic[0]) as person:
        keys, page = person.page.keyboard, person.page
        await person.signs_in("sleep_nurse")
        await finds_by_keys(person)
        await keys.press("Alt+h")
        await page.get_by_role("heading", name="Lämna ut hjälpmedel").wait_for()
        await types_into(person, page.get_by_label("Hjälpmedlets nummer"), "D100001")
        await keys.press("Enter")
        await expect(page.get_by_label("Ja", exact=True)).to_be_focused()
        await keys.press("Space")
        await keys.press("Alt+s")
        await page.get_by_text("Hjälpmedlet är utlämnat").wait_for()
        await person.picture("handed-out-by-keys")

        assert person.troubles == []


async def orders_by_mouse(person: Person) -> str:
    """Order a CPAP from the warehouse, with five clicks from the patient; give the order's number."""
    page = person.page
    await page.get_by_role("link", name="Beställ hjälpmedel").click()
    await page.get_by_label("Lägg till hjälpmedel").press_sequentially("Nattluft A")
    await page.locator("button.hit", has_text="Nattluft A CPAP").click()
    await page.get_by_label("Hämtas från").select_option(label="Centrallagret Demostad")
    await page.get_by_text("Ja", exact=True).click()
    await person.picture("basket")
    await page.get_by_role("button", name="Skicka beställningen").dblclick()
    await page.get_by_text("Beställningen är skickad").wait_for()
    return page.url.split("/")[-1].split("?")[0]


async def brought_to_the_unit(at: Clinic, order_no: str) -> str:
    """Pick, pack and despatch at the warehouse; give the parcel's number."""
    pick = f"/device-orders/{order_no}/pick-list"
    await at.done("keeper", "inventory", f"{pick}/take")
    await at.done("keeper", "inventory", f"{pick}/pick", {"device_no": "D200001"})
    (parcel,) = (await at.done("keeper", "inventory", f"{pick}/pack", {}))["parcels"]
    await at.done("keeper", "inventory", f"/parcels/{parcel['parcel_no']}/despatch")
    return str(parcel["parcel_no"])


async def test_a_device_is_ordered_received_and_handed_over_by_mouse(
    chromium: Browser, clinic: tuple[Site, Clinic]
) -> None:
    site, at = clinic
    async with sitting(chromium, site) as person:
        page = person.page
        await person.signs_in("sleep_nurse")
        await person.finds_the_patient()
        order_no = await orders_by_mouse(person)
        parcel = await brought_to_the_unit(at, order_no)
        await page.get_by_role("link", name="Förråd", exact=True).click()
        await page.get_by_label("Skanna eller skriv ett nummer").fill(parcel)
        await page.get_by_role("button", name="Visa").click()
        await page.get_by_role("button", name="Ta emot kollit").click()
        await page.get_by_text("Klart").wait_for()
        await page.goto(f"{site.gateway_url}/device-orders/{order_no}")
        await page.get_by_role("button", name="Lämna över").click()
        await page.locator("h1 .badge", has_text="utlämnad").wait_for()

        assert person.troubles == []


async def test_eight_scans_in_a_quarter_of_a_second_all_arrive(
    chromium: Browser, clinic: tuple[Site, Clinic]
) -> None:
    async with sitting(chromium, clinic[0]) as person:
        page = person.page
        await person.signs_in("sleep_nurse")
        await page.goto(f"{clinic[0].gateway_url}/store")
        await expect(page.get_by_label("Skanna eller skriv ett nummer")).to_be_focused()
        await page.evaluate(
            """async (codes) => {
                const field = document.getElementById("code");
                for (const code of codes) {
                    field.value = code;
                    field.form.requestSubmit();
                    await new Promise((done) => setTimeout(done, 30));
                }
            }""",
            list(SCANNED),
        )
        await expect(page.locator(".scan")).to_have_count(len(SCANNED))
        await expect(page.get_by_label("Skanna eller skriv ett nummer")).to_be_focused()
        await person.picture("scans")

        names = " ".join(await page.locator(".scan h2").all_inner_texts())
        assert [each for each in SCANNED if each.startswith("D") and each not in names] == []
        assert person.troubles == []


async def test_a_device_is_handed_out_without_scripts_on_a_narrow_screen(
    chromium: Browser, clinic: tuple[Site, Clinic]
) -> None:
    async with sitting(chromium, clinic[0], width=NARROW, java_script_enabled=False) as person:
        page = person.page
        await person.signs_in("sleep_nurse")
        await person.finds_the_patient()
        await page.get_by_role("link", name="Lämna ut från förrådet").click()
        await page.get_by_label("Hjälpmedlets nummer").fill("D100002")
        await page.get_by_role("button", name="Hämta").click()
        await page.get_by_text("Nej", exact=True).click()
        await page.get_by_role("button", name="Lämna ut", exact=False).click()
        await page.get_by_text("Hjälpmedlet är utlämnat").wait_for()
