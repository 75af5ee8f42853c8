"""Collection orders at ordering's doors: what is offered, and what may be asked for (S135 to S143)."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any, cast

import bson
import pytest

from services.ordering.repository.collections import COLLECTION_ORDERS
from shared.events.ordering_devices import CollectionOrderRegistered
from shared.repository.memory.backend import Memory
from tests.ordering.collecting import (
    AT_HOME,
    REPAIR,
    WANTED,
    offered,
    refusals,
    registered,
    shown,
    with_cpap,
)
from tests.ordering.desk import patient
from tests.ordering.devices import CPAP, DEVICE_NO, FILTER, HOSE, MAIN, UNIT, article, device
from tests.support import InMemory


@pytest.fixture
async def service() -> AsyncIterator[InMemory]:
    ordering = await with_cpap()
    yield ordering
    await ordering.client.aclose()


async def test_a_collection_order_is_registered_told_and_shown_with_all_that_comes_along(
    service: InMemory,
) -> None:
    number = await registered(service, REPAIR, information="3:e vån, ingen hiss")

    (told,) = service.told_of(CollectionOrderRegistered)
    (loan,) = [each.loan_id for each in told.devices]
    assert (told.collection_no, told.place, told.care_unit) == (number, "care_unit", UNIT)
    assert [(each.device_no, each.purpose) for each in told.devices] == [(DEVICE_NO, "repair")]
    seen = await shown(service, number)
    assert (seen["state_text"], seen["where_text"]) == ("registrerad", "hos patienten")
    assert (seen["registered_by_name"], seen["care_unit_name"]) == (
        "Testsson, order_placer", "Sömnmottagningen Demostad",
    )  # fmt: skip
    (device_seen,) = seen["devices"]
    assert (device_seen["loan_id"], device_seen["fault"]) == (loan, "Stannar")
    assert [(each["article_no"], each["quantity"]) for each in device_seen["components"]] == [
        (HOSE, 1), (FILTER, 2),
    ]  # fmt: skip
    assert seen["pickup"]["phone"] == "+46701740605"
    assert seen["pickup"]["information"] == "3:e vån, ingen hiss"
    kept = str(await service.repository.get(COLLECTION_ORDERS.ref(number)))
    assert not {each for each in ("Stannar", "ingen hiss", "+4670") if each in kept}


async def test_what_is_on_an_open_order_is_not_offered_and_the_open_one_is_named(service: InMemory) -> None:
    before = await offered(service)
    number = await registered(service)
    after = await offered(service)

    assert [each["device_no"] for each in before["devices"]] == [DEVICE_NO]
    assert before["devices"][0]["components"][0]["article_no"] == HOSE
    assert (after["devices"], [each["collection_no"] for each in after["open_orders"]]) == ([], [number])
    assert await refusals(service) == ["on-open-collection-order"]


async def test_places_and_purposes_are_explained_before_anybody_chooses(service: InMemory) -> None:
    found = await offered(service)

    places = {each["place"]: each["is_used"] for each in found["devices"][0]["places"]}
    assert places == {"care_unit": True, "home": False, "post": False}
    assert all(each["text"] for each in found["devices"][0]["places"])
    asks = {each["purpose"]: each["asks"] for each in found["purposes"]}
    assert asks["repair"] == ["fault", "fault_appears"]
    assert (found["address"][0], found["phone"]) == ("Provvägen 3", "+46701740605")


AGAINST: list[tuple[Any, Any, list[str]]] = [
    (WANTED | {"device_no": "D999999"}, {}, ["nothing-to-collect"]),
    (WANTED, AT_HOME, ["place-not-used"]),
    (WANTED, {"place": "post"}, ["place-not-used"]),
    (WANTED | {"purpose": "repair"}, {}, ["fault-not-said"]),
    (REPAIR | {"fault_appears": None}, {}, ["fault-not-said"]),
    (REPAIR | {"purpose": "warranty_repair", "is_about_sound": True}, {}, ["supplier-form-missing"]),
    (
        WANTED,
        {"address": {"line1": "Skolgatan 1", "postal_code": "211 20", "city": "MALMÖ"}},
        ["address-of-another-place"],
    ),
    (WANTED, {"phone": "12"}, ["not-a-phone-number"]),
]


async def test_what_speaks_against_a_collection_order_is_said(service: InMemory) -> None:
    for asked, changes, rules in AGAINST:
        assert await refusals(service, asked, **changes) == rules
    assert not service.told_of(CollectionOrderRegistered)


async def test_the_same_device_twice_and_the_units_own_are_not_collected(service: InMemory) -> None:
    assert await refusals(service, WANTED, WANTED) == ["collected-twice"]
    await service.hear(device(version=2, owner="care_unit"))
    assert await refusals(service) == ["not-collected-from-unit"]
    assert (await offered(service))["devices"] == []


async def test_a_device_that_inventory_has_not_published_yet_is_not_taken_for_the_regions() -> None:
    service = await with_cpap()
    cast("Memory", service.repository.backend)._documents["devices"].pop(DEVICE_NO)

    assert await refusals(service) == ["device-not-known-yet"]
    assert (await offered(service))["devices"] == []
    await service.hear(device())
    assert await registered(service)


async def test_what_is_bulky_is_collected_at_home_or_at_school(service: InMemory) -> None:
    bulky = article(CPAP, "Demo-CPAP", 4100, marked=True, article_type="main_aid", bulky=True)
    await service.hear(bulky.model_copy(update={"version": 2}))
    school = {"line1": "Skolgatan 1", "postal_code": "211 20", "city": "MALMÖ"}

    number = await registered(service, place="home", address=school)

    assert (await shown(service, number))["pickup"]["address"] == ["Skolgatan 1", "21120 MALMÖ"]
    assert service.told_of(CollectionOrderRegistered)[0].place == "home"


async def test_one_telephone_number_is_needed_and_one_is_enough(service: InMemory) -> None:
    await service.hear(patient(service.seals, version=2, phone=None))

    assert await refusals(service) == ["collection-needs-phone"]
    number = await registered(service, mobile="070-174 06 06")

    pickup = (await shown(service, number))["pickup"]
    assert (pickup["phone"], pickup["mobile"]) == (None, "+46701740606")


async def test_a_patient_who_has_died_has_devices_to_collect(service: InMemory) -> None:
    await service.hear(patient(service.seals, version=2, deceased_on=date(2026, 11, 20)))

    assert await registered(service)


async def test_an_article_that_an_earlier_version_noted_is_collected_at_home_until_it_is_known_to_be_small(
    service: InMemory,
) -> None:
    small = article(CPAP, "Demo-CPAP", 4100, **MAIN)
    stored = cast("Memory", service.repository.backend)._documents["device_articles"]
    stored[CPAP] = bson.encode(
        {key: kept for key, kept in bson.decode(stored[CPAP]).items() if key != "bulky"}
    )

    before = {each["place"]: each["is_used"] for each in (await offered(service))["devices"][0]["places"]}
    await service.hear(small)
    after = {each["place"]: each["is_used"] for each in (await offered(service))["devices"][0]["places"]}

    assert (before["home"], after["home"]) == (True, False)
