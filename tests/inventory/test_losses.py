"""A patient's device that was stolen, lost or damaged by carelessness, through the route (S181, Q57)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from services.inventory.repository.collections import DEVICE_ORDERS, DEVICES, MOVEMENTS
from shared.events.inventory import DeviceLossReported, DeviceReturned
from shared.events.inventory_goods import DeviceChanged
from tests.inventory.shelves import CPAP, HAND_OUT, PATIENT, keep_article, receive_cpaps, stocked
from tests.support import InMemory

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
