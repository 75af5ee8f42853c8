"""Orders from the warehouse: reserved, picked, despatched, received, handed over (S95, S99, Q43, Q49)."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from shared.events.inventory import DeviceHandedOut
from shared.events.inventory_goods import (
    DeviceOrderDespatched,
    DeviceOrderNotReleased,
    DeviceOrderPicking,
    DeviceOrderReceived,
    DeviceOrderReleased,
    DeviceOrderReserved,
    HandOutMade,
    HandOutTakenBack,
)
from shared.events.ordering_devices import (
    DeviceLine,
    DeviceOrderAnnulmentAsked,
    DeviceOrderSplit,
    DevicesHandedOver,
    HandOutMistaken,
    LineHandedOver,
)
from tests.inventory.shelves import (
    FEE,
    KEEPER,
    ORDER,
    PATIENT,
    order_of,
    receive,
    receive_cpaps,
    shelf,
    state_of,
    stocked,
)
from tests.support import A_MONDAY_MORNING, InMemory

NO = ORDER.order_no
ANNUL = DeviceOrderAnnulmentAsked(order_no=NO, asked_at=A_MONDAY_MORNING)
SSCC = "340123450000000000"
MISREAD = "340123450000000008"
MASK_LINE = DeviceLine(line_no=2, article_no="910300", quantity=2)


@pytest.fixture
async def service() -> AsyncIterator[InMemory]:
    inventory = await stocked()
    yield inventory
    await inventory.client.aclose()


async def ask(service: InMemory, path: str, body: dict[str, Any] | None = None, **who: Any) -> Any:
    """Ask as a store keeper at the warehouse, or as an order placer of a unit."""
    role = "order_placer" if who else "store_keeper"
    return await service.client.post(path, json=body, headers=service.once(role, **(who or KEEPER)))


async def done(service: InMemory, path: str, body: dict[str, Any] | None = None, **who: Any) -> Any:
    answer = await ask(service, path, body, **who)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def pick(service: InMemory, *scans: dict[str, Any], order_no: str = NO) -> str:
    """Take the pick list, scan, pack and despatch; give the parcel's number."""
    await done(service, f"/device-orders/{order_no}/pick-list/take")
    for scan in scans:
        await done(service, f"/device-orders/{order_no}/pick-list/pick", scan)
    packed = await done(service, f"/device-orders/{order_no}/pick-list/pack", {})
    parcel: str = packed["parcels"][-1]["parcel_no"]
    await done(service, f"/parcels/{parcel}/despatch")
    return parcel


async def to_pick(service: InMemory) -> list[str]:
    answer = await service.client.get(
        "/storerooms/DEMO-W1/pick-lists", headers=service.token("store_keeper", **KEEPER)
    )
    return [each["order_no"] for each in answer.json()]


async def test_an_order_goes_from_the_shelf_to_the_patient_on_the_true_day(service: InMemory) -> None:
    await receive_cpaps(service, "DEMO-W1", ["D100001"], hoses=2)
    await service.hear(ORDER)
    assert await shelf(service, "DEMO-W1", "910001") == (1, 1, 0)

    parcel = await pick(service, {"device_no": "D100001"})
    assert await state_of(service, "D100001") == "under_way"
    await done(service, f"/parcels/{parcel}/receive", care_units=["DEMO-101"])
    assert await state_of(service, "D100001") == "at_unit"
    handed = DevicesHandedOver(
        hand_over_no=f"{NO}.1",
        order_no=NO,
        patient_ref=PATIENT,
        care_unit="DEMO-101",
        handed_over_on=date(2026, 11, 27),
        registered_at=A_MONDAY_MORNING,
        lines=(LineHandedOver(line_no=1, article_no="910001", quantity=1, device_nos=("D100001",)),),
    )
    await service.hear(handed)
    await service.hear(handed)

    (lent,) = service.told_of(DeviceHandedOut)
    assert (lent.handed_out_on, lent.fee, lent.how) == (date(2026, 11, 27), FEE, "handed_out")
    assert len(service.told_of(HandOutMade)) == 1
    (despatched,) = service.told_of(DeviceOrderDespatched)
    assert (despatched.complete, despatched.lines[0].device_nos) == (True, ("D100001",))
    assert len(service.told_of(DeviceOrderPicking)) == len(service.told_of(DeviceOrderReceived)) == 1
    assert await shelf(service, "DEMO-W1", "910100") == (1, 0, 0)
    await service.hear(HandOutMistaken(order_no=NO, patient_ref=PATIENT, mistaken_at=A_MONDAY_MORNING))
    assert service.told_of(HandOutTakenBack)[0].loan_ids == (lent.loan_id,)
    assert await state_of(service, "D100001") == "at_unit"


