"""What a replenishment brings is received: whole, in part, too many, wrong or damaged (S121, Q47)."""

from dataclasses import replace
from typing import Any

import pytest

from services.inventory.domain.goods.movement import COUNTED
from services.inventory.repository.collections import BALANCES, MOVEMENTS
from shared.events.tasks import TaskRaised
from tests.inventory.replenished import UNIT, replenishments, sent, used, with_level
from tests.inventory.shelves import (
    CPAP,
    HOSE,
    KEEPER,
    MASK,
    OWN,
    keep_place,
    receive_cpaps,
    shelf,
    state_of,
)
from tests.support import InMemory

NO, WHY = MASK.article_no, "Stämmer inte med följesedeln"
CARRIED = {"article_no": NO, "quantity": 10}
CPAP_LEVEL = f"/storerooms/DEMO-S1/articles/{CPAP.article_no}/level"


@pytest.fixture
async def service() -> InMemory:
    """A storeroom that wants a receipt of what is replenished by itself."""
    service = await with_level()
    await keep_place(service, replace(OWN, receipts=("automatic",)))
    return service


async def carried(service: InMemory) -> tuple[str, str]:
    """Send ten masks to the storeroom; give the order's and the parcel's numbers."""
    await used(service, 2)
    await service.run_jobs()
    (order,) = await replenishments(service)
    return order.order_no, await sent(service, order.order_no, CARRIED)


async def received(service: InMemory, order_no: str, parcel_no: str, *deviations: Any) -> Any:
    return await service.client.post(
        f"/replenishments/{order_no}/parcels/{parcel_no}/receive",
        json={"deviations": [{"reason": WHY, **each} for each in deviations]},
        headers=service.once("order_placer", **UNIT),
    )


async def to_receive(service: InMemory, **who: Any) -> list[str]:
    answer = await service.client.get("/deliveries", headers=service.token("order_placer", **(who or UNIT)))
    return [each["order_no"] for each in answer.json()]


async def test_until_it_is_received_nothing_of_it_can_be_handed_out(service: InMemory) -> None:
    order_no, parcel_no = await carried(service)
    service.clock.move(days=40)
    await service.run_jobs()
    before = await shelf(service, "DEMO-S1", NO), await to_receive(service)

    answer = await received(service, order_no, parcel_no)

    assert before == ((2, 0, 0), [order_no])
    assert answer.status_code == 200, answer.text
    assert (await shelf(service, "DEMO-S1", NO), await to_receive(service)) == ((12, 0, 0), [])
    parcel = answer.json()["parcels"][0]
    assert (parcel["state"], parcel["received_by"]) == ("booked", "order_placer-1")
    assert service.told_of(TaskRaised) == []


@pytest.mark.parametrize(
    ("deviation", "on_hand", "quarantined", "reason"),
    [
        ({"kind": "missing", "quantity": 3, "lot": "L2"}, 9, 0, "delivery-missing"),
        ({"kind": "missing", "quantity": 10}, 2, 0, "delivery-missing"),
        ({"kind": "damaged", "quantity": 4, "lot": "l2 "}, 8, 4, "delivery-damaged"),
        ({"kind": "too_many", "quantity": 5}, 17, 0, "delivery-too-many"),
    ],
)
async def test_what_differs_is_where_it_is_and_a_task_of_the_warehouse(
    service: InMemory, deviation: dict[str, Any], on_hand: int, quarantined: int, reason: str
) -> None:
    order_no, parcel_no = await carried(service)

    answer = await received(service, order_no, parcel_no, {"article_no": NO, **deviation})

    assert answer.status_code == 200, answer.text
    kept = await service.repository.get(BALANCES.ref(f"DEMO-S1:{NO}"))
    assert (kept.on_hand, kept.quarantined, kept.on_order) == (on_hand, quarantined, 0)
    (task,) = service.told_of(TaskRaised)
    assert (task.kind, task.reason, task.care_unit) == ("delivery_deviation", reason, "DEMO-W1")
    assert task.details["quantity"] == str(deviation["quantity"])


