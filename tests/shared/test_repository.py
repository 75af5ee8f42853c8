"""One suite for every place where things are kept: memory must be no kinder than MongoDB."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from shared.domain.decision import NotFound
from shared.events.fact import Fact
from shared.messaging.relay import EVER
from shared.repository import KeyReused, Repository, VersionChanged
from shared.repository.backend import Backend
from shared.repository.codec import Document
from shared.repository.memory.backend import Memory
from tests.shared.examples import (
    A_PURSE,
    NOON,
    PURSES,
    Empty,
    Looking,
    Opened,
    Purse,
    PurseView,
    cause,
    fill,
    put,
    take,
)


async def told(backend: Backend) -> list[str]:
    return [row["subject"] async for row in backend.outbox.rows_since(NOON - timedelta(days=1))]


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


async def test_the_kept_answer_is_given_before_anything_is_read(purses: Repository, backend: Backend) -> None:
    assert await purses.kept_answer(cause("k1")) is None
    fingerprinted = cause("k1", fingerprint="a")
    first = await purses.change(
        PURSES.maybe("p1"), partial(put, coins=5), cause=fingerprinted, reply=PurseView.of
    )

    again = await purses.kept_answer(fingerprinted)

    assert again is not None
    assert (again.body, again.version, again.repeated) == (first.body, first.version, True)
    assert await purses.kept_answer(cause("k2")) is None
    with pytest.raises(KeyReused):
        await purses.kept_answer(cause("k1", fingerprint="b"))
    assert await told(backend) == ["p1"]


async def test_a_refusal_is_not_kept_and_may_be_asked_again(purses: Repository) -> None:
    await fill(purses, 1)
    with pytest.raises(Empty):
        await purses.change(PURSES.ref("p1"), partial(take, coins=2), cause=cause("k1"))
    await fill(purses, 1)

    await purses.change(PURSES.ref("p1"), partial(take, coins=2), cause=cause("k1"))

    assert (await purses.get(PURSES.ref("p1"))).coins == 0


@pytest.mark.parametrize(
    ("bug", "raised"), [(ZeroDivisionError, ZeroDivisionError), (StopIteration, RuntimeError)]
)
async def test_a_failing_rule_does_not_fail_its_neighbours_in_the_group(
    purses: Repository, backend: Backend, bug: type[Exception], raised: type[Exception]
) -> None:
    def broken(_: Purse) -> tuple[Purse, list[Fact]]:
        raise bug

    await fill(purses, 1)
    outcomes = await asyncio.gather(
        fill(purses, 1, key="good"),
        purses.change(PURSES.ref("p1"), broken, cause=cause("bug")),
        purses.change(PURSES.ref("p1"), partial(take, coins=99), cause=cause("refused")),
        purses.change(PURSES.ref("p9"), partial(take, coins=1), cause=cause("absent")),
        fill(purses, 1, key="good too"),
        return_exceptions=True,
    )

    assert [type(each) for each in outcomes] == [type(None), raised, Empty, NotFound, type(None)]
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
    await purses.change(PURSES.ref("p1") & PURSES.ref("p2"), move, cause=cause("k1"))

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


async def test_numbers_are_never_given_twice(opened: Opened) -> None:
    processes = [opened("one"), opened("two")]

    numbers = await asyncio.gather(*(processes[each % 2].next_number("U", year=2026) for each in range(120)))

    assert len(set(numbers)) == 120


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


async def test_only_what_was_published_long_ago_is_forgotten_and_so_many_at_once(
    purses: Repository, backend: Backend
) -> None:
    rows: list[Document] = []
    purses.on_commit(rows.extend)
    for key in ("old", "older", "fresh", "untold"):
        await fill(purses, 1, key=key)
    old, older, fresh, untold = (row["_id"] for row in rows)
    await backend.outbox.mark_published([old, older], at=NOON - timedelta(days=31))
    await backend.outbox.mark_published([fresh], at=NOON)

    removed = [
        await backend.outbox.forget_published(before=NOON - timedelta(days=30), limit=1) for _ in range(3)
    ]

    left = [row["_id"] async for row in backend.outbox.rows_since(NOON - timedelta(days=99))]
    assert removed == [1, 1, 0]
    assert sorted(left) == sorted([fresh, untold])


async def test_what_is_set_aside_waits_no_more_until_it_is_taken_back(
    purses: Repository, backend: Backend
) -> None:
    rows: list[Document] = []
    purses.on_commit(rows.extend)
    for key in ("one", "other"):
        await fill(purses, 1, key=key)
    one, other = (row["_id"] for row in rows)
    long_ago = NOON - timedelta(days=99)

    await backend.outbox.set_aside(one, because="no queue takes it", at=NOON)

    assert [row["_id"] for row in await backend.outbox.unpublished(before=EVER, limit=9)] == [other]
    assert (await backend.outbox.waiting())[0] == 1
    assert [row["_id"] async for row in backend.outbox.rows_since(long_ago)] == [other]
    assert [row["set_aside_because"] for row in await backend.outbox.aside(limit=9)] == ["no queue takes it"]

    await backend.outbox.take_back([one])

    assert (await backend.outbox.waiting())[0] == 2
    assert await backend.outbox.aside(limit=9) == []


async def test_what_is_discarded_is_never_published(purses: Repository, backend: Backend) -> None:
    rows: list[Document] = []
    purses.on_commit(rows.extend)
    await fill(purses, 1, key="one")
    await backend.outbox.set_aside(rows[0]["_id"], because="no queue takes it", at=NOON)

    await backend.outbox.mark_published([rows[0]["_id"]], at=NOON)

    assert await backend.outbox.aside(limit=9) == []
    assert [row async for row in backend.outbox.rows_since(NOON - timedelta(days=99))] == []
