"""Signing in and out through a real provider's doors, and what nobody shall be able to do to it."""

import asyncio
from dataclasses import replace

import httpx

from gateway.sessions.session import key_of
from tests.gateway.visiting import GATEWAY, ISSUER, Browser

LOGOUT: dict[str, dict[str, str]] = {"http://schemas.openid.net/event/backchannel-logout": {}}


async def test_who_signs_in_comes_back_to_the_page_that_was_asked_for(browser: Browser) -> None:
    answer = await browser.signed_in("dietitian", to="/me")

    assert str(answer.url) == f"{GATEWAY}/me"
    assert "Didrik Testsson" in answer.text


async def test_a_page_asks_who_is_not_signed_in_to_sign_in(browser: Browser) -> None:
    answer = await browser.http.get("/patients/p-1", follow_redirects=False)

    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?to=/patients/p-1"


async def test_nobody_is_led_to_another_site_after_signing_in(browser: Browser) -> None:
    for elsewhere in ("//evil.test", "https://evil.test/", "/\\evil.test", "/\tevil"):
        assert str((await browser.signed_in("dietitian", to=elsewhere)).url) == f"{GATEWAY}/"


async def test_a_session_that_was_there_before_is_not_the_one_after_signing_in(browser: Browser) -> None:
    await browser.signed_in("dietitian")
    before = browser.session_cookie

    await browser.signed_in("physician")

    assert before
    assert browser.session_cookie not in (None, before)
    assert key_of(before) not in browser.world.documents.kept


