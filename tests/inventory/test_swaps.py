"""Maintenance swaps through the routes: sent, reported, brought back, judged (S132, Q56)."""

from collections.abc import AsyncIterator
from datetime import date

import pytest

from services.inventory.repository.collections import DEVICE_ORDERS, DEVICES, LOANS, MAINTENANCE_JOBS
from shared.events.inventory import DeviceExchanged, DeviceHandedOut, DeviceReturned
from shared.events.inventory_goods import DeviceOrderDespatched, DeviceOrderReceived, DeviceOrderReserved
from shared.events.inventory_swaps import DeviceSwapChanged
from shared.events.tasks import TaskRaised
from tests.inventory.shelves import HAND_OUT, PATIENT, receive_cpaps, shelf, state_of
from tests.inventory.swapped import (
    HOSE,
    LOAN,
    NEW,
    OLD,
    OTHER_LOAN,
    OTHER_NEW,
    OTHER_OLD,
    SWAP,
    arranged,
    at_unit,
    lent_cpaps,
    not_swapped,
    reported,
    rows_of,
    sent,
    swapped,
)
from tests.inventory.upkeep import WORK, get, post
from tests.support import InMemory


@pytest.fixture
async def service() -> AsyncIterator[InMemory]:
    inventory = await lent_cpaps()
    yield inventory
    await inventory.client.aclose()


async def test_devices_of_one_patient_are_reserved_together_and_each_old_one_has_a_job(
    service: InMemory,
) -> None:
    swap_no = await arranged(service)

    assert await shelf(service, "DEMO-W1", "910001") == (2, 2, 0)
    jobs = [
        (await service.repository.get(DEVICES.ref(each))).upkeep.preventive_job for each in (OLD, OTHER_OLD)
    ]
    assert [(await service.repository.get(MAINTENANCE_JOBS.ref(each or ""))).device_no for each in jobs] == [
        OLD, OTHER_OLD,
    ]  # fmt: skip
    (told,) = service.told_of(DeviceSwapChanged)
    assert (told.patient_ref, told.ready_by, told.state) == (PATIENT, date(2026, 12, 4), "open")
    assert [(each.loan_id, each.new_device_no) for each in told.devices] == [(LOAN, None), (OTHER_LOAN, None)]
    shown = (await get(service, f"/device-swaps/{swap_no.lower()}", care_units=["DEMO-W1"])).json()
    assert (shown["missing"], shown["devices"][0]["missing_text"]) == (
        2, "Det nya hjälpmedlet ska plockas och skickas",
    )  # fmt: skip
    assert "patient_ref" not in shown


async def test_ordering_follows_a_swap_by_its_own_fact_and_by_no_order(service: InMemory) -> None:
    before = len(service.told_of(DeviceOrderReserved))

    await at_unit(service)

    assert len(service.told_of(DeviceOrderReserved)) == before
    assert (service.told_of(DeviceOrderDespatched), service.told_of(DeviceOrderReceived)) == ([], [])
    first, last = service.told_of(DeviceSwapChanged)
    assert first.version < last.version
    assert [each.new_device_no for each in last.devices] == [NEW, OTHER_NEW]


async def test_a_swap_goes_out_and_back_and_the_loan_continues_with_the_new_device(service: InMemory) -> None:
    only = {"device_no": OLD, "components": HOSE}
    swap_no = await at_unit(service, only, new=(NEW,))
    assert await rows_of(service, swap_no) == [(OLD, None, "settings")]
    await post(service, f"/device-swaps/{swap_no}/settings-ready", {}, role="order_placer")
    assert await rows_of(service, swap_no) == [(OLD, None, "result")]

    answer = await reported(service, swap_no, swapped())

    assert answer.status_code == 200, answer.text
    loan = await service.repository.get(LOANS.ref(LOAN))
    assert (loan.state, loan.device_no, loan.handed_out_on) == ("on_loan", NEW, HAND_OUT.sent_on)
    assert [each.device_no for each in loan.exchanged] == [OLD]
    (told,) = service.told_of(DeviceExchanged)
    assert (told.loan_id, told.device_no, told.in_place_of, told.why) == (LOAN, NEW, OLD, "maintenance")
    assert (len(service.told_of(DeviceHandedOut)), service.told_of(DeviceReturned)) == (2, [])
    row = service.told_of(DeviceSwapChanged)[-1].devices[0]
    assert (row.result, [(each.article_no, each.quantity) for each in row.components]) == (
        "swapped", [("910100", 1)],
    )  # fmt: skip
    assert (await state_of(service, NEW), await state_of(service, OLD)) == ("on_loan", "to_collect")
    card = (await get(service, f"/devices/{OLD}")).json()
    assert card["state_text"] == "Med transporten till huvudlagret"
    assert await rows_of(service, swap_no) == [(OLD, "under_way", "old_device")]


