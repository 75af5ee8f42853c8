"""From any reference of a person to the one that is used now, through however many mergings."""

from dataclasses import dataclass
from functools import partial

import pytest

from shared.domain.decision import Decision
from shared.repository import Collection, Repository, present, present_of
from shared.repository.memory.backend import Memory
from tests.shared.examples import cause, repository_on


@dataclass(frozen=True)
class Known:
    patient_ref: str
    merged_into: str | None = None


KNOWN = Collection("known", Known)


async def keeping(**merged_into: str | None) -> Repository:
    repository = repository_on(Memory())
    for name, into in merged_into.items():
        rule = partial(keep, Known(name, into))
        await repository.change(KNOWN.maybe(name), rule, cause=cause(name))
    return repository


def keep(known: Known, _: Known | None) -> Decision[Known | None]:
    return known, []


@pytest.mark.parametrize("asked", ["a", "b", "c"])
async def test_a_patient_who_was_merged_twice_is_found_by_every_reference(asked: str) -> None:
    repository = await keeping(a="b", b="c", c=None)

    assert await present(repository, KNOWN, asked) == ("c", Known("c"))


async def test_a_merging_into_somebody_of_whom_nothing_is_kept_yet_leads_there() -> None:
    repository = await keeping(a="b")

    assert await present(repository, KNOWN, "a") == ("b", None)
    assert await present(repository, KNOWN, "unheard") == ("unheard", None)


async def test_two_who_were_merged_into_each_other_are_no_endless_search() -> None:
    repository = await keeping(a="b", b="a")

    assert await present(repository, KNOWN, "a") == ("b", Known("b", "a"))


async def test_many_are_followed_at_once_each_to_its_own_end() -> None:
    repository = await keeping(a="b", b="c", c="d", d=None, x="y", y=None)

    found = await present_of(repository, KNOWN, ["c", "x", "a", "b", "a", "z"])

    assert {asked: now for asked, (now, _) in found.items()} == {
        "c": "d", "x": "y", "a": "d", "b": "d", "z": "z",
    }  # fmt: skip
    assert list(found) == ["c", "x", "a", "b", "z"]
