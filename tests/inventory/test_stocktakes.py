"""A stocktake: counted or scanned, compared with the register, and approved (Q51)."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.inventory.domain.stocktakes.limits import takes_two
from services.inventory.repository.collections import MOVEMENTS
from shared.domain.money import Money
from tests.inventory.shelves import HAND_OUT, ORDER, receive, receive_cpaps, shelf, state_of, stocked
from tests.support import A_MONDAY_MORNING, InMemory

CLINIC: dict[str, Any] = {"care_units": ["DEMO-101"], "product_areas": ["cpap"]}
PATH = "/storerooms/DEMO-S1/stocktakes"
MASKS = {"article_no": "910300", "lot": "L1", "best_before": "2027-06-01"}


@pytest.fixture
async def service() -> AsyncIterator[InMemory]:
    """Three CPAPs and five masks of a lot lie in the own storeroom."""
    inventory = await stocked()
    await receive_cpaps(inventory, "DEMO-S1", ["D100001", "D100002", "D100003"], hoses=3)
    await receive(inventory, **MASKS, quantity=5)
    yield inventory
    await inventory.client.aclose()


async def ask(service: InMemory, path: str, body: Any = None, *, sub: str = "counter", **who: Any) -> Any:
    headers = service.once("order_placer", sub=sub, **{**CLINIC, **who})
    return await service.client.post(path, json=body, headers=headers)


async def counted(service: InMemory, *counts: dict[str, Any]) -> Any:
    answer = await ask(service, PATH, {"counts": list(counts), "reason": "Inventering i november"})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def approved(service: InMemory, stocktake: Any, *, sub: str = "counter") -> Any:
    return await ask(service, f"/stocktakes/{stocktake['stocktake_no']}/approve", sub=sub)


async def test_differences_are_shown_and_moved_only_when_they_are_approved(service: InMemory) -> None:
    stocktake = await counted(
        service,
        {**MASKS, "counted": 3},
        {"article_no": "910001", "device_nos": ["D100001", "d100002", "D999999"]},
        {"article_no": "910100", "counted": 3},
    )
    before = await shelf(service, "DEMO-S1", "910300")

    answer = await approved(service, stocktake)

    masks, cpaps = stocktake["differences"]
    assert (masks["expected"], masks["counted"], masks["value"]) == (5, 3, "180.00")
    assert (cpaps["missing"], cpaps["elsewhere"], cpaps["value"]) == (["D100003"], ["D999999"], "4000.00")
    assert (stocktake["state"], stocktake["needs_second"], stocktake["value"]) == ("waits", False, "4180.00")
    assert before == (5, 0, 0)
    assert answer.json()["state"] == "approved"
    assert await shelf(service, "DEMO-S1", "910300") == (3, 0, 0)
    assert await shelf(service, "DEMO-S1", "910001") == (2, 0, 0)
    assert await state_of(service, "D100003") == "missing"
    movement = await service.repository.get(MOVEMENTS.ref(stocktake["stocktake_no"]))
    assert (movement.why, movement.reason, len(movement.rows)) == ("counted", "Inventering i november", 2)


async def test_a_large_difference_is_approved_by_a_colleague(service: InMemory) -> None:
    stocktake = await counted(service, {"article_no": "910001", "device_nos": []})

    alone = await approved(service, stocktake)
    colleague = await approved(service, stocktake, sub="colleague")
    again = await approved(service, stocktake, sub="colleague")

    assert (stocktake["needs_second"], stocktake["value"]) == (True, "12000.00")
    assert alone.json()["rule"] == "second-person-needed"
    assert (colleague.json()["decided_by"], again.json()["rule"]) == ("colleague", "stocktake-decided")
    assert await shelf(service, "DEMO-S1", "910001") == (0, 0, 0)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("stocktake", {"article_no": "910300", "counted": 21}),
        ("stocktake-devices", {"article_no": "910001", "device_nos": [], "nothing_there": True}),
    ],
)
async def test_what_takes_two_is_not_corrected_at_once(
    service: InMemory, path: str, body: dict[str, Any]
) -> None:
    answer = await ask(service, f"/storerooms/DEMO-S1/{path}", {**body, "reason": "Räknat om hyllan"})

    assert answer.json()["rule"] == "stocktake-needs-two"
    assert await shelf(service, "DEMO-S1", "910001") == (3, 0, 0)


@pytest.mark.parametrize(
    ("pieces", "value", "two"),
    [(20, "10000.00", False), (21, "1.00", True), (1, "10000.01", True), (0, "0", False)],
)
def test_exactly_the_limit_is_approved_by_one(pieces: int, value: str, *, two: bool) -> None:
    assert takes_two(pieces, Money.of(value), on=A_MONDAY_MORNING.date()) is two


async def test_a_declined_stocktake_moves_nothing(service: InMemory) -> None:
    stocktake = await counted(service, {**MASKS, "counted": 0})

    declined = await ask(service, f"/stocktakes/{stocktake['stocktake_no']}/decline")
    late = await approved(service, stocktake)

    assert (declined.json()["state"], late.json()["rule"]) == ("declined", "stocktake-decided")
    assert await shelf(service, "DEMO-S1", "910300") == (5, 0, 0)


async def test_what_moved_since_the_count_stays_where_it_went(service: InMemory) -> None:
    stocktake = await counted(
        service, {"article_no": "910001", "device_nos": ["D100002", "D100003"]}, {**MASKS, "counted": 6}
    )
    await service.hear(HAND_OUT)  # D100001, which nobody had seen on its shelf
    await receive(service, **MASKS, quantity=4)

    answer = await approved(service, stocktake)

    assert answer.status_code == 200, answer.text
    assert await state_of(service, "D100001") == "on_loan"
    assert await shelf(service, "DEMO-S1", "910001") == (2, 0, 0)
    assert await shelf(service, "DEMO-S1", "910300") == (10, 0, 0)


async def test_a_device_that_was_missing_lies_there_again(service: InMemory) -> None:
    await approved(
        service, await counted(service, {"article_no": "910001", "device_nos": ["D100001", "D100002"]})
    )

    stocktake = await counted(
        service, {"article_no": "910001", "device_nos": ["D100001", "D100002", "D100003"]}
    )
    await approved(service, stocktake)

    (difference,) = stocktake["differences"]
    assert (difference["found"], difference["expected"], difference["counted"]) == (["D100003"], 2, 3)
    assert await state_of(service, "D100003") == "in_stock"


async def test_nothing_that_is_reserved_is_counted_away(service: InMemory) -> None:
    order = ORDER.model_copy(update={"storeroom_no": "DEMO-S1"})
    await service.hear(order)
    stocktake = await counted(service, {"article_no": "910100", "counted": 0})

    answer = await approved(service, stocktake)

    assert answer.json()["rule"] == "reserved-pieces-missing"
    assert await shelf(service, "DEMO-S1", "910100") == (3, 1, 0)


@pytest.mark.parametrize(
    ("counts", "rule"),
    [
        ([{"article_no": "910001", "counted": 1}], "counted-by-number"),
        ([{"article_no": "910300", "device_nos": ["D1"]}], "not-marked"),
        ([{"article_no": "910300", "counted": 1}, {"article_no": "910300", "counted": 2}], "number-twice"),
    ],
)
async def test_each_article_is_counted_once_and_as_what_it_is(
    service: InMemory, counts: list[Any], rule: str
) -> None:
    answer = await ask(service, PATH, {"counts": counts, "reason": "Inventering i november"})

    assert answer.json()["rule"] == rule


async def test_stocktakes_are_listed_for_who_works_there(service: InMemory) -> None:
    stocktake = await counted(service, {**MASKS, "counted": 4})
    stranger: dict[str, Any] = {"care_units": ["DEMO-102"], "product_areas": ["cpap"]}

    listed = await service.client.get(PATH, headers=service.token("order_placer", **CLINIC))
    elsewhere = await service.client.get(PATH, headers=service.token("order_placer", **stranger))
    refused = await ask(service, f"/stocktakes/{stocktake['stocktake_no']}/approve", **stranger)

    assert [each["stocktake_no"] for each in listed.json()] == [stocktake["stocktake_no"]]
    assert (elsewhere.status_code, refused.status_code) == (404, 404)


async def test_the_same_difference_is_written_once(service: InMemory) -> None:
    first = await counted(service, {**MASKS, "counted": 2})
    second = await counted(service, {**MASKS, "counted": 2})

    await approved(service, first)
    answer = await approved(service, second)
    anew = await approved(service, await counted(service, {**MASKS, "counted": 3}))

    assert (answer.status_code, answer.json()["rule"]) == (422, "counted-since")
    assert anew.status_code == 200, anew.text
    assert await shelf(service, "DEMO-S1", "910300") == (3, 0, 0)


async def test_a_stocktake_is_made_again_when_the_lot_was_counted_at_once_meanwhile(
    service: InMemory,
) -> None:
    stocktake = await counted(service, {**MASKS, "counted": 3}, {"article_no": "910100", "counted": 2})
    other_lot = {**MASKS, "lot": "L2", "counted": 1}
    at_once = {"reason": "Räknat om hyllan"}
    await ask(service, "/storerooms/DEMO-S1/stocktake", {**other_lot, **at_once})
    kept = await counted(service, {**MASKS, "counted": 4})
    await ask(service, "/storerooms/DEMO-S1/stocktake", {**MASKS, "counted": 5, **at_once})

    answers = [await approved(service, each) for each in (stocktake, kept)]

    assert [each.json()["rule"] for each in answers] == ["counted-since", "counted-since"]
    assert await shelf(service, "DEMO-S1", "910300") == (6, 0, 0)
    assert await shelf(service, "DEMO-S1", "910100") == (3, 0, 0)


async def test_small_steps_of_one_person_add_up_to_what_takes_two(service: InMemory) -> None:
    lots = [{"article_no": "910300", "lot": each, "counted": 15} for each in ("L8", "L9")]
    first = await ask(service, "/storerooms/DEMO-S1/stocktake", {**lots[0], "reason": "Räknat om hyllan"})
    waits = await counted(service, lots[1])
    second = await ask(service, "/storerooms/DEMO-S1/stocktake", {**lots[1], "reason": "Räknat om hyllan"})
    other = await ask(
        service, "/storerooms/DEMO-S1/stocktake", {**lots[1], "reason": "Räknat om hyllan"}, sub="colleague"
    )

    assert (first.status_code, other.status_code) == (200, 200), first.text
    assert (second.json()["rule"], waits["needs_second"]) == ("stocktake-needs-two", True)


async def test_two_stocktakes_that_wait_at_once_add_up_when_they_are_approved(service: InMemory) -> None:
    lots = [{"article_no": "910300", "lot": each, "counted": 15} for each in ("L8", "L9")]
    first, second = [await counted(service, each) for each in lots]

    alone = [await approved(service, each) for each in (first, second)]
    colleague = await approved(service, second, sub="colleague")

    assert [first["needs_second"], second["needs_second"]] == [False, False]
    assert [each.status_code for each in alone] == [200, 422]
    assert alone[1].json()["rule"] == "second-person-needed"
    assert colleague.status_code == 200, colleague.text


async def test_scanned_devices_are_counted_once_for_an_article_and_without_a_lot(service: InMemory) -> None:
    scanned = {"article_no": "910001", "device_nos": ["D100001", "D100002"]}
    body = {"reason": "Inventering i november"}
    with_lot = await ask(service, PATH, {**body, "counts": [{**scanned, "lot": "L1"}]})
    twice = await ask(service, PATH, {**body, "counts": [scanned, {**scanned, "device_nos": ["D100003"]}]})

    assert (with_lot.status_code, "devices-without-lot" in with_lot.text) == (422, True), with_lot.text
    assert twice.json()["rule"] == "number-twice"
