"""The audit log in MongoDB."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from pymongo.asynchronous.collection import AsyncCollection

from shared.repository.audit.access import looked_for
from shared.repository.moments import Document

NAMES = ("writer", "sequence")
CHAIN = [(each, 1) for each in NAMES]


class MongoAuditRows:
    """The audit log's rows, as `AuditRows` describes them."""

    def __init__(self, rows: AsyncCollection[Document]) -> None:
        self._rows = rows

    async def rows(self) -> list[Document]:
        return [row async for row in self._rows.find()]

    async def chains(self, after: tuple[str, int] | None = None) -> AsyncIterator[Document]:
        found = self._rows.find().sort(CHAIN).hint(CHAIN)
        async for row in found.min(list(zip(NAMES, after, strict=True))) if after else found:
            if (row.get("writer"), row.get("sequence")) != after:
                yield row

    async def rows_after(self, writer: str, sequence: int) -> AsyncIterator[Document]:
        where = {"writer": writer, "sequence": {"$gt": sequence}}
        async for row in self._rows.find(where).sort("sequence", 1):
            yield row

    async def hashes(self, ids: Sequence[str]) -> dict[str, str]:
        found = self._rows.find({"_id": {"$in": list(ids)}}, {"hash": 1})
        return {str(row["_id"]): str(row.get("hash")) async for row in found}

    async def tails(self) -> list[Document]:
        steps: list[Document] = [
            {"$sort": {"writer": -1, "sequence": -1}},
            {"$group": {"_id": "$writer", "row": {"$first": "$$ROOT"}}},
        ]
        return [found["row"] async for found in await self._rows.aggregate(steps)]

    async def rows_of(
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
        return [row async for row in self._rows.find(where).sort([("at", 1), ("_id", 1)]).limit(limit)]
