"""Lets reads that wait at the same moment share one query, and caches what rarely changes for a second."""

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
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
READ_AT_ONCE = 500
MOST_QUESTIONS = 1_000
"""Answers that a process keeps of a collection."""
MOST_DOCUMENTS = 10_000


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


class Lists:
    """Runs one query for all that want the documents about something at the same moment."""

    def __init__(self, backend: Backend, collection: Collection[Any], field: str) -> None:
        self._backend = backend
        self._collection = collection
        self._field = field
        self._batcher = Batcher(self._find_all)

    async def about(self, value: str) -> list[Any]:
        """Give every state whose field has this value, by id."""
        return await self._batcher.ask(value)

    async def _find_all(self, values: Sequence[str]) -> list[list[Any]]:
        found: dict[str, list[Any]] = {each: [] for each in values}
        where, after, more = {self._field: {"$in": sorted(found)}}, None, True
        while more:
            page = await self._backend.find(
                self._collection, where, sort="_id", limit=READ_AT_ONCE, after=after
            )
            for document in page:
                found[document[self._field]].append(from_document(self._collection, document).state)
            more = len(page) == READ_AT_ONCE
            after = page[-1]["_id"] if page else None
        return [found[each] for each in values]


class Remembered(Generic[State]):
    """What rarely changes: read again after a second, or at once after our own change."""

    def __init__(self, backend: Backend, reader: Reader, collection: Collection[State]) -> None:
        self._backend = backend
        self._reader = reader
        self._collection = collection
        self._known: dict[str, tuple[float, asyncio.Task[list[State]]]] = {}
        self._by_id: dict[str, tuple[float, State | None]] = {}

    async def some(self, ids: Iterable[str]) -> tuple[State, ...]:
        """Give those of some documents that there are, by id."""
        now, wanted = asyncio.get_running_loop().time(), sorted(set(ids))
        known = {each: kept for each in wanted if (kept := self._by_id.get(each)) and now <= kept[0]}
        if unread := [each for each in wanted if each not in known]:
            loaded = await self._reader.load(self._collection, unread)
            until = now + REMEMBERED_SECONDS
            known |= {each: (until, loaded[self._collection.name, each].state) for each in unread}
            if len(self._by_id) >= MOST_DOCUMENTS:
                self._by_id.clear()
            self._by_id |= {each: known[each] for each in unread}
        return tuple(state for each in wanted if (state := known[each][1]) is not None)

    async def find(self, where: Mapping[str, Any], *, sort: str = "_id", limit: int = 100) -> list[State]:
        now = asyncio.get_running_loop().time()
        question = json.dumps([where, sort, limit], sort_keys=True)
        until, task = self._known.get(question, (0.0, None))
        if task is None or now > until or (task.done() and (task.cancelled() or task.exception())):
            if len(self._known) >= MOST_QUESTIONS:
                self._known.clear()
            task = asyncio.create_task(self._read(where, sort, limit))
            self._known[question] = (now + REMEMBERED_SECONDS, task)
        return await asyncio.shield(task)

    def forget(self, changed: Iterable[Address]) -> None:
        """Forget everything when a commit changed a document of the collection."""
        if any(name == self._collection.name for name, _ in changed):
            self._known.clear()
            self._by_id.clear()

    async def _read(self, where: Mapping[str, Any], sort: str, limit: int) -> list[State]:
        documents = await self._backend.find(self._collection, where, sort=sort, limit=limit, after=None)
        return [from_document(self._collection, each).state for each in documents]


class Waiting:
    """Hands a state that this process commits to whoever waits for it."""

    def __init__(self) -> None:
        self._waiting: dict[Address, list[asyncio.Future[Any]]] = {}

    async def next_of(self, address: Address, *, within_seconds: float) -> Any | None:
        """Wait for the next change of a document; None when none is committed here in time."""
        future = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(address, []).append(future)
        try:
            return await asyncio.wait_for(future, within_seconds)
        except TimeoutError:
            return None
        finally:
            left = [each for each in self._waiting.get(address, ()) if each is not future]
            self._waiting.update({address: left}) if left else self._waiting.pop(address, None)

    def tell(self, changed: Mapping[Address, tuple[Collection[Any], Loaded]]) -> None:
        for address in self._waiting.keys() & changed.keys():
            for future in self._waiting[address]:
                if not future.done():
                    future.set_result(changed[address][1].state)
