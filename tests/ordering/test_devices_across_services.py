"""Ordering and inventory in memory together: the two main jobs of devices (Q41, Q43)."""

import asyncio
from typing import Any

from shared.events.inventory import DeviceHandedOut
from tests.inventory.shelves import KEEPER, receive, receive_cpaps, stocked
from tests.ordering.baskets import BASKET, HEAD, WAREHOUSE, added, shown
from tests.ordering.devices import (
    CPAP,
    HUMIDIFIER,
    MASK,
    article,
    hand_out_form,
    placer,
    posted,
    told_devices,
)
from tests.support import InMemory, deliver_all

Both = tuple[InMemory, InMemory]


async def both() -> Both:
    """Ordering with its copies, and inventory with the same places; facts pass both ways."""
    ordering, inventory = await told_devices(), await stocked()
    await ordering.hear(
        article(
            CPAP, "Demo-CPAP", 4100, marked=True, article_type="main_aid", fee_code="HJM-CPAP"
        ).model_copy(update={"version": 2})
    )
    return ordering, inventory


async def at(service: InMemory, path: str, form: Any = None, **who: Any) -> Any:
    role = "order_placer" if who else "store_keeper"
    answer = await posted(service, path, form, service.once(role, **(who or KEEPER)))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_device_on_the_shelf_is_handed_out_in_one_request() -> None:
    ordering, inventory = await both()
    await receive_cpaps(inventory, "DEMO-S1", ["D100001"], hoses=0)
    await deliver_all([ordering, inventory])

    asking = asyncio.create_task(posted(ordering, "/hand-outs", hand_out_form(), placer(ordering)))
    while not asking.done():
        await asyncio.sleep(0.01)
        await deliver_all([ordering, inventory])
    again = asyncio.create_task(
        posted(ordering, "/hand-outs", hand_out_form(is_additional=True), placer(ordering))
    )
    while not again.done():
        await asyncio.sleep(0.01)
        await deliver_all([ordering, inventory])

    made, refused = await asking, await again
    (lent,) = inventory.told_of(DeviceHandedOut)
    assert (made.status_code, made.json()["state"]) == (200, "handed_out")
    assert made.json()["lines"][0]["loan_ids"] == [lent.loan_id]
    assert lent.fee is not None
    assert refused.status_code in {409, 422}


async def ordered_from_warehouse(ordering: InMemory, inventory: InMemory) -> str:
    """Order a CPAP with a humidifier, and a mask; give the order's path."""
    await receive_cpaps(inventory, "DEMO-W1", ["D100005"], hoses=0)
    humidifier = {"device_no": "D200005", "serial_no": "SN-2"}
    await receive(inventory, "DEMO-W1", article_no=HUMIDIFIER, devices=[humidifier])
    await receive(inventory, "DEMO-W1", article_no=MASK, quantity=3)
    await deliver_all([ordering, inventory])
    await ordering.client.put(BASKET, json=HEAD, headers=placer(ordering))
    main = await added(ordering, article_no=CPAP, fee=True, **WAREHOUSE)
    await added(ordering, article_no=HUMIDIFIER, goes_with=main, **WAREHOUSE)
    await added(ordering, article_no=MASK, **WAREHOUSE)
    sent = await posted(ordering, f"{BASKET}/send", None, placer(ordering))
    await deliver_all([ordering, inventory])
    return f"/device-orders/{sent.json()['orders'][0]['order_no']}"


async def packed(inventory: InMemory, order: str) -> str:
    """Pick and pack the whole order; give the parcel's path."""
    await at(inventory, f"{order}/pick-list/take")
    for scan in ({"device_no": "D100005"}, {"device_no": "D200005"}, {"article_no": MASK, "quantity": 1}):
        await at(inventory, f"{order}/pick-list/pick", scan)
    parcels = (await at(inventory, f"{order}/pick-list/pack", {}))["parcels"]
    return f"/parcels/{parcels[-1]['parcel_no']}"


async def test_a_device_from_the_warehouse_is_picked_received_and_handed_over_four_days_later() -> None:
    ordering, inventory = await both()
    order = await ordered_from_warehouse(ordering, inventory)
    reserved = (await shown(ordering, order))["state"]

    parcel = await packed(inventory, order)
    await at(inventory, f"{parcel}/despatch")
    await deliver_all([ordering, inventory])
    under_way = (await shown(ordering, order))["state"]
    await at(inventory, f"{parcel}/receive", None, care_units=["DEMO-101"], product_areas=["cpap"])
    await deliver_all([ordering, inventory])
    waits = (await shown(ordering, order))["state"]
    for service in (ordering, inventory):
        service.clock.move(days=4)
    await posted(ordering, f"{order}/hand-overs", {}, placer(ordering, sub="colleague"))
    await deliver_all([ordering, inventory])

    seen = await shown(ordering, order)
    assert (reserved, under_way, waits, seen["state"]) == ("reserved", "despatched", "received", "handed_out")
    assert [each["device_nos"] for each in seen["lines"]] == [["D100005"], ["D200005"], []]
    lent = inventory.told_of(DeviceHandedOut)
    assert {each.handed_out_on.isoformat() for each in lent} == {"2026-11-27"}
    assert [each.fee is not None for each in lent] == [True, False]
