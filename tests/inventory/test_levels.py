"""Levels are listed and suggested from a year's use, and never set by themselves (S115)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from services.inventory.domain.goods.movement import Moved, Movement
from services.inventory.domain.replenishing.suggesting import Use, suggested, use_of
from shared.events.ordering_devices import DeviceLine
from tests.inventory.replenished import PACKED_MASK, UNIT, replenishments, used, with_level
from tests.inventory.shelves import HAND_OUT, KEEPER, MASK, OTHER, order_of, receive, shelf
from tests.support import A_MONDAY_MORNING, InMemory

NO = MASK.article_no
TODAY = date(2026, 11, 23)
OUT = Movement(
    "m", "DEMO-S1", "handed_out", A_MONDAY_MORNING, "o", (Moved(NO, 3, "DEMO-S1", "order:B1"),),
)  # fmt: skip


@pytest.fixture
async def service() -> InMemory:
    return await with_level(minimum=1)


async def got(service: InMemory, path: str, **who: Any) -> Any:
    role = "store_keeper" if who == KEEPER else "order_placer"
    return await service.client.get(path, headers=service.token(role, **(who or UNIT)))


async def test_a_level_is_seen_by_who_works_there_and_by_the_warehouse(service: InMemory) -> None:
    path = "/storerooms/DEMO-S1/levels"

    own, keeper = await got(service, path), await got(service, path, **KEEPER)
    elsewhere = await got(service, path, care_units=list(OTHER.care_units), product_areas=["cpap"])

    (level,) = own.json()
    assert (level["minimum"], level["packages"], level["quantity"], level["below"]) == (1, 2, 10, False)
    assert (keeper.json(), elsewhere.status_code) == (own.json(), 404)


async def test_replenishments_are_listed_the_newest_first(service: InMemory) -> None:
    await used(service, 4)
    await service.run_jobs()

    listed = await got(service, "/storerooms/DEMO-S1/replenishments")

    (order,) = await replenishments(service)
    assert [(each["order_no"], each["source"]) for each in listed.json()] == [(order.order_no, "automatic")]


async def test_a_suggestion_is_explained_and_sets_nothing(service: InMemory) -> None:
    await receive(service, "DEMO-S1", article_no=NO, quantity=20)
    line = DeviceLine(line_no=1, article_no=NO, quantity=12)
    for running in (1, 2):
        await service.hear(order_of(running, kind="hand_out", storeroom_no="DEMO-S1", lines=(line,)))
    service.clock.move(days=60)

    answer = await got(service, "/storerooms/DEMO-S1/level-suggestions")

    (found,) = answer.json()["suggestions"]
    assert (found["used"], found["days"], found["minimum"], found["packages"]) == (24, 60, 6, 3)
    assert found["why"] == (
        "24 har lämnats ut på 60 dagar. Minst 6 räcker i 14 dagar, och 15 åt gången i minst 28 dagar."
    )
    assert (found["present_minimum"], found["present_packages"]) == (1, 2)
    assert (await shelf(service, "DEMO-S1", NO))[0] == 0
    assert HAND_OUT.storeroom_no == "DEMO-S1"


def test_a_mistake_is_no_use_and_what_comes_or_is_counted_is_none() -> None:
    back = replace(OUT, why="taken_back", rows=(Moved(NO, 1, "order:B1", "DEMO-S1"),))
    others = [replace(OUT, why=why) for why in ("counted", "scrapped", "received")]

    use = use_of([OUT, OUT, back, *others], storeroom_no="DEMO-S1", opened_on=TODAY, today=TODAY)

    assert (dict(use.pieces), use.days) == ({NO: 5}, 30)


@pytest.mark.parametrize(
    ("used_pieces", "days", "level"),
    [(0, 365, None), (1, 365, (1, 1)), (26, 365, (1, 1)), (27, 365, (2, 1)), (365, 365, (14, 6))],
)
def test_the_minimum_lasts_two_weeks_and_the_packages_four(
    used_pieces: int, days: int, level: tuple[int, int] | None
) -> None:
    use = use_of([], storeroom_no="DEMO-S1", opened_on=TODAY - timedelta(days=days), today=TODAY)
    use.pieces[NO] = used_pieces

    found = suggested(PACKED_MASK, use)

    assert (found and (found.minimum, found.packages)) == level
    assert suggested(replace(PACKED_MASK, status="outgoing"), Use(use.pieces, days)) is None
