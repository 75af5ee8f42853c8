"""What is kept is found, followed and read together, on memory and on MongoDB."""

import asyncio
from dataclasses import replace
from functools import partial

import pytest

from shared.events.fact import Fact
from shared.repository import Repository, reading
from tests.shared.examples import A_PURSE, PURSES, Opened, Purse, cause, fill


async def test_a_state_comes_back_exactly_as_it_was_kept(purses: Repository) -> None:
    rich = replace(A_PURSE, coins=3, notes=("å", "ö"), label="mine")

    await purses.change(PURSES.maybe("p1"), lambda _: (rich, []), cause=cause("k1"))

    assert await purses.get(PURSES.ref("p1")) == rich


async def test_states_are_found_by_their_fields_in_order(purses: Repository) -> None:
    for coins, purse_id in ((3, "a"), (1, "b"), (2, "c")):
        await fill(purses, coins, purse_id=purse_id)

    at_least_two = await purses.find(PURSES, {"coins": {"$gte": 2}}, sort="-coins")
    named = await purses.find(PURSES, {"purse_id": {"$in": ["a", "b"]}, "patient_ref": {"$ne": "patient-a"}})
    rest = await purses.find(PURSES, {}, after="a", limit=1)

    assert [each.purse_id for each in at_least_two] == ["a", "c"]
    assert [each.purse_id for each in named] == ["b"]
    assert [each.purse_id for each in rest] == ["b"]


async def test_changes_can_be_followed(purses: Repository) -> None:
    seen = asyncio.Queue[int]()

    async def follow() -> None:
        async for purse in purses.watch(PURSES):
            seen.put_nowait(purse.coins)

    following = asyncio.create_task(follow())
    await asyncio.sleep(0.3)
    await fill(purses, 4)

    assert await asyncio.wait_for(seen.get(), 5) == 4
    following.cancel()


async def test_reads_at_the_same_moment_share_a_query_and_each_gets_its_own(purses: Repository) -> None:
    for coins, purse_id in ((1, "a"), (2, "b")):
        await fill(purses, coins, purse_id=purse_id)

    found = await asyncio.gather(
        *(purses.get(PURSES.ref(each)) for each in "ab" * 10),
        purses.get(PURSES.maybe("c")),
        return_exceptions=True,
    )

    assert [each.coins for each in found[:20] if isinstance(each, Purse)] == [1, 2] * 10
    assert found[20] is None


async def test_what_is_remembered_is_read_again_after_our_own_change_and_after_a_second(
    opened: Opened,
) -> None:
    ours, theirs = opened("ours"), opened("theirs")
    rich = ours.remembered(PURSES)
    assert await rich.find({"coins": {"$gte": 2}}) == []

    await fill(ours, 2, purse_id="a")
    seen_at_once = [each.purse_id for each in await rich.find({"coins": {"$gte": 2}})]
    await fill(theirs, 2, purse_id="b")
    await asyncio.sleep(1.1)

    assert seen_at_once == ["a"]
    assert [each.purse_id for each in await rich.find({"coins": {"$gte": 2}})] == ["a", "b"]


async def test_a_remembered_document_is_read_again_after_our_own_change_and_after_a_second(
    opened: Opened,
) -> None:
    ours, theirs = opened("ours"), opened("theirs")
    purses = ours.remembered(PURSES)
    assert await purses.some(("b", "a")) == ()

    await fill(ours, 2, purse_id="a")
    seen_at_once = await purses.some(("b", "a"))
    await fill(theirs, 3, purse_id="b")
    await asyncio.sleep(1.1)

    assert [each.coins for each in seen_at_once] == [2]
    assert [each.coins for each in await purses.some(("b", "a", "b"))] == [2, 3]


async def test_lists_that_are_wanted_at_the_same_moment_share_a_query_and_each_gets_its_own(
    purses: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "READ_AT_ONCE", 2)  # so that a list goes on over pages
    for purse_id in ("a1", "a2", "b1", "a3"):
        purse = replace(A_PURSE, purse_id=purse_id, patient_ref=purse_id[0])
        await purses.change(PURSES.maybe(purse_id), partial(as_kept, purse), cause=cause(purse_id))

    of = partial(purses.about, PURSES, "patient_ref")
    found = await asyncio.gather(of("a"), of("b"), of("c"), of("a"))

    assert [[each.purse_id for each in purses] for purses in found] == [
        ["a1", "a2", "a3"], ["b1"], [], ["a1", "a2", "a3"]
    ]  # fmt: skip


async def test_who_waits_for_a_change_gets_what_this_process_commits_and_nothing_when_it_is_late(
    purses: Repository,
) -> None:
    both = [asyncio.create_task(purses.next_state(PURSES.ref("a"), within_seconds=5)) for _ in "ab"]
    other = asyncio.create_task(purses.next_state(PURSES.ref("b"), within_seconds=0.05))
    await asyncio.sleep(0)

    await fill(purses, 2, purse_id="a")

    assert [each.coins for each in await asyncio.gather(*both) if each] == [2, 2]
    assert await other is None


def as_kept(purse: Purse, _: object) -> tuple[Purse, list[Fact]]:
    return purse, []
