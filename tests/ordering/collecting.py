"""Collection orders as the tests of ordering ask for them, and a patient who has a CPAP on loan."""

from typing import Any

import httpx

from shared.events.inventory_collections import CollectionReceived, DeviceCollected, DeviceNotThere
from shared.events.ordering_devices import CollectionOrderRegistered
from tests.ordering.devices import DEVICE_NO, UNIT, hand_out_form, handed_out, placer, posted, told_devices
from tests.ordering.examples import PATIENT
from tests.support import InMemory

WANTED: dict[str, Any] = {"device_no": DEVICE_NO, "purpose": "need_ended"}
REPAIR = WANTED | {"purpose": "repair", "fault": "Stannar", "fault_appears": "Efter en timme"}
AT_HOME = {"place": "home"}


async def with_cpap() -> InMemory:
    """A patient has a CPAP with hose and filters on loan since a Monday."""
    ordering = await told_devices()
    await handed_out(ordering, hand_out_form())
    return ordering


def form(*devices: Any, **changes: Any) -> dict[str, Any]:
    return {"patient_ref": PATIENT, "care_unit": UNIT, "devices": list(devices or (WANTED,)), **changes}


async def registered(service: InMemory, *devices: Any, **changes: Any) -> str:
    answer = await posted(service, "/collection-orders", form(*devices, **changes), placer(service))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["collection_no"])


async def refusals(service: InMemory, *devices: Any, **changes: Any) -> list[str]:
    answer = await posted(service, "/collection-orders", form(*devices, **changes), placer(service))
    body = answer.json()
    return [body["rule"], *(each["rule"] for each in body.get("also", []))]


async def shown(service: InMemory, number: str) -> dict[str, Any]:
    headers = service.token("order_placer", product_areas=["cpap"])
    answer = await service.client.get(f"/collection-orders/{number}", headers=headers)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def offered(service: InMemory) -> dict[str, Any]:
    headers = service.token("order_placer", product_areas=["cpap"])
    whose = {"patient_ref": PATIENT, "care_unit": UNIT}
    answer = await posted(service, "/collection-orders/offered", whose, headers)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def changed(service: InMemory, number: str, act: str, body: Any = None) -> httpx.Response:
    return await posted(service, f"/collection-orders/{number}/{act}", body, placer(service))


def came(service: InMemory, number: str, *, is_there: bool = True) -> CollectionReceived:
    (told,) = service.told_of(CollectionOrderRegistered)
    loan_id = told.devices[0].loan_id
    return CollectionReceived(
        collection_no=number,
        storeroom_no="DEMO-W1",
        received_on=service.clock.today(),
        received_at=service.clock.now(),
        received_by="keeper-1",
        came=(DeviceCollected(loan_id=loan_id, device_no=DEVICE_NO, disposition="quarantine"),) * is_there,
        not_there=(DeviceNotThere(loan_id=loan_id, device_no=DEVICE_NO),) * (not is_there),
    )