async def test_the_wrong_article_is_set_apart_and_what_it_came_instead_of_is_missing(
    service: InMemory,
) -> None:
    order_no, parcel_no = await carried(service)

    answer = await received(
        service, order_no, parcel_no,
        {"kind": "wrong", "article_no": HOSE.article_no, "quantity": 2},
        {"kind": "missing", "article_no": NO, "quantity": 2},
    )  # fmt: skip

    assert answer.status_code == 200, answer.text
    hoses = await service.repository.get(BALANCES.ref(f"DEMO-S1:{HOSE.article_no}"))
    assert (hoses.on_hand, hoses.quarantined) == (0, 2)
    assert (await shelf(service, "DEMO-S1", NO))[0] == 10
    rows = [row for each in await service.repository.whole(MOVEMENTS, {}) for row in each.rows]
    missed = [each.quantity for each in rows if each.target == COUNTED and each.source.startswith("order:")]
    assert missed == [2]


async def test_a_missing_device_is_in_no_stock_and_a_damaged_one_in_quarantine(service: InMemory) -> None:
    await receive_cpaps(service, "DEMO-W1", ["D1", "D2", "D3"], hoses=0)
    form = {"minimum": 1, "packages": 3}
    await service.client.put(CPAP_LEVEL, json=form, headers=service.once("order_placer", **UNIT))
    await service.run_jobs()
    (order,) = await replenishments(service)
    parcel_no = await sent(service, order.order_no, *({"device_no": each} for each in ("D1", "D2", "D3")))

    unnumbered = await received(
        service, order.order_no, parcel_no, {"kind": "missing", "article_no": CPAP.article_no}
    )
    answer = await received(
        service, order.order_no, parcel_no,
        {"kind": "missing", "article_no": CPAP.article_no, "device_no": "D1"},
        {"kind": "damaged", "article_no": CPAP.article_no, "device_no": "d2"},
    )  # fmt: skip

    assert (unnumbered.status_code, unnumbered.json()["rule"]) == (422, "number-of-device-missing")
    assert answer.status_code == 200, answer.text
    states = [await state_of(service, each) for each in ("D1", "D2", "D3")]
    assert states == ["missing", "quarantined", "in_stock"]
    assert await shelf(service, "DEMO-S1", CPAP.article_no) == (1, 0, 0)


@pytest.mark.parametrize(
    ("deviations", "rule"),
    [
        ([{"kind": "missing", "quantity": 11}], "not-in-delivery"),
        ([{"kind": "missing", "quantity": 6}, {"kind": "damaged", "quantity": 5}], "not-in-delivery"),
        ([{"kind": "missing", "quantity": 1, "lot": "L9"}], "not-in-delivery"),
        ([{"kind": "wrong", "quantity": 1}], "in-delivery"),
        ([{"kind": "too_many", "article_no": HOSE.article_no}], "not-in-delivery"),
        ([{"kind": "missing", "reason": "..."}], "reason-says-nothing"),
    ],
)
async def test_a_report_that_cannot_be_about_the_parcel_changes_nothing(
    service: InMemory, deviations: list[dict[str, Any]], rule: str
) -> None:
    order_no, parcel_no = await carried(service)

    answer = await received(
        service, order_no, parcel_no, *({"article_no": NO, **each} for each in deviations)
    )

    assert (answer.status_code, answer.json()["rule"]) == (422, rule)
    assert (await shelf(service, "DEMO-S1", NO), await to_receive(service)) == ((2, 0, 0), [order_no])


async def test_a_parcel_is_received_once_and_by_who_works_there(service: InMemory) -> None:
    order_no, parcel_no = await carried(service)
    path = f"/replenishments/{order_no}/parcels/{parcel_no}/receive"
    other: dict[str, Any] = {"care_units": ["DEMO-102"], "product_areas": ["cpap"]}

    elsewhere = await service.client.post(path, json={}, headers=service.once("order_placer", **other))
    of_warehouse = await service.client.post(path, json={}, headers=service.once("store_keeper", **KEEPER))
    as_for_a_patient = await service.client.post(
        f"/parcels/{parcel_no}/receive", headers=service.once("order_placer", **UNIT)
    )
    first = await received(service, order_no, parcel_no)
    again = await received(service, order_no, parcel_no)

    answers = (elsewhere, of_warehouse, as_for_a_patient, first, again)
    assert [each.status_code for each in answers] == [404, 403, 422, 200, 422]
    assert as_for_a_patient.json()["rule"] == "delivered-elsewhere"
    assert again.json()["rule"] == "parcel-not-there"
    assert (await shelf(service, "DEMO-S1", NO))[0] == 12
    assert await to_receive(service, **other) == []


