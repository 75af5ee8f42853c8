"""Scanning, receiving, replenishing, counting and maintaining, with the services' own examples."""

from typing import Any

import httpx
import pytest

from tests.gateway.device_answers import (
    COLLECTION,
    DEVICE,
    JOB,
    ORDER,
    PLACE,
    RECALL,
    REF,
    REPLENISHMENT,
    TEMPLATE,
    device_answers,
)
from tests.gateway.visiting import Browser

KEY = "k" * 32
PARTIAL = {"HX-Request-Type": "partial"}


async def signed_in(browser: Browser) -> None:
    browser.world.answers = device_answers()
    await browser.signed_in("sleep_nurse")
    browser.world.asked.clear()


def sent(browser: Browser, path: str) -> list[Any]:
    return [body for _, method, each, body in browser.world.asked if each == path and method != "GET"]


def done(browser: Browser, *paths: str) -> None:
    """Let inventory carry out what is asked at these addresses."""
    for each in paths:
        browser.world.answers["inventory", "POST", each] = {"order_no": REPLENISHMENT, "job_no": JOB}


NUMBERS = {
    "h2026-000001-3": f"/collections/{COLLECTION}",
    "P2026 000001 8": f"/replenishments/{REPLENISHMENT}",
    "A2026-000001-6": f"/maintenance-jobs/{JOB}",
    "B20260000023": f"/orders/{ORDER}",
    "d100001": f"/devices/{DEVICE}",
}


@pytest.mark.parametrize("typed", NUMBERS)
async def test_every_number_of_ours_leads_to_its_thing(browser: Browser, typed: str) -> None:
    await signed_in(browser)

    page = await browser.send("/find", what=typed)

    assert page.status_code == 200
    assert page.url.path == NUMBERS[typed]


async def test_a_number_of_an_order_of_devices_leads_to_that_order(browser: Browser) -> None:
    await signed_in(browser)
    del browser.world.answers["ordering", "GET", f"/orders/{ORDER}"]

    page = await browser.send("/find", what=ORDER)

    assert page.url.path == f"/device-orders/{ORDER}"


async def test_a_slip_in_a_number_is_said_and_a_return_has_no_page(browser: Browser) -> None:
    await signed_in(browser)

    slip, returned = [await browser.send("/find", what=each) for each in ("B2026-000001-6", "R2026-000001-0")]

    assert "kontrollera varje tecken" in slip.text
    assert "Numret gäller en retur" in returned.text
    assert (slip.status_code, returned.status_code) == (422, 422)


async def test_words_find_articles_beside_patients_and_the_next_page(browser: Browser) -> None:
    await signed_in(browser)
    found = device_answers()["prescription", "POST", "/patients/search"] | {"next": "place-51"}
    browser.world.answers["prescription", "POST", "/patients/search"] = found

    page = await browser.send("/find", what="mask")
    await browser.send("/find", what="mask", after="place-51")

    assert 'href="/articles/910300"' in page.text
    assert 'name="after" value="place-51"' in page.text
    assert sent(browser, "/patients/search")[-1] == {"criteria": {"name": "mask"}, "after": "place-51"}


async def test_a_list_that_goes_on_has_a_next_page_with_the_same_filters(browser: Browser) -> None:
    await signed_in(browser)
    stock = device_answers()["inventory", "POST", "/stock/search"]
    browser.world.answers["inventory", "POST", "/stock/search"] = httpx.Response(
        200, json=stock, headers={"Next-Cursor": "c2"}
    )

    first = await browser.http.get("/stock", params={"balance": "some"})
    second = await browser.http.get("/stock", params={"balance": "some", "cursor": "c2"})

    assert 'href="/stock?balance=some&amp;cursor=c2"' in first.text
    assert 'href="/stock?balance=some"' in second.text


async def test_a_scan_says_what_it_is_and_offers_what_may_be_done(browser: Browser) -> None:
    await signed_in(browser)
    token = await browser.form_token()
    part = await browser.http.post("/store/scan", data={"form_token": token, "code": DEVICE}, headers=PARTIAL)
    page = await browser.send("/store/scan", code=DEVICE)

    for each in (part, page):
        assert "Demo-CPAP" in each.text
        assert f'href="/devices/{DEVICE}/hand-out"' in each.text
    assert '<hx-partial hx-target="#say">' in part.text
    assert "<html" not in part.text


