"""A new number on a worn label, and a supplier's replacement (Q12, S177)."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from shared.events.inventory import DeviceReturned
from shared.events.inventory_goods import DeviceChanged
from tests.inventory.shelves import (
    HAND_OUT,
    KEEPER,
    ORDER,
    PATIENT,
    receive,
    receive_cpaps,
    shelf,
    state_of,
    stocked,
)
from tests.inventory.test_returns import hand_back
from tests.support import InMemory

WORN = {"new_number": "D900001", "reason": "Märkningen var sliten", "confirmed": True}
SENT = {"new_number": "D900001", "serial_no": "SN-NEW", "reason": "Bytt på garanti"}


@pytest.fixture
async def service() -> AsyncIterator[InMemory]:
    inventory = await stocked()
    await receive_cpaps(inventory, "DEMO-S1", ["D100001", "D100002"], hoses=3)
    await receive_cpaps(inventory, "DEMO-W1", ["D200001"], hoses=0)
    yield inventory
    await inventory.client.aclose()


async def renumbered(service: InMemory, device_no: str, body: dict[str, Any] = WORN, **who: Any) -> Any:
    headers = service.once("order_placer", **{"product_areas": ["cpap"], **who})
    return await service.client.post(f"/devices/{device_no}/renumber", json=body, headers=headers)


async def card(service: InMemory, number: str) -> Any:
    who = service.token("order_placer", product_areas=["cpap"])
    return (await service.client.get(f"/devices/{number}", headers=who)).json()


async def test_a_device_with_a_new_label_is_found_and_returned_by_every_number(service: InMemory) -> None:
    await service.hear(HAND_OUT)

    first = await renumbered(service, "D100001")
    second = await renumbered(service, "D900001", {**WORN, "new_number": "D900002"})

    assert (first.status_code, second.status_code) == (200, 200), first.text
    for number in ("D100001", "D900001", "d900002"):
        shown = await card(service, number)
        assert (shown["device_no"], shown["label"]) == ("D100001", "D900002")
        assert shown["former_numbers"] == ["D100001", "D900001"]
    told = service.told_of(DeviceChanged)[-1]
    assert (told.device_no, told.label, told.former_numbers) == (
        "D100001", "D900002", ("D100001", "D900001"),
    )  # fmt: skip
    who = service.token("order_placer", product_areas=["cpap"])
    (loan,) = (await service.client.get(f"/patients/{PATIENT}/loans", headers=who)).json()
    assert (loan["device_no"], loan["label"]) == ("D100001", "D900002")
    answer = await hand_back(service, {"devices": [{"device_no": "D900002"}]})
    assert answer.status_code == 200, answer.text
    assert service.told_of(DeviceReturned)[0].device_no == "D100001"


@pytest.mark.parametrize("number", ["D100001", "D100002", "D900001"])
async def test_no_number_is_given_to_two_devices(service: InMemory, number: str) -> None:
    await renumbered(service, "D100001")

    again = await renumbered(service, "D100002", {**WORN, "new_number": number})
    received = await receive(service, article_no="910001", devices=[{"device_no": "D900001"}])

    assert again.json()["rule"] == "device-number-taken"
    assert received.json()["rule"] == "device-number-taken"


async def test_a_new_label_is_confirmed_by_who_has_the_device(service: InMemory) -> None:
    unconfirmed = await renumbered(service, "D100001", {**WORN, "confirmed": False})
    elsewhere = await renumbered(service, "D100001", care_units=["DEMO-102"])

    assert (unconfirmed.status_code, elsewhere.status_code) == (422, 404)
    assert (await card(service, "D100001"))["label"] == "D100001"


CLINIC: dict[str, Any] = {"care_units": ["DEMO-101"], "product_areas": ["cpap"]}
HEARING: dict[str, Any] = {"care_units": ["DEMO-101"], "product_areas": ["hearing"]}
ELSEWHERE: dict[str, Any] = {"care_units": ["DEMO-102"], "product_areas": ["cpap"]}
AT_WAREHOUSE: dict[str, Any] = {"care_units": ["DEMO-W1"], "product_areas": []}


async def on_the_way(service: InMemory, stage: str) -> None:
    """Bring a device of the warehouse so far for an order of the unit."""
    path = f"/device-orders/{ORDER.order_no}/pick-list"
    steps = [
        (f"{path}/take", None),
        (f"{path}/pick", {"device_no": "D200001"}),
        (f"{path}/pack", {}),
        (f"/parcels/{ORDER.order_no}.1/despatch", None),
        (f"/parcels/{ORDER.order_no}.1/receive", None),
    ]
    await receive(service, "DEMO-W1", article_no="910100", quantity=1)
    await service.hear(ORDER)
    for step, body in steps[: {"picked": 2, "under_way": 4, "at_unit": 5}[stage]]:
        role, who = ("order_placer", CLINIC) if step.endswith("/receive") else ("store_keeper", KEEPER)
        answer = await service.client.post(step, json=body, headers=service.once(role, None, **who))
        assert answer.status_code == 200, answer.text
    assert await state_of(service, "D200001") == stage


@pytest.mark.parametrize("stage", ["in_stock", "picked", "under_way", "at_unit"])
async def test_a_device_of_the_warehouse_is_renumbered_there_or_where_it_goes(
    service: InMemory, stage: str
) -> None:
    if stage != "in_stock":
        await on_the_way(service, stage)
    unit = 404 if stage == "in_stock" else 200

    refused = [await renumbered(service, "D200001", **who) for who in (HEARING, ELSEWHERE)]
    at_unit = await renumbered(service, "D200001", **CLINIC)
    at_warehouse = await renumbered(service, "D200001", {**WORN, "new_number": "D900002"}, **AT_WAREHOUSE)

    assert [each.status_code for each in refused] == [404, 404]
    assert (at_unit.status_code, at_warehouse.status_code) == (unit, 200), at_unit.text


async def test_a_device_on_loan_is_renumbered_by_the_unit_and_area_that_lent_it(service: InMemory) -> None:
    await service.hear(HAND_OUT)

    refused = [await renumbered(service, "D100001", **who) for who in (HEARING, ELSEWHERE, AT_WAREHOUSE)]

    assert [each.status_code for each in refused] == [404, 404, 404]
    assert (await renumbered(service, "D100001", **CLINIC)).status_code == 200


async def test_a_device_that_is_missing_is_renumbered_by_nobody(service: InMemory) -> None:
    scan = {"article_no": "910001", "device_nos": ["D100001"], "reason": "Inventering"}
    headers = service.once("order_placer", None, **CLINIC)
    await service.client.post("/storerooms/DEMO-S1/stocktake-devices", json=scan, headers=headers)

    answer = await renumbered(service, "D100002", **CLINIC)

    assert answer.status_code == 404


async def test_what_a_supplier_sends_for_a_device_is_another_one_that_replaces_it(service: InMemory) -> None:
    headers = service.once("store_keeper", None, **KEEPER)
    path = "/devices/D200001/replace"

    answer = await service.client.post(path, json=SENT, headers=headers)
    again = await service.client.post(path, json=SENT, headers=service.once("store_keeper", None, **KEEPER))

    assert answer.status_code == 200, answer.text
    assert (answer.json()["device_no"], answer.json()["replaces"]) == ("D900001", "D200001")
    assert again.status_code == 404
    assert (await state_of(service, "D200001"), await state_of(service, "D900001")) == (
        "written_off", "in_stock",
    )  # fmt: skip
    assert await shelf(service, "DEMO-W1", "910001") == (1, 0, 0)


async def test_a_replacement_is_answered_alike_however_often_it_is_sent(service: InMemory) -> None:
    headers = service.once("store_keeper", None, **KEEPER)
    first = await service.client.post("/devices/D200001/replace", json=SENT, headers=headers)

    again = await service.client.post("/devices/D200001/replace", json=SENT, headers=headers)
    other = {**SENT, "new_number": "D900009"}
    reused = await service.client.post("/devices/D200001/replace", json=other, headers=headers)

    assert (again.status_code, again.json()) == (200, first.json())
    assert again.headers["Idempotency-Replayed"] == "true"
    assert reused.json()["rule"] == "key-reused"
    assert await shelf(service, "DEMO-W1", "910001") == (1, 0, 0)


async def test_a_new_label_is_answered_alike_also_when_the_device_is_somewhere_else_by_now(
    service: InMemory,
) -> None:
    headers = service.once("order_placer", None, **CLINIC)
    first = await service.client.post("/devices/D100001/renumber", json=WORN, headers=headers)
    scan = {"article_no": "910001", "device_nos": ["D100002"], "reason": "Inventering"}
    counted = service.once("order_placer", None, **CLINIC)
    await service.client.post("/storerooms/DEMO-S1/stocktake-devices", json=scan, headers=counted)

    again = await service.client.post("/devices/D100001/renumber", json=WORN, headers=headers)

    assert (first.status_code, again.status_code, again.json()) == (200, 200, first.json())


async def test_what_replaces_a_device_that_was_set_apart_is_given_to_who_waits(service: InMemory) -> None:
    await receive(service, "DEMO-W1", article_no="910100", quantity=1)
    apart = {"destination": "quarantine", "reason": "Trasig"}
    headers = service.once("store_keeper", None, **KEEPER)
    await service.client.post("/devices/D200001/set-apart", json=apart, headers=headers)
    await service.hear(ORDER)
    before = await shelf(service, "DEMO-W1", "910001")

    again = service.once("store_keeper", None, **KEEPER)
    answer = await service.client.post("/devices/D200001/replace", json=SENT, headers=again)

    assert answer.status_code == 200, answer.text
    assert (before, await shelf(service, "DEMO-W1", "910001")) == ((0, 0, 1), (1, 1, 0))
