"""Lists page by page, in memory and on MongoDB: nothing is missed and nothing comes twice."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.repository import Place, Repository
from tests.shared.examples import A_PURSE, NOON, PURSES, Purse, cause


async def fill_seven(purses: Repository) -> None:
    """Purses of which two by two were touched at once, and whose label is missing on some."""
    for no in range(7):
        await keep(
            purses,
            replace(
                A_PURSE,
                purse_id=f"p{no}",
                touched_at=NOON + timedelta(minutes=no // 2),
                label=None if no % 3 == 0 else f"label-{no}",
            ),
        )


async def keep(purses: Repository, purse: Purse) -> None:
    await purses.change(PURSES.maybe(purse.purse_id), lambda _: (purse, ()), cause=cause(purse.purse_id))


async def walked(purses: Repository, sort: str, *, limit: int) -> list[list[str]]:
    page = await purses.page(PURSES, {"coins": 0}, sort=sort, limit=limit)
    walk = [[each.purse_id for each in page.states]]
    while page.next is not None:
        page = await purses.page(PURSES, {"coins": 0}, sort=sort, limit=limit, after=page.next)
        walk.append([each.purse_id for each in page.states])
    return walk


@pytest.mark.parametrize("sort", ["_id", "-_id", "touched_at", "-touched_at", "label", "-label"])
@pytest.mark.parametrize("limit", [1, 2, 3, 7])
async def test_pages_are_the_whole_list_in_its_order(purses: Repository, sort: str, limit: int) -> None:
    await fill_seven(purses)

    walk = await walked(purses, sort, limit=limit)

    whole = [each.purse_id for each in await purses.find(PURSES, {"coins": 0}, sort=sort)]
    assert [each for page in walk for each in page] == whole
    assert [len(page) for page in walk[:-1]] == [limit] * (len(walk) - 1)
    assert [each.purse_id for each in await purses.whole(PURSES, {"coins": 0}, sort=sort)] == whole


async def test_a_list_that_ends_with_its_page_says_that_nothing_comes_behind(purses: Repository) -> None:
    await fill_seven(purses)

    assert (await purses.page(PURSES, {}, limit=7)).next is None
    assert (await purses.page(PURSES, {}, limit=6)).next == Place("p5", "p5")


async def test_a_row_that_comes_meanwhile_moves_nothing_behind_the_place(purses: Repository) -> None:
    await fill_seven(purses)
    first = await purses.page(PURSES, {}, sort="-touched_at", limit=3)

    await keep(purses, replace(A_PURSE, purse_id="p9", label="new", touched_at=NOON + timedelta(hours=1)))
    then = await purses.page(PURSES, {}, sort="-touched_at", limit=9, after=first.next)

    shown = [each.purse_id for each in (*first.states, *then.states)]
    assert shown == ["p6", "p5", "p4", "p3", "p2", "p1", "p0"]
