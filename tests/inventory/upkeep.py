"""A warehouse with a CPAP that needs maintenance every year, as the tests of maintenance use it."""

from typing import Any

from services.inventory.repository.collections import DEVICES
from tests.inventory.shelves import receive, receive_cpaps, stocked
from tests.support import InMemory

EVERY_YEAR = {"valid_from": "2020-01-01", "months": 12, "reason": "Enligt tillverkarens anvisning"}
WORK = {
    "done_on": "2026-11-23", "done_by": "Medicinsk teknik", "activities": ["Filter bytt", "Tryck mätt"],
    "result": "approved",
}  # fmt: skip


async def maintained_shelf() -> InMemory:
    """D100001 was bought two years ago, D100002 this month; both lie in the own storeroom."""
    service = await stocked()
    for number, bought in (("D100001", "2024-11-01"), ("D100002", "2026-11-02")):
        device = {"device_no": number}
        answer = await receive(service, article_no="910001", devices=[device], purchased_on=bought)
        assert answer.status_code == 200, answer.text
    await post(service, "/device-articles/910001/maintenance-intervals", EVERY_YEAR)
    await service.run_jobs()
    return service


async def warehouse_shelf() -> InMemory:
    """D100009 lies at the warehouse, with hoses beside it."""
    service = await stocked()
    await receive_cpaps(service, "DEMO-W1", ["D100009"], hoses=3)
    return service


async def post(
    service: InMemory, path: str, form: dict[str, Any], role: str = "technician", **who: Any
) -> Any:
    """Ask once; warehouse people work at the warehouse, others at the care unit."""
    units = ["DEMO-W1"] if role in {"technician", "store_keeper"} else ["DEMO-101"]
    headers = service.once(role, **{"care_units": units, "product_areas": ["cpap"], **who})
    return await service.client.post(path, json=form, headers=headers)


async def get(service: InMemory, path: str, role: str = "technician", **who: Any) -> Any:
    headers = service.token(role, **{"product_areas": ["cpap"], **who})
    return await service.client.get(path, headers=headers)


async def opened(service: InMemory, device_no: str = "D100001", kind: str = "preventive") -> str:
    """Register a job and give its number."""
    form = {"device_no": device_no, "kind": kind, "reason": "Årlig översyn"}
    answer = await post(service, "/maintenance-jobs", form)
    assert answer.status_code == 201, answer.text
    number: str = answer.json()["job_no"]
    return number


async def due_on(service: InMemory, device_no: str = "D100001") -> str | None:
    due = (await service.repository.get(DEVICES.ref(device_no))).upkeep.due_on
    return due.isoformat() if due else None
