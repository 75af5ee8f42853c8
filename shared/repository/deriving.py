"""Fills derived fields where a version that does not know of them stored or changed documents."""

from collections.abc import Callable
from functools import partial
from typing import Generic, TypeVar

from shared.domain.decision import Decision
from shared.repository.cause import Cause
from shared.repository.refs import Collection
from shared.repository.repository import Repository

State = TypeVar("State")

LOOKED_AT = 500
"""Documents of one page."""
AT_ONCE = 50
"""Documents of one transaction: a person's change that waits behind it waits for milliseconds."""


class Deriving(Generic[State]):
    """Goes round a collection by id, a page at a time (decision 0129)."""

    def __init__(self, repository: Repository, collection: Collection[State]) -> None:
        if collection.derive is None:
            raise ValueError(f"nothing is derived in {collection.name}")
        self._repository = repository
        self._collection = collection
        self._rule = partial(_all, derive=collection.derive)
        self._after: str | None = None

    async def run(self) -> None:
        """Look at the next page, and go on at once while there is something to store again."""
        while await self._next_page():
            pass

    async def _next_page(self) -> bool:
        page = await self._repository.backend.find(
            self._collection, {}, sort="_id", limit=LOOKED_AT, after=self._after
        )
        stale = [each["_id"] for each in page if each.get("_derived") != each["_v"]]
        for first in range(0, len(stale), AT_ONCE):
            some = self._collection.maybe_many(stale[first : first + AT_ONCE])
            await self._repository.change(some, self._rule, cause=Cause(key=None))
        self._after = page[-1]["_id"] if len(page) == LOOKED_AT else None
        return bool(stale) and self._after is not None


def _all(
    states: tuple[State | None, ...], *, derive: Callable[[State], State]
) -> Decision[tuple[State | None, ...]]:
    return tuple(None if each is None else derive(each) for each in states), []
