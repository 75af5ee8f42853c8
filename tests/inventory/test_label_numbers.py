"""Numbers that others print on labels, typed in whatever case: storerooms, lots, serial numbers."""

from dataclasses import replace

import pytest

from services.inventory.domain.goods.balance import Balance, Lot, put, take_free
from services.inventory.domain.places import Storeroom
from services.inventory.domain.places_file import read_places
from tests.inventory.shelves import CPAP, keep_article, receive, shelf, stocked
from tests.inventory.test_scans import GTIN


async def test_a_storeroom_and_a_lot_are_found_in_lower_case_and_with_another_dash() -> None:
    service = await stocked()

    first = await receive(service, "demo\u2013s1", article_no="910100", quantity=2, lot="ab-7")
    second = await receive(service, " DEMO-S1", article_no="910100", quantity=1, lot="AB\u20117 ")

    assert (first.status_code, second.status_code) == (200, 200), second.text
    assert [(each["lot"], each["on_hand"]) for each in second.json()["lots"]] == [("AB-7", 3)]
    assert await shelf(service, "DEMO-S1", "910100") == (3, 0, 0)


async def test_serial_numbers_that_differ_only_by_case_are_one() -> None:
    service = await stocked()
    piece = {"device_no": "D100001", "serial_no": "sn-a1"}
    other = {"device_no": "D100002", "serial_no": "SN-A1"}

    first = await receive(service, article_no="910001", devices=[piece])
    second = await receive(service, article_no="910001", devices=[other])
    twice = await receive(
        service, article_no="910001", devices=[piece | {"device_no": "D3"}, other | {"device_no": "D4"}]
    )

    assert first.status_code == 200, first.text
    assert [second.json()["rule"], twice.json()["rule"]] == ["serial-number-taken", "number-twice"]


def test_a_lot_that_the_version_before_kept_in_lower_case_is_taken_from_and_added_to() -> None:
    kept = Balance("DEMO-S1", "910100", (Lot("ab-7", on_hand=2),))

    after = take_free(put(kept, 1, lot="AB-7"), 2, lot="AB-7")

    assert after.lots == (Lot("ab-7", on_hand=1),)


@pytest.mark.parametrize("number", ["demo-s9", "Demo-S9"])
def test_a_file_of_places_names_a_storeroom_as_its_label_does(number: str) -> None:
    header = "number;kind;name;care_units;supplied_by"
    rows = ("DEMO-101;care_unit;Mottagningen;;", f"{number};storeroom;Förrådet;DEMO-101;demo-w1")
    file = read_places("\n".join((header, *rows)).encode())

    (place,) = (each.place for each in file.rows if isinstance(each.place, Storeroom))

    assert (place.storeroom_no, place.supplied_by) == ("DEMO-S9", ("DEMO-W1",))
    assert replace(place, storeroom_no="x").care_units == ("DEMO-101",)


async def test_who_has_a_lot_is_found_however_its_number_is_typed() -> None:
    service = await stocked()
    await receive(service, article_no="910100", quantity=2, lot="AB 12")

    who = service.token("customer_service", product_areas=["cpap"])
    answers = [
        await service.client.post("/goods/holders", json={"lot": each}, headers=who)
        for each in ("ab12", "Ab\u00a012", "AB12")
    ]

    shelves = [[each["on_hand"] for each in answer.json()["shelves"]] for answer in answers]
    assert shelves == [[2], [2], [2]]


async def test_a_lot_that_is_counted_in_lower_case_is_the_same_lot() -> None:
    service = await stocked()
    await receive(service, article_no="910100", quantity=2, lot="AB12")

    body = {"article_no": "910100", "lot": "ab 12", "counted": 3, "reason": "Räknat om hyllan"}
    who = service.once("order_placer", care_units=["DEMO-101"], product_areas=["cpap"])
    answer = await service.client.post("/storerooms/DEMO-S1/stocktake", json=body, headers=who)

    assert [(each["lot"], each["on_hand"]) for each in answer.json()["lots"]] == [("AB12", 3)]


async def test_a_serial_number_that_was_scanned_in_lower_case_is_the_one_that_is_typed() -> None:
    service = await stocked()
    await keep_article(service, replace(CPAP, gtin=GTIN))
    scanned = {"device_no": "D100001", "code": f"(01){GTIN}(21)sna1"}
    typed = {"device_no": "D100002", "serial_no": "SN A1"}

    first = await receive(service, article_no="910001", devices=[scanned])
    second = await receive(service, article_no="910001", devices=[typed])

    assert first.status_code == 200, first.text
    assert second.json()["rule"] == "serial-number-taken"
