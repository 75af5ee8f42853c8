"""What falls below its minimum is ordered by itself, once, and booked when it comes (S115, Q19, Q50)."""

from dataclasses import replace
from typing import Any

import pytest

from services.inventory.domain.article import Article
from services.inventory.domain.goods.balance import Balance, Lot, Supply
from services.inventory.domain.goods.levels import Coming, Level
from services.inventory.repository.collections import BALANCES, DEVICE_ORDERS
from shared.domain.decision import NotFound
from shared.events.inventory_goods import (
    DeviceOrderDespatched,
    DeviceOrderPicking,
    DeviceOrderReserved,
)
from shared.events.tasks import TaskRaised, TaskResolved
from shared.repository import Cause
from tests.inventory.replenished import (
    LEVEL,
    PACKED_MASK,
    UNIT,
    done,
    replenishments,
    sent,
    set_level,
    used,
    with_level,
)
from tests.inventory.shelves import HOSE, KEEPER, MASK, OWN, close, keep_article, receive, shelf
from tests.support import A_MONDAY_MORNING, InMemory

NO = MASK.article_no


@pytest.fixture
async def service() -> InMemory:
    return await with_level()


async def test_below_the_minimum_the_article_is_ordered_once_in_whole_packages(service: InMemory) -> None:
    await service.run_jobs()
    at_the_minimum = await replenishments(service)
    await used(service, 1)

    await service.run_jobs()
    await service.run_jobs()

    (order,) = await replenishments(service)
    assert at_the_minimum == []
    assert (order.storeroom_no, order.care_unit, order.lines[0].quantity) == ("DEMO-W1", "DEMO-101", 10)
    assert await shelf(service, "DEMO-W1", NO) == (30, 10, 0)
    shown = await service.client.get(
        f"/replenishments/{order.order_no}", headers=service.token("order_placer", **UNIT)
    )
    line = shown.json()["lines"][0]
    assert line["why"] == "3 fanns, 0 var reserverade och 0 på väg: färre än minst 4."
    told = (DeviceOrderReserved, DeviceOrderPicking, DeviceOrderDespatched)
    assert not any(service.told_of(each) for each in told)


async def test_a_replenishment_is_picked_carried_and_booked_on_its_planned_day(service: InMemory) -> None:
    await used(service, 2)
    await service.run_jobs()
    (order,) = await replenishments(service)

    await sent(service, order.order_no, {"article_no": NO, "quantity": 10})
    await service.run_jobs()
    listed = await service.client.get(
        "/storerooms/DEMO-S1/stock", headers=service.token("order_placer", **UNIT)
    )
    stock = listed.json()
    under_way = await shelf(service, "DEMO-S1", NO), await shelf(service, "DEMO-W1", NO)
    service.clock.move(days=1)
    await service.run_jobs()
    await service.run_jobs()

    assert under_way == ((2, 0, 0), (20, 0, 0))
    assert [(each["on_order"], each["coming"][0]["order_no"]) for each in stock] == [(10, order.order_no)]
    assert await shelf(service, "DEMO-S1", NO) == (12, 0, 0)
    (order,) = await replenishments(service)
    assert (order.state, order.parcels[0].state, order.to_receive) == ("despatched", "booked", False)
    kept = await service.repository.get(BALANCES.ref(f"DEMO-S1:{NO}"))
    assert (kept.coming, kept.on_order, kept.to_replenish) == ((), 0, False)


