"""Lets reads that wait at the same moment share one query, and caches what rarely changes for a second."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar

from shared.batcher import Batcher
from shared.repository.backend import Backend
from shared.repository.codec import from_document
from shared.repository.refs import Address, Collection, Loaded

State = TypeVar("State")
Wanted = dict[Collection[Any], dict[str, None]]
Asked = tuple[Collection[Any], Sequence[str]]

REMEMBERED_SECONDS = 1.0
"""How late a process may see what another process changed in a remembered collection."""


class Reader:
    """Runs one query per collection at a time; reads that come meanwhile share the next one."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._batcher = Batcher(self._load_all)

    async def load(self, collection: Collection[Any], ids: Sequence[str]) -> dict[Address, Loaded]:
        return await self._batcher.ask((collection, ids))

    async def _load_all(self, asked: Sequence[Asked]) -> list[dict[Address, Loaded]]:
        wanted: Wanted = {}
        for collection, ids in asked:
            wanted.setdefault(collection, {}).update(dict.fromkeys(ids))
        loaded = await self._backend.load({each: list(ids) for each, ids in wanted.items()})
        return [loaded] * len(asked)


class Remembered(Generic[State]):
    """Lists of what rarely changes: read again after a second, or at once after our own change."""

    def __init__(self, backend: Backend, collection: Collection[State]) -> None:
        self._backend = backend
        self._collection = collection
        self._known: dict[str, tuple[float, asyncio.Task[list[State]]]] = {}

    async def find(self, where: Mapping[str, Any], *, sort: str = "_id", limit: int = 100) -> list[State]:
        now = asyncio.get_running_loop().time()
        question = json.dumps([where, sort, limit], sort_keys=True)
        until, task = self._known.get(question, (0.0, None))
        if task is None or now > until or (task.done() and (task.cancelled() or task.exception())):
            task = asyncio.create_task(self._read(where, sort, limit))
            self._known[question] = (now + REMEMBERED_SECONDS, task)
        return await asyncio.shield(task)

    def forget(self, changed: frozenset[str]) -> None:
        """Forget everything when the collection is among those that a commit changed."""
        if self._collection.name in changed:
            self._known.clear()

    async def _read(self, where: Mapping[str, Any], sort: str, limit: int) -> list[State]:
        documents = await self._backend.find(self._collection, where, sort=sort, limit=limit, after=None)
        return [from_document(self._collection, each).state for each in documents]
