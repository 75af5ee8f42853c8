"""Whole numbers are added up in the database, alike in memory and in MongoDB."""

from dataclasses import dataclass

from shared.repository import Cause, Collection
from shared.repository.backend import Backend
from tests.shared.examples import repository_on


@dataclass(frozen=True)
class Pile:
    pieces: int


@dataclass(frozen=True)
class Shelf:
    shelf_no: str
    article_no: str
    piles: tuple[Pile, ...]
    promised: int = 0


SHELVES = Collection("shelves", Shelf, indexes=("article_no _id",))
ALL = (
    Shelf("s1", "a", (Pile(5), Pile(2)), promised=3),
    Shelf("s2", "a", (Pile(1),)),
    Shelf("s3", "b", (), promised=0),
    Shelf("s4", "c", (Pile(9),)),
)


async def test_what_lies_in_piles_less_what_is_promised_is_added_up_by_article(backend: Backend) -> None:
    await backend.prepare([SHELVES])
    repository = repository_on(backend)
    refs = SHELVES.maybe_many([each.shelf_no for each in ALL])
    await repository.change(refs, lambda _: (ALL, []), cause=Cause("fill"))

    where = {"article_no": {"$in": ["a", "b"]}}
    found = await backend.sums(SHELVES, "article_no", where=where, plus="piles.pieces", minus="promised")

    assert found == {"a": 5, "b": 0}
    await repository.close()
