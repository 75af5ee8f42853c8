"""Finding, prescribing, withdrawing and following, page by page, with the services' own examples."""

from typing import Any

import httpx

from tests.gateway.answers import PATIENT, WITHDRAWAL, answers, example
from tests.gateway.visiting import GATEWAY, Browser

REF, NUMBER = PATIENT["patient_ref"], WITHDRAWAL["withdrawal_no"]
ARTICLE = "900001"
LINE = {"article": ARTICLE, "kind": "packages", "amount": "20", "days": "30", "withdrawals": "12"}
FORM = {"prescription_type": "energy_nutrition", "care_unit": "DEMO-101", "key": "k" * 32}
CHOICE = {
    "line": "F2026-000001-9-1",
    "packages:F2026-000001-9-1:900101": "10",
    "packages:F2026-000001-9-1:900102": "5",
    "packages:F2026-000001-9-1:900103": "5",
    "way": "home_outside",
    "notice": "sms",
    "notice_to": "070-1740605",
    "key": "k" * 32,
}
KEPT = "Idempotency-Key"


def asked(browser: Browser, path: str) -> list[Any]:
    return [body for _, method, each, body in browser.world.asked if each == path and method != "GET"]


async def signed_in(browser: Browser) -> None:
    browser.world.answers = answers()
    await browser.signed_in("customer_service")


async def test_a_number_leads_straight_to_the_patient_and_stands_in_no_address(browser: Browser) -> None:
    await signed_in(browser)

    answer = await browser.send("/find", what=" 19900705\N{EN DASH}2393 ")

    assert str(answer.url) == f"{GATEWAY}/patients/{REF}"
    assert asked(browser, "/patients/find") == [{"number": "19900705-2393"}]
    assert "<title>Patient" in answer.text


async def test_words_lead_to_a_list_of_patients(browser: Browser) -> None:
    await signed_in(browser)

    answer = await browser.send("/find", what="andreas")

    assert "2 träffar" in answer.text
    assert "19930702-2393" in answer.text


async def test_numbers_of_withdrawals_and_orders_lead_to_their_pages(browser: Browser) -> None:
    await signed_in(browser)

    assert (await browser.send("/find", what=NUMBER.lower())).url.path == f"/withdrawals/{NUMBER}"
    assert (await browser.send("/find", what="B2026-000001-5")).url.path == "/orders/B2026-000001-5"


async def test_a_refused_search_keeps_what_was_typed_and_says_why(browser: Browser) -> None:
    await signed_in(browser)
    refusal = {"rule": "protected-identity", "detail": "Ring kundservice.", "reasons": []}
    browser.world.answers["prescription", "POST", "/patients/find"] = httpx.Response(422, json=refusal)

    answer = await browser.send("/find", what="195309192382")

    assert answer.status_code == 422
    assert "Ring kundservice." in answer.text
    assert 'value="195309192382"' in answer.text
    assert "<title>Fel:" in answer.text


async def test_the_patient_view_asks_three_questions(browser: Browser) -> None:
    await signed_in(browser)
    browser.world.asked.clear()

    answer = await browser.http.get(f"/patients/{REF}")

    assert len(browser.world.asked) == 3
    for words in ("Test Testsson", "19900705-2393", "Demodryck choklad", NUMBER, "210 kr"):
        assert words in answer.text


async def test_an_article_is_added_with_one_press_and_every_field_stays(browser: Browser) -> None:
    await signed_in(browser)

    found = await browser.send(f"/patients/{REF}/prescribe", **FORM, text="demodryck", do="search")
    added = await browser.send(f"/patients/{REF}/prescribe", **FORM, **LINE, do=f"add:{ARTICLE}")

    assert f'value="add:{ARTICLE}"' in found.text
    assert added.text.count('name="article"') == 2
    assert 'name="amount" value="20"' in added.text


async def test_a_prescription_is_saved_once_under_the_key_of_its_page(browser: Browser) -> None:
    await signed_in(browser)
    keys = []
    saved = example("prescription", "register_prescription")

    def save(request: httpx.Request) -> dict[str, object]:
        keys.append(request.headers[KEPT])
        return dict(saved)

    browser.world.answers["prescription", "POST", "/prescriptions"] = save
    answers_ = [await browser.send(f"/patients/{REF}/prescribe", **FORM, **LINE, do="save") for _ in range(2)]

    assert keys == ["k" * 32] * 2
    assert asked(browser, "/prescriptions")[0] == {
        "patient_ref": REF,
        "prescription_type": "energy_nutrition",
        "care_unit": "DEMO-101",
        "lines": [{"article_no": ARTICLE, "packages": 20, "days": 30, "withdrawals": 12}],
    }
    assert all(saved["prescription_no"] in each.text for each in answers_)


async def test_so_much_a_day_is_typed_with_a_comma(browser: Browser) -> None:
    await signed_in(browser)
    a_day = LINE | {"kind": "per_day", "amount": "1,5"}

    await browser.send(f"/patients/{REF}/prescribe", **FORM, **a_day, do="save")

    (saved,) = asked(browser, "/prescriptions")
    assert saved["lines"][0]["per_day"] == "1.5"


async def test_a_refused_prescription_keeps_the_form_and_puts_the_words_first(browser: Browser) -> None:
    await signed_in(browser)
    refusal = {"rule": "more-than-365-days", "detail": "Sänk antalet dagar.", "reasons": []}
    browser.world.answers["prescription", "POST", "/prescriptions"] = httpx.Response(422, json=refusal)

    answer = await browser.send(f"/patients/{REF}/prescribe", **FORM, **LINE, do="save")

    assert answer.status_code == 422
    assert "Sänk antalet dagar." in answer.text
    assert 'name="days" value="30"' in answer.text


