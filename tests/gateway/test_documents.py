"""The documents of sessions do the same in memory as in MongoDB."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo import AsyncMongoClient

from gateway.sessions.documents import COLLECTION, MongoDocuments, prepare
from gateway.sessions.kept import Documents
from tests.gateway.memory import MemoryDocuments

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SOON = NOW + timedelta(seconds=10)


def document(key: str, **changes: Any) -> dict[str, Any]:
    return {"_id": key, "sub": "a", "sid": "1", "ends_at": SOON, "sealed": "x", **changes}


async def suite(documents: Documents) -> None:
    assert await documents.read("one") is None
    await documents.add(document("one"))
    assert (await documents.read("one") or {})["sealed"] == "x"

    assert await documents.replace(document("one", sealed="y"), was="x")
    assert not await documents.replace(document("one", sealed="z"), was="x")
    assert not await documents.replace(document("never-there"), was="x")
    assert (await documents.read("one") or {})["sealed"] == "y"
    assert await documents.read("never-there") is None

    assert await documents.take_turn("one", now=NOW, until=SOON)
    assert await documents.replace(document("one", sealed="y"), was="y")
    assert not await documents.take_turn("one", now=NOW, until=SOON)
    assert await documents.take_turn("one", now=SOON, until=SOON + timedelta(seconds=10))
    assert not await documents.take_turn("never-there", now=NOW, until=SOON)

    await documents.add(document("two", sub="a", sid="2"))
    await documents.add(document("three", sub="b", sid="3"))
    await documents.remove("sid", ["2", "9"])
    assert await documents.read("two") is None
    await documents.remove("sub", ["a"])
    assert await documents.read("one") is None
    assert await documents.read("three") is not None


async def test_memory_keeps_sessions() -> None:
    await suite(MemoryDocuments())


@pytest.fixture
async def mongo(mongodb_url: str) -> AsyncIterator[AsyncMongoClient[dict[str, Any]]]:
    client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(mongodb_url, tz_aware=True)
    async with client:
        yield client


@pytest.mark.connected
async def test_mongodb_keeps_sessions_and_forgets_those_that_ended(
    mongo: AsyncMongoClient[dict[str, Any]], database_prefix: str
) -> None:
    collection = mongo[f"{database_prefix}_gateway"][COLLECTION]
    await prepare(collection)

    await suite(MongoDocuments(collection))

    indexes = await collection.index_information()
    assert indexes["ends_at_1"]["expireAfterSeconds"] == 0