async def test_what_comes_back_is_maintained_and_on_the_shelf_again(service: InMemory) -> None:
    swap_no = await at_unit(service, {"device_no": OLD}, new=(NEW,))
    await reported(service, swap_no, swapped())

    came = await post(service, f"/device-swaps/{swap_no}/receive", {"devices": [{"device_no": OLD}]})

    assert came.status_code == 200, came.text
    assert (came.json()["state"], came.json()["missing"]) == ("closed", 0)
    assert await rows_of(service, swap_no) == [(OLD, "at_warehouse", None)]
    assert await state_of(service, OLD) == "quarantined"
    lent = await service.repository.get(DEVICE_ORDERS.ref(HAND_OUT.order_no))
    assert all(goods.returned for parcel in lent.parcels for goods in parcel.goods)
    job_no = came.json()["devices"][0]["job_no"]
    done = await post(service, f"/maintenance-jobs/{job_no}/complete", WORK)
    assert done.status_code == 200, done.text
    assert await rows_of(service, swap_no) == [(OLD, "repaired", None)]
    assert (await shelf(service, "DEMO-W1", "910001"), await shelf(service, "DEMO-S1", "910001")) == (
        (2, 0, 0), (0, 0, 0),
    )  # fmt: skip
    twice = await post(service, f"/device-swaps/{swap_no}/receive", {"devices": [{"device_no": OLD}]})
    assert twice.json()["rule"] == "not-in-swap"


async def test_a_swap_half_done_shows_what_is_missing(service: InMemory) -> None:
    swap_no = await at_unit(service)

    answer = await reported(service, swap_no, swapped(OLD), not_swapped(OTHER_OLD))

    assert answer.status_code == 200, answer.text
    assert await rows_of(service, swap_no) == [
        (OLD, "under_way", "old_device"),
        (OTHER_OLD, "not_swapped", "new_device"),
    ]
    (task,) = service.told_of(TaskRaised)
    assert (task.kind, task.reason, dict(task.details)) == (
        "device_swap", "device-not-swapped", {"device_no": OTHER_OLD},
    )  # fmt: skip
    assert (await service.repository.get(LOANS.ref(OTHER_LOAN))).device_no == OTHER_OLD
    back = await post(
        service, f"/device-orders/{swap_no}/take-back", {"reason": "Tillbaka"}, role="store_keeper"
    )
    assert back.status_code == 200, back.text
    assert await rows_of(service, swap_no) == [
        (OLD, "under_way", "old_device"),
        (OTHER_OLD, "not_swapped", None),
    ]
    came = await post(service, f"/device-swaps/{swap_no}/receive", {"nothing_more": True})
    assert came.json()["state"] == "closed", came.text
    assert await rows_of(service, swap_no) == [(OLD, "missing", None), (OTHER_OLD, "not_swapped", None)]
    assert service.told_of(TaskRaised)[-1].reason == "swapped-device-missing"
    assert (await state_of(service, OLD), await state_of(service, OTHER_NEW)) == ("missing", "in_stock")
    assert await shelf(service, "DEMO-W1", "910001") == (1, 0, 0)


async def test_the_open_swaps_are_listed_at_the_unit_and_at_the_warehouse(service: InMemory) -> None:
    swap_no = await arranged(service)

    async def listed(role: str, **who: object) -> list[str]:
        return [each["swap_no"] for each in (await get(service, "/device-swaps", role, **who)).json()]

    assert await listed("technician", care_units=["DEMO-W1"]) == [swap_no]
    assert await listed("prescriber", care_units=["DEMO-101"]) == [swap_no]
    assert await listed("prescriber", care_units=["DEMO-102"]) == []
    other = await get(service, f"/device-swaps/{swap_no}", "prescriber", care_units=["DEMO-102"])
    assert other.status_code == 404
    refused = await post(service, "/device-swaps", SWAP, role="prescriber")
    assert refused.status_code == 403
    await post(service, f"/device-swaps/{swap_no}/annul", {"reason": "Fel patient"})
    assert await listed("technician", care_units=["DEMO-W1"]) == []


async def test_what_is_not_there_is_waited_for_and_reserved_when_it_comes(service: InMemory) -> None:
    await sent(service, await arranged(service, {"device_no": OLD}), NEW)
    await post(service, "/devices/D100009/faults", {"fault": "Startar inte"}, role="store_keeper")

    waits = await arranged(service, {"device_no": OTHER_OLD})

    assert await rows_of(service, waits) == [(OTHER_OLD, None, "goods")]
    await receive_cpaps(service, "DEMO-W1", ["D100010"], hoses=0)
    assert await rows_of(service, waits) == [(OTHER_OLD, None, "picking")]
    await sent(service, waits, "D100010")
    assert await rows_of(service, waits) == [(OTHER_OLD, None, "arrival")]
