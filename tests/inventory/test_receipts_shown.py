"""What a receipt shows: names for every number, and what is recalled with its reason (Q38, Q47, N4)."""

from services.inventory.domain.goods.balance import recalls_of
from services.inventory.domain.places import CareUnit
from services.inventory.repository.collections import BALANCES, CARE_UNITS
from shared.events.tasks import TaskRaised
from shared.repository import Cause
from tests.inventory.replenished import UNIT, replenishments, sent
from tests.inventory.shelves import CPAP, KEEPER, MASK, OWN, keep_place, receive_cpaps, shelf, state_of
from tests.inventory.test_receipts import CPAP_LEVEL, NO, carried, received
from tests.inventory.test_receipts import service as service  # noqa: PLC0414  the fixture
from tests.support import InMemory


async def test_a_recalled_lot_in_a_parcel_is_shown_with_its_reason_and_lies_in_quarantine(
    service: InMemory,
) -> None:
    order_no, parcel_no = await carried(service)
    why = "Bandet kan lossna"
    form = {"article_no": NO, "lot": "l2", "reason": why, "notify_patients": False}
    begun = await service.client.post("/recalls", json=form, headers=service.once("store_keeper", **KEEPER))
    assert begun.status_code == 201, begun.text
    listed = await service.client.get("/deliveries", headers=service.token("order_placer", **UNIT))

    answer = await received(
        service, order_no, parcel_no, {"kind": "damaged", "article_no": NO, "quantity": 1}
    )

    for shown in (listed.json()[0], answer.json()):
        (goods,) = shown["parcels"][0]["goods"]
        assert goods["recalls"] == [{"recall_no": begun.json()["recall_no"], "reason": why}]
    kept = await service.repository.get(BALANCES.ref(f"DEMO-S1:{NO}"))
    assert (kept.on_hand, kept.quarantined, kept.on_order) == (2, 10, 0)
    assert [each.recall_no for each in recalls_of(kept, "l2")] == [begun.json()["recall_no"]]


async def test_a_recalled_device_in_a_parcel_lies_in_quarantine(service: InMemory) -> None:
    await receive_cpaps(service, "DEMO-W1", ["D1"], hoses=0)
    form = {"minimum": 1, "packages": 1}
    await service.client.put(CPAP_LEVEL, json=form, headers=service.once("order_placer", **UNIT))
    await service.run_jobs()
    (order,) = await replenishments(service)
    parcel_no = await sent(service, order.order_no, {"device_no": "D1"})
    recall = {"article_no": CPAP.article_no, "reason": "Brandrisk", "notify_patients": False}
    await service.client.post("/recalls", json=recall, headers=service.once("store_keeper", **KEEPER))

    answer = await received(service, order.order_no, parcel_no)

    (mark,) = answer.json()["parcels"][0]["goods"][0]["recalls"]
    assert mark["reason"] == "Brandrisk"
    assert await state_of(service, "D1") == "quarantined"


async def test_a_parcel_that_leaves_before_christmas_is_booked_after_it(service: InMemory) -> None:
    await keep_place(service, OWN)
    service.clock.move(days=30)
    await carried(service)
    days = []

    for _ in range(6):
        days.append((service.clock.today().isoformat(), (await shelf(service, "DEMO-S1", NO))[0]))
        service.clock.move(days=1)
        await service.run_jobs()

    assert [day for day, pieces in days if pieces > 2] == ["2026-12-28"]


async def test_every_id_of_a_delivery_has_its_name(service: InMemory) -> None:
    unit = CareUnit("DEMO-101", "Sömnmottagningen")
    ref = CARE_UNITS.maybe(unit.id)
    await service.repository.change(ref, lambda _: (unit, []), cause=Cause(key=None))
    order_no, parcel_no = await carried(service)

    answer = await received(
        service, order_no, parcel_no, {"kind": "missing", "article_no": NO, "quantity": 1}
    )

    shown, parcel = answer.json(), answer.json()["parcels"][0]
    assert (shown["storeroom_name"], shown["warehouse_name"]) == (OWN.name, "Centrallagret Demostad")
    assert (shown["state_text"], shown["source_text"]) == ("Skickad", "Automatisk")
    assert (shown["ordered_by_name"], shown["care_unit_name"]) == ("Systemet", "Sömnmottagningen")
    assert (parcel["state_text"], parcel["goods"][0]["article_name"]) == ("Inlevererad", MASK.name)
    assert (parcel["taken_by_name"], parcel["received_by_name"]) == (
        "Testsson, store_keeper",
        "Testsson, order_placer",
    )
    differs = parcel["deviations"][0]
    assert (differs["kind_text"], differs["article_name"]) == ("Saknades", MASK.name)
    (task,) = service.told_of(TaskRaised)
    assert task.details["article_name"] == MASK.name
