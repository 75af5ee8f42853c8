"""What those ask of MongoDB who watch: the audit log, the age of the outbox, counts, the primary."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from bson.decimal128 import Decimal128
from pymongo.asynchronous.database import AsyncDatabase

from shared.repository.audit.access import looked_for
from shared.repository.backend import Tallied
from shared.repository.moments import Document, moment_of
from shared.repository.refs import Collection

MOST_COUNTED = 100_000
NAMES = ("writer", "sequence")
UNTOLD: Document = {"published_at": None, "set_aside_at": None}
"""The outbox's rows that wait to be told; rows of older versions say nothing of being set aside."""
CHAIN = [(each, 1) for each in NAMES]


class Watching:
    """The questions of one service's database that nobody waits for who changes something."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._database = database

    async def audit_chains(self, after: tuple[str, int] | None = None) -> AsyncIterator[Document]:
        found = self._database["audit"].find().sort(CHAIN).hint(CHAIN)
        async for row in found.min(list(zip(NAMES, after, strict=True))) if after else found:
            if (row.get("writer"), row.get("sequence")) != after:
                yield row

    async def audit_rows_after(self, writer: str, sequence: int) -> AsyncIterator[Document]:
        where = {"writer": writer, "sequence": {"$gt": sequence}}
        async for row in self._database["audit"].find(where).sort("sequence", 1):
            yield row

    async def audit_hashes(self, ids: Sequence[str]) -> dict[str, str]:
        found = self._database["audit"].find({"_id": {"$in": list(ids)}}, {"hash": 1})
        return {str(row["_id"]): str(row.get("hash")) async for row in found}

    async def audit_tails(self) -> list[Document]:
        steps: list[Document] = [
            {"$sort": {"writer": -1, "sequence": -1}},
            {"$group": {"_id": "$writer", "row": {"$first": "$$ROOT"}}},
        ]
        return [found["row"] async for found in await self._database["audit"].aggregate(steps)]

    async def audit_of(
        self,
        patient_ref: str,
        *,
        since: datetime | None,
        until: datetime | None,
        after: str | None,
        limit: int,
    ) -> list[Document]:
        where = looked_for(patient_ref, since, until)
        if after is not None:
            at, _, row_id = after.partition("|")
            later = {"at": {"$gte": at}, "$or": [{"at": {"$gt": at}}, {"_id": {"$gt": row_id}}]}
            where = {"$and": [where, later]}
        return [
            row
            async for row in self._database["audit"].find(where).sort([("at", 1), ("_id", 1)]).limit(limit)
        ]

    async def waiting(self) -> tuple[int, datetime | None]:
        outbox = self._database["outbox"]
        depth = await outbox.count_documents(UNTOLD, limit=MOST_COUNTED)
        oldest = await outbox.find_one(UNTOLD, sort=[("committed_at", 1)])
        return depth, moment_of(oldest["committed_at"]) if oldest else None

    async def aside(self, *, limit: int) -> list[Document]:
        where = {"published_at": None, "set_aside_at": {"$type": "string"}}
        found = self._database["outbox"].find(where).sort("set_aside_at", 1).limit(limit)
        return [row async for row in found]

    async def told_of(self, subject: str) -> str | None:
        row = await self._database["outbox"].find_one(
            {"partner": True, "subject": subject}, {"traceparent": 1}
        )
        return row["traceparent"] if row else None

    async def tally(
        self,
        collection: Collection[Any],
        by: Sequence[str],
        *,
        where: Mapping[str, Any],
        amount: str | None = None,
    ) -> Tallied:
        return _tallied(await self._grouped(collection, by, amount, [{"$match": dict(where)}]))

    async def tally_page(
        self,
        collection: Collection[Any],
        by: Sequence[str],
        *,
        amount: str | None,
        after: str,
        limit: int,
    ) -> tuple[Tallied, str | None]:
        page: list[Document] = [{"$match": {"_id": {"$gt": after}}}, {"$sort": {"_id": 1}}, {"$limit": limit}]
        rows = await self._grouped(collection, by, amount, page)
        is_full = sum(row["count"] for row in rows) == limit
        return _tallied(rows), max(row["last"] for row in rows) if is_full else None

    async def _grouped(
        self, collection: Collection[Any], by: Sequence[str], amount: str | None, steps: list[Document]
    ) -> list[Document]:
        total = {"$sum": {"$toDecimal": f"${amount}"}} if amount else {"$sum": 0}
        key = [{"$ifNull": [f"${each}", None]} for each in by]
        last = {"last": {"$max": "$_id"}} if "$limit" in steps[-1] else {}  # an index may know all else
        group = {"$group": {"_id": key, "count": {"$sum": 1}, "total": total, **last}}
        return await (await self._database[collection.name].aggregate([*steps, group])).to_list()

    async def can_write(self) -> bool:
        """Ask a primary itself: a secondary, or one that lost its majority, says no."""
        hello = await self._database.client.admin.command("hello")
        return bool(hello.get("isWritablePrimary"))


def _tallied(rows: list[Document]) -> Tallied:
    return {tuple(map(str, row["_id"])): (row["count"], _decimal(row["total"])) for row in rows}


def _decimal(total: Any) -> Decimal:
    return total.to_decimal() if isinstance(total, Decimal128) else Decimal(total)
