"""An operator's page, my page and help, over the real services."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fastapi.routing import APIRoute

from gateway.web.opened_by import OPENED_BY
from tests.gateway.site import Site
from tests.gateway.surfing import prescribed, surfing, withdrawn
from tests.gateway.visiting import Browser, Surfer

Surfing = tuple[Site, Surfer]
FOR_ALL = {
    "/help",
    "/accessibility",
    "/signed-out",
    "/sign-in",
    "/sign-in/callback",
    "/language/{language}",
    "/live",
    "/ready",
    "/static/{stamp}/{name:path}",
    "/device-orders/{order_no}/{paper}.pdf",
}
"""Pages that need no role; each print of an order is for those whom ordering lets print it."""
QUEUE = "notification.hears.prescription.patient_changed.v1"


@pytest.fixture
async def surf(tmp_path: Path) -> AsyncIterator[Surfing]:
    async with surfing(tmp_path) as surfing_now:
        yield surfing_now


async def test_an_operator_sees_every_service_and_one_that_does_not_answer(surf: Surfing) -> None:
    site, browser = surf
    await browser.signed_in("operator")
    site.down.add("inventory")

    page = (await browser.http.get("/operations")).text

    assert page.count("svarar inte</span>") == 1
    assert "Inget är parkerat." in page


async def test_a_parked_message_is_replayed_or_discarded_with_a_reason(surf: Surfing) -> None:
    site, browser = surf
    await site.bus.park(QUEUE, '{"unreadable": true}')
    await browser.signed_in("operator")
    page = (await browser.http.get("/operations")).text
    named = page.split('value="discard:')[1].split('"')[0]

    silent = await browser.send("/operations", key="a" * 32, do=f"discard:{named}")
    gone = await browser.send(
        "/operations",
        **{f"because:{named.partition('/')[2]}": "Går inte att läsa"},
        key="b" * 32,
        do=f"discard:{named}",
    )

    assert "patient_changed" in page
    assert silent.status_code == 422
    assert "Meddelandet är kasserat" in gone.text
    assert "Inget är parkerat." in gone.text


async def test_nobody_else_sees_the_operations_of_the_system(surf: Surfing) -> None:
    _, browser = surf
    for person in ("dietitian", "customer_service", "economist"):
        await browser.signed_in(person)
        assert (await browser.http.get("/operations")).status_code == 403


async def test_my_page_lists_the_own_withdrawals_and_keeps_the_own_settings(surf: Surfing) -> None:
    site, browser = surf
    ref = await site.registered()
    await prescribed(site, ref)
    await browser.signed_in("customer_service")
    page = (await browser.http.get(f"/patients/{ref}/withdraw")).text
    line = page.split('name="line" value="')[1].split('"')[0]
    field = page.split('name="packages:')[1].split('"')[0]
    fields = {"line": line, f"packages:{field}": "20", "key": "k" * 32, "do": "send"}
    number = (await browser.send(f"/patients/{ref}/withdraw", **fields)).url.path.rpartition("/")[2]

    saved = await browser.send("/me", source="warehouse", key="b" * 32)

    assert number in saved.text
    assert '<option value="warehouse" selected>' in saved.text


async def test_the_help_link_of_a_page_leads_to_its_own_part_for_this_person(surf: Surfing) -> None:
    site, browser = surf
    ref = await site.registered()
    await prescribed(site, ref)
    number = await withdrawn(site, ref)
    await browser.signed_in("customer_service")

    page = (await browser.http.get(f"/withdrawals/{number}")).text
    help_page = (await browser.http.get("/help")).text

    assert 'href="/help#following"' in page
    assert 'id="following"' in help_page
    assert 'id="money"' not in help_page
    await browser.signed_in("economist")
    assert 'id="money"' in (await browser.http.get("/help")).text


async def test_every_page_but_the_open_ones_says_which_permission_opens_it(browser: Browser) -> None:
    routes = [each for each in browser.world.gateway.routes if isinstance(each, APIRoute)]
    read = {each.path for each in routes if "GET" in (each.methods or ())}

    assert read - set(OPENED_BY) == FOR_ALL
    assert set(OPENED_BY) - read == set()
