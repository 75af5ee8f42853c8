"""The database in memory, for tests: with the same codec and BSON as MongoDB, so that it is as strict."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar

import bson

from shared.repository.backend import Contended, Tallied, Transaction
from shared.repository.codec import Document, to_document, with_unknown
from shared.repository.matching import matches, sort_key, sum_of, value_of
from shared.repository.memory.audit import MemoryAuditRows
from shared.repository.memory.outbox import MemoryOutbox
from shared.repository.memory.tables import Tables, all_of, loaded
from shared.repository.refs import Address, Collection, Loaded, WrittenByNewer
from shared.repository.writes import Writes

Result = TypeVar("Result")


class UniqueBroken(Exception):
    """Two documents of a collection share a field that must be unique."""


class Memory:
    """A database that forgets; one transaction at a time."""

    def __init__(self) -> None:
        self._documents: Tables = defaultdict(dict)
        self._collections: dict[str, Collection[Any]] = {}
        self._watchers: dict[str, list[asyncio.Queue[Any]]] = defaultdict(list)
        self._blocks: dict[str, int] = defaultdict(int)

    @property
    def outbox(self) -> MemoryOutbox:
        return MemoryOutbox(self._documents)

    @property
    def audit(self) -> MemoryAuditRows:
        return MemoryAuditRows(self._documents)

    async def prepare(self, collections: Iterable[Collection[Any]]) -> None:
        self._collections.update({each.name: each for each in collections})

    async def transact(self, work: Callable[[Transaction], Result]) -> Result:
        return work(self)

    async def look(self, work: Callable[[Transaction], Result]) -> Result:
        return await self.transact(work)

    def read(
        self, keys: Sequence[str], wanted: Mapping[Collection[Any], Sequence[str]]
    ) -> tuple[dict[str, Document], dict[Address, Loaded]]:
        rows = self._documents["inbox"]
        known = {key: bson.decode(rows[key]) for key in keys if key in rows}
        return known, self._loaded(wanted)

    async def load(self, wanted: Mapping[Collection[Any], Sequence[str]]) -> dict[Address, Loaded]:
        return self._loaded(wanted)

    def _loaded(self, wanted: Mapping[Collection[Any], Sequence[str]]) -> dict[Address, Loaded]:
        return {
            (collection.name, each): self._kept(collection, each)
            for collection, ids in wanted.items()
            for each in ids
        }

    def write(self, writes: Writes) -> None:
        for (name, each), (collection, kept) in writes.states.items():
            document = to_document(collection, each, kept)
            self._demand_unique(collection, each, document)
            self._documents[name][each] = bson.encode(self._with_unknown(collection, document))
        for name, rows in (("inbox", writes.inbox), ("outbox", writes.outbox), ("audit", writes.audit)):
            self._documents[name].update({row["_id"]: bson.encode(row) for row in rows})
        for (name, _), (_, kept) in writes.states.items():
            for watcher in self._watchers[name]:
                watcher.put_nowait(kept.state)

    async def find(
        self,
        collection: Collection[Any],
        where: Mapping[str, Any],
        *,
        sort: str,
        limit: int,
        after: str | None,
    ) -> list[Document]:
        field = sort.removeprefix("-")
        found = [each for each in all_of(self._documents, collection.name) if matches(each, where)]
        found.sort(key=lambda each: (sort_key(each, field), each["_id"]), reverse=sort.startswith("-"))
        if after is not None:
            found = [each for each in found if each["_id"] > after]
        return found[:limit]

    async def take_block(self, counter: str, size: int) -> int:
        first = self._blocks[counter] + 1
        self._blocks[counter] += size
        return first

    async def watch(self, collection: Collection[Any]) -> AsyncIterator[Any]:
        queue: asyncio.Queue[Any] = asyncio.Queue()
        self._watchers[collection.name].append(queue)
        while True:
            yield await queue.get()

    async def lease(self, name: str, holder: str, *, seconds: float) -> int | None:  # noqa: ARG002  one process: always the holder
        return 1

    def may_pass(self, failure: Exception) -> bool:
        return isinstance(failure, Contended | WrittenByNewer)

    async def tally(
        self,
        collection: Collection[Any],
        by: Sequence[str],
        *,
        where: Mapping[str, Any],
        amount: str | None = None,
    ) -> Tallied:
        return _tally(
            [each for each in all_of(self._documents, collection.name) if matches(each, where)], by, amount
        )

    async def sums(
        self, collection: Collection[Any], by: str, *, where: Mapping[str, Any], plus: str, minus: str
    ) -> dict[str, int]:
        found: dict[str, int] = defaultdict(int)
        for each in (each for each in all_of(self._documents, collection.name) if matches(each, where)):
            found[str(value_of(each, by))] += sum_of(each, plus) - sum_of(each, minus)
        return dict(found)

    async def tally_page(
        self,
        collection: Collection[Any],
        by: Sequence[str],
        *,
        amount: str | None,
        after: str,
        limit: int,
    ) -> tuple[Tallied, str | None]:
        page = await self.find(collection, {}, sort="_id", limit=limit, after=after)
        return _tally(page, by, amount), page[-1]["_id"] if len(page) == limit else None

    async def can_write(self) -> bool:
        return True

    def _kept(self, collection: Collection[Any], document_id: str) -> Loaded:
        raw = self._documents[collection.name].get(document_id)
        return Loaded(None, 0) if raw is None else loaded(collection, raw)

    def _with_unknown(self, collection: Collection[Any], document: Document) -> Document:
        raw = self._documents[collection.name].get(document["_id"])
        if raw is None:
            return document
        return with_unknown(collection, bson.decode(raw), loaded(collection, raw), document)

    def _demand_unique(self, collection: Collection[Any], document_id: str, document: Document) -> None:
        for field in collection.unique:
            for other in all_of(self._documents, collection.name):
                if (
                    other["_id"] != document_id
                    and document[field] is not None
                    and other[field] == document[field]
                ):
                    raise UniqueBroken(f"{collection.name}.{field}")


def _tally(documents: Sequence[Document], by: Sequence[str], amount: str | None) -> Tallied:
    found: Tallied = {}
    for document in documents:
        key = tuple(str(value_of(document, each)) for each in by)
        count, total = found.get(key, (0, Decimal(0)))
        more = Decimal(value_of(document, amount)) if amount else Decimal(0)
        found[key] = (count + 1, total + more)
    return found