async def test_what_falls_below_while_nobody_picks_goes_in_the_same_parcel(service: InMemory) -> None:
    await used(service, 1)
    await service.run_jobs()
    form = {"minimum": 1, "packages": 3}
    path = f"/storerooms/DEMO-S1/articles/{HOSE.article_no}/level"
    await service.client.put(path, json=form, headers=service.once("order_placer", **UNIT))

    await service.run_jobs()
    (order,) = await replenishments(service)
    await sent(service, order.order_no, {"article_no": NO, "quantity": 10})
    await set_level(service, minimum=40, packages=1)
    service.clock.move(days=3)
    await service.run_jobs()
    await service.run_jobs()

    assert [(each.article_no, each.quantity) for each in order.lines] == [(NO, 10), (HOSE.article_no, 3)]
    _, second = await replenishments(service)
    assert [(each.article_no, each.quantity) for each in second.lines] == [(NO, 5)]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"status": "outgoing"}, "not-replenished-outgoing"),
        ({"status": "discontinued"}, "not-replenished-discontinued"),
        ({"assortment": "earlier"}, "not-replenished-earlier"),
        ({"assortment": "none"}, "not-replenished-outside"),
        ({"sources": ("storeroom",)}, "not-replenished-not-from-warehouse"),
    ],
)
async def test_what_may_not_be_replenished_any_more_is_one_task_until_it_may(
    service: InMemory, changed: dict[str, object], reason: str
) -> None:
    await keep_article(service, _changed(PACKED_MASK, changed))
    await used(service, 1)

    await service.run_jobs()
    await service.run_jobs()
    stopped = await replenishments(service), service.told_of(TaskRaised)
    await keep_article(service, PACKED_MASK)
    await service.run_jobs()
    await service.run_jobs()

    orders, (task,) = stopped
    assert orders == []
    assert (task.kind, task.reason, task.care_unit) == ("replenishment_stopped", reason, "DEMO-101")
    assert [each.task_id for each in service.told_of(TaskResolved)] == [task.task_id]
    assert len(await replenishments(service)) == 1


async def test_a_level_whose_article_goes_out_while_its_order_waits_is_stopped_with_a_task() -> None:
    service = await with_level(in_warehouse=0)
    await used(service, 1)
    await service.run_jobs()
    await keep_article(service, replace(PACKED_MASK, status="discontinued"))

    await service.run_jobs()
    await service.run_jobs()

    (task,) = service.told_of(TaskRaised)
    assert (task.kind, task.reason) == ("replenishment_stopped", "not-replenished-discontinued")
    assert (task.details["article_name"], task.details["article_no"]) == (MASK.name, NO)
    (order,) = await replenishments(service)
    await done(service, f"/replenishments/{order.order_no}/annul", **UNIT)
    await service.run_jobs()
    assert [each.state for each in await replenishments(service)] == ["annulled"]


async def test_a_level_says_that_its_article_went_out_before_anything_lacks(service: InMemory) -> None:
    await keep_article(service, replace(PACKED_MASK, status="outgoing"))

    listed = await service.client.get(
        "/storerooms/DEMO-S1/levels", headers=service.token("order_placer", **UNIT)
    )

    assert listed.json()[0]["stopped"].startswith("Artikeln är utgående")


async def test_a_level_is_not_set_for_what_is_never_replenished(service: InMemory) -> None:
    await keep_article(service, replace(PACKED_MASK, status="discontinued"))
    form = {"minimum": 1, "packages": 1}

    answers = [
        await service.client.put(path, json=form, headers=service.once("store_keeper", **KEEPER))
        for path in (LEVEL, LEVEL.replace("DEMO-S1", "DEMO-W1"), LEVEL.replace("DEMO-S1", "DEMO-S9"))
    ]

    assert [(each.status_code, each.json().get("rule")) for each in answers[:2]] == [
        (422, "may-not-be-replenished"), (422, "may-not-be-replenished"),
    ]  # fmt: skip
    assert answers[2].status_code == 404


async def test_a_level_that_is_ended_orders_nothing_more(service: InMemory) -> None:
    await done(service, f"{LEVEL}/end", **UNIT)
    await used(service, 3)

    await service.run_jobs()

    assert await replenishments(service) == []
    again = await service.client.post(f"{LEVEL}/end", headers=service.once("order_placer", **UNIT))
    assert again.status_code == 404


async def test_nothing_is_ordered_to_a_closed_storeroom(service: InMemory) -> None:
    await close(service, OWN)
    await used(service, 3)

    await service.run_jobs()

    assert await replenishments(service) == []


