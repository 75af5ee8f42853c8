"""Derived fields: filled at every write, and again where a version without them wrote."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import TypeVar

import pytest

from shared.domain.decision import Decision
from shared.repository import Cause, Collection, Deriving, Repository, deriving
from shared.repository.backend import Backend
from tests.shared.examples import repository_on


@dataclass(frozen=True)
class Tag:
    """What the version before knows."""

    tag_id: str
    number: str
    note: str = ""


@dataclass(frozen=True)
class FoundTag(Tag):
    """What this version knows: by which letters a tag is found."""

    letters: tuple[str, ...] | None = None


Some = TypeVar("Some", Tag, FoundTag)


def lettered(tag: FoundTag) -> FoundTag:
    return replace(tag, letters=tuple(sorted(set(tag.number))))


BEFORE = Collection("tags", Tag)
TAGS = Collection("tags", FoundTag, indexes=("letters",), derive=lettered)


@pytest.fixture
async def tags(backend: Backend) -> AsyncIterator[Repository]:
    await backend.prepare([TAGS])
    repository = repository_on(backend)
    yield repository
    await repository.close()


def numbered(tag: Some, number: str) -> Decision[Some]:
    return replace(tag, number=number), []


async def stored(tags: Repository, tag_id: str, number: str) -> None:
    await tags.change(TAGS.maybe(tag_id), lambda _: (FoundTag(tag_id, number), []), cause=Cause(tag_id))


async def found(tags: Repository, letter: str) -> list[str]:
    return [each.tag_id for each in await tags.find(TAGS, {"letters": letter})]


async def test_what_is_derived_is_stored_whatever_rule_changed_the_rest(tags: Repository) -> None:
    await stored(tags, "t1", "AB")

    await tags.change(TAGS.ref("t1"), lambda tag: numbered(tag, "CD"), cause=Cause("again"))

    assert (await found(tags, "A"), await found(tags, "D")) == ([], ["t1"])


async def test_what_the_version_before_stored_or_changed_is_found_after_the_job(tags: Repository) -> None:
    await stored(tags, "t1", "AB")
    await tags.change(BEFORE.maybe("t2"), lambda _: (Tag("t2", "DE"), []), cause=Cause("new"))
    await tags.change(BEFORE.ref("t1"), lambda tag: numbered(tag, "CD"), cause=Cause("renumbered"))
    assert (await found(tags, "A"), await found(tags, "D")) == (["t1"], [])

    await Deriving(tags, TAGS).run()

    assert (await found(tags, "A"), await found(tags, "D")) == ([], ["t1", "t2"])


async def test_the_job_leaves_alone_what_is_as_it_should_be(tags: Repository) -> None:
    await stored(tags, "t1", "AB")
    await tags.change(BEFORE.maybe("t2"), lambda _: (Tag("t2", "DE"), []), cause=Cause("new"))

    for _ in range(2):
        await Deriving(tags, TAGS).run()

    loaded = await tags.backend.load({TAGS: ["t1", "t2"]})
    assert [each.version for each in loaded.values()] == [1, 2]


async def test_the_job_goes_round_a_page_at_a_time_and_does_not_pause_while_it_finds_some(
    tags: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deriving, "LOOKED_AT", 2)
    names = [f"t{number}" for number in range(6)]
    before = BEFORE.maybe_many(names)
    await tags.change(before, lambda _: (tuple(Tag(each, "A") for each in names), []), cause=Cause("before"))
    job = Deriving(tags, TAGS)

    await job.run()
    first = await found(tags, "A")
    await tags.change(BEFORE.ref("t3"), lambda tag: numbered(tag, "B"), cause=Cause("later"))
    rounds = []
    for _ in range(2):
        await job.run()
        rounds.append(await found(tags, "B"))

    assert first == names
    assert rounds == [[], ["t3"]]


async def test_a_collection_without_derived_fields_is_refused(tags: Repository) -> None:
    with pytest.raises(ValueError, match="nothing is derived in tags"):
        Deriving(tags, BEFORE)
