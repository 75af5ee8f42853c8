"""Goods that waited at a care unit and were never fetched (Q43)."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest

from services.inventory.domain.places import Storeroom
from services.inventory.repository.collections import DEVICES
from shared.events.inventory import DeviceHandedOut
from shared.events.inventory_goods import DeviceOrderNotFetched
from shared.events.ordering_devices import DeviceLine, DevicesHandedOver, HandOutMistaken, LineHandedOver
from tests.inventory.shelves import (
    CENTRAL,
    KEEPER,
    ORDER,
    OWN,
    PATIENT,
    close,
    order_of,
    receive,
    receive_cpaps,
    shelf,
    state_of,
    stocked,
)
from tests.support import A_MONDAY_MORNING, InMemory

PATH = f"/device-orders/{ORDER.order_no}"
WHY = {"reason": "Patienten hämtade aldrig"}
CLINIC = {"care_units": ["DEMO-101"], "product_areas": ["cpap"]}


async def ask(service: InMemory, path: str, body: Any = None, **who: Any) -> Any:
    role = "order_placer" if who else "store_keeper"
    return await service.client.post(path, json=body, headers=service.once(role, **(who or KEEPER)))


@pytest.fixture
async def service() -> AsyncIterator[InMemory]:
    """A CPAP with its hose was picked in the warehouse, and waits at the unit."""
    inventory = await stocked()
    await receive_cpaps(inventory, "DEMO-W1", ["D100001"], hoses=2)
    await inventory.hear(ORDER)
    await ask(inventory, f"{PATH}/pick-list/take")
    await ask(inventory, f"{PATH}/pick-list/pick", {"device_no": "D100001"})
    await ask(inventory, f"{PATH}/pick-list/pack", {})
    await ask(inventory, f"/parcels/{ORDER.order_no}.1/despatch")
    await ask(inventory, f"/parcels/{ORDER.order_no}.1/receive", **CLINIC)
    assert await state_of(inventory, "D100001") == "at_unit"
    yield inventory
    await inventory.client.aclose()


def handed_over() -> DevicesHandedOver:
    line = LineHandedOver(line_no=1, article_no="910001", quantity=1, device_nos=("D100001",))
    return DevicesHandedOver(
        hand_over_no=f"{ORDER.order_no}-1", order_no=ORDER.order_no, patient_ref=PATIENT,
        care_unit="DEMO-101",
        handed_over_on=date(2026, 11, 23), registered_at=A_MONDAY_MORNING, lines=(line,),
    )  # fmt: skip


async def test_goods_that_nobody_fetched_lie_in_the_own_storeroom_without_a_loan(service: InMemory) -> None:
    answer = await ask(service, f"{PATH}/not-fetched", {"storeroom_no": "DEMO-S1", **WHY}, **CLINIC)
    again = await ask(service, f"{PATH}/not-fetched", {"storeroom_no": "DEMO-S1", **WHY}, **CLINIC)
    await service.hear(handed_over())

    assert answer.status_code == 200, answer.text
    assert again.json()["rule"] == "nothing-waits"
    (told,) = service.told_of(DeviceOrderNotFetched)
    assert (told.storeroom_no, told.complete, told.lines[0].device_nos) == ("DEMO-S1", True, ("D100001",))
    assert await shelf(service, "DEMO-S1", "910001") == (1, 0, 0)
    assert await shelf(service, "DEMO-S1", "910100") == (1, 0, 0)
    device = await service.repository.get(DEVICES.ref("D100001"))
    assert (device.state, device.order_no, device.components) == ("in_stock", None, ())
    assert not service.told_of(DeviceHandedOut)


async def test_goods_that_are_sent_back_are_free_when_the_warehouse_has_them(service: InMemory) -> None:
    answer = await ask(service, f"{PATH}/not-fetched", {"storeroom_no": "DEMO-W1", **WHY}, **CLINIC)
    on_the_way = await state_of(service, "D100001")
    await service.hear(handed_over())
    taken = await ask(service, f"{PATH}/take-back", WHY)
    twice = await ask(service, f"{PATH}/take-back", WHY)

    assert (answer.status_code, taken.status_code) == (200, 200), taken.text
    assert on_the_way == "under_way"
    assert twice.json()["rule"] == "nothing-waits"
    assert len(service.told_of(DeviceOrderNotFetched)) == 1
    assert await shelf(service, "DEMO-W1", "910001") == (1, 0, 0)
    assert await shelf(service, "DEMO-W1", "910100") == (2, 0, 0)


async def test_only_the_unit_ends_it_and_only_into_its_own_storeroom(service: InMemory) -> None:
    other_unit = await ask(
        service, f"{PATH}/not-fetched", {"storeroom_no": "DEMO-S2", **WHY}, care_units=["DEMO-102"]
    )
    other_room = await ask(service, f"{PATH}/not-fetched", {"storeroom_no": "DEMO-S2", **WHY}, **CLINIC)

    assert other_unit.status_code == 404
    assert other_room.json()["rule"] == "not-back-there"
    assert await state_of(service, "D100001") == "at_unit"


async def test_only_who_works_in_the_area_of_the_order_ends_it(service: InMemory) -> None:
    hearing = {"care_units": ["DEMO-101"], "product_areas": ["hearing"]}

    answer = await ask(service, f"{PATH}/not-fetched", {"storeroom_no": "DEMO-S1", **WHY}, **hearing)

    assert answer.status_code == 403
    assert await state_of(service, "D100001") == "at_unit"


@pytest.mark.parametrize("closed", [OWN, CENTRAL])
async def test_a_closed_storeroom_takes_nothing_that_was_not_fetched(
    service: InMemory, closed: Storeroom
) -> None:
    await close(service, closed)

    answer = await ask(service, f"{PATH}/not-fetched", {"storeroom_no": closed.storeroom_no, **WHY}, **CLINIC)

    assert answer.json()["rule"] == "storeroom-closed"
    assert await state_of(service, "D100001") == "at_unit"


async def test_what_the_patient_got_is_not_ended(service: InMemory) -> None:
    await service.hear(handed_over())

    answer = await ask(service, f"{PATH}/not-fetched", {"storeroom_no": "DEMO-S1", **WHY}, **CLINIC)

    assert answer.json()["rule"] == "nothing-waits"
    assert await state_of(service, "D100001") == "on_loan"


async def test_what_is_sent_back_at_two_times_all_comes_to_its_shelf(service: InMemory) -> None:
    await receive_cpaps(service, "DEMO-W1", ["D100002"], hoses=0)
    await receive(service, "DEMO-W1", article_no="910300", quantity=2)
    masks = DeviceLine(line_no=2, article_no="910300", quantity=2)
    order = order_of(2, lines=(ORDER.lines[0], masks))
    path, parcel = f"/device-orders/{order.order_no}", f"/parcels/{order.order_no}.1"
    await service.hear(order)
    await ask(service, f"{path}/pick-list/take")
    await ask(service, f"{path}/pick-list/pick", {"device_no": "D100002"})
    await ask(service, f"{path}/pick-list/pick", {"article_no": "910300", "quantity": 2})
    await ask(service, f"{path}/pick-list/pack", {})
    await ask(service, f"{parcel}/despatch")
    await ask(service, f"{parcel}/receive", **CLINIC)
    line = LineHandedOver(line_no=1, article_no="910001", quantity=1, device_nos=("D100002",))
    numbers = {"hand_over_no": f"{order.order_no}-1", "order_no": order.order_no, "lines": (line,)}
    to_warehouse = {"storeroom_no": "DEMO-W1", **WHY}

    await service.hear(handed_over().model_copy(update=numbers))
    masks_back = await ask(service, f"{path}/not-fetched", to_warehouse, **CLINIC)
    mistake = HandOutMistaken(order_no=order.order_no, patient_ref=PATIENT, mistaken_at=A_MONDAY_MORNING)
    await service.hear(mistake)
    cpap_back = await ask(service, f"{path}/not-fetched", to_warehouse, **CLINIC)
    taken = await ask(service, f"{path}/take-back", WHY)

    answers = (masks_back, cpap_back, taken)
    assert [each.status_code for each in answers] == [200, 200, 200], [each.text for each in answers]
    named = [each["pick_list_no"] for each in taken.json()["parcels"]]
    assert len(set(named)) == len(named) == 3
    assert await state_of(service, "D100002") == "in_stock"
    assert await shelf(service, "DEMO-W1", "910001") == (1, 0, 0)
    assert await shelf(service, "DEMO-W1", "910300") == (2, 0, 0)