async def booked_by_itself(service: InMemory) -> tuple[str, str]:
    """Ten masks that nobody received: the planned day booked them."""
    await keep_place(service, OWN)
    order_no, parcel_no = await carried(service)
    service.clock.move(days=1)
    await service.run_jobs()
    return order_no, parcel_no


@pytest.mark.parametrize(
    ("kind", "on_hand", "quarantined"),
    [("missing", 9, 0), ("damaged", 9, 3), ("too_many", 15, 0)],
)
async def test_what_differs_is_reported_within_fourteen_days_after_the_planned_day(
    service: InMemory, kind: str, on_hand: int, quarantined: int
) -> None:
    order_no, parcel_no = await booked_by_itself(service)
    form = {"deviations": [{"kind": kind, "article_no": NO, "quantity": 3, "reason": WHY}]}
    path = f"/replenishments/{order_no}/parcels/{parcel_no}/deviations"
    service.clock.move(days=14)

    answer = await service.client.post(path, json=form, headers=service.once("order_placer", **UNIT))
    service.clock.move(days=1)
    late = await service.client.post(path, json=form, headers=service.once("order_placer", **UNIT))

    assert answer.status_code == 200, answer.text
    kept = await service.repository.get(BALANCES.ref(f"DEMO-S1:{NO}"))
    assert (kept.on_hand, kept.quarantined) == (on_hand, quarantined)
    assert [each.reason for each in service.told_of(TaskRaised)] == [f"delivery-{kind.replace('_', '-')}"]
    assert (late.status_code, late.json()["rule"]) == (422, "deviation-too-late")


async def test_no_more_is_reported_missing_than_the_parcel_brought(service: InMemory) -> None:
    order_no, parcel_no = await booked_by_itself(service)
    path = f"/replenishments/{order_no}/parcels/{parcel_no}/deviations"
    form = {"deviations": [{"kind": "missing", "article_no": NO, "quantity": 6, "reason": WHY}]}

    answers = [
        await service.client.post(path, json=form, headers=service.once("order_placer", **UNIT))
        for _ in range(2)
    ]

    assert [each.status_code for each in answers] == [200, 422]
    assert answers[1].json()["rule"] == "not-in-delivery"
    assert (await shelf(service, "DEMO-S1", NO))[0] == 6


@pytest.mark.parametrize(("kind", "article_no"), [("too_many", CPAP.article_no), ("wrong", HOSE.article_no)])
async def test_a_device_that_came_as_listed_is_not_set_apart_as_one_besides(
    service: InMemory, kind: str, article_no: str
) -> None:
    await keep_place(service, OWN)
    await receive_cpaps(service, "DEMO-W1", ["D1"], hoses=0)
    form: dict[str, Any] = {"minimum": 1, "packages": 1}
    await service.client.put(CPAP_LEVEL, json=form, headers=service.once("order_placer", **UNIT))
    await service.run_jobs()
    (order,) = await replenishments(service)
    parcel_no = await sent(service, order.order_no, {"device_no": "D1"})
    service.clock.move(days=1)
    await service.run_jobs()
    path = f"/replenishments/{order.order_no}/parcels/{parcel_no}/deviations"
    form = {"deviations": [{"kind": kind, "article_no": article_no, "device_no": "D1", "reason": WHY}]}

    answer = await service.client.post(path, json=form, headers=service.once("order_placer", **UNIT))

    assert (answer.status_code, answer.json()["rule"]) == (422, "in-delivery")
    assert await state_of(service, "D1") == "in_stock"
    assert await shelf(service, "DEMO-S1", CPAP.article_no) == (1, 0, 0)
