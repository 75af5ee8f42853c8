"""What protects every page: headers, forms that only our own pages give, one address, and escaping."""

import httpx
import pytest
from fastapi.routing import APIRoute

from tests.gateway.answers import PATIENT, answers
from tests.gateway.visiting import GATEWAY, Browser

REF = PATIENT["patient_ref"]
CANARY = "<b>canary'\"</b>"


async def test_every_answer_forbids_foreign_content_frames_and_caches(browser: Browser) -> None:
    await browser.signed_in()
    for path in ("/", "/help", "/nothing-here", "/signed-out"):
        headers = (await browser.http.get(path)).headers

        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert (headers["x-frame-options"], headers["referrer-policy"]) == ("DENY", "no-referrer")
        assert headers["cache-control"] == "no-store"
        assert "max-age" in headers["strict-transport-security"]


async def test_no_page_holds_a_style_a_script_or_a_handler_of_its_own(browser: Browser) -> None:
    browser.world.answers = answers()
    await browser.signed_in()
    for path in ("/", f"/patients/{REF}", f"/patients/{REF}/prescribe", f"/patients/{REF}/withdraw", "/me"):
        text = (await browser.http.get(path)).text

        assert "<style" not in text
        assert " style=" not in text
        assert " onclick" not in text
        assert "<script>" not in text
        assert "http://" not in text.replace("http://www.w3.org", "")


async def test_every_form_demands_the_token_that_a_page_of_ours_gave(browser: Browser) -> None:
    await browser.signed_in()
    doors = [
        each.path.replace("{patient_ref}", REF)
        for each in browser.world.gateway.routes
        if isinstance(each, APIRoute) and "POST" in (each.methods or ()) and "notified" not in each.path
    ]

    assert len(doors) >= 7
    for door in doors:
        for token in ("", "a-guess"):
            answer = await browser.http.post(door, data={"form_token": token})
            assert answer.status_code == 403, door


async def test_a_form_that_another_site_sends_is_not_taken(browser: Browser) -> None:
    await browser.signed_in()
    token = await browser.form_token()
    for headers in ({"Origin": "https://evil.test"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = await browser.http.post("/find", data={"form_token": token, "what": ""}, headers=headers)

        assert answer.status_code == 403


async def test_the_token_of_one_person_is_no_use_to_another(browser: Browser) -> None:
    await browser.signed_in("dietitian")
    token = await browser.form_token()

    await browser.signed_in("physician")
    answer = await browser.http.post("/find", data={"form_token": token, "what": ""})

    assert answer.status_code == 403


async def test_another_name_of_the_machine_leads_to_the_address_that_cookies_are_for(
    browser: Browser,
) -> None:
    transport = httpx.ASGITransport(browser.world.gateway)
    async with httpx.AsyncClient(transport=transport, base_url="https://localhost") as client:
        read, sent = await client.get("/me"), await client.post("/find")

    assert (read.status_code, read.headers["location"]) == (303, f"{GATEWAY}/")
    assert sent.status_code == 421


async def test_a_form_outlives_its_session_and_goes_on_after_signing_in_again(browser: Browser) -> None:
    browser.world.answers = answers()
    await browser.signed_in()
    token = await browser.form_token()
    browser.world.clock.move(hours=2)

    over = await browser.http.post("/find", data={"form_token": token, "what": "Testsson"})
    await browser.signed_in()
    sealed = over.text.split('name="sealed" value="')[1].split('"')[0]
    again = await browser.http.post("/find", data={"sealed": sealed})

    assert over.status_code == 401
    assert "Testsson" not in over.text
    assert again.status_code == 200
    assert 'value="Testsson"' in again.text


async def test_a_part_of_a_page_says_that_the_session_is_over_and_leaves_the_fields(
    browser: Browser,
) -> None:
    answer = await browser.http.post(
        f"/patients/{REF}/withdraw/preview", headers={"HX-Request-Type": "partial"}
    )

    assert answer.status_code == 401
    assert answer.headers["hx-retarget"] == "#alert"
    assert "<html" not in answer.text


@pytest.mark.parametrize("down", ["prescription", "ordering", "inventory"])
async def test_a_service_that_is_down_leaves_words_and_the_rest_of_the_page(
    browser: Browser, down: str
) -> None:
    browser.world.answers = answers()
    await browser.signed_in()
    browser.world.down.add(down)

    start, patient = await browser.http.get("/"), await browser.http.get(f"/patients/{REF}")

    assert start.status_code == 200
    assert ("svarar inte just nu" in patient.text) == (down != "inventory")
    assert ("Test Testsson" in patient.text) == (down != "prescription")


async def test_what_people_typed_is_shown_as_text(browser: Browser) -> None:
    browser.world.answers = answers(CANARY)
    await browser.signed_in()
    pages = [
        await browser.http.get(f"/patients/{REF}"),
        await browser.http.get(f"/patients/{REF}/withdraw"),
        await browser.http.get("/withdrawals/U2026-000001-7"),
        await browser.send("/find", what=CANARY),
        await browser.send(f"/patients/{REF}/prescribe", text=CANARY, do="search"),
    ]

    for page in pages:
        assert "&lt;b&gt;canary" in page.text
        assert CANARY not in page.text


async def test_files_have_an_address_of_their_content_and_no_other_is_there(browser: Browser) -> None:
    text = (await browser.http.get("/signed-out")).text
    address = text.split('href="/static/')[-1].split('"')[0]

    found = await browser.http.get(f"/static/{address}")
    missing = await browser.http.get("/static/abc/..%2F..%2Fapp.py")

    assert found.headers["content-type"].startswith("text/css")
    assert "immutable" in found.headers["cache-control"]
    assert missing.status_code == 404


async def test_a_bug_of_ours_is_a_page_with_all_headers_in_the_readers_language(browser: Browser) -> None:
    await browser.signed_in()
    browser.world.answers["prescription", "POST", "/patients/search"] = {"nothing": "that a page expects"}
    token = await browser.form_token()
    for partial in ({}, {"HX-Request-Type": "partial"}):
        answer = await browser.http.post(
            "/find", data={"form_token": token, "what": "a"}, headers={"Accept-Language": "en", **partial}
        )

        assert answer.status_code == 500
        assert "Something failed on our side" in answer.text
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert ("<html" in answer.text) == (not partial)


async def test_who_cannot_sign_in_may_read_about_accessibility_in_english(browser: Browser) -> None:
    await browser.http.get("/language/en")

    answer = await browser.http.get("/accessibility")

    assert "About accessibility" in answer.text