async def test_an_unknown_code_comes_back_with_words(browser: Browser) -> None:
    await signed_in(browser)
    refusal = {"rule": "nothing-read", "detail": "Skanna igen, eller skriv numret."}
    browser.world.answers["inventory", "POST", "/scans"] = httpx.Response(422, json=refusal)

    page = await browser.send("/store/scan", code="??")

    assert "Skanna igen, eller skriv numret." in page.text
    assert "??" in page.text


async def test_a_scanned_device_is_handed_out_to_who_is_found_by_number(browser: Browser) -> None:
    await signed_in(browser)

    page = await browser.send(f"/devices/{DEVICE}/hand-out", number="19900705-2393")

    assert page.url.path == f"/patients/{REF}/hand-out"
    assert f'value="{DEVICE}"' in page.text
    assert "2393" not in str(page.url)


async def test_a_parcel_is_received_with_what_was_wrong(browser: Browser) -> None:
    await signed_in(browser)
    at = ("inventory", "GET", f"/replenishments/{REPLENISHMENT}")
    (delivery,) = device_answers()["inventory", "GET", "/deliveries"]
    browser.world.answers[at] = delivery
    parcel = f"{REPLENISHMENT}.1"
    path = f"/replenishments/{REPLENISHMENT}/parcels/{parcel}/receive"
    done(browser, path)
    wrong = {f"kind:{parcel}:1": "damaged", f"count:{parcel}:1": "2", f"reason:{parcel}:1": "Våt kartong"}
    what = {f"article:{parcel}:1": "910300", f"lot:{parcel}:1": "L2"}

    shown = await browser.http.get(f"/replenishments/{REPLENISHMENT}")
    await browser.send(f"/replenishments/{REPLENISHMENT}", **wrong, **what, key=KEY, do=f"receive:{parcel}")

    assert "Stämmer det?" in shown.text
    assert "färre än minst 4" in shown.text
    (body,) = sent(browser, path)
    (deviation,) = body["deviations"]
    assert deviation == {
        "kind": "damaged",
        "article_no": "910300",
        "reason": "Våt kartong",
        "quantity": 2,
        "lot": "L2",
    }


async def test_goods_are_ordered_to_the_storeroom_with_what_there_is_beside(browser: Browser) -> None:
    await signed_in(browser)
    rows = {"article": "910100", "packages": "2", "care_unit": "DEMO-101", "reason": ""}

    shown = await browser.send("/replenishments/new", **rows, key=KEY, do="update")
    await browser.send("/replenishments/new", **rows, key=KEY, do="order")

    assert "6 på lagret" in shown.text
    (body,) = sent(browser, "/replenishments")
    assert body["lines"] == [{"article_no": "910100", "packages": 2}]


async def test_a_template_is_ordered_with_one_press(browser: Browser) -> None:
    await signed_in(browser)
    path = f"/order-templates/{TEMPLATE}/order"
    done(browser, path)

    page = await browser.send(f"/templates/{TEMPLATE}", article="910100", packages="3", key=KEY, do="order")

    assert sent(browser, path) == [{"lines": [{"article_no": "910100", "packages": 3}], "joint": False}]
    assert page.url.path == f"/replenishments/{REPLENISHMENT}"


async def test_only_what_was_counted_is_registered(browser: Browser) -> None:
    await signed_in(browser)
    fields = {"counted:910500:L1": "3", "best_before:910500:L1": "2027-06-01", "counted:910100:": ""}

    await browser.send(
        f"/stocktakes/{PLACE}/count",
        **fields,
        **{"devices:910001": "D100001\nD100002", "reason": "Inventering", "key": KEY, "do": "register"},
    )

    (body,) = sent(browser, f"/storerooms/{PLACE}/stocktakes")
    assert body["counts"] == [
        {"article_no": "910500", "counted": 3, "lot": "L1", "best_before": "2027-06-01"},
        {"article_no": "910001", "device_nos": ["D100001", "D100002"]},
    ]


