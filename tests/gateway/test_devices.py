"""Ordering, handing out and following devices, page by page, with the services' own examples."""

from typing import Any

import httpx

from tests.gateway.answers import example
from tests.gateway.device_answers import COLLECTION, DEVICE, ORDER, PLACE, REF, device_answers
from tests.gateway.visiting import Browser

KEY = "k" * 32
ORDER_PAGE = f"/patients/{REF}/order"
HAND_OUT_PAGE = f"/patients/{REF}/hand-out"
FROM = "warehouse:DEMO-W1"
SHOWN = {"line:1": "1", "line:2": "2", "place:1": FROM, "place:2": FROM}
"""The lines of the example's basket, as the page shows them."""
AS_IT_IS = SHOWN | {"fee:1": "yes", "quantity:1": "1", "quantity:2": "3"}
HEAD = {"care_unit": "DEMO-101", "prescriber": "prescriber-1", "deliver_to": "home", "joint": "yes"}
CONTACT = {"contact_name": "Förskrivare Testsson"}
TICKED = {"fit:1": "910101"}


async def signed_in(browser: Browser, person: str = "sleep_nurse") -> None:
    browser.world.answers = device_answers()
    await browser.signed_in(person)
    browser.world.asked.clear()


def changed(browser: Browser, path: str) -> list[Any]:
    return [body for _, method, each, body in browser.world.asked if each == path and method != "GET"]


async def test_the_devices_of_a_patient_are_three_questions(browser: Browser) -> None:
    await signed_in(browser)

    page = await browser.http.get(f"/patients/{REF}")

    assert [path for _, _, path, _ in browser.world.asked] == [
        f"/patients/{REF}",
        f"/patients/{REF}/aids",
        "/fees/search",
    ]
    for words in ("Demo-CPAP", "D100001", "väntar på varor", "1 dec. 2026", "Återlämnat", "210 kr"):
        assert words in page.text


async def test_who_works_with_both_finds_the_devices_beside_the_foods(browser: Browser) -> None:
    await signed_in(browser, "customer_service")

    foods, devices = [await browser.http.get(f"/patients/{REF}{each}") for each in ("", "/devices")]

    assert "Demodryck" in foods.text
    assert "Demo-CPAP" in devices.text


async def test_a_search_says_where_an_article_is_and_why_another_cannot_be_ordered(browser: Browser) -> None:
    await signed_in(browser)
    found = device_answers()["inventory", "POST", "/device-articles/search"]
    why = "Artikeln är utgången. Välj en annan."
    found["articles"][1] |= {"orderable": False, "why_not": why}
    browser.world.answers["inventory", "POST", "/device-articles/search"] = found

    page = await browser.send(ORDER_PAGE, **HEAD, key=KEY, text="demo", do="search")

    assert 'value="add:910300"' in page.text
    assert 'value="add:910100"' not in page.text
    assert why in page.text
    assert "0 i Centrallagret Demostad" in page.text


async def test_the_first_article_begins_the_basket_and_later_ones_join_it(browser: Browser) -> None:
    await signed_in(browser)
    del browser.world.answers["ordering", "GET", f"/device-baskets/{REF}"]
    fields = HEAD | {"prescriber": "", "joint": "", "deliver_to": "unit"}

    await browser.send(ORDER_PAGE, **fields, key=KEY, do="add:910001")

    (head,) = changed(browser, f"/device-baskets/{REF}")
    assert (head["care_unit"], head["prescriber"], head["deliver_to"]) == ("DEMO-101", None, "unit")
    assert changed(browser, f"/device-baskets/{REF}/lines") == [{"article_no": "910001"}]


