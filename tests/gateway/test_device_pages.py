"""Every page about devices: with the services' own examples, empty, refused, and with a service down."""

from typing import Any

import httpx
import pytest

from tests.gateway.device_answers import COLLECTION, ORDER, PAGES, REF, SHOWN, device_answers, emptied
from tests.gateway.test_words import TAG
from tests.gateway.visiting import Browser

CODES = ("need_ended", "main_aid", "storeroom_no", "on_loan", "in_stock", "quarantined", "handed_out", "None")
"""What stands in answers for machines, and in no text of a page."""
CANARY = "<b>canary'\"</b>"
WRITTEN = {
    *("name", "article_name", "comment", "reason", "note", "fault", "fault_appears", "why", "detail"),
    *("description", "contact_name", "information", "recipient", "storeroom_name", "care_unit_name"),
}
"""Fields that hold what somebody typed, or read in from a file."""
ONLY_ASKING = ("/find", "/store/scan", "/labels", '/hand-out"')
"""Forms that change nothing; the hand-out of a patient has its key, and is tested by itself."""
LISTS = [
    f"/patients/{REF}/devices",
    f"/patients/{REF}/return",
    f"/patients/{REF}/collect",
    *("/device-orders", "/collections", "/collections/arriving", "/deliveries", "/stock", "/replenishments"),
    *("/templates", "/stocktakes", "/picking", "/maintenance", "/recalls", "/drafts", "/store"),
    *("/baskets", "/maintenance-jobs"),
]


async def signed_in(browser: Browser, person: str = "sleep_nurse") -> None:
    browser.world.answers = device_answers()
    await browser.signed_in(person)


def text_of(page: httpx.Response) -> str:
    """Give what a person reads of a page."""

    main = page.text.split("<main", 1)[1].split("</main>")[0]
    return " ".join(TAG.sub(" ", main).split())


@pytest.mark.parametrize("language", ["sv", "en"])
async def test_every_page_is_shown_in_words(browser: Browser, language: str) -> None:
    await signed_in(browser)
    await browser.http.get(f"/language/{language}")
    for path in PAGES:
        page = await browser.http.get(path)

        assert page.status_code == 200, path
        assert [each for each in CODES if each in text_of(page).split()] == [], path
        assert " style=" not in page.text


async def test_every_page_says_what_to_do_when_there_is_nothing_yet(browser: Browser) -> None:
    await signed_in(browser)
    whole = {at for at, name in SHOWN.items() if name.startswith(("get_", "identify"))}
    drafts = ("ordering", "POST", "/withdrawals/drafts")
    lists = [at for at in (*SHOWN, drafts) if at not in whole]
    browser.world.answers |= {at: emptied(device_answers()[at]) for at in lists}
    for path in LISTS:
        page = await browser.http.get(path)

        assert page.status_code == 200, path
        assert 'class="empty' in page.text, path


@pytest.mark.parametrize("down", ["ordering", "inventory", "billing"])
async def test_a_service_that_is_down_is_said_in_its_place(browser: Browser, down: str) -> None:
    await signed_in(browser)
    browser.world.down.add(down)
    for path in PAGES:
        page = await browser.http.get(path)

        assert page.status_code in (200, 503), path
        if page.status_code == 503:
            assert "svarar inte just nu" in page.text, path

    patient = await browser.http.get(PAGES[0])
    assert "svarar inte just nu" in patient.text or down == "inventory"
    assert "Test Testsson" in patient.text


async def test_what_is_refused_is_said_in_the_services_words(browser: Browser) -> None:
    await signed_in(browser)
    refusal = {"rule": "forbidden", "detail": "Din behörighet räcker inte.", "reasons": []}
    browser.world.answers = {at: httpx.Response(403, json=refusal) for at in SHOWN}
    for path in (f"/device-orders/{ORDER}", "/collections", f"/collections/{COLLECTION}"):
        page = await browser.http.get(path)

        assert page.status_code == 403
        assert "Din behörighet räcker inte." in page.text


def written_by_somebody(said: Any) -> Any:
    """Give an answer in which every text that people write is the canary."""
    if isinstance(said, list):
        return [written_by_somebody(each) for each in said]
    if not isinstance(said, dict):
        return said
    return {
        name: CANARY if name in WRITTEN and isinstance(value, str) else written_by_somebody(value)
        for name, value in said.items()
    }


async def test_what_people_wrote_is_shown_as_text_on_every_page(browser: Browser) -> None:
    await signed_in(browser)
    browser.world.answers = {at: written_by_somebody(said) for at, said in device_answers().items()}
    shown = 0
    for path in PAGES:
        page = await browser.http.get(path)

        assert page.status_code == 200, path
        assert CANARY not in page.text, path
        shown += "&lt;b&gt;canary" in page.text

    assert shown > len(PAGES) // 2


async def test_the_menu_shows_what_the_roles_open(browser: Browser) -> None:
    await signed_in(browser)

    shown = (await browser.http.get("/help")).text

    for address in ("/store", "/device-orders", "/collections", "/maintenance", "/catalogue"):
        assert f'href="{address}"' in shown


async def test_every_form_that_changes_something_has_the_key_that_makes_a_second_press_harmless(
    browser: Browser,
) -> None:
    await signed_in(browser)
    for path in PAGES:
        main = (await browser.http.get(path)).text.split("<main", 1)[1]
        for form in main.split("<form ")[1:]:
            head, body = form.split(">", 1)
            if 'method="post"' in head and not any(each in head for each in ONLY_ASKING):
                assert 'name="key" value="' in body.split("</form>")[0], (path, head)


async def test_a_form_outlives_its_session(browser: Browser) -> None:
    await signed_in(browser)
    typed = {"line:1": "1", "quantity:1": "4", "comment:1": "Liten mask", "do": "send"}
    token = await browser.form_token()
    browser.world.clock.move(hours=2)

    over = await browser.http.post(f"/patients/{REF}/order", data={"form_token": token, **typed})
    await browser.signed_in("sleep_nurse")
    sealed = over.text.split('name="sealed" value="')[1].split('"')[0]
    browser.world.answers["ordering", "PUT", f"/device-baskets/{REF}/lines/1"] = httpx.Response(503)
    again = await browser.http.post(f"/patients/{REF}/order", data={"sealed": sealed})

    assert over.status_code == 401
    assert "Liten mask" not in over.text
    assert ">Liten mask</textarea>" in again.text


async def test_a_form_outlives_a_service_that_is_down(browser: Browser) -> None:
    await signed_in(browser)
    browser.world.down.add("ordering")
    typed = {"line:1": "1", "quantity:1": "4", "comment:1": "Liten mask", "do": "send"}

    silent = await browser.send(f"/patients/{REF}/order", **typed)
    sealed = silent.text.split('name="sealed" value="')[1].split('"')[0]
    browser.world.down.clear()
    browser.world.answers["ordering", "PUT", f"/device-baskets/{REF}/lines/1"] = httpx.Response(503)
    again = await browser.http.post(f"/patients/{REF}/order", data={"sealed": sealed})

    assert silent.status_code == 503
    assert ">Liten mask</textarea>" in again.text
