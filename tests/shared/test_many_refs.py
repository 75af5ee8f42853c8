"""A rule decides about as many documents as it needs, and the type checker knows each of them."""

from dataclasses import dataclass, replace

import pytest

from shared.domain.decision import Decision, NotFound
from shared.repository import Collection, Repository
from shared.repository.memory.backend import Memory
from tests.shared.examples import A_PURSE, PURSES, Purse, PurseChanged, cause, fill, repository_on


@dataclass(frozen=True)
class Chest:
    chest_id: str
    coins: int = 0


CHESTS = Collection("chests", Chest)
FIVE = (
    PURSES.ref("p1")
    & CHESTS.maybe("c1")
    & CHESTS.maybe("c2")
    & PURSES.maybe("p2")
    & PURSES.maybe_many(["p3", "p4"])
)


def share(
    purse: Purse,
    first: Chest | None,
    second: Chest | None,
    other: Purse | None,
    more: tuple[Purse | None, ...],
) -> Decision[Purse, Chest, Chest, Purse, tuple[Purse | None, ...]]:
    """Give a coin to each of the others, whoever is there already."""
    assert (first, second, other, more) == (None, None, None, (None, None))
    fresh = tuple(replace(A_PURSE, purse_id=name, coins=1) for name in ("p2", "p3", "p4"))
    chests = (Chest("c1", 1), Chest("c2", 1))
    left = replace(purse, coins=purse.coins - 5)
    told = [PurseChanged(purse_id="p1", coins=left.coins)]
    return left, chests[0], chests[1], fresh[0], fresh[1:], told


@pytest.fixture
async def purses() -> Repository:
    backend = Memory()
    await backend.prepare([PURSES, CHESTS])
    opened = repository_on(backend)
    await fill(opened, 10, key="k1")
    return opened


async def test_five_references_are_changed_together(purses: Repository) -> None:
    await purses.change(FIVE, share, cause=cause("k2"))

    assert (await purses.get(PURSES.ref("p1"))).coins == 5
    assert [each.coins for each in await purses.get(PURSES.many(["p2", "p3", "p4"]))] == [1, 1, 1]
    assert [each.coins for each in await purses.get(CHESTS.many(["c1", "c2"]))] == [1, 1]


async def test_a_preview_gives_each_state_and_keeps_none(purses: Repository) -> None:
    left, _, chest, other, more = await purses.preview(FIVE, share)

    assert (left.coins, other and other.coins, len(more), chest and chest.coins) == (5, 1, 2, 1)
    assert await purses.get(CHESTS.maybe("c2")) is None


async def test_nothing_is_kept_when_one_of_many_must_exist_and_does_not(purses: Repository) -> None:
    def take_from_nobody(purse: Purse, chest: Chest | None, nobody: Purse) -> Decision[Purse, Chest, Purse]:
        return replace(purse, coins=0), Chest("c1", purse.coins), nobody, []

    refs = PURSES.ref("p1") & CHESTS.maybe("c1") & PURSES.ref("nobody")

    with pytest.raises(NotFound):
        await purses.change(refs, take_from_nobody, cause=cause("k2"))

    assert (await purses.get(PURSES.ref("p1"))).coins == 10


async def test_a_rule_that_takes_other_states_does_not_pass_the_type_checker(purses: Repository) -> None:
    def of_a_chest(purse: Purse, chest: Purse | None) -> Decision[Purse, Purse | None]:
        return purse, chest, []

    refs = PURSES.ref("p1") & CHESTS.maybe("c1")

    # mypy is told of the error, and would tell of a comment that nothing needs
    await purses.change(refs, of_a_chest, cause=cause("k2"))  # type: ignore[arg-type]
