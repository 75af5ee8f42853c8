"""What comes from the warehouse is handed over for a device that is collected (Q43, Q48, S133)."""

from typing import Any

from services.ordering.repository.collections import COLLECTION_ORDERS
from shared.events.ordering_devices import (
    CollectionOrderRegistered,
    DeviceOrderSent,
    DevicesHandedOver,
)
from tests.ordering.baskets import shown
from tests.ordering.collecting import changed, offered, registered
from tests.ordering.collecting import shown as collection
from tests.ordering.devices import DEVICE_NO
from tests.ordering.test_exchange_collected import WHY
from tests.ordering.test_hand_over_exchanges import at_the_unit, exchanged, made, refused
from tests.support import InMemory


def form(why: Any = WHY) -> dict[str, Any]:
    old = {"device_no": DEVICE_NO, "disposition": "collect", "collection": why}
    return {"lines": [{"line_no": 1, "exchange": old}]}


def told(service: InMemory) -> DevicesHandedOver:
    *_, last = service.told_of(DevicesHandedOver)
    assert isinstance(last, DevicesHandedOver)
    return last


async def test_one_request_hands_over_and_orders_the_old_one_collected() -> None:
    service, order = await at_the_unit()

    answer = await exchanged(service, order, form())

    assert answer.status_code == 200, answer.text
    fact = told(service)
    (asked,) = [each.exchange for each in fact.lines if each.exchange]
    (said,) = service.told_of(CollectionOrderRegistered)
    assert (asked.disposition, asked.collection_no) == ("collect", said.collection_no)
    assert fact.storeroom_no is None
    seen = await collection(service, said.collection_no)
    assert (seen["state"], seen["where"]) == ("registered", "care_unit")
    assert seen["devices"][0]["exchange_no"] == fact.hand_over_no
    lines = (await shown(service, f"/device-orders/{order.order_no}"))["lines"]
    assert lines[0]["collection_no"] == said.collection_no


async def test_a_refusal_of_inventory_ends_both_and_a_late_one_ends_nothing() -> None:
    service, order = await at_the_unit()

    answer = await exchanged(service, order, form(), answer=refused)
    (asked,) = [each.exchange for each in (told(service)).lines if each.exchange]
    again = await exchanged(service, order, form(), answer=made)
    await service.hear(refused(told(service)))

    assert (answer.status_code, again.status_code) == (409, 200)
    first = await service.repository.get(COLLECTION_ORDERS.ref(asked.collection_no or ""))
    assert first.state == "refused"
    (said,) = service.told_of(CollectionOrderRegistered)
    assert (await collection(service, said.collection_no))["devices"][0]["exchange_no"]


async def test_the_open_order_of_the_unit_is_used_and_stays_when_inventory_refuses() -> None:
    service, order = await at_the_unit()
    number = await registered(service)

    await exchanged(service, order, form(None), answer=refused)
    before = await collection(service, number)
    await exchanged(service, order, form(None))

    assert (before["state"], before["devices"][0]["exchange_no"]) == ("registered", None)
    assert (await collection(service, number))["devices"][0]["exchange_no"]
    assert len(service.told_of(CollectionOrderRegistered)) == 1
    listed = [each["device_no"] for each in (await offered(service))["devices"]]
    assert DEVICE_NO not in listed
    assert (await changed(service, number, "annul", {})).json()["rule"] == "exchanged-is-collected"


async def test_it_says_why_and_what_nobody_said_is_asked() -> None:
    service, order = await at_the_unit()

    silent = await exchanged(service, order, form(None))
    vague = await exchanged(service, order, form({"purpose": "repair"}))

    assert [each.json()["rule"] for each in (silent, vague)] == ["collection-not-said", "fault-not-said"]
    assert not service.told_of(DevicesHandedOver)
    assert len(service.told_of(DeviceOrderSent)) == 2
    assert not service.told_of(CollectionOrderRegistered)
