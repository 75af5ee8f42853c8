"""One suite for every place where things are kept: memory must be no kinder than MongoDB."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from shared.domain.decision import NotFound
from shared.events.fact import Fact
from shared.repository import KeyReused, Repository, VersionChanged
from shared.repository.audit import breaks
from shared.repository.backend import Backend
from shared.repository.codec import Document
from shared.repository.memory import Memory
from shared.repository.mongo import Mongo, connect
from tests.shared.examples import (
    A_PURSE,
    AN_ENTRY,
    KEY,
    NOON,
    PURSES,
    Empty,
    Looking,
    Opened,
    Purse,
    PurseView,
    cause,
    opened_on,
    put,
    take,
)


@pytest.fixture(params=["memory", pytest.param("mongodb", marks=pytest.mark.connected)])
async def backend(request: pytest.FixtureRequest) -> AsyncIterator[Backend]:
    if request.param == "memory":
        yield Memory()
        return
    url, prefix = request.getfixturevalue("mongodb_url"), request.getfixturevalue("database_prefix")
    client = connect(url, app_name="tests")
    yield Mongo(client[f"{prefix}_tests"])
    await client.close()


@pytest.fixture
async def opened(backend: Backend) -> AsyncIterator[Opened]:
    async with opened_on(backend) as opened:
        yield opened


@pytest.fixture
async def purses(opened: Opened) -> Repository:
    return opened("tests-1")


async def fill(purses: Repository, coins: int, key: str | None = None, purse_id: str = "p1") -> None:
    await purses.change(
        PURSES.maybe(purse_id), partial(put, coins=coins, purse_id=purse_id), cause=cause(key)
    )


async def told(backend: Backend) -> list[str]:
    return [row["subject"] async for row in backend.outbox_since(since=NOON - timedelta(days=1))]


async def test_a_state_comes_back_exactly_as_it_was_kept(purses: Repository) -> None:
    rich = replace(A_PURSE, coins=3, notes=("å", "ö"), label="mine")

    await purses.change(PURSES.maybe("p1"), lambda _: (rich, []), cause=cause("k1"))

    assert await purses.get(PURSES.ref("p1")) == rich


async def test_a_cause_has_its_effect_once_and_the_same_answer_again(
    purses: Repository, backend: Backend
) -> None:
    rule = partial(put, coins=5)

    first = await purses.change(PURSES.maybe("p1"), rule, cause=cause("k1"), reply=PurseView.of)
    again = await purses.change(PURSES.maybe("p1"), rule, cause=cause("k1"), reply=PurseView.of)

    assert (first.body, again.body, again.repeated) == ('{"coins":5}', '{"coins":5}', True)
    assert (await purses.get(PURSES.ref("p1"))).coins == 5
    assert await told(backend) == ["p1"]


async def test_a_hundred_copies_at_once_in_two_processes_have_one_effect(
    opened: Opened, backend: Backend
) -> None:
    processes = [opened("one"), opened("two")]

    await asyncio.gather(*(fill(processes[copy % 2], 5, key="same") for copy in range(100)))

    assert (await processes[0].get(PURSES.ref("p1"))).coins == 5
    assert await told(backend) == ["p1"]


async def test_no_update_is_lost_between_two_processes(opened: Opened) -> None:
    processes = [opened("one"), opened("two")]
    await fill(processes[0], 0)

    await asyncio.gather(*(fill(processes[each % 2], 1, key=f"k{each}") for each in range(60)))

    assert (await processes[0].get(PURSES.ref("p1"))).coins == 60


async def test_the_same_key_with_another_body_is_told_apart(purses: Repository) -> None:
    await purses.change(PURSES.maybe("p1"), partial(put, coins=5), cause=cause("k1", fingerprint="a"))

    with pytest.raises(KeyReused):
        await purses.change(PURSES.maybe("p1"), partial(put, coins=6), cause=cause("k1", fingerprint="b"))


async def test_a_refusal_is_not_kept_and_may_be_asked_again(purses: Repository) -> None:
    await fill(purses, 1)
    with pytest.raises(Empty):
        await purses.change(PURSES.ref("p1"), partial(take, coins=2), cause=cause("k1"))
    await fill(purses, 1)

    await purses.change(PURSES.ref("p1"), partial(take, coins=2), cause=cause("k1"))

    assert (await purses.get(PURSES.ref("p1"))).coins == 0


async def test_a_failing_rule_does_not_fail_its_neighbours_in_the_group(
    purses: Repository, backend: Backend
) -> None:
    def broken(_: Purse) -> tuple[Purse, list[Fact]]:
        raise ZeroDivisionError

    await fill(purses, 1)
    outcomes = await asyncio.gather(
        fill(purses, 1, key="good"),
        purses.change(PURSES.ref("p1"), broken, cause=cause("bug")),
        purses.change(PURSES.ref("p1"), partial(take, coins=99), cause=cause("refused")),
        purses.change(PURSES.ref("p9"), partial(take, coins=1), cause=cause("absent")),
        fill(purses, 1, key="good too"),
        return_exceptions=True,
    )

    assert [type(each) for each in outcomes] == [type(None), ZeroDivisionError, Empty, NotFound, type(None)]
    assert (await purses.get(PURSES.ref("p1"))).coins == 3
    assert len(await told(backend)) == 3


async def test_two_changes_of_one_document_in_a_group_follow_each_other(purses: Repository) -> None:
    await fill(purses, 10)

    await asyncio.gather(
        *(
            purses.change(PURSES.ref("p1"), partial(take, coins=1), cause=cause(f"k{each}"))
            for each in range(10)
        )
    )

    assert (await purses.get(PURSES.ref("p1"))).coins == 0


async def test_a_rule_over_two_documents_keeps_both_or_none(purses: Repository) -> None:
    def move(one: Purse, other: Purse) -> tuple[Purse, Purse, list[Fact]]:
        return replace(one, coins=0), replace(other, coins=other.coins + one.coins), []

    await fill(purses, 4, purse_id="p1")
    await fill(purses, 1, purse_id="p2")
    await purses.change((PURSES.ref("p1"), PURSES.ref("p2")), move, cause=cause("k1"))

    assert [each.coins for each in await purses.find(PURSES, {})] == [0, 5]


async def test_a_state_that_the_rule_leaves_alone_keeps_its_version(purses: Repository) -> None:
    await fill(purses, 1)
    looking = Looking()
    await purses.show(PURSES.ref("p1"), asked=looking)

    await purses.change(PURSES.ref("p1"), lambda purse: (purse, []), cause=cause("k1"))
    await purses.show(PURSES.ref("p1", if_version=looking.version), asked=looking)

    assert looking.version == 1


async def test_a_change_on_an_old_version_is_refused(purses: Repository) -> None:
    await fill(purses, 1)
    await fill(purses, 1)

    with pytest.raises(VersionChanged):
        await purses.change(PURSES.ref("p1", if_version=1), partial(take, coins=1), cause=cause("k1"))


async def test_what_must_be_unique_is_unique_and_the_neighbours_go_on(purses: Repository) -> None:
    def labelled(purse: Purse | None, *, purse_id: str) -> tuple[Purse, list[Fact]]:
        return replace(A_PURSE, purse_id=purse_id, label="mine"), []

    outcomes = await asyncio.gather(
        purses.change(PURSES.maybe("p1"), partial(labelled, purse_id="p1"), cause=cause("k1")),
        purses.change(PURSES.maybe("p2"), partial(labelled, purse_id="p2"), cause=cause("k2")),
        fill(purses, 7, key="k3", purse_id="p3"),
        return_exceptions=True,
    )

    assert [isinstance(each, Exception) for each in outcomes] == [False, True, False]
    assert [each.purse_id for each in await purses.find(PURSES, {"label": "mine"})] == ["p1"]


async def test_a_preview_keeps_nothing_but_says_what_would_be(purses: Repository, backend: Backend) -> None:
    await fill(purses, 3)

    (poorer,) = await purses.preview(PURSES.ref("p1"), partial(take, coins=1))

    assert (poorer.coins, (await purses.get(PURSES.ref("p1"))).coins) == (2, 3)
    assert len(await told(backend)) == 1


async def test_every_reading_is_in_the_audit_log_before_the_answer(
    purses: Repository, backend: Backend
) -> None:
    await fill(purses, 3)

    await purses.show(PURSES.ref("p1"), asked=Looking())
    await purses.note(Looking(), ["patient-1", "patient-2"])

    rows = await backend.audit_rows()
    assert [row["patient_refs"] for row in rows] == [["patient-p1"], ["patient-1", "patient-2"]]
    assert breaks(rows, KEY) == []


async def test_a_refused_try_is_in_the_audit_log_too(purses: Repository, backend: Backend) -> None:
    await fill(purses, 1)

    with pytest.raises(Empty):
        await purses.change(PURSES.ref("p1"), partial(take, coins=2), cause=cause("k", entry=AN_ENTRY))

    (row,) = await backend.audit_rows()
    assert (row["outcome"], row["patient_refs"], row["actor"]) == (
        "refused: empty",
        ["patient-p1"],
        "clerk-1",
    )


async def test_a_changed_or_missing_audit_row_is_found(purses: Repository, backend: Backend) -> None:
    await fill(purses, 3)
    for _ in range(3):
        await purses.show(PURSES.ref("p1"), asked=Looking())
    first, second, third = await backend.audit_rows()

    assert breaks([first, third], KEY)
    assert breaks([first, {**second, "actor": "somebody else"}, third], KEY)
    assert breaks([first, second, third], KEY) == []


async def test_numbers_are_never_given_twice(opened: Opened) -> None:
    processes = [opened("one"), opened("two")]

    numbers = await asyncio.gather(*(processes[each % 2].next_number("U", year=2026) for each in range(120)))

    assert len(set(numbers)) == 120


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


async def test_only_one_holds_a_lease_and_a_new_holder_gets_a_higher_epoch(backend: Backend) -> None:
    if isinstance(backend, Memory):
        assert await backend.lease("relay", "one", seconds=1) == 1
        return
    first = await backend.lease("relay", "one", seconds=0.2)
    assert await backend.lease("relay", "two", seconds=0.2) is None
    assert await backend.lease("relay", "one", seconds=0.2) == first
    await asyncio.sleep(0.3)

    second = await backend.lease("relay", "two", seconds=5)

    assert second is not None
    assert first is not None
    assert second > first
    assert await backend.lease("relay", "one", seconds=5) is None


async def test_only_what_was_told_long_ago_is_forgotten_and_so_many_at_once(
    purses: Repository, backend: Backend
) -> None:
    rows: list[Document] = []
    purses.on_commit(rows.extend)
    for key in ("old", "older", "fresh", "untold"):
        await fill(purses, 1, key=key)
    old, older, fresh, untold = (row["_id"] for row in rows)
    await backend.mark_published([old, older], at=NOON - timedelta(days=31))
    await backend.mark_published([fresh], at=NOON)

    removed = [await backend.forget_told(before=NOON - timedelta(days=30), limit=1) for _ in range(3)]

    left = [row["_id"] async for row in backend.outbox_since(since=NOON - timedelta(days=99))]
    assert removed == [1, 1, 0]
    assert sorted(left) == sorted([fresh, untold])


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
