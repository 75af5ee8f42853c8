"""A patient's device that was stolen, lost or damaged by carelessness, through the route (S181, Q57)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from services.inventory.repository.collections import DEVICE_ORDERS, DEVICES, MOVEMENTS
from shared.events.inventory import DeviceLossReported, DeviceReturned
from shared.events.inventory_goods import DeviceChanged, HandOutNotTakenBack
from shared.events.ordering_devices import HandOutMistaken
from tests.inventory.shelves import (
    CPAP,
    HAND_OUT,
    PATIENT,
    keep_article,
    receive,
    receive_cpaps,
    shelf,
    stocked,
)
from tests.inventory.test_renumbering import WORN, renumbered
from tests.support import A_MONDAY_MORNING, InMemory

STOLEN = {"how": "stolen", "happened_on": "2026-11-23", "reason": "Inbrott i bilen, polisanmält"}
DAMAGED = STOLEN | {"how": "damaged", "reason": "Tappad i vatten"}


@pytest.fixture
async def service() -> AsyncIterator[InMemory]:
    """A CPAP of the own storeroom is on loan, with a hose, since a Monday."""
    inventory = await stocked()
    await receive_cpaps(inventory, "DEMO-S1", ["D100001"], hoses=1)
    await inventory.hear(HAND_OUT)
    yield inventory
    await inventory.client.aclose()


async def reported(
    service: InMemory, form: dict[str, Any], key: str | None = None, role: str = "order_placer", **who: Any
) -> Any:
    headers = service.once(role, key, **{"product_areas": ["cpap"], **who})
    form = {"patient_ref": PATIENT, **form}
    return await service.client.post("/devices/D100001/losses", json=form, headers=headers)


async def loans(service: InMemory) -> list[tuple[str, str | None]]:
    headers = service.token("order_placer", product_areas=["cpap"])
    answer = await service.client.get(f"/patients/{PATIENT}/loans", headers=headers)
    return [(each["state"], each["returned_on"]) for each in answer.json()]


@pytest.mark.parametrize("how", ["stolen", "lost"])
async def test_a_stolen_or_lost_device_is_written_off_with_its_loan_and_is_no_return(
    service: InMemory, how: str
) -> None:
    answer = await reported(service, STOLEN | {"how": how}, "reported-once-1")
    again = await reported(service, STOLEN | {"how": how}, "reported-once-1")

    assert (answer.status_code, answer.json()["device_state"]) == (201, "written_off")
    assert again.json() == answer.json()
    (fact,) = service.told_of(DeviceLossReported)
    assert (fact.loss_no, fact.how, fact.device_no) == (answer.json()["loss_no"], how, "D100001")
    assert (fact.price, fact.purchased_on, fact.handed_out_on) == (Decimal(4000), None, date(2026, 11, 23))
    assert service.told_of(DeviceReturned) == []
    assert not service.told_of(DeviceChanged)[-1].available
    assert await loans(service) == [("written_off", None)]


async def test_a_damaged_device_stays_on_loan_until_it_is_collected_and_may_be_lost_afterwards(
    service: InMemory,
) -> None:
    first = await reported(service, DAMAGED)
    twice = await reported(service, DAMAGED)
    still = await loans(service)
    lost = await reported(service, STOLEN | {"how": "lost"})

    assert (first.json()["device_state"], still) == ("on_loan", [("on_loan", None)])
    assert (twice.status_code, twice.json()["rule"]) == (422, "damage-reported-already")
    assert lost.status_code == 201
    assert [each.how for each in service.told_of(DeviceLossReported)] == ["damaged", "lost"]


async def test_a_device_that_is_bought_in_packages_costs_its_share_of_one(service: InMemory) -> None:
    await keep_article(service, replace(CPAP, pieces_per_package=4))

    await reported(service, STOLEN)

    (fact,) = service.told_of(DeviceLossReported)
    assert fact.price == Decimal(1000)


async def test_what_cannot_have_happened_is_refused_and_nothing_is_told(service: InMemory) -> None:
    before = await reported(service, STOLEN | {"happened_on": "2026-11-22"})
    to_come = await reported(service, STOLEN | {"happened_on": "2026-11-24"})
    anothers = await reported(service, STOLEN | {"patient_ref": "22222222-2222-4222-8222-222222222222"})
    await reported(service, STOLEN)
    gone = await reported(service, STOLEN)

    assert [each.json()["rule"] for each in (before, to_come, anothers, gone)] == [
        "loss-before-lent", "day-to-come", "device-not-with-patient", "device-not-with-patient",
    ]  # fmt: skip
    assert len(service.told_of(DeviceLossReported)) == 1


async def test_what_was_lost_leaves_the_order_by_a_movement_and_cannot_be_returned(
    service: InMemory,
) -> None:
    lost = (await reported(service, STOLEN)).json()["loss_no"]
    headers = service.once("order_placer", product_areas=["cpap"])
    form = {"patient_ref": PATIENT, "storeroom_no": "DEMO-S1", "devices": [{"device_no": "D100001"}]}
    back = await service.client.post("/returns", json=form, headers=headers)

    movement = await service.repository.get(MOVEMENTS.ref(lost))
    order = await service.repository.get(DEVICE_ORDERS.ref(HAND_OUT.order_no))
    assert (movement.why, [(each.article_no, each.target) for each in movement.rows]) == (
        "lost", [("910001", "lost"), ("910100", "lost")],
    )  # fmt: skip
    assert all(each.returned for parcel in order.parcels for each in parcel.goods)
    assert (back.status_code, back.json()["rule"]) == (422, "reported-lost-before")


async def test_another_units_and_areas_devices_are_not_reported_but_customer_service_may(
    service: InMemory,
) -> None:
    of_another_unit = await reported(service, STOLEN, care_units=["DEMO-102"])
    of_another_area = await reported(service, STOLEN, product_areas=["foods"])
    by_customer_service = await reported(service, STOLEN, role="customer_service")

    assert (of_another_unit.status_code, of_another_area.status_code) == (403, 403)
    assert by_customer_service.status_code == 201
    assert (await service.repository.get(DEVICES.ref("D100001"))).state == "written_off"


async def received(service: InMemory, number: str = "D100001", **piece: Any) -> Any:
    return await receive(service, article_no="910001", devices=[{"device_no": number, **piece}])


async def test_a_stolen_device_that_comes_to_light_is_received_again_and_lent_again(
    service: InMemory,
) -> None:
    await reported(service, STOLEN)

    answer = await received(service, serial_no="sn-d100001")
    twice = await received(service)

    assert answer.status_code == 200, answer.text
    assert twice.json()["rule"] == "device-number-taken"
    device = await service.repository.get(DEVICES.ref("D100001"))
    assert (device.state, device.storeroom_no, device.lost) == ("in_stock", "DEMO-S1", False)
    assert service.told_of(DeviceChanged)[-1].available
    assert await shelf(service, "DEMO-S1", "910001") == (1, 0, 0)
    headers = service.token("store_keeper", care_units=["DEMO-101"])
    moves = (await service.client.get("/devices/D100001/movements", headers=headers)).json()
    found = [(each["source"], each["target"]) for each in moves]
    assert {("order", "lost"), ("lost", "storeroom")} <= set(found)


async def test_a_lost_device_is_received_by_the_number_on_its_new_label(service: InMemory) -> None:
    await renumbered(service, "D100001", WORN | {"new_number": "D100009"})
    await reported(service, STOLEN | {"how": "lost"})

    answer = await received(service, "D100009")

    assert answer.status_code == 200, answer.text
    assert (await service.repository.get(DEVICES.ref("D100001"))).state == "in_stock"


async def test_what_was_scrapped_or_has_another_serial_number_is_not_the_device_that_was_lost(
    service: InMemory,
) -> None:
    await reported(service, STOLEN)

    answer = await received(service, serial_no="SN-OTHER")

    assert answer.json()["rule"] == "device-number-taken"
    assert (await service.repository.get(DEVICES.ref("D100001"))).state == "written_off"


async def test_who_had_a_stolen_device_has_it_no_longer_and_its_card_says_stolen(service: InMemory) -> None:
    await reported(service, STOLEN)

    asked = service.token("customer_service", product_areas=["cpap"])
    answer = await service.client.post("/goods/holders", json={"device_no": "D100001"}, headers=asked)
    card = await service.client.get("/devices/D100001", headers=asked | {"accept-language": "sv"})

    (holder,) = answer.json()["holders"]
    assert (holder["state"], holder["until"]) == ("had", "2026-11-23")
    assert card.json()["state_text"] == "Stulen eller förkommen"


async def test_a_hand_out_whose_device_was_stolen_stands(service: InMemory) -> None:
    await reported(service, STOLEN)

    await service.hear(
        HandOutMistaken(order_no=HAND_OUT.order_no, patient_ref=PATIENT, mistaken_at=A_MONDAY_MORNING)
    )

    (stands,) = service.told_of(HandOutNotTakenBack)
    assert stands.rule == "lost-since"
    assert await loans(service) == [("written_off", None)]
    assert await shelf(service, "DEMO-S1", "910001") == (0, 0, 0)