async def test_only_what_was_changed_is_saved_before_sending(browser: Browser) -> None:
    await signed_in(browser)
    fields = HEAD | CONTACT | AS_IT_IS | {"receiver_name": ""} | {"quantity:2": "5", "fit:1": "910300"}

    page = await browser.send(ORDER_PAGE, **fields, key=KEY, do="send")

    assert changed(browser, f"/device-baskets/{REF}/lines/2") == [{"quantity": 5}]
    assert changed(browser, f"/device-baskets/{REF}/lines/1") == [
        {"removed": ["910101"], "components": [{"article_no": "910300"}]}
    ]
    assert changed(browser, f"/device-baskets/{REF}") == []
    assert changed(browser, f"/device-baskets/{REF}/send") == [None]
    assert page.url.path == "/device-orders/B2026-000001-5"
    assert "Beställningen är skickad" in page.text
    assert "Planerad leverans" in page.text
    assert "B2026-000002-3" in page.text


async def test_what_was_put_in_the_basket_in_another_window_is_not_sent_unseen(browser: Browser) -> None:
    await signed_in(browser)
    seen = {name: value for name, value in AS_IT_IS.items() if not name.endswith(":2")}

    page = await browser.send(ORDER_PAGE, **HEAD, **CONTACT, **seen, **TICKED, key=KEY, do="send")

    assert changed(browser, f"/device-baskets/{REF}/send") == []
    assert "i ett annat fönster" in page.text


async def test_what_hinders_an_order_stands_at_its_line_and_the_form_stays(browser: Browser) -> None:
    await signed_in(browser)
    reason = {"rule": "fee-not-answered", "detail": "Svara på avgiften.", "facts": {"line": 1}}
    refusal = {"rule": "fee-not-answered", "detail": "Svara på avgiften.", "reasons": [reason]}
    browser.world.answers["ordering", "POST", f"/device-baskets/{REF}/send"] = httpx.Response(
        422, json=refusal
    )
    fields = HEAD | CONTACT | AS_IT_IS | TICKED | {"comment:1": "Liten mask"}

    page = await browser.send(ORDER_PAGE, **fields, key=KEY, do="send")

    assert page.status_code == 422
    assert page.text.count("Svara på avgiften.") == 2
    assert ">Liten mask</textarea>" in page.text
    assert f'name="key" value="{KEY}"' in page.text
    assert "<title>Fel:" in page.text


async def test_a_service_that_is_silent_leaves_the_form_and_its_key(browser: Browser) -> None:
    await signed_in(browser)
    browser.world.answers["ordering", "POST", "/hand-outs"] = httpx.Response(503)

    page = await browser.send(HAND_OUT_PAGE, device=DEVICE, fee="yes", key=KEY, do="hand-out")

    assert page.status_code == 503
    assert "svarar inte just nu" in page.text
    assert f'value="{DEVICE}"' in page.text
    assert f'name="key" value="{KEY}"' in page.text


async def test_a_scanned_device_is_shown_with_what_is_asked_of_it(browser: Browser) -> None:
    await signed_in(browser)
    code = "]d2010952000000010321SN-D100001"

    page = await browser.send(HAND_OUT_PAGE, device=code, key=KEY, do="find")

    assert changed(browser, "/scans") == [{"code": code}]
    (asked,) = changed(browser, "/hand-outs/preview")
    assert asked["device_no"] == DEVICE
    assert "Demofilter" in page.text
    assert "Svara ja eller nej" in page.text


async def test_a_device_is_handed_out_in_exchange_in_one_request(browser: Browser) -> None:
    await signed_in(browser)
    browser.world.answers["ordering", "GET", "/device-orders/B2026-000005-6"] = example(
        "ordering", "hand_out_device"
    )
    fields = {"device": DEVICE, "fee": "no", "exchange": "D900009", "disposition": "collect"}
    why = {"purpose": "repair", "fault": "Låter", "fault_appears": "Alltid"}

    page = await browser.send(HAND_OUT_PAGE, **fields, **why, standard="910101", key=KEY, do="hand-out")

    (made,) = changed(browser, "/hand-outs")
    assert made["fee"] is False
    assert made["removed"] == ["910101"]
    assert made["exchange"]["device_no"] == "D900009"
    assert made["exchange"]["collection"]["fault"] == "Låter"
    assert page.url.path == "/device-orders/B2026-000005-6"
    assert "Hjälpmedlet är utlämnat" in page.text


