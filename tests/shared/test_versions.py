"""Two versions of a service beside each other: what the newer one wrote survives every write of the older."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.clock import FixedClock
from shared.domain.decision import Decision
from shared.messaging.consuming import PARKED, Dispatcher, Subscriptions
from shared.messaging.envelope import Message
from shared.repository import Cause, Collection, Repository, WrittenByNewer
from shared.repository.backend import Backend
from shared.repository.carrying import carry
from shared.sealed import new_keys, seals_of
from tests.shared.examples import NOON, PurseChanged, repository_on


@dataclass(frozen=True)
class Owner:
    name: str


@dataclass(frozen=True)
class Thing:
    thing_id: str
    many: int = 1


@dataclass(frozen=True)
class Step:
    what: str


@dataclass(frozen=True)
class Chest:
    """What the older version knows."""

    chest_id: str
    owner: Owner | None = None
    things: tuple[Thing, ...] = ()
    steps: tuple[Step, ...] = ()
    answers: dict[str, str] = field(default_factory=dict)
    note: str | None = None


@dataclass(frozen=True)
class NewerOwner(Owner):
    phone: str | None = None


@dataclass(frozen=True)
class NewerThing(Thing):
    pickup_only: bool = False


@dataclass(frozen=True)
class NewerStep(Step):
    by: str | None = None


@dataclass(frozen=True)
class NewerChest:
    """What the newer version knows: one more field at every depth."""

    chest_id: str
    owner: NewerOwner | None = None
    things: tuple[NewerThing, ...] = ()
    steps: tuple[NewerStep, ...] = ()
    answers: dict[str, str] = field(default_factory=dict)
    note: str | None = None
    hold_until: str | None = None


CHESTS = Collection("chests", Chest)
NEWER_CHESTS = Collection("chests", NewerChest)
ANOTHER_SCHEMA = Collection("chests", NewerChest, schema=2)

FULL = NewerChest(
    "c1",
    owner=NewerOwner("Alva", phone="070"),
    things=(NewerThing("cup", pickup_only=True), NewerThing("plate"), NewerThing("spoon", pickup_only=True)),
    steps=(NewerStep("made", by="newer"), NewerStep("filled", by="newer")),
    answers={"q1": "yes", "q2": "no"},
    note="fragile",
    hold_until="2026-12-24",
)


def keep(state: Any) -> Callable[[Any], Decision[Any]]:
    return lambda _: (state, [])


@pytest.fixture
async def chests(backend: Backend) -> Any:
    """A chest that the newer version filled, in the hands of the older."""
    await backend.prepare([CHESTS, PARKED])
    repository = repository_on(backend)
    await repository.change(NEWER_CHESTS.maybe("c1"), keep(FULL), cause=Cause("newer"))
    yield repository
    await repository.close()


async def changed(chests: Repository, rule: Callable[[Chest], Chest]) -> NewerChest:
    await chests.change(CHESTS.ref("c1"), lambda chest: (rule(chest), []), cause=Cause("older"))
    return await chests.get(NEWER_CHESTS.ref("c1"))


async def test_an_older_version_keeps_what_it_does_not_know_at_every_depth(chests: Repository) -> None:
    newer = await changed(
        chests,
        lambda chest: replace(
            chest,
            owner=Owner("Bo"),
            things=tuple(replace(each, many=2) for each in chest.things),
            steps=(replace(chest.steps[0], what="begun"), *chest.steps[1:]),
        ),
    )

    assert newer == replace(
        FULL,
        owner=NewerOwner("Bo", phone="070"),
        things=tuple(replace(each, many=2) for each in FULL.things),
        steps=(NewerStep("begun", by="newer"), FULL.steps[1]),
    )


async def test_a_lists_members_are_followed_when_they_move_come_and_go(chests: Repository) -> None:
    newer = await changed(
        chests,
        lambda chest: replace(
            chest,
            things=(Thing("fork"), replace(chest.things[2], many=9), chest.things[0]),
            steps=(*chest.steps, Step("moved")),
        ),
    )

    assert newer.things == (
        NewerThing("fork"),
        NewerThing("spoon", many=9, pickup_only=True),
        NewerThing("cup", pickup_only=True),
    )
    assert newer.steps == (*FULL.steps, NewerStep("moved"))


async def test_another_member_in_the_same_place_inherits_nothing(chests: Repository) -> None:
    newer = await changed(
        chests, lambda chest: replace(chest, things=(Thing("fork"), chest.things[1], Thing("knife")))
    )

    assert [each.pickup_only for each in newer.things] == [False, False, False]


async def test_what_a_rule_takes_away_on_purpose_is_gone(chests: Repository) -> None:
    newer = await changed(
        chests,
        lambda chest: replace(
            chest, owner=None, things=chest.things[:1], steps=(), answers={"q2": "no"}, note=None
        ),
    )

    assert newer == replace(
        FULL, owner=None, things=FULL.things[:1], steps=(), answers={"q2": "no"}, note=None
    )


async def test_new_fields_alone_do_not_raise_the_schema(chests: Repository) -> None:
    assert (await changed(chests, lambda chest: replace(chest, note="x"))).note == "x"


async def test_a_document_of_a_newer_schema_is_read_and_not_changed(
    chests: Repository, backend: Backend
) -> None:
    await chests.change(ANOTHER_SCHEMA.ref("c1"), keep(replace(FULL, note="newer")), cause=Cause("schema"))

    with pytest.raises(WrittenByNewer) as refused:
        await changed(chests, lambda chest: replace(chest, note="older"))

    assert backend.may_pass(refused.value)
    assert (await chests.get(CHESTS.ref("c1"))).note == "newer"
    assert (await chests.get(NEWER_CHESTS.ref("c1"))).hold_until == "2026-12-24"


async def test_a_change_beside_one_of_a_newer_schema_is_kept(chests: Repository) -> None:
    await chests.change(ANOTHER_SCHEMA.ref("c1"), keep(replace(FULL, note="newer")), cause=Cause("schema"))

    refused, kept = await asyncio.gather(
        changed(chests, lambda chest: replace(chest, note="older")),
        chests.change(CHESTS.maybe("c2"), keep(Chest("c2")), cause=Cause("other")),
        return_exceptions=True,
    )

    assert isinstance(refused, WrittenByNewer)
    assert not isinstance(kept, BaseException)
    assert (await chests.get(CHESTS.ref("c2"))).chest_id == "c2"


async def test_a_newer_version_takes_up_what_the_older_one_left(chests: Repository) -> None:
    await changed(chests, lambda chest: replace(chest, note="older"))

    await chests.change(
        ANOTHER_SCHEMA.ref("c1"), lambda chest: (replace(chest, hold_until=None), []), cause=Cause("newer2")
    )

    assert (await chests.get(ANOTHER_SCHEMA.ref("c1"))).note == "older"
    with pytest.raises(WrittenByNewer):
        await chests.change(CHESTS.ref("c1"), keep(Chest("c1")), cause=Cause("older2"))


@dataclass(frozen=True)
class Unlike:
    """A schema that the older version cannot even read."""

    chest_id: str
    things: str


async def test_a_document_that_cannot_be_read_any_more_is_newer_and_not_a_bug(
    chests: Repository, backend: Backend
) -> None:
    unlike = Collection("chests", Unlike, schema=3)
    await chests.change(unlike.maybe("c3"), keep(Unlike("c3", "many")), cause=Cause("unlike"))

    with pytest.raises(WrittenByNewer) as refused:
        await chests.change(CHESTS.ref("c3"), keep(Chest("c3")), cause=Cause("older"))
    with pytest.raises(WrittenByNewer):
        await chests.get(CHESTS.ref("c3"))

    assert backend.may_pass(refused.value)


async def test_what_is_consumed_about_a_document_of_a_newer_schema_is_held_and_not_parked(
    chests: Repository,
) -> None:
    subscriptions = Subscriptions("tests")

    @subscriptions.on(PurseChanged)
    async def on_purse_changed(event: PurseChanged, cause: Cause) -> None:
        await chests.change(
            CHESTS.ref("c1"), lambda chest: (replace(chest, note=event.purse_id), []), cause=cause
        )

    dispatcher = Dispatcher(chests, FixedClock(NOON), seals_of(new_keys()))
    message = Message(
        PurseChanged(purse_id="p1", coins=1).model_dump_json().encode(), "m1", PurseChanged.topic
    )
    await chests.change(ANOTHER_SCHEMA.ref("c1"), keep(replace(FULL, note="newer")), cause=Cause("schema"))

    with pytest.raises(WrittenByNewer):
        await dispatcher.dispatch(subscriptions.all[0], message)

    assert await chests.find(PARKED, {}) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text("ab", max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a_id", "b", "c"]), inner),
    max_leaves=12,
)


@given(known=JSON, new=JSON)
def test_where_nothing_is_unknown_the_new_value_is_written_as_it_is(known: Any, new: Any) -> None:
    assert carry(known, known, new) == new


def planted(value: Any, mark: str) -> Any:
    """Add a field that nobody knows to every object."""
    if isinstance(value, dict):
        return {**{name: planted(each, mark) for name, each in value.items()}, "unknown": mark}
    return [planted(each, mark) for each in value] if isinstance(value, list) else value


@given(known=JSON)
def test_what_nobody_touched_stays_as_it_was_kept(known: Any) -> None:
    kept = planted(known, "kept")

    assert carry(kept, known, known) == kept
