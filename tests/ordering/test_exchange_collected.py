"""A defective device is exchanged and collected in one request, and inventory decides (Q41, Q48, S133)."""

from dataclasses import replace
from typing import Any

from services.ordering.repository.collections import COLLECTION_ORDERS
from shared.events.ordering_devices import CollectionOrderRegistered, DeviceOrderSent
from shared.repository import Cause
from tests.ordering.collecting import changed, offered, registered, shown
from tests.ordering.devices import (
    CPAP,
    DEVICE_NO,
    OTHER_UNIT,
    article,
    device,
    hand_out_form,
    handed_out,
    placer,
    posted,
    refused,
)
from tests.ordering.test_exchanges import continued, with_one_on_loan
from tests.support import InMemory

NOW = Cause(key=None)

WHY = {"purpose": "repair", "fault": "Stannar", "fault_appears": "Efter en timme"}


def form(collection: Any = WHY) -> dict[str, Any]:
    old = {"device_no": DEVICE_NO, "disposition": "collect", "collection": collection}
    return {**hand_out_form(device_no="D200001", fee=...), "exchange": old}


def exchange_of(service: InMemory) -> Any:
    return service.told_of(DeviceOrderSent)[-1].lines[0].exchange


async def test_one_request_hands_out_the_new_device_and_orders_the_old_one_collected() -> None:
    service = await with_one_on_loan()

    answer = await handed_out(service, form(), answer=continued)

    assert answer.status_code == 200, answer.text
    asked = exchange_of(service)
    assert (asked.device_no, asked.disposition) == (DEVICE_NO, "collect")
    (told,) = service.told_of(CollectionOrderRegistered)
    assert (told.collection_no, told.devices[0].loan_id) == (asked.collection_no, asked.loan_id)
    seen = await shown(service, asked.collection_no)
    assert (seen["state"], seen["where"]) == ("registered", "care_unit")
    assert seen["devices"][0]["exchange_no"] == answer.json()["order_no"]
    assert answer.json()["lines"][0]["collection_no"] == asked.collection_no
    assert [each["device_no"] for each in (await offered(service))["devices"]] == ["D200001"]


async def test_a_refusal_of_inventory_ends_both_halves() -> None:
    service = await with_one_on_loan()

    answer = await handed_out(service, form(), answer=refused)

    assert answer.status_code == 409
    number = exchange_of(service).collection_no
    assert (await service.repository.get(COLLECTION_ORDERS.ref(number))).state == "refused"
    assert not service.told_of(CollectionOrderRegistered)
    assert await registered(service)


async def test_a_device_that_shall_be_collected_already_is_exchanged_on_the_order_that_stands() -> None:
    service = await with_one_on_loan()
    number = await registered(service)

    answer = await handed_out(service, form(None), answer=continued)

    assert answer.status_code == 200, answer.text
    assert exchange_of(service).collection_no == number
    assert len(service.told_of(CollectionOrderRegistered)) == 1
    annulled = await changed(service, number, "annul", {})
    assert annulled.json()["rule"] == "exchanged-is-collected"
    new = await registered(service, {"device_no": "D200001", "purpose": "need_ended"})
    assert new != number


async def test_a_refused_exchange_leaves_the_order_that_stood_as_it_was() -> None:
    service = await with_one_on_loan()
    number = await registered(service)

    await handed_out(service, form(None), answer=refused)

    assert (await shown(service, number))["devices"][0]["exchange_no"] is None
    assert (await changed(service, number, "annul", {})).status_code == 200


AGAINST: list[tuple[Any, str]] = [
    (None, "collection-not-said"),
    ({"purpose": "repair"}, "fault-not-said"),
    (
        WHY | {"address": {"line1": "A 1", "postal_code": "21120", "city": "M"}},
        "address-of-another-place",
    ),
]


async def test_what_is_collected_says_why_also_in_the_preview() -> None:
    service = await with_one_on_loan()

    for collection, rule in AGAINST:
        made = await posted(service, "/hand-outs", form(collection), placer(service))
        preview = await posted(service, "/hand-outs/preview", form(collection), placer(service))

        assert made.json()["rule"] == rule
        assert [each["rule"] for each in preview.json()["reasons"]] == [rule]
    assert len(service.told_of(DeviceOrderSent)) == 1


async def test_what_shall_be_collected_is_not_exchanged_into_the_storeroom() -> None:
    service = await with_one_on_loan()
    await registered(service)
    returned = {**form(), "exchange": {"device_no": DEVICE_NO}}

    answer = await posted(service, "/hand-outs", returned, placer(service))

    assert answer.json()["rule"] == "on-open-collection-order"


async def test_the_units_own_device_is_not_collected_in_exchange() -> None:
    service = await with_one_on_loan()
    await service.hear(device(version=9, owner="care_unit"))

    answer = await posted(service, "/hand-outs", form(), placer(service))

    assert answer.json()["rule"] == "not-collected-from-unit"


async def test_an_open_order_that_is_collected_elsewhere_is_not_changed_by_an_exchange() -> None:
    service = await with_one_on_loan()
    bulky = article(CPAP, "Demo-CPAP", 4100, marked=True, article_type="main_aid", bulky=True)
    await service.hear(bulky.model_copy(update={"version": 2}))
    at_home = await registered(service, place="home")

    refusal = (await handed_out(service, form(None), answer=continued)).json()
    preview = await posted(service, "/hand-outs/preview", form(None), placer(service))

    assert (refusal["rule"], refusal["reasons"][0]["facts"]["collection_no"]) == (
        "collected-elsewhere",
        at_home,
    )
    assert [each["rule"] for each in preview.json()["reasons"]] == ["collected-elsewhere"]
    assert (await shown(service, at_home))["devices"][0]["exchange_no"] is None
    await changed(service, at_home, "annul", {})
    assert (await handed_out(service, form(), answer=continued)).status_code == 200


async def test_another_units_open_order_is_not_changed_by_an_exchange() -> None:
    service = await with_one_on_loan()
    number = await registered(service)
    ref = COLLECTION_ORDERS.ref(number)
    await service.repository.change(ref, lambda order: (replace(order, care_unit=OTHER_UNIT), []), cause=NOW)

    answer = await posted(service, "/hand-outs", form(None), placer(service))

    assert answer.json()["rule"] == "collected-elsewhere"
    assert (await service.repository.get(ref)).devices[0].exchange_no is None


async def test_what_the_carrier_has_is_neither_exchanged_nor_annulled() -> None:
    service = await with_one_on_loan()
    number = await registered(service)
    await changed(service, number, "fetched")

    exchange = await posted(service, "/hand-outs", form(None), placer(service))
    annulled = await changed(service, number, "annul", {})

    assert [exchange.json()["rule"], annulled.json()["rule"]] == ["fetched-already"] * 2
    assert (await shown(service, number))["state"] == "registered"


async def test_a_purpose_beside_the_one_of_the_open_order_is_not_dropped_in_silence() -> None:
    service = await with_one_on_loan()
    number = await registered(service)

    answer = await posted(service, "/hand-outs", form(), placer(service))

    (reason,) = answer.json()["reasons"]
    assert (reason["rule"], reason["facts"]["collection_no"]) == ("on-open-collection-order", number)
