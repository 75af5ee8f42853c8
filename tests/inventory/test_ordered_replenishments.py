"""People order goods to a storeroom, tried row by row and always to the unit (S114 to S120, Q20, Q55)."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from services.inventory.repository.collections import BALANCES, CARE_UNITS, DEVICE_ORDERS
from shared.events.inventory_goods import DeviceOrderReserved
from shared.events.tasks import TaskRaised, TaskResolved
from shared.repository import Cause
from tests.inventory.devices import CLINIC
from tests.inventory.replenished import UNIT, done, replenishments, sent, used, with_level
from tests.inventory.shelves import (
    CPAP,
    HOSE,
    KEEPER,
    MASK,
    OWN,
    WALKER,
    as_kept,
    keep_article,
    keep_place,
    receive,
    shelf,
)
from tests.support import InMemory

H, M = HOSE.article_no, MASK.article_no
PACKED_HOSE = replace(HOSE, pieces_per_package=4)


@pytest.fixture
async def service() -> InMemory:
    """Masks are replenished by themselves; hoses, of which four come in a package, are not."""
    service = await with_level()
    await keep_article(service, PACKED_HOSE)
    await keep_article(service, WALKER)
    await service.repository.change(
        CARE_UNITS.maybe("DEMO-101"), partial(as_kept, CLINIC), cause=Cause(key=None)
    )
    return service


def form(*lines: tuple[str, int], **more: Any) -> dict[str, Any]:
    rows = [{"article_no": no, "packages": packages} for no, packages in lines]
    return {"care_unit": "DEMO-101", "lines": rows, **more}


async def asked(service: InMemory, body: Any, *, path: str = "", **who: Any) -> Any:
    role = "store_keeper" if who == KEEPER else "order_placer"
    headers = service.once(role, **(who or UNIT))
    return await service.client.post(f"/replenishments{path}", json=body, headers=headers)


async def test_whole_packages_are_reserved_carried_and_lie_in_the_storeroom(service: InMemory) -> None:
    await receive(service, "DEMO-W1", article_no=H, quantity=6)

    answer = await asked(service, form((H, 2)))

    assert answer.status_code == 200, answer.text
    order = answer.json()
    assert order["order_no"][0] == "P"
    assert (order["source"], order["storeroom_no"], order["warehouse_no"]) == ("manual", "DEMO-S1", "DEMO-W1")
    assert order["ordered_by_name"] == "Testsson, order_placer"
    assert [(each["quantity"], each["reserved"], each["waiting"]) for each in order["lines"]] == [(8, 6, 2)]
    await receive(service, "DEMO-W1", article_no=H, quantity=2)
    parcel_no = await sent(service, order["order_no"], {"article_no": H, "quantity": 8})
    await done(service, f"/replenishments/{order['order_no']}/parcels/{parcel_no}/receive", {}, **UNIT)
    assert (await shelf(service, "DEMO-S1", H), await shelf(service, "DEMO-W1", H)) == ((8, 0, 0), (0, 0, 0))
    assert service.told_of(DeviceOrderReserved) == []


async def test_a_preview_shows_every_row_with_what_there_is_and_every_reason(service: InMemory) -> None:
    await keep_article(service, replace(CPAP, status="discontinued"))
    await receive(service, "DEMO-W1", article_no=H, quantity=6)

    lines = ((H, 2), (M, 1), (CPAP.article_no, 1), (WALKER.article_no, 1), ("999", 1))
    answer = await asked(service, form(*lines), path="/preview")

    shown = answer.json()
    assert [[one["rule"] for one in row["reasons"]] for row in shown["rows"]] == [
        [], ["replenished-by-itself"], ["may-not-be-replenished"], ["not-for-unit"],
        ["may-not-be-replenished"],
    ]  # fmt: skip
    hoses, masks = shown["rows"][:2]
    assert (shown["allowed"], hoses["quantity"], hoses["in_warehouse"]) == (False, 8, 6)
    assert (masks["in_storeroom"], masks["quantity"]) == (4, 5)
    assert shown["address"]["line1"] == "Demogatan 1"
    refused = await asked(service, form(*lines))
    assert (refused.status_code, len(refused.json()["reasons"])) == (422, 4)
    assert await replenishments(service) == []


async def test_a_store_keeper_orders_an_automatic_article_with_a_reason(service: InMemory) -> None:
    who = {**KEEPER}
    body = form((M, 1), storeroom_no="DEMO-S1")
    why = {"reason": "Kampanj nästa vecka"}

    answers = [
        await asked(service, body, **who),
        await asked(service, {**body, **why}),
        await asked(service, {**body, **why}, **who),
    ]

    assert [(each.status_code, each.json().get("rule")) for each in answers] == [
        (422, "replenished-by-itself"), (422, "replenished-by-itself"), (200, None),
    ]  # fmt: skip
    assert answers[2].json()["reason"] == why["reason"]
    await used(service, 2)
    await service.run_jobs()
    assert len(await replenishments(service)) == 1, "one is open already"


async def test_a_joint_delivery_leaves_whole_or_split_on_request(service: InMemory) -> None:
    await receive(service, "DEMO-W1", article_no=H, quantity=4)
    answer = await asked(service, form((H, 2), joint=True))
    order_no = answer.json()["order_no"]
    take = f"/device-orders/{order_no}/pick-list/take"

    early = await service.client.post(take, headers=service.once("store_keeper", **KEEPER))
    split = await done(service, f"/replenishments/{order_no}/split", **UNIT)
    await done(service, take)

    assert (early.status_code, early.json()["rule"]) == (422, "nothing-to-pick")
    assert split["joint"] is False


@pytest.mark.parametrize("ending", ["split", "annul"])
async def test_a_joint_delivery_that_waits_for_what_went_out_is_one_task(
    service: InMemory, ending: str
) -> None:
    order_no = (await asked(service, form((H, 2), joint=True))).json()["order_no"]
    await service.run_jobs()
    before = service.told_of(TaskRaised)
    await keep_article(service, replace(PACKED_HOSE, status="discontinued"))

    await service.run_jobs()
    await service.run_jobs()
    await done(service, f"/replenishments/{order_no}/{ending}", **UNIT)

    (task,) = service.told_of(TaskRaised)
    assert (before, task.kind, task.subject_no) == ([], "replenishment_waits", order_no)
    assert [each.task_id for each in service.told_of(TaskResolved)] == [task.task_id]


async def test_an_annulled_replenishment_gives_back_what_was_reserved(service: InMemory) -> None:
    await receive(service, "DEMO-W1", article_no=H, quantity=6)
    first = (await asked(service, form((H, 1)))).json()["order_no"]
    second = (await asked(service, form((H, 1)))).json()["order_no"]

    await done(service, f"/replenishments/{first}/annul", **UNIT)
    again = await asked(service, None, path=f"/{first}/annul")
    await done(service, f"/device-orders/{second}/pick-list/take")
    too_late = await asked(service, None, path=f"/{second}/annul")

    assert await shelf(service, "DEMO-W1", H) == (6, 4, 0)
    assert [(each.status_code, each.json()["rule"]) for each in (again, too_late)] == [
        (422, "annulled-too-late"), (422, "annulled-too-late"),
    ]  # fmt: skip
    kept = await service.repository.get(DEVICE_ORDERS.ref(first))
    assert kept.state == "annulled"


async def test_the_rest_of_one_that_was_sent_in_part_is_annulled(service: InMemory) -> None:
    await receive(service, "DEMO-W1", article_no=H, quantity=4)
    order_no = (await asked(service, form((H, 3)))).json()["order_no"]
    parcel_no = await sent(service, order_no, {"article_no": H, "quantity": 4})

    answer = await asked(service, None, path=f"/{order_no}/annul")
    await done(service, f"/replenishments/{order_no}/parcels/{parcel_no}/receive", {}, **UNIT)

    assert (answer.status_code, answer.json()["state"]) == (200, "despatched")
    assert [each["quantity"] for each in answer.json()["lines"]] == [4]
    kept = await service.repository.get(BALANCES.ref(f"DEMO-S1:{H}"))
    assert (kept.on_hand, kept.coming, await shelf(service, "DEMO-W1", H)) == (4, (), (0, 0, 0))


async def test_an_automatic_one_is_annulled_when_its_level_is_lowered(service: InMemory) -> None:
    await used(service, 1)
    await service.run_jobs()
    (order,) = await replenishments(service)
    path = f"/{order.order_no}/annul"

    early = await asked(service, None, path=path)
    await service.client.put(
        f"/storerooms/DEMO-S1/articles/{M}/level",
        json={"minimum": 3, "packages": 1},
        headers=service.once("order_placer", **UNIT),
    )
    answer = await asked(service, None, path=path)
    await service.run_jobs()

    assert (early.status_code, early.json()["rule"]) == (422, "would-be-ordered-again")
    assert answer.status_code == 200, answer.text
    assert (await shelf(service, "DEMO-W1", M), len(await replenishments(service))) == ((30, 0, 0), 1)


async def test_the_unit_says_which_storeroom(service: InMemory) -> None:
    second = replace(OWN, storeroom_no="DEMO-S3")
    await keep_place(service, second)
    other = {"care_unit": "DEMO-102"}

    answers = [
        await asked(service, form((H, 1))),
        await asked(service, form((H, 1), storeroom_no="DEMO-S3")),
        await asked(service, {**form((H, 1)), **other}),
        await asked(service, {**form((H, 1), storeroom_no="DEMO-S1"), **other}),
        await asked(service, form((H, 1), storeroom_no="DEMO-W1")),
        await asked(service, form((H, 1), (H, 2), storeroom_no="DEMO-S3")),
    ]

    assert [(each.status_code, each.json().get("rule")) for each in answers] == [
        (422, "choose-storeroom"), (200, None), (404, "not-found"), (404, "not-found"),
        (404, "not-found"), (422, "article-twice"),
    ]  # fmt: skip


async def test_who_the_rules_do_not_know_orders_nothing_home(service: InMemory) -> None:
    form_of_level = {"minimum": 1, "packages": 1}
    walkers = f"/storerooms/DEMO-S1/articles/{WALKER.article_no}/level"

    of_unit = await service.client.put(
        walkers, json=form_of_level, headers=service.once("order_placer", **UNIT)
    )
    of_warehouse = await service.client.put(
        walkers, json=form_of_level, headers=service.once("store_keeper", **KEEPER)
    )

    assert (of_unit.status_code, of_unit.json()["rule"]) == (422, "not-for-unit")
    assert of_warehouse.status_code == 200, of_warehouse.text