async def test_a_withdrawal_begins_with_what_may_be_taken_ticked(browser: Browser) -> None:
    await signed_in(browser)

    answer = await browser.http.get(f"/patients/{REF}/withdraw")

    assert answer.text.count('name="line"') == answer.text.count(" checked>") - 2
    assert "Provvägen 3" in answer.text
    assert "choklad" in answer.text


async def test_a_withdrawal_is_kept_and_sent_and_the_receipt_shows_its_fee(browser: Browser) -> None:
    await signed_in(browser)

    answer = await browser.send(f"/patients/{REF}/withdraw", **CHOICE, do="send")

    (kept,) = asked(browser, "/withdrawals")
    assert kept["items"][0]["split"][0] == {"article_no": "900101", "packages": 10}
    assert answer.url.path == f"/withdrawals/{NUMBER}"
    assert "Uttaget är skickat" in answer.text
    assert "210 kr" in answer.text
    assert "levererat" in answer.text


async def test_a_withdrawal_that_may_not_be_sent_is_corrected_and_sent_as_the_same(browser: Browser) -> None:
    await signed_in(browser)
    reason = {"rule": "line-annulled", "detail": "Raden är makulerad.", "facts": {"line_id": CHOICE["line"]}}
    refusal = {
        "rule": "no-sms-to-number",
        "detail": "Numret kan inte ta emot sms.",
        "reasons": [reason],
    }
    browser.world.answers["ordering", "POST", f"/withdrawals/{NUMBER}/send"] = httpx.Response(
        422, json=refusal
    )

    answer = await browser.send(f"/patients/{REF}/withdraw", **CHOICE, do="send")

    assert answer.status_code == 422
    assert answer.text.count("Raden är makulerad.") == 2
    assert f'name="withdrawal_no" value="{NUMBER}"' in answer.text
    assert 'name="key" value="kkkk' not in answer.text


async def test_same_as_last_time_shares_out_the_flavours(browser: Browser) -> None:
    await signed_in(browser)
    allowance = answers()["ordering", "GET", f"/allowances/{REF}"]
    allowance["lines"][0]["last_choice"] = [{"article_no": "900102", "packages": 20}]
    browser.world.answers["ordering", "GET", f"/allowances/{REF}"] = allowance

    answer = await browser.send(f"/patients/{REF}/withdraw", line=CHOICE["line"], do="same")

    assert 'name="packages:F2026-000001-9-1:900102" value="20"' in answer.text


async def test_pages_are_english_for_who_reads_english(browser: Browser) -> None:
    await signed_in(browser)
    answer = await browser.http.get("/language/en", params={"to": f"/patients/{REF}"})

    assert '<html lang="en">' in answer.text
    assert "Withdrawals and deliveries" in answer.text


async def test_what_was_saved_the_first_time_is_not_called_unsaved(browser: Browser) -> None:
    await signed_in(browser)
    refusal = {"rule": "key-reused", "detail": "Välj en ny nyckel.", "reasons": []}
    browser.world.answers["prescription", "POST", "/prescriptions"] = httpx.Response(422, json=refusal)

    answer = await browser.send(f"/patients/{REF}/prescribe", **FORM, **LINE, do="save")

    assert "Det du sparade först är sparat." in answer.text
    assert "nyckel" not in answer.text
    assert f'name="key" value="{FORM["key"]}"' not in answer.text


async def test_a_minors_goods_are_received_by_a_guardian_and_a_unit_has_an_address(browser: Browser) -> None:
    await signed_in(browser)
    fields = CHOICE | {"way": "unit", "address_line1": "Demogatan 1", "address_postal_code": "12345"}
    receiver = {"receiver": "guardian", "receiver_name": "Prova Testsson", "address_city": "DEMOSTAD"}

    await browser.send(f"/patients/{REF}/withdraw", **fields | receiver, do="send")

    (kept,) = asked(browser, "/withdrawals")
    assert kept["delivery"]["receiver"] == {"kind": "guardian", "name": "Prova Testsson"}
    assert kept["delivery"]["address"]["line1"] == "Demogatan 1"


async def test_a_draft_for_a_pickup_point_that_goes_home_goes_to_the_home(browser: Browser) -> None:
    await signed_in(browser)
    begun = answers()["ordering", "GET", f"/withdrawals/{NUMBER}"] | {"state": "new"}
    shop = {"line1": "Apoteksgatan 1", "line2": None, "co": None, "postal_code": "21122", "city": "MALMÖ"}
    begun["delivery"] |= {"kind": "pickup", "rule": "pickup", "address": shop}
    browser.world.answers["ordering", "GET", f"/withdrawals/{NUMBER}"] = begun

    page = await browser.http.get(f"/withdrawals/{NUMBER}/continue")

    assert "Apoteksgatan" not in page.text


async def test_two_lines_of_one_article_are_not_ticked_together(browser: Browser) -> None:
    await signed_in(browser)
    allowance = answers()["ordering", "GET", f"/allowances/{REF}"]
    allowance["lines"].append(allowance["lines"][0] | {"line_id": "F2026-000009-9-1"})
    browser.world.answers["ordering", "GET", f"/allowances/{REF}"] = allowance

    answer = await browser.http.get(f"/patients/{REF}/withdraw")

    assert 'value="F2026-000001-9-1" checked' in answer.text
    assert 'value="F2026-000009-9-1" checked' not in answer.text
