"""Customer service over the real services: registering, messages and their fate, shortages, blocks, tasks."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared.events.tasks import TaskRaised
from tests.gateway.site import Site
from tests.gateway.surfing import prescribed, surfing, withdrawn
from tests.gateway.visiting import Surfer

Surfing = tuple[Site, Surfer]
PROTECTED = {"number": "195309192382", "status": "protected", "key": "k" * 32}
BY_HAND = {
    "number": "19850417T042",
    "number_type": "skane",
    "born": "850417",
    "status": "open",
    "name": "Rosa Testsson",
    "line1": "Provvägen 21",
    "postal_code": "211 20",
    "city": "MALMÖ",
    "phone": "070-1740617",
    "key": "k" * 32,
}


@pytest.fixture
async def surf(tmp_path: Path) -> AsyncIterator[Surfing]:
    async with surfing(tmp_path) as surfing_now:
        await surfing_now[1].signed_in("customer_service")
        yield surfing_now


async def test_a_patient_is_registered_by_hand_and_opened(surf: Surfing) -> None:
    _, browser = surf

    wrong = await browser.send("/register-patient", **{**BY_HAND, "postal_code": "2112"})
    right = await browser.send("/register-patient", **{**BY_HAND, "born": "1985-04-17"})

    assert wrong.status_code == 422
    assert 'aria-invalid="true"' in wrong.text
    assert 'value="Rosa Testsson"' in wrong.text
    assert "/patients/" in right.url.path
    assert "Rosa Testsson" in right.text


async def test_who_is_protected_is_registered_without_name_and_address(surf: Surfing) -> None:
    _, browser = surf

    page = await browser.send("/register-patient", **PROTECTED)

    assert "/patients/" in page.url.path
    assert "195309192382" not in str(page.url)


async def test_a_message_is_read_with_its_text_and_its_number(surf: Surfing) -> None:
    site, browser = surf
    ref = await site.registered()
    await prescribed(site, ref)
    await withdrawn(site, ref)
    await site.bus.converse()
    listed = (await browser.http.get(f"/patients/{ref}/messages")).text
    address = listed.split('href="/messages/')[1].split('"')[0]

    page = (await browser.http.get(f"/messages/{address}")).text
    again = await browser.send(f"/messages/{address}/send-again", key="k" * 32)

    assert "Din leverans är på väg." in page
    assert "+46701740605" in page
    assert "Skicka igen" not in page
    assert again.status_code == 422
    assert "skickas inte igen" in again.text


async def test_those_whom_a_shortage_concerns_are_named_and_told(surf: Surfing) -> None:
    site, browser = surf
    ref = await site.registered()
    await prescribed(site, ref)

    hits = await browser.send("/shortages", text="demodryck", do="search")
    listed = await browser.send("/shortages", do="choose:900001")
    told = await browser.send("/shortages", article_no="900001", patient=ref, key="k" * 32, do="tell")
    none = await browser.send("/shortages", article_no="900001", key="k" * 33, do="tell")

    assert 'value="choose:900001"' in hits.text
    assert "Test Testsson" in listed.text
    assert "Sömnmottagningen" in listed.text or "DEMO-101" in listed.text
    assert "1 patient får ett meddelande." in told.text
    assert none.status_code == 422


async def test_passed_blocks_are_listed_with_patient_article_and_reason(surf: Surfing) -> None:
    site, browser = surf
    ref = await site.registered()
    await prescribed(site, ref)
    number = await withdrawn(site, ref)
    whole = (
        await site.bus.ask("customer_service", "ordering", f"/withdrawals/{number}", method="GET")
    ).json()
    again = {
        "patient_ref": ref,
        "items": [{name: each[name] for name in ("line_id", "split")} for each in whole["items"]],
        "delivery": {"kind": "home", "rule": "leave_outside", "notice": "none"},
        "overrides": [{"article_no": "900001", "reason": "Paketet skadat"}],
    }
    drafted = (await site.bus.ask("customer_service", "ordering", "/withdrawals", again)).json()
    path = f"/withdrawals/{drafted['withdrawal_no']}/send"
    assert (await site.bus.ask("customer_service", "ordering", path)).is_success

    page = (await browser.http.get("/overrides")).text
    wrong = await browser.http.get("/overrides", params={"since": "igår"})

    for words in ("Test Testsson", "Paketet skadat", drafted["withdrawal_no"], "Demo"):
        assert words in page
    assert wrong.status_code == 422
    assert 'value="igår"' in wrong.text


async def test_tasks_are_listed_by_patient_with_the_name(surf: Surfing) -> None:
    site, browser = surf
    ref = await site.registered()
    other = await site.registered(number="199307022393", name="Annan Andersson")
    for each in (ref, other):
        told = TaskRaised(
            task_id=f"t-{each}",
            kind="message_not_sent",
            role="customer_service",
            patient_ref=each,
            reason="sms-not-possible",
        )
        await site.bus.services["notification"].hear(told)

    every = (await browser.http.get("/tasks")).text
    of_one = (await browser.http.get("/tasks", params={"patient": ref})).text

    assert "Annan Andersson" in every
    assert "Test Testsson" in of_one
    assert "Annan Andersson" not in of_one


@pytest.mark.parametrize("path", ["/register-patient", "/shortages", "/overrides", "/messages/x"])
async def test_the_pages_of_customer_service_show_nobody_else_anything(surf: Surfing, path: str) -> None:
    site, browser = surf
    ref = await site.registered()
    await prescribed(site, ref)
    await browser.signed_in("dietitian")

    start, page = await browser.http.get("/"), await browser.http.get(path)

    assert f'href="{path}"' not in start.text
    assert "Test Testsson" not in page.text