async def test_what_is_not_there_is_waited_for_and_given_to_the_oldest_order(service: InMemory) -> None:
    await service.hear(order_of(5))
    await service.hear(order_of(4))
    assert await shelf(service, "DEMO-W1", "910001") == (0, 0, 2)

    await receive_cpaps(service, "DEMO-W1", ["D100001"], hoses=5)
    await service.hear(order_of(6))

    assert await to_pick(service) == [order_of(4).order_no]
    assert await shelf(service, "DEMO-W1", "910001") == (1, 1, 2)
    assert service.told_of(DeviceOrderReserved)[-1].lines[0].waiting == 1


async def test_goods_that_came_before_a_crash_are_given_by_the_next_run(service: InMemory) -> None:
    await service.hear(ORDER)
    given, warehouse_gives = [], service.assembled.jobs
    await receive(service, "DEMO-W1", article_no="910100", quantity=1)
    await receive_cpaps(service, "DEMO-W1", ["D100001"], hoses=0)

    for job in warehouse_gives:
        if job.name == "give to waiting orders":
            await job.run()
            given.append(job.name)

    assert given
    assert await shelf(service, "DEMO-W1", "910001") == (1, 1, 0)


async def test_a_joint_delivery_waits_for_all_until_it_is_split(service: InMemory) -> None:
    await receive_cpaps(service, "DEMO-W1", ["D100001"], hoses=1)
    joint = ORDER.model_copy(update={"joint": True, "lines": (*ORDER.lines, MASK_LINE)})
    await service.hear(joint)
    assert await to_pick(service) == []
    early = await ask(service, f"/device-orders/{NO}/pick-list/take")
    assert early.json()["rule"] == "nothing-to-pick"

    await service.hear(DeviceOrderSplit(order_no=NO, split_at=A_MONDAY_MORNING))

    assert await to_pick(service) == [NO]
    await pick(service, {"device_no": "D100001"})
    (first,) = service.told_of(DeviceOrderDespatched)
    assert not first.complete
    await receive(service, "DEMO-W1", article_no="910300", quantity=2, lot="L1", best_before="2027-01-01")
    await pick(service, {"article_no": "910300", "quantity": 2})
    assert service.told_of(DeviceOrderDespatched)[1].complete


async def test_a_joint_delivery_is_packed_whole(service: InMemory) -> None:
    await receive_cpaps(service, "DEMO-W1", ["D100001"], hoses=1)
    await receive(service, "DEMO-W1", article_no="910300", quantity=2)
    await service.hear(ORDER.model_copy(update={"joint": True, "lines": (*ORDER.lines, MASK_LINE)}))
    await done(service, f"/device-orders/{NO}/pick-list/take")
    await done(service, f"/device-orders/{NO}/pick-list/pick", {"device_no": "D100001"})

    refused = await ask(service, f"/device-orders/{NO}/pick-list/pack", {})

    assert refused.json()["rule"] == "joint-not-whole"


async def test_an_annulled_order_frees_its_goods_for_the_next(service: InMemory) -> None:
    await receive_cpaps(service, "DEMO-W1", ["D100001"], hoses=5)
    await service.hear(ORDER)
    await service.hear(order_of(9))

    await service.hear(ANNUL)
    await service.hear(ANNUL)

    assert [each.order_no for each in service.told_of(DeviceOrderReleased)] == [NO]
    assert await to_pick(service) == [order_of(9).order_no]


async def test_an_annulment_that_comes_first_annuls_the_order_when_it_comes(service: InMemory) -> None:
    await receive_cpaps(service, "DEMO-W1", ["D100001"], hoses=5)

    await service.hear(ANNUL)
    await service.hear(ORDER)
    await service.hear(ORDER)

    assert len(service.told_of(DeviceOrderReleased)) == 1
    assert await shelf(service, "DEMO-W1", "910001") == (1, 0, 0)


async def test_an_order_whose_pick_list_is_taken_is_not_annulled(service: InMemory) -> None:
    await receive_cpaps(service, "DEMO-W1", ["D100001"], hoses=5)
    await service.hear(ORDER)
    await done(service, f"/device-orders/{NO}/pick-list/take")

    await service.hear(ANNUL)

    (refused,) = service.told_of(DeviceOrderNotReleased)
    assert refused.why == "picking"
    assert await shelf(service, "DEMO-W1", "910001") == (1, 1, 0)


