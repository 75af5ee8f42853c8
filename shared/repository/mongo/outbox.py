"""The outbox in MongoDB."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import Executor
from datetime import datetime
from functools import partial

import pymongo
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.collection import Collection

from shared.repository.moments import Document, between, moment_of, moment_text

MOST_COUNTED = 100_000
MARKING_SECONDS = 15
WAITING: Document = {"published_at": None, "set_aside_at": None}
"""The rows that wait to be published; rows of older versions say nothing of being set aside."""


class MongoOutbox:
    """Rows that wait to be published; the marks go through the plain client, on a thread."""

    def __init__(
        self, rows: AsyncCollection[Document], plain: Collection[Document], threads: Executor
    ) -> None:
        self._rows = rows
        self._plain = plain
        self._threads = threads

    async def unpublished(self, *, before: datetime, limit: int) -> list[Document]:
        where = {**WAITING, "committed_at": {"$lte": moment_text(before)}}
        return [row async for row in self._rows.find(where).sort("committed_at", 1).limit(limit)]

    async def mark_published(self, ids: Sequence[str], *, at: datetime) -> None:
        marking = partial(self._mark_published, list(ids), at)
        await asyncio.get_running_loop().run_in_executor(self._threads, marking)

    def _mark_published(self, ids: Sequence[str], at: datetime) -> None:
        with pymongo.timeout(MARKING_SECONDS):
            self._plain.update_many({"_id": {"$in": ids}}, {"$set": {"published_at": moment_text(at)}})

    async def set_aside(self, message_id: str, *, because: str, at: datetime) -> None:
        marks = {"set_aside_at": moment_text(at), "set_aside_because": because}
        await self._rows.update_one({"_id": message_id}, {"$set": marks})

    async def take_back(self, ids: Sequence[str]) -> None:
        marks = {"set_aside_at": "", "set_aside_because": ""}
        await self._rows.update_many({"_id": {"$in": list(ids)}}, {"$unset": marks})

    async def forget_published(self, *, before: datetime, limit: int) -> int:
        where = {"published_at": {"$lt": moment_text(before)}}
        old = [row["_id"] async for row in self._rows.find(where, {"_id": 1}).limit(limit)]
        if old:
            await self._rows.delete_many({"_id": {"$in": old}})
        return len(old)

    async def rows_since(self, since: datetime) -> AsyncIterator[Document]:
        where = {**between("committed_at", since=since), "set_aside_at": None}
        async for row in self._rows.find(where).sort("committed_at", 1):
            yield row

    async def aside(self, *, limit: int) -> list[Document]:
        where = {"published_at": None, "set_aside_at": {"$type": "string"}}
        found = self._rows.find(where).sort("set_aside_at", 1).limit(limit)
        return [row async for row in found]

    async def waiting(self) -> tuple[int, datetime | None]:
        depth = await self._rows.count_documents(WAITING, limit=MOST_COUNTED)
        oldest = await self._rows.find_one(WAITING, sort=[("committed_at", 1)])
        return depth, moment_of(oldest["committed_at"]) if oldest else None

    async def traceparent_of(self, subject: str) -> str | None:
        row = await self._rows.find_one({"partner": True, "subject": subject}, {"traceparent": 1})
        return row["traceparent"] if row else None