async def test_a_code_that_names_no_device_is_said_in_words(browser: Browser) -> None:
    await signed_in(browser)
    nothing = device_answers()["inventory", "POST", "/scans"] | {
        "device": None,
        "why_nothing": "Ingen individ har det numret.",
    }
    browser.world.answers["inventory", "POST", "/scans"] = nothing

    page = await browser.send(HAND_OUT_PAGE, device="D999999", key=KEY, do="find")

    assert page.status_code == 422
    assert "Ingen individ har det numret." in page.text


async def test_what_waits_at_the_unit_is_handed_over_in_exchange(browser: Browser) -> None:
    await signed_in(browser)
    at = ("ordering", "GET", f"/device-orders/{ORDER}")
    order = device_answers()[at] | {"order_no": ORDER}
    order["lines"][0] |= {"at_unit": 1, "device_nos": ["D200001"], "labels": ["D200001"]}
    browser.world.answers[at] = order

    shown = await browser.http.get(f"/device-orders/{ORDER}")
    await browser.send(
        f"/device-orders/{ORDER}",
        **{"line": "1", "quantity:1": "1", "exchange:1": "D100001", "key": KEY, "do": "hand-over"},
    )

    assert "Lämna över till patienten" in shown.text
    (handed,) = changed(browser, f"/device-orders/{ORDER}/hand-overs")
    exchange = {"device_no": "D100001", "disposition": "return"}
    assert handed == {"lines": [{"line_no": 1, "quantity": 1, "exchange": exchange}]}


async def test_a_return_is_ticked_by_its_scan_and_registered(browser: Browser) -> None:
    await signed_in(browser)

    scanned = await browser.send(f"/patients/{REF}/return", scan="d100001", key=KEY, do="scan")
    done = await browser.send(
        f"/patients/{REF}/return", device="D100001", storeroom_no=PLACE, key=KEY, do="return"
    )

    assert 'value="D100001" checked' in scanned.text
    (body,) = changed(browser, "/returns")
    assert body["devices"] == [{"device_no": "D100001", "disposition": "return"}]
    assert "R2026-000001-0" in done.text


async def test_a_collection_order_has_a_purpose_for_each_device(browser: Browser) -> None:
    await signed_in(browser)
    fields = {"device": "D200001", "purpose:D200001": "repair", "fault:D200001": "Visslar"}
    place = {"care_unit": "DEMO-101", "place": "care_unit", "fault_appears:D200001": "På natten"}

    page = await browser.send(f"/patients/{REF}/collect", **fields, **place, key=KEY, do="register")

    (body,) = changed(browser, "/collection-orders")
    (device,) = body["devices"]
    assert (device["purpose"], device["fault"], device["fault_appears"]) == ("repair", "Visslar", "På natten")
    assert page.url.path == f"/collections/{COLLECTION}"


async def test_orders_are_sorted_by_one_column_and_a_second_click_turns_them(browser: Browser) -> None:
    await signed_in(browser)

    first = await browser.http.get("/device-orders", params={"mine": "1"})
    await browser.http.get("/device-orders", params={"sort": "number", "direction": "ascending"})

    assert 'aria-sort="descending"' in first.text
    assert 'href="/device-orders?mine=1&amp;sort=sent_at&amp;direction=ascending"' in first.text
    assert 'href="/withdrawals/U2026-000001-7"' in first.text
    asked = changed(browser, "/orders/search")
    assert asked[0] == {"mine": True}
    assert asked[1] == {"sort": "number", "direction": "ascending", "mine": False}


async def test_another_place_is_another_source(browser: Browser) -> None:
    await signed_in(browser)
    fields = HEAD | CONTACT | AS_IT_IS | TICKED | {"place:2": f"storeroom:{PLACE}"}

    page = await browser.send(ORDER_PAGE, **fields, key=KEY, do="update")

    assert changed(browser, f"/device-baskets/{REF}/lines/2") == [
        {"source": "storeroom", "storeroom_no": PLACE}
    ]
    assert '<option value="storeroom:DEMO-S1">Sömnmottagningens förråd</option>' in page.text
