"""Documents of sessions in MongoDB."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pymongo.asynchronous.collection import AsyncCollection

COLLECTION = "sessions"
TURN = "refreshing_until"


class MongoDocuments:
    """One document for each session; MongoDB removes what has run out, within a minute or so."""

    def __init__(self, collection: AsyncCollection[dict[str, Any]]) -> None:
        self._collection = collection

    async def read(self, key: str) -> dict[str, Any] | None:
        return await self._collection.find_one({"_id": key})

    async def add(self, document: dict[str, Any]) -> None:
        await self._collection.insert_one(document)

    async def replace(self, document: dict[str, Any], *, was: str) -> bool:
        unchanged = {"_id": document["_id"], "sealed": was}
        found = await self._collection.update_one(unchanged, {"$set": document})
        return found.matched_count == 1

    async def take_turn(self, key: str, *, now: datetime, until: datetime) -> bool:
        free = {"_id": key, "$or": [{TURN: {"$exists": False}}, {TURN: {"$lte": now}}]}
        found = await self._collection.update_one(free, {"$set": {TURN: until}})
        return found.modified_count == 1

    async def remove(self, name: str, values: Sequence[str]) -> None:
        await self._collection.delete_many({name: {"$in": list(values)}})


async def prepare(collection: AsyncCollection[dict[str, Any]]) -> None:
    """Make the indexes: by whom sessions are ended, and when they have run out."""
    await collection.create_index("ends_at", expireAfterSeconds=0)
    await collection.create_index("sub")
    await collection.create_index("sid")
