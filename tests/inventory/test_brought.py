"""A device that is brought and is elsewhere by the register: a task, no silent correction (S146, Q51)."""

from typing import Any

from shared.events.inventory import DeviceReturned
from shared.events.tasks import TaskRaised
from tests.inventory.shelves import HAND_OUT, receive_cpaps, state_of, stocked
from tests.support import InMemory


async def brought(service: InMemory, device_no: str) -> Any:
    headers = service.once("order_placer", None, care_units=["DEMO-102"], product_areas=["cpap"])
    form = {"storeroom_no": "DEMO-S2"}
    return await service.client.post(f"/devices/{device_no}/brought", json=form, headers=headers)


async def test_what_somebody_else_has_on_loan_is_a_task_of_who_lent_it_and_stays_on_loan() -> None:
    service = await stocked()
    await receive_cpaps(service, "DEMO-S1", ["D100001"], hoses=1)
    await receive_cpaps(service, "DEMO-S2", ["D100002"], hoses=0)
    await service.hear(HAND_OUT)

    answer = await brought(service, "D100001")
    there = await brought(service, "D100002")

    assert (answer.status_code, answer.json()) == (200, {"device_no": "D100001"}), answer.text
    (task,) = service.told_of(TaskRaised)
    assert (task.kind, task.care_unit, task.patient_ref) == ("device_brought", "DEMO-101", None)
    assert task.details["device"] == "Demo-CPAP, D100001"
    assert await state_of(service, "D100001") == "on_loan"
    assert not service.told_of(DeviceReturned)
    assert there.json()["rule"] == "lies-there-already"
    await service.client.aclose()