async def test_a_cookie_that_we_did_not_give_signs_nobody_in(browser: Browser) -> None:
    browser.http.cookies.set("__Host-session", "chosen-by-somebody-else", domain="gateway.test")

    answer = await browser.http.get("/me", follow_redirects=False)

    assert answer.status_code == 303


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(browser: Browser) -> None:
    chosen = await browser.http.get("/sign-in")
    fields = dict(chosen.request.url.params)
    back = await browser.http.post(
        f"{ISSUER}/authorize", data={**fields, "person": "dietitian"}, follow_redirects=False
    )
    answer = await browser.http.get(back.headers["location"], follow_redirects=False)

    cookie = next(
        each for each in answer.headers.get_list("set-cookie") if each.startswith("__Host-session=")
    )
    assert {"HttpOnly", "Secure", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    assert "domain" not in cookie.lower()


async def test_what_is_kept_of_a_session_names_nobody_and_holds_no_token(browser: Browser) -> None:
    await browser.signed_in("dietitian")
    (document,) = browser.world.documents.kept.values()

    assert set(document) == {"_id", "sub", "sid", "ends_at", "sealed"}
    assert str(browser.session_cookie) not in str(document)
    assert "TSTNMT" not in str(document)


async def test_an_answer_for_another_browser_signs_nobody_in(browser: Browser) -> None:
    chosen = await browser.http.get("/sign-in")
    fields = dict(chosen.request.url.params)
    back = await browser.http.post(
        f"{ISSUER}/authorize", data={**fields, "person": "dietitian"}, follow_redirects=False
    )
    other = Browser(browser.world)

    async with other.http:
        answer = await other.http.get(back.headers["location"])

    assert answer.status_code == 400
    assert other.session_cookie is None


async def test_an_answer_that_names_another_provider_signs_nobody_in(browser: Browser) -> None:
    chosen = await browser.http.get("/sign-in")
    fields = dict(chosen.request.url.params)
    back = await browser.http.post(
        f"{ISSUER}/authorize", data={**fields, "person": "dietitian"}, follow_redirects=False
    )
    mixed_up = httpx.URL(back.headers["location"]).copy_set_param("iss", "https://other.test")

    assert (await browser.http.get(mixed_up)).status_code == 400


async def test_a_code_is_good_once(browser: Browser) -> None:
    chosen = await browser.http.get("/sign-in")
    fields = dict(chosen.request.url.params)
    back = await browser.http.post(
        f"{ISSUER}/authorize", data={**fields, "person": "dietitian"}, follow_redirects=False
    )
    cookies = dict(browser.http.cookies)
    assert (await browser.http.get(back.headers["location"])).status_code == 200

    for name, value in cookies.items():
        browser.http.cookies.set(name, value, domain="gateway.test")
    again = await browser.http.get(back.headers["location"])

    assert again.status_code == 403


async def test_a_token_is_refreshed_before_it_runs_out(browser: Browser) -> None:
    await browser.signed_in("dietitian")
    browser.world.clock.move(minutes=9, seconds=45)

    answer = await browser.http.get("/help")

    assert answer.status_code == 200
    assert browser.world.asked[-1][2] == "/me"


async def test_who_rests_an_hour_signs_in_again(browser: Browser) -> None:
    await browser.signed_in("dietitian")
    browser.world.clock.move(minutes=61)

    assert (await browser.http.get("/me", follow_redirects=False)).status_code == 303


async def test_a_working_day_is_the_longest_session(browser: Browser) -> None:
    await browser.signed_in("dietitian")
    for _ in range(20):
        browser.world.clock.move(minutes=29)
        assert (await browser.http.get("/me", follow_redirects=False)).status_code == 200

    browser.world.clock.move(minutes=29)

    assert (await browser.http.get("/me", follow_redirects=False)).status_code == 303


async def test_signing_out_ends_the_session_here_and_at_the_provider(browser: Browser) -> None:
    await browser.signed_in("dietitian")
    token, cookie = await browser.form_token(), browser.session_cookie

    answer = await browser.http.post("/sign-out", data={"form_token": token})

    assert str(answer.url) == f"{GATEWAY}/signed-out"
    assert browser.world.signing.sign_ins.live == {}
    browser.http.cookies.set("__Host-session", str(cookie), domain="gateway.test")
    assert (await browser.http.get("/me", follow_redirects=False)).status_code == 303


async def test_the_provider_signs_a_person_out_in_every_browser(browser: Browser) -> None:
    await browser.signed_in("dietitian")
    sign_ins = browser.world.signing.sign_ins
    (sid,) = sign_ins.live
    sub = sign_ins.live[sid].sub
    told = sign_ins._signed("logout+jwt", {"sub": sub, "jti": "1", "events": LOGOUT})

    answer = await browser.http.post("/sign-out/notified", data={"logout_token": told})

    assert answer.status_code == 200
    assert browser.world.documents.kept == {}


async def test_a_logout_that_the_provider_did_not_sign_ends_nothing(browser: Browser) -> None:
    await browser.signed_in("dietitian")
    sign_ins = browser.world.signing.sign_ins
    right = {"sub": "TSTNMT2321000156-1002", "jti": "1", "events": LOGOUT}
    forged = {
        "no token": "x",
        "with a nonce": sign_ins._signed("logout+jwt", right | {"nonce": ""}),
        "without the event": sign_ins._signed("logout+jwt", right | {"events": {}}),
        "an access token": sign_ins._signed("at+jwt", right),
        "for another client": sign_ins._signed("logout+jwt", right | {"aud": "other"}),
    }

    for what, token in forged.items():
        answer = await browser.http.post("/sign-out/notified", data={"logout_token": token})
        assert answer.status_code == 400, what
    assert len(browser.world.documents.kept) == 1


async def test_a_provider_that_does_not_answer_gives_a_page_that_says_so(browser: Browser) -> None:
    browser.world.down.add("issuer")

    answer = await browser.http.get("/sign-in")

    assert answer.status_code == 503
    assert "Vänta en stund" in answer.text


async def test_two_requests_at_one_moment_refresh_once(browser: Browser) -> None:
    await browser.signed_in("dietitian")
    browser.world.clock.move(minutes=9, seconds=45)
    before = len(browser.world.signing.sign_ins.shown)

    answers = await asyncio.gather(*(browser.http.get("/me") for _ in range(5)))

    assert [each.status_code for each in answers] == [200] * 5
    assert len(browser.world.signing.sign_ins.shown) == before + 1


async def test_a_person_without_any_role_here_is_not_let_in(browser: Browser) -> None:
    browser.world.refused_me = True

    answer = await browser.signed_in("dietitian")

    assert answer.status_code == 403
    assert browser.session_cookie is None


async def test_a_service_that_is_down_is_not_told_as_a_lack_of_permission(browser: Browser) -> None:
    browser.world.down.add("prescription")

    answer = await browser.signed_in("dietitian")

    assert answer.status_code == 503
    assert "behörighet" not in answer.text


async def test_who_breaks_off_at_the_provider_reads_that_it_was_broken_off(browser: Browser) -> None:
    chosen = await browser.http.get("/sign-in")
    state = chosen.request.url.params["state"]

    answer = await browser.http.get("/sign-in/callback", params={"state": state, "error": "access_denied"})

    assert answer.status_code == 403
    assert "avbröts" in answer.text


async def test_signing_out_of_a_session_that_is_over_ends_it_at_the_provider_too(browser: Browser) -> None:
    await browser.signed_in("dietitian")
    token = await browser.form_token()
    browser.world.clock.move(minutes=61)

    await browser.http.post("/sign-out", data={"form_token": token})

    assert browser.world.signing.sign_ins.live == {}


async def test_noting_the_use_of_a_session_undoes_no_refresh(browser: Browser) -> None:
    await browser.signed_in("dietitian")
    key = key_of(str(browser.session_cookie))
    sessions = browser.world.sessions
    early = await sessions.read(key)
    late = await sessions.read(key)
    assert early
    assert late
    await sessions.keep(replace(late, tokens=replace(late.tokens, access="refreshed")))

    await sessions.keep(early.used(browser.world.clock.now()))

    now = await sessions.read(key)
    assert now
    assert now.tokens.access == "refreshed"


async def test_a_provider_that_is_silent_ends_no_session(browser: Browser) -> None:
    await browser.signed_in("dietitian")
    browser.world.down.add("issuer")
    browser.world.clock.move(minutes=9, seconds=45)
    while_good = await browser.http.get("/me")
    browser.world.clock.move(minutes=1)

    silent = await browser.http.get("/me")
    browser.world.down.clear()
    browser.world.clock.move(minutes=1)

    assert (while_good.status_code, silent.status_code) == (200, 503)
    assert (await browser.http.get("/me")).status_code == 200