async def test_what_the_warehouse_lacks_is_waited_for_and_not_ordered_twice() -> None:
    service = await with_level(in_warehouse=3)
    await used(service, 4)
    await service.run_jobs()
    await service.run_jobs()
    before = await shelf(service, "DEMO-W1", NO)

    await receive(service, "DEMO-W1", article_no=NO, quantity=20)

    (order,) = await replenishments(service)
    assert (before, await shelf(service, "DEMO-W1", NO)) == ((3, 3, 7), (23, 10, 0))
    assert (order.lines[0].reserved, order.to_pick) == (10, True)


async def test_a_line_joins_only_an_order_that_waits_for_nothing() -> None:
    service = await with_level(in_warehouse=3)
    await used(service, 4)
    await service.run_jobs()
    form = {"minimum": 1, "packages": 3}
    path = f"/storerooms/DEMO-S1/articles/{HOSE.article_no}/level"
    await service.client.put(path, json=form, headers=service.once("order_placer", **UNIT))

    await service.run_jobs()

    orders = await replenishments(service)
    assert [[each.article_no for each in order.lines] for order in orders] == [[NO], [HOSE.article_no]]


async def test_a_parcel_that_cannot_be_booked_does_not_keep_the_next_one(service: InMemory) -> None:
    hose = HOSE.article_no
    await receive(service, "DEMO-W1", article_no=hose, quantity=1, lot="L3")
    await used(service, 1)
    await service.run_jobs()
    (first,) = await replenishments(service)
    await sent(service, first.order_no, {"article_no": NO, "quantity": 10})
    path = f"/storerooms/DEMO-S1/articles/{hose}/level"
    await service.client.put(
        path, json={"minimum": 1, "packages": 1}, headers=service.once("order_placer", **UNIT)
    )
    await service.run_jobs()
    *_, second = await replenishments(service)
    await sent(service, second.order_no, {"article_no": hose, "quantity": 1})
    first, _ = await replenishments(service)
    unknown = replace(first.parcels[0].goods[0], device_no="NOWHERE")
    broken = replace(first, parcels=(replace(first.parcels[0], goods=(unknown,)),))
    await service.repository.change(
        DEVICE_ORDERS.ref(first.order_no), lambda _: (broken, []), cause=Cause(key=None)
    )
    service.clock.move(days=1)

    with pytest.raises(NotFound):
        await service.run_jobs()

    assert [each.parcels[0].state for each in await replenishments(service)] == ["despatched", "booked"]


LEVEL_OF_FOUR = Level(4, 2, "o", A_MONDAY_MORNING)
BALANCE = Balance("DEMO-S1", NO, level=LEVEL_OF_FOUR)


@pytest.mark.parametrize(
    ("changes", "below"),
    [
        ({}, True),
        ({"lots": (Lot(on_hand=4),)}, False),
        ({"lots": (Lot(on_hand=3),)}, True),
        ({"lots": (Lot(on_hand=4, quarantined=9),), "reserved": 1}, True),
        ({"lots": (Lot(quarantined=9),)}, True),
        ({"coming": (Coming("P1", 1),)}, False),
        ({"supplies": (Supply("P1", 4, A_MONDAY_MORNING.date(), "k", A_MONDAY_MORNING),)}, False),
        ({"supplies": (Supply("P1", 3, A_MONDAY_MORNING.date(), "k", A_MONDAY_MORNING),)}, True),
        ({"level": None}, False),
        ({"level": replace(LEVEL_OF_FOUR, stopped="outgoing")}, False),
        ({"to_replenish": False}, True),
    ],
)
def test_strictly_below_counts_what_lies_there_free_and_what_is_on_order(
    changes: dict[str, Any], below: bool
) -> None:
    assert replace(BALANCE, **changes).to_replenish is below


def _changed(article: Article, changes: dict[str, Any]) -> Article:
    if "status" in changes:
        return replace(article, status=changes["status"])
    assert article.device is not None
    return replace(article, device=article.device.model_copy(update=changes))
