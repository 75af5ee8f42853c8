"""A storeroom is put right: picks put back or given up, quarantine, scrapping, stocktake (Q36, Q51)."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.inventory.domain.article import Article
from services.inventory.domain.devices.counting_devices import (
    MOST_SCANNED,
    Scanned,
    TooManyToScan,
    count_devices,
)
from services.inventory.domain.devices.device import Device
from services.inventory.domain.goods.balance import Balance, Lot
from services.inventory.repository.collections import DEVICES
from shared.domain.money import Money
from shared.events.inventory_goods import DeviceChanged, DeviceOrderPicking, HandOutRefused
from shared.events.ordering_devices import DeviceLine
from tests.inventory.shelves import (
    HAND_OUT,
    KEEPER,
    ORDER,
    WALKER,
    WALKER_OF_UNIT,
    keep_article,
    order_of,
    receive,
    receive_cpaps,
    shelf,
    state_of,
    stocked,
)
from tests.support import A_MONDAY_MORNING, InMemory

PICK = f"/device-orders/{ORDER.order_no}/pick-list"
CLINIC = {"care_units": ["DEMO-101"], "product_areas": ["cpap"]}
WHY = {"reason": "Kontrollerad på hyllan"}


@pytest.fixture
async def service() -> AsyncIterator[InMemory]:
    """Two CPAPs with hoses lie in the warehouse, and two in the own storeroom."""
    inventory = await stocked()
    await receive_cpaps(inventory, "DEMO-W1", ["D100001", "D100002"], hoses=3)
    await receive_cpaps(inventory, "DEMO-S1", ["D200001", "D200002"], hoses=3)
    yield inventory
    await inventory.client.aclose()


async def ask(service: InMemory, path: str, body: Any = None, **who: Any) -> Any:
    role = "order_placer" if who else "store_keeper"
    return await service.client.post(path, json=body, headers=service.once(role, **(who or KEEPER)))


async def done(service: InMemory, path: str, body: Any = None, **who: Any) -> Any:
    answer = await ask(service, path, body, **who)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_device_that_was_picked_by_mistake_lies_on_its_shelf_and_is_reserved_again(
    service: InMemory,
) -> None:
    await service.hear(ORDER)
    await done(service, f"{PICK}/take")
    await done(service, f"{PICK}/pick", {"device_no": "D100001"})

    shown = await done(service, f"{PICK}/put-back", {"device_no": "D100001"})
    twice = await ask(service, f"{PICK}/put-back", {"device_no": "D100001"})

    assert (shown["lines"][0]["reserved"], shown["lines"][0]["picked"]) == (1, 0)
    assert shown["parcels"][0]["goods"] == []
    assert twice.json()["rule"] == "not-in-parcel"
    assert await shelf(service, "DEMO-W1", "910001") == (2, 1, 0)
    assert await shelf(service, "DEMO-W1", "910100") == (3, 1, 0)
    assert (await service.repository.get(DEVICES.ref("D100001"))).components == ()
    await done(service, f"{PICK}/pick", {"device_no": "D100002"})
    assert await state_of(service, "D100002") == "picked"


async def test_counted_goods_are_put_back_into_their_lot(service: InMemory) -> None:
    await receive(service, "DEMO-W1", article_no="910300", quantity=5, lot="L1", best_before="2027-06-01")
    line = DeviceLine(line_no=1, article_no="910300", quantity=3)
    await service.hear(order_of(1, lines=(line,)))
    await done(service, f"{PICK}/take")
    await done(service, f"{PICK}/pick", {"article_no": "910300", "quantity": 3})

    shown = await done(service, f"{PICK}/put-back", {"article_no": "910300", "quantity": 2})
    too_many = await ask(service, f"{PICK}/put-back", {"article_no": "910300", "quantity": 2})

    assert [each["quantity"] for each in shown["parcels"][0]["goods"]] == [1]
    assert too_many.json()["rule"] == "not-in-parcel"
    assert await shelf(service, "DEMO-W1", "910300") == (4, 2, 0)


async def test_a_pick_list_that_is_given_up_is_taken_over_with_what_was_picked(service: InMemory) -> None:
    await service.hear(ORDER)
    await done(service, f"{PICK}/take")
    await done(service, f"{PICK}/pick", {"device_no": "D100001"})

    given_up = await done(service, f"{PICK}/give-up")
    nobodys = await ask(service, f"{PICK}/pick", {"device_no": "D100002"})
    taken = await done(service, f"{PICK}/take")
    packed = await done(service, f"{PICK}/pack", {})

    assert given_up["to_pick"]
    assert nobodys.json()["rule"] == "pick-list-not-taken"
    assert [each["device_no"] for each in taken["parcels"][0]["goods"]] == ["D100001", "D100001"]
    assert packed["parcels"][0]["state"] == "packed"
    assert len(service.told_of(DeviceOrderPicking)) == 1


async def test_a_pick_list_names_the_components_that_are_put_on_each_device(service: InMemory) -> None:
    await service.hear(ORDER)

    who = service.token("store_keeper", **KEEPER)
    shown = (await service.client.get(PICK, headers=who)).json()

    (line,) = shown["lines"]
    assert line["article_name"] == "Demo-CPAP"
    assert line["components"] == [{"article_no": "910100", "article_name": "Demoslang", "quantity": 1}]


async def test_a_device_that_is_set_apart_is_handed_out_only_after_its_release(service: InMemory) -> None:
    line = HAND_OUT.lines[0].model_copy(update={"device_no": "D200001"})
    await done(service, "/devices/D200001/set-apart", {"destination": "quarantine", **WHY}, **CLINIC)

    await service.hear(order_of(5, kind="hand_out", storeroom_no="DEMO-S1", lines=(line,)))
    assert service.told_of(HandOutRefused)[0].rule == "device-set-apart"
    assert await shelf(service, "DEMO-S1", "910001") == (1, 0, 0)
    assert not service.told_of(DeviceChanged)[-1].available

    await done(service, "/devices/D200001/set-apart", {"destination": "shelf", **WHY}, **CLINIC)
    await service.hear(order_of(6, kind="hand_out", storeroom_no="DEMO-S1", lines=(line,)))
    assert await state_of(service, "D200001") == "on_loan"


async def test_the_warehouse_scraps_the_central_organisations_device_and_a_unit_does_not(
    service: InMemory,
) -> None:
    scrap = {"destination": "scrap", **WHY}

    at_unit = await ask(service, "/devices/D200001/set-apart", scrap, **CLINIC)
    await done(service, "/devices/D100001/set-apart", {"destination": "quarantine", **WHY})
    scrapped = await done(service, "/devices/D100001/set-apart", scrap)
    again = await ask(service, "/devices/D100001/set-apart", scrap)

    assert at_unit.json()["rule"] == "not-scrapped-here"
    assert (scrapped["state"], scrapped["storeroom_no"]) == ("written_off", None)
    assert again.status_code == 404
    assert await shelf(service, "DEMO-W1", "910001") == (1, 0, 0)


async def test_scrapping_is_answered_alike_however_often_it_is_sent(service: InMemory) -> None:
    headers = service.once("store_keeper", None, **KEEPER)
    path, scrap = "/devices/D100001/set-apart", {"destination": "scrap", **WHY}
    first = await service.client.post(path, json=scrap, headers=headers)

    again = await service.client.post(path, json=scrap, headers=headers)

    assert (first.status_code, again.status_code, again.json()) == (200, 200, first.json())
    assert await shelf(service, "DEMO-W1", "910001") == (1, 0, 0)


@pytest.mark.parametrize(("walker", "rule"), [(WALKER_OF_UNIT, None), (WALKER, "not-scrapped-here")])
async def test_a_unit_scraps_its_own_counted_main_aid_and_not_the_centres(
    service: InMemory, walker: Article, rule: str | None
) -> None:
    await keep_article(service, walker)
    await receive(service, article_no="910400", quantity=2)
    scrap = {"article_no": "910400", "quantity": 1, "destination": "scrap", **WHY}

    answer = await ask(service, "/storerooms/DEMO-S1/set-apart", scrap, **CLINIC)

    assert answer.json().get("rule") == rule
    assert (await shelf(service, "DEMO-S1", "910400"))[0] == (2 if rule else 1)


async def test_what_is_reserved_is_not_set_apart(service: InMemory) -> None:
    await done(service, "/devices/D100002/set-apart", {"destination": "quarantine", **WHY})
    await service.hear(ORDER)

    answer = await ask(service, "/devices/D100001/set-apart", {"destination": "quarantine", **WHY})

    assert answer.json()["rule"] == "too-few-in-stock"
    assert (await ask(service, "/devices/D100001/set-apart", {"destination": "shelf", **WHY})).json()[
        "rule"
    ] == ("not-on-that-shelf")


async def test_what_is_released_is_given_to_the_order_that_waits(service: InMemory) -> None:
    for number in ("D100001", "D100002"):
        await done(service, f"/devices/{number}/set-apart", {"destination": "quarantine", **WHY})
    await service.hear(ORDER)
    assert await shelf(service, "DEMO-W1", "910001") == (0, 0, 1)

    await done(service, "/devices/D100001/set-apart", {"destination": "shelf", **WHY})

    assert await shelf(service, "DEMO-W1", "910001") == (1, 1, 0)


async def test_counted_goods_stand_in_quarantine_by_lot_and_are_released_or_scrapped(
    service: InMemory,
) -> None:
    await receive(service, article_no="910300", quantity=5, lot="L1", best_before="2027-06-01")
    form = {"article_no": "910300", "lot": "L1", **WHY}
    path = "/storerooms/DEMO-S1/set-apart"

    await done(service, path, {**form, "quantity": 4, "destination": "quarantine"}, **CLINIC)
    await done(service, path, {**form, "quantity": 1, "destination": "shelf"}, **CLINIC)
    shown = await done(
        service, path, {**form, "quantity": 2, "destination": "scrap", "from_quarantine": True}, **CLINIC
    )
    too_many = await ask(service, path, {**form, "quantity": 2, "destination": "shelf"}, **CLINIC)

    assert (shown["on_hand"], shown["quarantined"]) == (2, 1)
    assert shown["lots"][0]["best_before"] == "2027-06-01"
    assert too_many.json()["rule"] == "lot-not-there"


async def test_a_stocktake_of_devices_says_what_is_missing_and_what_came_to_light(service: InMemory) -> None:
    path = "/storerooms/DEMO-S1/stocktake-devices"
    first = await done(service, path, {"article_no": "910001", "device_nos": ["D200001"], **WHY}, **CLINIC)
    assert await state_of(service, "D200002") == "missing"
    assert await shelf(service, "DEMO-S1", "910001") == (1, 0, 0)

    scanned = ["d200001", "D200002", "D100001", "D999999"]
    second = await done(service, path, {"article_no": "910001", "device_nos": scanned, **WHY}, **CLINIC)

    assert (first["missing"], first["found"], first["elsewhere"]) == (["D200002"], [], [])
    assert (second["missing"], second["found"], second["elsewhere"]) == (
        [], ["D200002"], ["D100001", "D999999"],
    )  # fmt: skip
    assert await shelf(service, "DEMO-S1", "910001") == (2, 0, 0)
    assert await state_of(service, "D100001") == "in_stock"


async def test_a_stocktake_leaves_what_is_reserved(service: InMemory) -> None:
    await service.hear(ORDER)

    answer = await ask(
        service,
        "/storerooms/DEMO-W1/stocktake-devices",
        {"article_no": "910001", "device_nos": [], "nothing_there": True, **WHY},
    )

    assert answer.json()["rule"] == "reserved-pieces-missing"
    assert await shelf(service, "DEMO-W1", "910001") == (2, 1, 0)


async def test_a_shelf_with_201_devices_is_scanned_whole(service: InMemory) -> None:
    numbers = [f"D3{each:05}" for each in range(201)]
    await receive_cpaps(service, "DEMO-S2", numbers[:200], hoses=0)
    await receive_cpaps(service, "DEMO-S2", numbers[200:], hoses=0)
    form = {"article_no": "910001", "device_nos": numbers, **WHY}

    shown = await done(service, "/storerooms/DEMO-S2/stocktake-devices", form, care_units=["DEMO-102"])

    assert (shown["missing"], shown["found"], shown["elsewhere"]) == ([], [], [])
    assert await shelf(service, "DEMO-S2", "910001") == (201, 0, 0)


def test_what_one_stocktake_cannot_name_is_refused_and_not_missing() -> None:
    numbers = [f"D{each:06}" for each in range(MOST_SCANNED + 1)]
    there = tuple(Device(each, "910001", "central", "DEMO-S1") for each in numbers)
    balance = Balance("DEMO-S1", "910001", (Lot("", None, len(numbers)),))
    scanned = Scanned(
        "m",
        "DEMO-S1",
        "910001",
        frozenset(numbers[:-1]),
        "Inventering",
        "keeper",
        A_MONDAY_MORNING,
        Money.of(4000),
    )

    with pytest.raises(TooManyToScan):
        count_devices(None, balance, there, scanned=scanned)
    _, _, after, _ = count_devices(None, balance, there[:-1], scanned=scanned)
    assert {each.state for each in after} == {"in_stock"}


@pytest.mark.parametrize("said", [{"device_nos": []}, {"device_nos": ["D200001"], "nothing_there": True}])
async def test_an_empty_shelf_is_said_to_be_empty(service: InMemory, said: dict[str, Any]) -> None:
    path, form = "/storerooms/DEMO-S1/stocktake-devices", {"article_no": "910001", **WHY}

    unsaid = await ask(service, path, {**form, **said}, **CLINIC)
    before = await shelf(service, "DEMO-S1", "910001")
    empty = await done(service, path, {**form, "device_nos": [], "nothing_there": True}, **CLINIC)

    assert unsaid.status_code == 422
    assert "scanned-or-nothing-there" in unsaid.text
    assert before == (2, 0, 0)
    assert empty["missing"] == ["D200001", "D200002"]
