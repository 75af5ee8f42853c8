"""Role by role each page: opened by exactly those whom the table names; and nothing of what is another's."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from gateway.web.opened_by import OPENED_BY
from shared.auth.policy import whole_policy
from shared.events.tasks import TaskRaised
from tests.gateway.site import NUMBER, Site
from tests.gateway.surfing import prescribed, surfing, withdrawn
from tests.gateway.visiting import Surfer

pytestmark = pytest.mark.asyncio(loop_scope="module")
PEOPLE = {
    "dietitian": "prescriber",
    "order_placer": "order_placer",
    "customer_service": "customer_service",
    "warehouse_keeper": "store_keeper",
    "technician": "technician",
    "economist": "economist",
    "operator": "operator",
    "patient": "patient",
}
Surfing = tuple[Site, Surfer, dict[str, str]]
REFUSED = frozenset({403, 404})
OF_OTHER_THINGS = {
    "/device-orders/{order_no}",
    "/replenishments/{order_no}",
    "/picking/{order_no}",
    "/picking/{order_no}/list.pdf",
    "/labels.pdf",
}
"""Pages for whose kind of order, or for which devices, the number here is none."""
KNOWN = frozenset({200, 403, 404, 422})
"""What a page answers about something that is not there."""
NOT_YOURS = "Din roll har inte den här sidan."


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def surf(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Surfing]:
    async with surfing(tmp_path_factory.mktemp("roles")) as (site, browser):
        yield site, browser, await furnished(site)


async def furnished(site: Site) -> dict[str, str]:
    """Give a value for each part of an address."""
    ref = await site.registered()
    site.is_patient("patient", ref)
    await prescribed(site, ref)
    number = await withdrawn(site, ref)
    await site.bus.converse()
    whole = await site.bus.ask("customer_service", "ordering", f"/withdrawals/{number}", method="GET")
    asked = {"patient_ref": ref}
    found = await site.bus.ask("customer_service", "notification", "/messages/search", asked)
    return {
        "patient_ref": ref,
        "withdrawal_no": number,
        "order_no": whole.json()["orders"][0]["order_no"],
        "message_id": found.json()[0]["message_id"],
    }


PART = re.compile(r"{(\w+)}")


def filled(path: str, of: dict[str, str]) -> str:
    return PART.sub(lambda found: of.get(found[1], "nobody"), path)


def may_open(role: str, path: str) -> bool:
    return role in whole_policy()[OPENED_BY[path]].roles


@pytest.mark.parametrize("person", PEOPLE)
async def test_each_page_opens_for_exactly_the_roles_of_the_table(surf: Surfing, person: str) -> None:
    _, browser, numbers = surf
    await browser.signed_in(person)

    wrong = {}
    for path in OPENED_BY:
        address = filled(path, numbers)
        answer = await browser.http.get(address)
        if not may_open(PEOPLE[person], path):
            expected = answer.status_code == 403
        elif "nobody" in address or path in OF_OTHER_THINGS:
            expected = answer.status_code in KNOWN and NOT_YOURS not in answer.text
        else:
            expected = answer.status_code == 200
        if not expected:
            wrong[address] = answer.status_code
    assert wrong == {}


@pytest.mark.parametrize("person", PEOPLE)
async def test_no_menu_leads_to_a_page_that_the_role_does_not_open(surf: Surfing, person: str) -> None:
    _, browser, _ = surf
    start = (await browser.signed_in(person)).text
    menu = start.split('class="imenu__list"')[1].split("</nav>")[0]

    for address in menu.split('href="')[1:]:
        path = address.split('"')[0]
        assert (await browser.http.get(path)).status_code == 200, path


async def test_a_prescriber_of_another_unit_sees_nothing_by_guessed_addresses(surf: Surfing) -> None:
    site, browser, numbers = surf
    told = TaskRaised(
        task_id="t-unit",
        kind="unsent_draft",
        role="prescriber",
        care_unit="DEMO-101",
        reason="begun-and-not-sent",
    )
    await site.bus.services["notification"].hear(told)
    await browser.signed_in("dietitian_elsewhere")

    for path in ("/withdrawals/{withdrawal_no}", "/orders/{order_no}"):
        answer = await browser.http.get(filled(path, numbers))
        assert answer.status_code in REFUSED
        assert "Test Testsson" not in answer.text
    patient = (await browser.http.get(f"/patients/{numbers['patient_ref']}")).text
    fees = (await browser.http.get(f"/patients/{numbers['patient_ref']}/fees")).text
    assert "Demodryck" not in patient
    assert numbers["withdrawal_no"] not in patient + fees
    assert (await browser.http.get("/tasks/t-unit")).status_code == 404


async def test_no_address_and_no_title_says_who_it_is_about(surf: Surfing) -> None:
    _, browser, numbers = surf
    await browser.signed_in("customer_service")

    for path in (each for each in OPENED_BY if may_open("customer_service", each)):
        if "." in path:
            continue
        answer = await browser.http.get(filled(path, numbers))
        title = answer.text.split("<title>")[1].split("</title>")[0]
        for personal in ("Testsson", NUMBER, "199007052393"):
            assert personal not in title + str(answer.url)
