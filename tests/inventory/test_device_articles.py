"""A prescriber finds devices, sees what is free where, and browses the classes (S160 to S168, Q39)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import pytest

from services.inventory.domain.article import DatedPrice
from services.inventory.domain.listing import Listing, WorkingDays
from services.inventory.domain.places import Storeroom
from services.inventory.repository.collections import STOREROOMS
from shared.domain.money import Money
from shared.events.inventory import ArticleChanged, ArticleComponent
from shared.repository import Cause
from tests.inventory.shelves import CPAP, HOSE, as_kept, keep_article, receive, stocked
from tests.support import InMemory

NATTLUFT = Listing("Nattluft", "Tyst CPAP för natten.", WorkingDays(3, 5))
assert CPAP.device
MACHINE = replace(
    CPAP,
    listing=NATTLUFT,
    prices=(DatedPrice(None, Money.of("3800.00")), DatedPrice(date(2026, 9, 1), CPAP.package_price)),
    device=CPAP.device.model_copy(
        update={
            "supplier": "Demovård AB",
            "components": (ArticleComponent(article_no="910100", standard=True),),
        }
    ),
)
GOING = replace(
    MACHINE, article_no="910003", name="Demo-CPAP gammal", status="outgoing", replaced_by="910001"
)
PRESCRIBER: dict[str, Any] = {"care_units": ["DEMO-101"], "product_areas": ["cpap"]}


@pytest.fixture
async def service() -> AsyncIterator[InMemory]:
    inventory = await stocked()
    for article in (MACHINE, replace(HOSE, listing=Listing("Nattluft")), GOING):
        await keep_article(inventory, article)
    refresh = next(job.run for job in inventory.assembled.jobs if job.name == "refresh search")
    await refresh()
    yield inventory
    await inventory.client.aclose()


async def asked(service: InMemory, path: str = "/device-articles/search", **body: Any) -> Any:
    who = service.token("prescriber", **PRESCRIBER)
    return await service.client.post(path, json=body, headers=who)


async def search(service: InMemory, **body: Any) -> Any:
    answer = await asked(service, **body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def shown(service: InMemory, path: str, role: str = "prescriber", **claims: Any) -> Any:
    answer = await service.client.get(path, headers=service.token(role, **{**PRESCRIBER, **claims}))
    assert answer.status_code == 200, answer.text
    return answer.json()


def places(row: dict[str, Any]) -> dict[str, int]:
    return {each["storeroom_no"]: each["available"] for each in row["places"]}


async def test_a_prescriber_finds_a_device_with_what_is_free_in_own_storerooms_and_warehouses(
    service: InMemory,
) -> None:
    for place in ("DEMO-S1", "DEMO-S2"):
        await receive(service, place, article_no="910100", quantity=4)

    found = await search(service, text="demoslang")

    (row,) = found["articles"]
    assert (found["hits"], found["advice"], row["status_name"]) == (1, None, "Aktiv")
    assert (row["iso_title"], row["article_type_name"], row["product"]) == (
        "Respiratorer", "Tillbehör", "Nattluft",
    )  # fmt: skip
    assert places(row) == {"DEMO-S1": 4, "DEMO-W1": 0}
    assert (row["available"], row["orderable"], row["why_not"]) == (4, True, None)


async def test_availability_is_shown_for_one_place_and_never_for_one_that_the_person_does_not_see(
    service: InMemory,
) -> None:
    await receive(service, "DEMO-W1", article_no="910100", quantity=2)

    (row,) = (await search(service, text="demoslang", storeroom_no="DEMO-W1"))["articles"]
    hidden = await asked(service, text="demoslang", storeroom_no="DEMO-S2")

    assert places(row) == {"DEMO-W1": 2}
    assert hidden.status_code == 404


async def test_above_ten_storerooms_there_is_one_total_for_each_article(service: InMemory) -> None:
    for number in range(10, 20):
        place = Storeroom(f"DEMO-S{number}", f"Förråd {number}", "storeroom", ("DEMO-101",))
        await service.repository.change(
            STOREROOMS.maybe(place.storeroom_no), partial(as_kept, place), cause=Cause(key=None)
        )
        await receive(service, place.storeroom_no, article_no="910100", quantity=1)

    (row,) = (await search(service, text="demoslang"))["articles"]
    (one,) = (await search(service, text="demoslang", storeroom_no="DEMO-S10"))["articles"]

    assert (row["available"], row["places"]) == (10, [])
    assert places(one) == {"DEMO-S10": 1}


@pytest.mark.parametrize("body", [{}, {"text": "ab"}, {"text": "a b"}, {"iso_code": "04"}])
async def test_at_least_three_characters_are_searched_for(service: InMemory, body: dict[str, Any]) -> None:
    answer = await asked(service, **body)

    assert answer.status_code == 422
    assert "minst tre tecken" in answer.text


async def test_what_is_gone_says_why_and_what_there_is_instead(service: InMemory) -> None:
    (row,) = (await search(service, text="gammal"))["articles"]

    assert (row["orderable"], row["replaced_by"], row["replaced_by_name"]) == (False, "910001", "Demo-CPAP")
    assert row["why_not"].endswith("Välj Demo-CPAP (910001) i stället.")


async def test_who_finds_nothing_reads_what_to_try(service: InMemory) -> None:
    assert MACHINE.device
    other = MACHINE.device.model_copy(update={"assortment": "other"})
    await keep_article(service, replace(MACHINE, article_no="910009", name="Specialmask", device=other))

    outside = await search(service, text="specialmask")
    misspelt = await search(service, text="demoslang demovrd")
    unknown = await search(service, text="obegripligt")

    assert "Bland alla artiklar finns 1" in outside["advice"]
    assert "Utan ”demovrd” finns 1" in misspelt["advice"]
    assert "Kontrollera stavningen" in unknown["advice"]
    assert (await search(service, text="specialmask", assortment="all"))["hits"] == 1


async def test_components_of_the_same_product_are_listed_and_others_may_not_fit(service: InMemory) -> None:
    same = await search(service, components_of="910001")
    every = await search(service, components_of="910001", same_product=False, text="demo")
    short = await asked(service, components_of="910001", same_product=False)
    unknown = await asked(service, components_of="919999")

    assert ([each["article_no"] for each in same["articles"]], same["warning"]) == (["910100"], None)
    assert {each["article_no"] for each in every["articles"]} == {"910100", "910300"}
    assert "hjälpmedelskonsulent" in every["warning"]
    assert (short.status_code, unknown.status_code) == (422, 404)


async def test_a_device_is_shown_with_its_components_classes_and_delivery_time(service: InMemory) -> None:
    details = await shown(service, "/device-articles/910001")

    assert (details["description"], details["delivery"]) == ("Tyst CPAP för natten.", "3-5")
    assert [each["iso_code"] for each in details["classes"]] == ["04", "0403", "040312"]
    assert [(each["article_no"], each["name"]) for each in details["standard_components"]] == [
        ("910100", "Demoslang")
    ]
    assert (details["other_components"], details["package_price"]) == ([], "4000.00")
    assert details["prices"] == [
        {"valid_from": "2026-09-01", "price": "4000.00"}, {"valid_from": None, "price": "3800.00"},
    ]  # fmt: skip


async def test_the_classes_are_browsed_within_the_areas_where_the_person_works(service: InMemory) -> None:
    top = await shown(service, "/device-classes")
    below = await shown(service, "/device-classes/04 03")
    last = await shown(service, "/device-classes/040312")
    elsewhere = await shown(service, "/device-classes", product_areas=["vision"])
    keeper = await shown(service, "/device-classes", "store_keeper", product_areas=[])

    assert [(each["iso_code"], each["articles"]) for each in top["below"]] == [("04", 5)]
    assert [(each["iso_code"], each["title"]) for each in below["below"]] == [("040312", "Respiratorer")]
    assert [each["iso_code"] for each in below["breadcrumb"]] == ["04", "0403"]
    assert (last["below"], elsewhere["below"], keeper["below"]) == ([], [], top["below"])


async def test_the_articles_of_a_class_are_listed_within_the_areas_where_the_person_works(
    service: InMemory,
) -> None:
    found = await search(service, iso_code="04 03 12")
    none = await search(service, iso_code="040312", product_area="vision")

    assert (found["hits"], none["hits"]) == (5, 0)


async def test_a_search_of_more_than_eight_words_is_refused_with_what_to_do(service: InMemory) -> None:
    many = await asked(service, text="aa bb cc dd ee ff gg hh ii")
    few = await asked(service, text="aa bb cc dd ee ff gg hh")

    assert (many.status_code, "too-many-words" in many.text) == (422, True)
    assert few.status_code == 200


async def test_of_more_than_ten_storerooms_a_list_shows_the_sum_and_the_page_of_one_shows_each(
    service: InMemory,
) -> None:
    await receive(service, "DEMO-S1", article_no="910100", quantity=2)
    for count in range(11):
        place = Storeroom(f"DEMO-X{count}", "Förråd", "storeroom", ("DEMO-101",), ())
        await service.repository.change(
            STOREROOMS.maybe(place.storeroom_no), partial(as_kept, place), cause=Cause(key=None)
        )

    listed = await search(service, text="demoslang", assortment="all")
    one = await shown(service, "/device-articles/910100")

    (row,) = listed["articles"]
    assert (row["places"], row["available"], one["available"]) == ([], 2, 2)
    assert places(one)["DEMO-S1"] == 2
    assert len(one["places"]) > 10


async def test_a_price_to_come_is_shown_and_holds_from_its_day(service: InMemory) -> None:
    day = date(2026, 12, 1)
    coming = DatedPrice(day, Money.of("5200.00"))
    await keep_article(
        service, replace(MACHINE, prices=(*MACHINE.prices, coming), next_price_on=day, version=2)
    )

    async def shown() -> Any:
        who = service.token("prescriber", **PRESCRIBER)
        return (await service.client.get("/device-articles/910001", headers=who)).json()

    before = await shown()
    service.clock.move(days=8)
    await service.run_jobs()
    after = await shown()

    assert (before["package_price"], before["coming_prices"]) == (
        str(MACHINE.package_price), [{"valid_from": "2026-12-01", "price": "5200.00"}],
    )  # fmt: skip
    assert (after["package_price"], after["prices"][0]["price"], after["coming_prices"]) == (
        "5200.00", "5200.00", [],
    )  # fmt: skip
    (told,) = [each for each in service.told_of(ArticleChanged) if each.article_no == "910001"][-1:]
    assert told.package_price == coming.price.amount
