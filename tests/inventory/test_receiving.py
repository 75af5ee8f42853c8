"""Receiving goods, the stock list and the device card (S92, S175, S176, Q44)."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import pytest

from services.inventory.repository.collections import MOVEMENTS
from shared.events.inventory_goods import DeviceChanged
from tests.inventory.shelves import KEEPER, ORDER, receive, receive_cpaps, shelf, stocked
from tests.support import InMemory

ONE_MASK = {"article_no": "910300", "quantity": 1}


@pytest.fixture
async def service() -> AsyncIterator[InMemory]:
    inventory = await stocked()
    yield inventory
    await inventory.client.aclose()


async def test_received_devices_lie_in_the_storeroom_with_owner_and_card(service: InMemory) -> None:
    devices = [{"device_no": "d100001", "serial_no": "SN 1"}]
    body = {"purchased_on": "2026-11-20", "purchase_price": "3990.00"}

    answer = await receive(service, "DEMO-W1", article_no="910001", devices=devices, **body)

    assert answer.status_code == 200, answer.text
    assert answer.json()["available"] == 1
    (told,) = service.told_of(DeviceChanged)
    assert (told.device_no, told.owner, told.storeroom_no, told.available) == (
        "D100001", "central", "DEMO-W1", True,
    )  # fmt: skip
    card = (await service.client.get("/devices/D100001", headers=service.token("store_keeper"))).json()
    assert (card["purchase_price"], card["supplier_article_no"]) == ("3990.00", "DC-1")
    assert (card["stock_status"], card["storeroom_name"]) == ("available", "Centrallagret Demostad")


@pytest.mark.parametrize(
    ("devices", "rule"),
    [
        ([{"device_no": "D100001"}], "device-number-taken"),
        ([{"device_no": "D100009", "serial_no": "SN-D100001"}], "serial-number-taken"),
        ([{"device_no": "D100009"}, {"device_no": "d100009"}], "number-twice"),
    ],
)
async def test_no_device_is_received_twice(
    service: InMemory, devices: list[dict[str, str]], rule: str
) -> None:
    await receive_cpaps(service, "DEMO-W1", ["D100001"], hoses=0)

    answer = await receive(service, "DEMO-W1", article_no="910001", devices=devices)

    assert answer.json()["rule"] == rule
    assert await shelf(service, "DEMO-W1", "910001") == (1, 0, 0)


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ({"article_no": "910001", "quantity": 2}, "not-counted"),
        ({"article_no": "910300", "devices": [{"device_no": "D1"}]}, "not-marked"),
        ({**ONE_MASK, "lot": "L", "best_before": "2026-11-22"}, "expired-at-receipt"),
        ({**ONE_MASK, "lot": "KNOWN", "best_before": "2028-01-01"}, "another-best-before"),
    ],
)  # fmt: skip
async def test_goods_are_received_as_what_they_are(
    service: InMemory, body: dict[str, Any], rule: str
) -> None:
    await receive(service, article_no="910300", quantity=1, lot="KNOWN", best_before="2027-01-01")

    answer = await receive(service, **body)

    assert answer.json()["rule"] == rule


async def test_a_stock_list_shows_lots_and_what_is_free(service: InMemory) -> None:
    await receive(service, "DEMO-W1", article_no="910300", quantity=4, lot="L1", best_before="2027-01-01")

    answer = await service.client.get(
        "/storerooms/DEMO-W1/stock", headers=service.token("store_keeper", **KEEPER)
    )

    (row,) = answer.json()
    assert (row["article_name"], row["available"], row["lots"][0]["lot"]) == ("Demomask", 4, "L1")


async def test_a_stocktake_makes_the_balance_say_what_lies_there_with_a_reason(service: InMemory) -> None:
    await receive(service, "DEMO-W1", article_no="910300", quantity=4, lot="L1", best_before="2027-01-01")
    count = {
        "article_no": "910300",
        "lot": "L1",
        "best_before": "2027-01-01",
        "reason": "Inventering i november",
    }

    answers = [await counted(service, **count, counted=number) for number in (3, 5, 5)]
    by_number = await counted(service, article_no="910001", counted=1, reason="Inventering i november")

    assert [each.json()["on_hand"] for each in answers] == [3, 5, 5]
    assert by_number.json()["rule"] == "counted-by-number"
    moved = [each for each in await service.repository.find(MOVEMENTS, {}) if each.why == "counted"]
    assert {each.reason for each in moved} == {"Inventering i november"}
    assert sorted(row.quantity for each in moved for row in each.rows) == [1, 2]


async def test_a_stocktake_takes_nothing_that_is_reserved(service: InMemory) -> None:
    await receive_cpaps(service, "DEMO-W1", ["D100001"], hoses=2)
    await service.hear(ORDER)

    refused = await counted(service, article_no="910100", counted=0, reason="Inventering i november")

    assert refused.json()["rule"] == "reserved-pieces-missing"
    assert await shelf(service, "DEMO-W1", "910100") == (2, 1, 0)


async def counted(service: InMemory, **body: Any) -> Any:
    headers = service.once("store_keeper", None, **KEEPER)
    return await service.client.post("/storerooms/DEMO-W1/stocktake", json=body, headers=headers)


async def test_who_does_not_work_there_neither_sees_nor_receives_goods(service: InMemory) -> None:
    await receive_cpaps(service, "DEMO-S2", ["D100001"], hoses=0)
    stranger = service.token("order_placer", product_areas=["cpap"])

    listed = await service.client.get("/storerooms/DEMO-S2/devices", headers=stranger)
    card = await service.client.get("/devices/D100001", headers=stranger)
    received = await service.client.post(
        "/goods/receive",
        json={"storeroom_no": "DEMO-S2", "article_no": "910300", "quantity": 1},
        headers=service.once("order_placer"),
    )

    assert [each.status_code for each in (listed, card, received)] == [404, 404, 404]


async def test_a_personal_number_is_no_device_number(service: InMemory) -> None:
    answer = await receive(service, article_no="910001", devices=[{"device_no": "191212121212"}])

    assert answer.status_code == 422


@pytest.mark.parametrize("day", ["2026-11-24", "2062-03-01"])
async def test_a_device_that_has_come_was_not_purchased_on_a_day_to_come(service: InMemory, day: str) -> None:
    devices = [{"device_no": "D100001"}]

    answer = await receive(service, "DEMO-W1", article_no="910001", devices=devices, purchased_on=day)

    assert (answer.status_code, answer.json()["rule"]) == (422, "day-to-come")


@pytest.mark.parametrize(
    "number",
    [
        "811228-9874", "8112289874", "19811228-9874", "198112289874", "811228 9874", "81-1228-9874",
        "811228+9874", "19811228_9874", "19811228.9874", "811228/9874", "D/100001", "D_100001",
    ],
)  # fmt: skip
async def test_a_personal_number_is_no_device_number_through_any_door(service: InMemory, number: str) -> None:
    await receive_cpaps(service, "DEMO-W1", ["D100001"], hoses=0)
    before = len(service.told)
    keeper = service.once("store_keeper", None, **KEEPER)
    label = {"new_number": number, "reason": "Sliten", "confirmed": True}

    received = await receive(service, "DEMO-W1", article_no="910001", devices=[{"device_no": number}])
    renumbered = await service.client.post("/devices/D100001/renumber", json=label, headers=keeper)
    read = await service.client.get(f"/devices/{quote(number)}", headers=service.token("store_keeper"))

    rules = {"persons-number", "not-a-device-number"}
    assert (received.status_code, renumbered.status_code) == (422, 422)
    assert all(any(rule in each.text for rule in rules) for each in (received, renumbered))
    assert read.status_code in {404, 422}
    assert len(service.told) == before
    assert await shelf(service, "DEMO-W1", "910001") == (1, 0, 0)


async def test_labels_of_ten_and_twelve_digits_are_device_numbers_unless_they_are_a_persons(
    service: InMemory,
) -> None:
    numeric = [{"device_no": "1000123456"}, {"device_no": "100012345678"}]

    taken = await receive(service, "DEMO-W1", article_no="910001", devices=numeric)
    persons = await receive(service, "DEMO-W1", article_no="910001", devices=[{"device_no": "8112289874"}])

    assert taken.status_code == 200, taken.text
    assert "personnummer" in persons.text
    assert "Numret ser ut som" in persons.text
    assert await shelf(service, "DEMO-W1", "910001") == (2, 0, 0)


async def test_a_personal_number_is_neither_lot_nor_serial_number_of_what_comes(service: InMemory) -> None:
    serial = [{"device_no": "D100001", "serial_no": "19811228-9874"}]

    device = await receive(service, "DEMO-W1", article_no="910001", devices=serial)
    masks = await receive(service, "DEMO-W1", **ONE_MASK, lot="811228-9874")
    makers = await receive(service, "DEMO-W1", **ONE_MASK, lot="8112289874")

    assert all("persons-number" in each.text for each in (device, masks))
    assert makers.status_code == 200, makers.text
