"""What was begun is there again in another browser; news where people begin; help that reaches somebody."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.gateway.site import Site
from tests.gateway.surfing import surfing
from tests.gateway.visiting import Surfer

Surfing = tuple[Site, Surfer]
LINE = {"article": "900001", "kind": "per_day", "amount": "1,", "days": "30", "withdrawals": "12"}
FORM = {"prescription_type": "energy_nutrition", "care_unit": "DEMO-101", "key": "k" * 32}
NEWS = {"title": "Nya smaker", "text": "Från i dag.", "valid_from": "261123", "valid_through": "2026-11-30"}


@pytest.fixture
async def surf(tmp_path: Path) -> AsyncIterator[Surfing]:
    async with surfing(tmp_path) as surfing_now:
        yield surfing_now


async def test_a_prescription_that_was_begun_goes_on_in_another_browser_until_it_is_saved(
    surf: Surfing,
) -> None:
    site, browser = surf
    ref = await site.registered()
    address = f"/patients/{ref}/prescribe"
    await browser.signed_in("dietitian")
    await browser.send(f"{address}/preview", **FORM, **LINE)

    browser.http.cookies.clear()
    start = (await browser.signed_in("dietitian")).text
    page = (await browser.http.get(address)).text
    saved = await browser.send(address, **FORM, **{**LINE, "amount": "1,5"}, do="save")
    after = await browser.http.get(address)

    assert f'href="{address}"' in start
    assert "Test Testsson" in start
    assert 'name="amount" value="1,"' in page
    assert "Fortsätter där du slutade." in page
    assert "Förskrivningen är sparad" in saved.text
    assert "Fortsätter där du slutade." not in after.text


async def test_a_draft_is_thrown_away_and_is_nobody_elses(surf: Surfing) -> None:
    site, browser = surf
    ref = await site.registered()
    address = f"/patients/{ref}/prescribe"
    await browser.signed_in("dietitian")
    await browser.send(f"{address}/preview", **FORM, **LINE)

    await browser.signed_in("physician")
    others = (await browser.http.get(address)).text
    await browser.signed_in("dietitian")
    await browser.send(address, **FORM, **LINE, do="discard")
    mine = (await browser.http.get(address)).text

    assert "Fortsätter" not in others
    assert "Fortsätter" not in mine


async def test_news_is_written_and_read_where_those_begin_whom_it_concerns(surf: Surfing) -> None:
    _, browser = surf
    await browser.signed_in("customer_service")
    wrong = await browser.send("/news", **{**NEWS, "title": ""}, key="a" * 32, do="write")
    written = await browser.send("/news", **NEWS, role="prescriber", key="b" * 32, do="write")

    assert wrong.status_code == 422
    assert "Nya smaker" in written.text
    assert "för Förskrivare" in written.text
    assert "Nya smaker" in (await browser.signed_in("dietitian")).text
    assert "Nya smaker" not in (await browser.signed_in("economist")).text


async def test_what_is_about_the_system_stands_on_a_patients_first_page_too(surf: Surfing) -> None:
    site, browser = surf
    await browser.signed_in("operator")
    await browser.send(
        "/news", **{**NEWS, "title": "Uppdatering i kväll"}, is_urgent="yes", key="a" * 32, do="write"
    )
    site.is_patient("patient", await site.registered())

    assert "Uppdatering i kväll" in (await browser.signed_in("patient")).text


async def test_a_request_for_help_reaches_customer_service_with_the_number(surf: Surfing) -> None:
    _, browser = surf
    await browser.signed_in("dietitian")
    nothing = await browser.send("/support", text="", key="a" * 32)
    asked = {"text": "Sidan hänger sig", "subject_no": "B2026-000007-2", "call_back": "070-1740605"}
    sent = await browser.send("/support", **asked, key="b" * 32)

    await browser.signed_in("customer_service")
    listed = (await browser.http.get("/tasks")).text
    task = (await browser.http.get("/tasks/" + listed.split('href="/tasks/')[1].split('"')[0])).text

    assert nothing.status_code == 422
    assert "Kundservice har fått ditt ärende" in sent.text
    assert "Någon ber om hjälp." in listed
    for words in ("Sidan hänger sig", "Didrik Testsson", "070-1740605", "B2026-000007-2"):
        assert words in task