async def test_a_print_and_a_file_come_as_they_are(browser: Browser) -> None:
    await signed_in(browser)
    at = ("inventory", "POST", f"/storerooms/{PLACE}/stock/")
    for kind, media_type in (("print", "application/pdf"), ("export", "text/csv")):
        said = httpx.Response(200, content=b"made", headers={"Content-Type": media_type})
        browser.world.answers[at[0], at[1], at[2] + kind] = said

    pdf, csv = [await browser.http.get(f"/stock/{PLACE}.{each}") for each in ("pdf", "csv")]

    assert (pdf.content, csv.content) == (b"made", b"made")
    assert pdf.headers["content-disposition"].startswith("inline")
    assert csv.headers["content-disposition"].startswith("attachment")


async def test_a_fault_becomes_a_job_and_the_work_is_registered(browser: Browser) -> None:
    await signed_in(browser)
    at = ("inventory", "GET", f"/maintenance-jobs/{JOB}")
    browser.world.answers[at] = device_answers()[at] | {"state": "open", "work": None}
    done(browser, f"/maintenance-jobs/{JOB}/complete")
    work = {"done_on": "2026-11-23", "activities": "Filter bytt\nTryck mätt", "result": "approved"}

    fault = await browser.send(f"/devices/{DEVICE}", fault="Visslar", key=KEY, do="fault")
    await browser.send(f"/maintenance-jobs/{JOB}", **work, parts="910101 2", key=KEY, do="complete")

    assert fault.url.path == f"/maintenance-jobs/{JOB}"
    (body,) = sent(browser, f"/maintenance-jobs/{JOB}/complete")
    assert body["activities"] == ["Filter bytt", "Tryck mätt"]
    assert body["parts"] == [{"article_no": "910101", "quantity": 2}]


async def test_a_field_that_is_wrong_is_linked_from_the_summary(browser: Browser) -> None:
    await signed_in(browser)
    wrong = {"rule": "invalid", "detail": "Fel", "fields": [{"field": "reason", "detail": "Fyll i fältet."}]}
    browser.world.answers["inventory", "POST", "/recalls"] = httpx.Response(422, json=wrong)

    page = await browser.send("/recalls", article_no="910001", reason="", key=KEY, do="start")

    assert '<a href="#reason">Fyll i fältet.</a>' in page.text
    assert 'id="reason-error">Fyll i fältet.' in page.text
    assert 'value="910001"' in page.text


async def test_one_notice_of_a_recall_is_ended_with_its_own_words(browser: Browser) -> None:
    await signed_in(browser)
    path = f"/recalls/{RECALL}/notices/n-1/end"
    done(browser, path)

    await browser.send(f"/recalls/{RECALL}", **{"done:n-1": "Bytt mot ny", "key": KEY, "do": "notice:n-1"})

    assert sent(browser, path) == [{"reason": "Bytt mot ny"}]


async def test_the_columns_that_a_person_chose_stand_in_the_catalogue(browser: Browser) -> None:
    await signed_in(browser)
    at = ("prescription", "GET", "/me/article-columns")
    columns = device_answers()[at]
    columns["columns"][3] |= {"shown": True}
    browser.world.answers[at] = columns

    page = await browser.http.get("/catalogue", params={"text": "demo"})
    await browser.send("/columns", column="supplier", source="warehouse", key=KEY, do="save")

    assert 'scope="col">Leverantör</th>' in page.text
    assert sent(browser, "/me/article-columns") == [{"columns": ["supplier"]}]
    assert sent(browser, "/me/settings") == [{"source": "warehouse"}]


async def test_a_bug_of_ours_gives_the_form_back(browser: Browser) -> None:
    await signed_in(browser)
    browser.world.answers["inventory", "POST", "/scans"] = {"nothing": "that a page expects"}

    failed = await browser.send("/store/scan", code="D100001")
    sealed = failed.text.split('name="sealed" value="')[1].split('"')[0]
    browser.world.answers = device_answers()
    again = await browser.http.post("/store/scan", data={"sealed": sealed})

    assert failed.status_code == 500
    assert "D100001" not in failed.text
    assert "Demo-CPAP" in again.text
