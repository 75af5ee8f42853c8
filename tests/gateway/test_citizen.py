"""A citizen's pages over the real services: lines, withdrawing, messages, fees, who looked."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.gateway.site import Site
from tests.gateway.surfing import prescribed, surfing, withdrawn
from tests.gateway.visiting import Surfer

CHILD = {"number": "202207012382", "name": "Prova Testsson", "phone": "070-1740606"}
TEEN = {"number": "201108082387", "name": "Fjorton Testsson"}
STREET = "Provvägen 3"
Surfing = tuple[Site, Surfer]


@pytest.fixture
async def surf(tmp_path: Path) -> AsyncIterator[Surfing]:
    async with surfing(tmp_path) as surfing_now:
        yield surfing_now


async def signed_in(surf: Surfing, *, person: str = "patient") -> str:
    """Register the citizen with a line, and sign in; give the reference."""
    site, browser = surf
    ref = await site.registered()
    await prescribed(site, ref)
    site.is_patient(person, ref)
    await browser.signed_in(person)
    return ref


async def test_a_citizen_sees_what_can_be_withdrawn_and_what_is_on_its_way(surf: Surfing) -> None:
    site, browser = surf
    ref = await signed_in(surf)

    before = (await browser.http.get("/")).text
    number = await withdrawn(site, ref)
    after = (await browser.http.get("/")).text

    assert f'href="/patients/{ref}/withdraw"' in before
    assert f'href="/withdrawals/{number}"' in after
    assert "Det finns inget att göra uttag på just nu." in after


async def test_a_citizen_withdraws_on_the_same_page_as_the_clerk(surf: Surfing) -> None:
    _, browser = surf
    ref = await signed_in(surf)
    page = (await browser.http.get(f"/patients/{ref}/withdraw")).text
    fields = {part.split('"')[0]: "20" for part in page.split('name="packages:')[1:2]}
    line = page.split('name="line" value="')[1].split('"')[0]

    sent = await browser.send(
        f"/patients/{ref}/withdraw",
        line=line,
        key="k" * 32,
        way="home_outside",
        do="send",
        **{f"packages:{name}": count for name, count in fields.items()},
    )

    assert "Uttaget är skickat" in sent.text
    assert "120 kr" in sent.text


async def test_the_fees_say_what_each_was_for_and_whether_it_is_invoiced(surf: Surfing) -> None:
    site, browser = surf
    ref = await signed_in(surf)
    empty = (await browser.http.get(f"/patients/{ref}/fees")).text
    number = await withdrawn(site, ref)

    page = (await browser.http.get(f"/patients/{ref}/fees")).text

    assert "Inga avgifter än" in empty
    for words in ("120 kr", "Ska faktureras", number):
        assert words in page


async def test_messages_are_read_in_words_without_the_number_they_went_to(surf: Surfing) -> None:
    site, browser = surf
    ref = await signed_in(surf)
    await withdrawn(site, ref)
    await site.bus.converse()

    page = (await browser.http.get(f"/patients/{ref}/messages")).text

    assert "Leverans på väg" in page
    assert "skickat" in page
    assert "1740605" not in page
    assert "/messages/delivery" not in page


async def test_a_citizen_reads_who_has_looked_in_words_of_all_services(surf: Surfing) -> None:
    site, browser = surf
    ref = await signed_in(surf)
    await withdrawn(site, ref)

    page = (await browser.http.get(f"/patients/{ref}/log")).text

    for words in ("Kundservice", "Dietist", "Du själv", "läste uttag och beställningar"):
        assert words in page
    for code in ("prescription.", "ordering.", "customer_service", "TSTNMT", "dietitian"):
        assert code not in page
    assert "1 rad<" not in page


async def test_a_log_that_lacks_a_service_says_so_and_shows_the_rest(surf: Surfing) -> None:
    site, browser = surf
    ref = await signed_in(surf)
    site.down.add("billing")

    page = (await browser.http.get(f"/patients/{ref}/log")).text

    assert "En del av listan saknas" in page
    assert "Dietist" in page


@pytest.mark.parametrize("page", ["", "/withdraw", "/fees", "/messages", "/log", "/contact"])
async def test_a_guessed_address_of_another_person_opens_nothing(surf: Surfing, page: str) -> None:
    site, browser = surf
    await signed_in(surf)
    other = await site.registered(number="199307022393", name="Annan Andersson", phone="070-1740607")
    await prescribed(site, other)

    answer = await browser.http.get(f"/patients/{other}{page}")

    assert answer.status_code == 403
    assert "Annan Andersson" not in answer.text


async def test_a_guardian_withdraws_for_a_young_child_and_calls_for_an_older_one(surf: Surfing) -> None:
    site, browser = surf
    own, child, teen = await site.registered(), await site.registered(**CHILD), await site.registered(**TEEN)
    for each in (child, teen):
        given = {"number": "199007052393"}
        path = f"/patients/{each}/guardians"
        assert (await site.bus.ask("customer_service", "prescription", path, given)).is_success
        await prescribed(site, each, role="physician")
    site.is_patient("guardian", own, child, teen)
    await browser.signed_in("guardian")

    page = (await browser.http.get("/")).text
    opened = [
        (await browser.http.get(f"/patients/{child}{each}")).status_code
        for each in ("", "/fees", "/messages")
    ]

    assert "Prova Testsson" in page
    assert f'href="/patients/{child}/withdraw"' in page
    assert f'href="/patients/{teen}/withdraw"' not in page
    assert "har fyllt 13 år" in page
    assert opened == [200, 200, 200]


async def test_of_a_protected_person_no_page_says_where_the_person_lives(surf: Surfing) -> None:
    site, browser = surf
    ref = await signed_in(surf)
    await withdrawn(site, ref)
    status = {"protected": True}
    changed = await site.bus.ask("customer_service", "prescription", f"/patients/{ref}/status", status)
    await site.bus.settle()

    pages = [
        await browser.http.get(f"/patients/{ref}{each}")
        for each in ("", "/withdraw", "/fees", "/messages", "/log", "/contact")
    ]
    start = await browser.http.get("/")

    assert changed.is_success
    for page in (*pages, start):
        assert page.status_code < 500
        assert STREET not in page.text
        assert "1740605" not in page.text


async def test_contact_details_are_changed_and_a_mistake_is_said_at_once(surf: Surfing) -> None:
    _, browser = surf
    ref = await signed_in(surf)
    page = (await browser.http.get(f"/patients/{ref}/contact")).text
    etag = page.split('name="etag" value="')[1].split('"')[0].replace("&#34;", '"')
    address = f"/patients/{ref}/contact"

    wrong = await browser.send(address, etag=etag, key="a" * 32, phone="12", language="sv")
    right = await browser.send(address, etag=etag, key="b" * 32, phone="070-1740699", language="en")
    late = await browser.send(address, etag=etag, key="c" * 32, phone="070-1740600", language="sv")

    assert (wrong.status_code, 'value="12"' in wrong.text) == (422, True)
    assert "Sparat" in right.text
    assert late.status_code == 422
    assert "Någon annan ändrade medan du skrev" in late.text
    assert "+46701740699" in late.text
    assert 'value="070-1740600"' in late.text
