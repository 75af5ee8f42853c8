"""Counts and sums over a collection in MongoDB."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from bson.decimal128 import Decimal128
from pymongo.asynchronous.database import AsyncDatabase

from shared.repository.backend import Tallied
from shared.repository.moments import Document
from shared.repository.refs import Collection


class Tallies:
    """Counts documents by the values of some fields."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._database = database

    async def tally(
        self,
        collection: Collection[Any],
        by: Sequence[str],
        *,
        where: Mapping[str, Any],
        amount: str | None = None,
    ) -> Tallied:
        return _tallied(await self._grouped(collection, by, amount, [{"$match": dict(where)}]))

    async def sums(
        self, collection: Collection[Any], by: str, *, where: Mapping[str, Any], plus: str, minus: str
    ) -> dict[str, int]:
        each = {"$subtract": [{"$sum": f"${plus}"}, f"${minus}"]}
        steps = [{"$match": dict(where)}, {"$group": {"_id": f"${by}", "total": {"$sum": each}}}]
        rows = await (await self._database[collection.name].aggregate(steps)).to_list()
        return {row["_id"]: row["total"] for row in rows}

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


def _tallied(rows: list[Document]) -> Tallied:
    return {tuple(map(str, row["_id"])): (row["count"], _decimal(row["total"])) for row in rows}


def _decimal(total: Any) -> Decimal:
    return total.to_decimal() if isinstance(total, Decimal128) else Decimal(total)