async def test_a_pick_list_proposes_devices_and_the_lots_that_expire_first(service: InMemory) -> None:
    await receive_cpaps(service, "DEMO-W1", ["D100001"], hoses=5)
    await receive(service, "DEMO-W1", article_no="910300", quantity=5, lot="L2", best_before="2027-06-01")
    await receive(service, "DEMO-W1", article_no="910300", quantity=1, lot="L1", best_before="2027-01-01")
    await service.hear(ORDER.model_copy(update={"lines": (*ORDER.lines, MASK_LINE)}))

    answer = await service.client.get(
        f"/device-orders/{NO}/pick-list", headers=service.token("store_keeper", **KEEPER)
    )

    cpap, mask = answer.json()["lines"]
    assert cpap["device_nos"] == ["D100001"]
    assert [(each["lot"], each["quantity"]) for each in mask["lots"]] == [("L1", 1), ("L2", 1)]
    listed = await service.client.get(
        "/storerooms/DEMO-W1/devices", headers=service.token("store_keeper", **KEEPER)
    )
    assert listed.json()[0]["stock_status"] == "reserved"


async def test_another_orders_device_is_refused_at_the_pick(service: InMemory) -> None:
    await receive_cpaps(service, "DEMO-W1", ["D100001", "D100002"], hoses=5)
    other = order_of(7)
    await service.hear(ORDER)
    await service.hear(other)
    for order_no in (NO, other.order_no):
        await done(service, f"/device-orders/{order_no}/pick-list/take")
    await done(service, f"/device-orders/{NO}/pick-list/pick", {"device_no": "D100001"})

    stolen = await ask(service, f"/device-orders/{other.order_no}/pick-list/pick", {"device_no": "D100001"})
    too_much = await ask(service, f"/device-orders/{NO}/pick-list/pick", {"device_no": "D100002"})

    assert stolen.json()["rule"] == "picked-for-another"
    assert too_much.json()["rule"] == "not-on-pick-list"


async def test_a_parcel_number_is_a_right_sscc_and_used_once(service: InMemory) -> None:
    await receive_cpaps(service, "DEMO-W1", ["D100001", "D100002"], hoses=5)
    other = order_of(7)
    for order_no, device_no in ((NO, "D100001"), (other.order_no, "D100002")):
        await service.hear(ORDER if order_no == NO else other)
        await done(service, f"/device-orders/{order_no}/pick-list/take")
        await done(service, f"/device-orders/{order_no}/pick-list/pick", {"device_no": device_no})

    wrong = await ask(service, f"/device-orders/{NO}/pick-list/pack", {"parcel_no": MISREAD})
    right = await done(service, f"/device-orders/{NO}/pick-list/pack", {"parcel_no": f"(00){SSCC}"})
    again = await ask(service, f"/device-orders/{other.order_no}/pick-list/pack", {"parcel_no": SSCC})

    assert wrong.status_code == 422
    assert right["parcels"][0]["parcel_no"] == SSCC
    assert again.json()["rule"] == "parcel-number-used"


async def test_a_home_delivery_is_a_loan_from_the_day_it_was_delivered(service: InMemory) -> None:
    await receive_cpaps(service, "DEMO-W1", ["D100001"], hoses=5)
    await service.hear(ORDER.model_copy(update={"deliver_to": "home"}))
    parcel = await pick(service, {"device_no": "D100001"})
    at_unit = await ask(service, f"/parcels/{parcel}/receive", care_units=["DEMO-101"])
    too_late = await ask(service, f"/parcels/{parcel}/deliver", {"delivered_on": "2026-11-24"})

    await done(service, f"/parcels/{parcel}/deliver", {"delivered_on": "2026-11-23"})

    assert at_unit.json()["rule"] == "delivered-elsewhere"
    assert too_late.json()["rule"] == "day-not-yet"
    (lent,) = service.told_of(DeviceHandedOut)
    assert (lent.how, lent.handed_out_on) == ("delivered", date(2026, 11, 23))
    assert await state_of(service, "D100001") == "on_loan"


async def test_the_day_of_a_home_delivery_is_a_day_in_sweden_also_just_after_midnight(
    service: InMemory,
) -> None:
    await receive_cpaps(service, "DEMO-W1", ["D100001"], hoses=5)
    await service.hear(ORDER.model_copy(update={"deliver_to": "home"}))
    service.clock.set(datetime(2026, 11, 23, 23, 10, tzinfo=UTC))
    parcel = await pick(service, {"device_no": "D100001"})

    early = await ask(service, f"/parcels/{parcel}/deliver", {"delivered_on": "2026-11-23"})
    await done(service, f"/parcels/{parcel}/deliver", {"delivered_on": "2026-11-24"})

    assert early.json()["rule"] == "day-not-yet"
    (lent,) = service.told_of(DeviceHandedOut)
    assert lent.handed_out_on == date(2026, 11, 24)
