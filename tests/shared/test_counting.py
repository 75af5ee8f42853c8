"""What grows for ever is counted a page at a time, what still moves at each asking; on memory and MongoDB."""

import pytest

from shared.repository import Repository
from shared.service import counting
from shared.service.counting import Counted, by_states, counted
from tests.shared.examples import PURSES, fill


@pytest.fixture
async def seven(purses: Repository, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """Seven purses, with pages of three: a round takes three askings."""
    monkeypatch.setattr(counting, "PAGE", 3)
    await purses.backend.prepare([PURSES])
    for number in range(7):
        await fill(purses, 1, purse_id=f"p{number}")
    return purses


async def count(purses: Repository, *, moving: set[str]) -> Counted:
    return await counted(purses, PURSES, ("patient_ref",), moving=moving, amount="coins")


def found(counted: Counted) -> int:
    return sum(number for number, _ in counted.rows.values())


async def test_what_is_over_is_known_when_a_round_is_through(seven: Repository) -> None:
    askings = [await count(seven, moving=set()) for _ in range(4)]

    assert [each.is_whole for each in askings] == [False, False, True, True]
    assert [found(each) for each in askings] == [0, 0, 7, 7]
    assert sum(total for _, total in askings[-1].rows.values()) == 7


async def test_what_moves_is_counted_at_once(seven: Repository) -> None:
    first = await count(seven, moving={"patient-p1", "patient-p2"})
    whole = [await count(seven, moving={"patient-p1", "patient-p2"}) for _ in range(2)][-1]

    assert (found(first), first.is_whole) == (2, False)
    assert (found(whole), whole.is_whole) == (7, True)


async def test_a_state_that_is_over_is_left_out_until_it_is_counted(seven: Repository) -> None:
    told = await by_states(seven, PURSES, ("patient-p1", "gone"), moving={"patient-p1"})

    assert told == {("patient-p1",): 0}


async def test_a_page_that_another_replica_counted_meanwhile_is_counted_once(seven: Repository) -> None:
    seen = await seven.get(counting.TALLIES.maybe("purses")) or counting.Tally("purses")
    page, last = await seven.backend.tally_page(PURSES, ("patient_ref",), amount=None, after="", limit=3)
    moved, _ = counting.note_page(None, seen=seen, page=page, last=last)

    again, _ = counting.note_page(moved, seen=seen, page=page, last=last)

    assert moved is not None
    assert again is moved
    assert sum(row.count for row in moved.so_far) == 3
