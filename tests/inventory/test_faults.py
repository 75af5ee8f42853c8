"""A fault that a unit reports: the warehouse's task, no loan meanwhile, and the move there (S133)."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.inventory.domain.maintenance.faults import PROMISES
from services.inventory.repository.collections import BALANCES, MOVEMENTS
from shared.events.inventory_goods import DeviceChanged, HandOutRefused
from shared.events.tasks import TaskRaised, TaskResolved
from tests.inventory.shelves import HAND_OUT, PATIENT, receive_cpaps, shelf, state_of, stocked
from tests.inventory.upkeep import WORK, get, opened, post
from tests.support import InMemory

FAULT = {"fault": "Visslar och tappar trycket"}


@pytest.fixture
async def service() -> AsyncIterator[InMemory]:
    inventory = await stocked()
    await receive_cpaps(inventory, "DEMO-S1", ["D100001", "D100002"], hoses=2)
    yield inventory
    await inventory.client.aclose()


async def reported(service: InMemory, **who: Any) -> Any:
    return await post(service, "/devices/D100001/faults", FAULT, **{"role": "order_placer", **who})


async def test_a_reported_fault_is_the_warehouses_task_with_a_promised_day(service: InMemory) -> None:
    answer = await reported(service)

    job = answer.json()
    assert (answer.status_code, job["kind"], job["care_unit"]) == (201, "corrective", "DEMO-101")
    assert job["promised_on"] == "2026-11-30"
    assert PROMISES[-1].within_days == 7
    (task,) = service.told_of(TaskRaised)
    assert (task.kind, task.role, task.subject_no) == ("device_fault", "store_keeper", job["job_no"])
    assert task.due_at.isoformat() == "2026-11-30T23:00:00+00:00"
    assert task.details == {"device_no": "D100001", "day": "2026-11-30"}


async def test_a_defect_on_the_shelf_is_set_apart_at_once_with_its_reason(service: InMemory) -> None:
    job_no = (await reported(service)).json()["job_no"]
    twice = await reported(service)
    await service.hear(HAND_OUT)

    movement = await service.repository.get(MOVEMENTS.ref(job_no))
    assert (movement.why, movement.reason) == ("set_apart", FAULT["fault"])
    assert await state_of(service, "D100001") == "quarantined"
    assert await shelf(service, "DEMO-S1", "910001") == (1, 0, 0)
    assert not service.told_of(DeviceChanged)[-1].available
    assert twice.json()["rule"] == "job-open"
    assert [each.rule for each in service.told_of(HandOutRefused)] == ["device-set-apart"]


async def test_a_defect_is_not_put_on_the_shelf_before_it_is_mended(service: InMemory) -> None:
    await reported(service)
    form = {"destination": "shelf", "reason": "Ställt fel"}

    back = await post(service, "/devices/D100001/set-apart", form, role="order_placer")
    await service.hear(HAND_OUT)

    assert back.json()["rule"] == "fault-not-mended"
    assert [each.rule for each in service.told_of(HandOutRefused)] == ["device-set-apart"]


async def test_a_device_that_comes_back_with_a_reported_fault_is_set_apart_until_it_is_mended(
    service: InMemory,
) -> None:
    await service.hear(HAND_OUT)
    job_no = (await reported(service)).json()["job_no"]
    form = {"patient_ref": PATIENT, "storeroom_no": "DEMO-S1", "devices": [{"device_no": "D100001"}]}

    answer = await post(service, "/returns", form, role="order_placer")
    came = await state_of(service, "D100001")
    await post(service, f"/maintenance-jobs/{job_no}/complete", WORK | {"result": "repaired"})

    assert answer.status_code == 200, answer.text
    assert came == "quarantined"
    assert [each.available for each in service.told_of(DeviceChanged)][-2:] == [False, True]
    assert await state_of(service, "D100001") == "in_stock"


async def test_the_warehouse_takes_a_defect_in_mends_it_and_the_task_ends(service: InMemory) -> None:
    job_no = (await reported(service)).json()["job_no"]
    path = f"/maintenance-jobs/{job_no}"

    by_the_unit = await post(service, f"{path}/take-in", {"storeroom_no": "DEMO-W1"}, role="order_placer")
    taken = await post(service, f"{path}/take-in", {"storeroom_no": "DEMO-W1"}, role="store_keeper")
    again = await post(service, f"{path}/take-in", {"storeroom_no": "DEMO-W1"}, role="store_keeper")
    at_warehouse = await service.repository.get(BALANCES.ref("DEMO-W1:910001"))
    done = await post(service, f"{path}/complete", WORK | {"result": "repaired"})

    assert (by_the_unit.status_code, taken.status_code) == (403, 200)
    assert again.json()["rule"] == "not-in-storeroom"
    assert (at_warehouse.on_hand, at_warehouse.quarantined) == (0, 1)
    assert done.status_code == 200, done.text
    assert await state_of(service, "D100001") == "in_stock"
    assert (await shelf(service, "DEMO-W1", "910001"), await shelf(service, "DEMO-S1", "910001")) == (
        (1, 0, 0), (1, 0, 0),
    )  # fmt: skip
    assert [each.how for each in service.told_of(TaskResolved)] == ["repaired"]
    moves = (await get(service, "/devices/D100001/movements")).json()
    assert {each["why"] for each in moves} == {"maintained", "taken_in", "set_apart", "received"}


async def test_a_patients_device_with_a_fault_stays_on_loan_and_is_not_lent_to_the_next(
    service: InMemory,
) -> None:
    await service.hear(HAND_OUT)

    by_customer_service = await reported(service, role="customer_service")
    of_another_unit = await post(
        service, "/devices/D100001/faults", FAULT, role="order_placer", care_units=["DEMO-102"]
    )

    assert (by_customer_service.status_code, of_another_unit.status_code) == (201, 404)
    assert await state_of(service, "D100001") == "on_loan"


async def test_nobody_maintains_what_is_scrapped_and_no_report_names_a_person(service: InMemory) -> None:
    await receive_cpaps(service, "DEMO-W1", ["D100009"], hoses=0)
    form = {"destination": "scrap", "reason": "Vattenskadad"}
    await post(service, "/devices/D100009/set-apart", form, role="store_keeper")

    gone = await post(
        service, "/maintenance-jobs", {"device_no": "D100009", "kind": "corrective", "reason": "Trasig"}
    )
    person = await post(service, "/devices/D100001/faults", {"fault": "191212121212 har tappat den"})

    assert (gone.json()["rule"], person.json()["rule"]) == ("device-gone", "note-about-person")


async def test_a_defect_whose_pieces_are_all_promised_stays_and_cannot_be_picked(service: InMemory) -> None:
    number = await opened(service, "D100002", "corrective")
    await post(service, f"/maintenance-jobs/{number}/annul", {"reason": "Fel nummer avläst"})
    assert (await reported(service)).status_code == 201
    assert (await post(service, "/devices/D100002/faults", FAULT)).status_code == 201

    assert await shelf(service, "DEMO-S1", "910001") == (0, 0, 0)
