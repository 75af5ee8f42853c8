"""Keeping in MongoDB: snapshot transactions, majority and journal on every write."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Any, TypeVar

import pymongo
from bson.timestamp import Timestamp
from pymongo import AsyncMongoClient, IndexModel, ReplaceOne
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import CollectionInvalid, ConnectionFailure, OperationFailure, PyMongoError
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from shared.repository.backend import Contended, Transaction
from shared.repository.codec import Document, from_document, moment_text, to_document
from shared.repository.gathering import gather, ids_of, is_too_large, loaded_from
from shared.repository.refs import Address, Collection, Kept
from shared.repository.watching import Watching
from shared.repository.writes import Writes

Result = TypeVar("Result")

MAJORITY = WriteConcern(w="majority", j=True, wtimeout=10_000)
SNAPSHOT = ReadConcern("snapshot")
MOST_RUNS = 4
TRANSIENT = ("TransientTransactionError", "UnknownTransactionCommitResult", "RetryableWriteError")
TRANSACTION_SECONDS = 15
NAMESPACE_EXISTS = 48
OWN = ("inbox", "outbox", "audit", "counters", "leases")


def connect(url: str, *, app_name: str, **options: Any) -> AsyncMongoClient[Document]:
    """Open a client whose every write is on the disks of a majority (Jepsen's lesson)."""
    return AsyncMongoClient(
        url,
        appname=app_name,
        w="majority",
        journal=True,
        wTimeoutMS=10_000,
        retryWrites=True,
        retryReads=True,
        readConcernLevel="majority",
        serverSelectionTimeoutMS=10_000,
        connectTimeoutMS=5_000,
        socketTimeoutMS=20_000,  # a primary that hangs without dying answers nobody, and closes nothing
        tz_aware=True,
        **options,
    )


def _indexes(collections: Iterable[Collection[Any]]) -> dict[str, list[IndexModel]]:
    """Name every index of a service's database, by collection."""
    indexes = {
        "outbox": [
            IndexModel([("published_at", 1), ("committed_at", 1)], name="untold"),
            IndexModel("subject", partialFilterExpression={"partner": True}, name="told_of"),
        ],
        "audit": [
            IndexModel([("patient_refs", 1), ("at", 1)], name="about"),
            IndexModel([("writer", 1), ("sequence", 1)], name="chain"),
        ],
    }
    for collection in collections:
        found = [IndexModel(field, name=f"by_{field}") for field in collection.indexes]
        found += [_unique(field) for field in collection.unique]
        if found:
            indexes[collection.name] = found
    return indexes


def _unique(field: str) -> IndexModel:
    texts = {field: {"$type": "string"}}
    return IndexModel(field, unique=True, name=f"one_{field}", partialFilterExpression=texts)


class MongoTransaction:
    """One session's view of the database."""

    def __init__(
        self, database: AsyncDatabase[Document], session: AsyncClientSession | None, *, together: bool = True
    ) -> None:
        self._database = database
        self._session = session
        self._together = together

    async def read(
        self, keys: Sequence[str], wanted: Mapping[Collection[Any], Sequence[str]]
    ) -> tuple[dict[str, Document], dict[Address, Kept]]:
        asked = {"inbox": keys, **ids_of(wanted)} if keys else ids_of(wanted)
        rows = await gather(self._database, asked, self._session, together=self._together)
        return {row["_id"]: row for row in rows.get("inbox", ())}, loaded_from(rows, wanted)

    async def write(self, writes: Writes) -> None:
        """Write in bulk; a duplicate or a conflict aborts the whole transaction, never half of it."""
        for name, rows in (("inbox", writes.inbox), ("outbox", writes.outbox), ("audit", writes.audit)):
            if rows:
                await self._database[name].insert_many(rows, session=self._session)
        by_collection: dict[str, list[ReplaceOne[Document]]] = {}
        for (name, each), (collection, kept) in writes.states.items():
            document = to_document(collection, each, kept)
            by_collection.setdefault(name, []).append(
                ReplaceOne({"_id": each}, document, upsert=True),
            )
        for name, operations in by_collection.items():
            await self._database[name].bulk_write(operations, session=self._session)


class Mongo(Watching):
    """One service's database."""

    _committed: Timestamp | None = None
    """When this process last committed, by the database's own clock."""

    async def prepare(self, collections: Iterable[Collection[Any]]) -> None:
        """Make what is missing of collections and indexes; after `deploy.migrate` nothing is."""
        kept = list(collections)
        there = set(await self._database.list_collection_names())
        for name in dict.fromkeys((*OWN, *(each.name for each in kept))):
            if name not in there:
                await self._create(name)
        for name, indexes in _indexes(kept).items():
            known = await self._database[name].index_information()
            missing = [index for index in indexes if index.document["name"] not in known]
            if missing:
                await self._database[name].create_indexes(missing)

    async def _create(self, name: str) -> None:
        with suppress(CollectionInvalid):
            try:
                await self._database.create_collection(name)
            except OperationFailure as refused:
                if refused.code != NAMESPACE_EXISTS:  # another replica was first
                    raise

    async def transact(self, work: Callable[[Transaction], Awaitable[Result]]) -> Result:
        """Run the work in one transaction; on a conflict again, at most four times. Raises Contended."""
        try:
            return await self._in_transaction(work, together=True)
        except OperationFailure as failure:
            if not is_too_large(failure):
                raise
            return await self._in_transaction(work, together=False)

    async def _in_transaction(
        self, work: Callable[[Transaction], Awaitable[Result]], *, together: bool
    ) -> Result:
        runs = 0

        async def once(session: AsyncClientSession) -> Result:
            nonlocal runs
            runs += 1
            if runs > MOST_RUNS:
                raise Contended
            return await work(MongoTransaction(self._database, session, together=together))

        async with self._database.client.start_session() as session:
            with pymongo.timeout(TRANSACTION_SECONDS):
                done = await session.with_transaction(once, read_concern=SNAPSHOT, write_concern=MAJORITY)
            self._committed = max(filter(None, (self._committed, session.operation_time)), default=None)
            return done

    async def look(self, work: Callable[[Transaction], Awaitable[Result]]) -> Result:
        """Run work that reads and writes audit rows alone: one question sees one moment by itself."""
        with pymongo.timeout(TRANSACTION_SECONDS):
            try:
                async with self._no_older() as session:
                    return await work(MongoTransaction(self._database, session))
            except OperationFailure as failure:
                if not is_too_large(failure):
                    raise
        return await self._in_transaction(work, together=False)

    async def load(self, wanted: Mapping[Collection[Any], Sequence[str]]) -> dict[Address, Kept]:
        async with self._no_older() as session:
            try:
                rows = await gather(self._database, ids_of(wanted), session)
            except OperationFailure as failure:
                if not is_too_large(failure):
                    raise
                rows = await gather(self._database, ids_of(wanted), session, together=False)
        return loaded_from(rows, wanted)

    @asynccontextmanager
    async def _no_older(self) -> AsyncIterator[AsyncClientSession]:
        """Read nothing older than this process's last commit: a new primary may not know of it at once."""
        async with self._database.client.start_session(causal_consistency=True) as session:
            if self._committed:
                session.advance_operation_time(self._committed)
            yield session

    async def find(
        self,
        collection: Collection[Any],
        where: Mapping[str, Any],
        *,
        sort: str,
        limit: int,
        after: str | None,
    ) -> list[Document]:
        query = dict(where) if after is None else {"$and": [dict(where), {"_id": {"$gt": after}}]}
        direction = pymongo.DESCENDING if sort.startswith("-") else pymongo.ASCENDING
        order = list(dict.fromkeys([sort.removeprefix("-"), "_id"]))
        async with self._no_older() as session:
            cursor = (
                self._database[collection.name]
                .find(query, session=session)
                .sort([(each, direction) for each in order])
                .limit(limit)
            )
            return [document async for document in cursor]

    async def take_block(self, counter: str, size: int) -> int:
        row = await self._database["counters"].find_one_and_update(
            {"_id": counter},
            {"$inc": {"last": size}},
            upsert=True,
            return_document=pymongo.ReturnDocument.AFTER,
        )
        return int(row["last"]) - size + 1 if row else 1

    async def watch(self, collection: Collection[Any]) -> AsyncIterator[Any]:
        """Follow a change stream; opened again after a broken connection."""
        while True:
            try:
                async with await self._database[collection.name].watch(
                    full_document="updateLookup"
                ) as stream:
                    async for change in stream:
                        if change.get("fullDocument"):
                            yield from_document(collection, change["fullDocument"]).state
            except PyMongoError:
                await asyncio.sleep(1)

    async def unpublished(self, *, before: datetime, limit: int) -> list[Document]:
        where = {"published_at": None, "committed_at": {"$lte": moment_text(before)}}
        return [
            row async for row in self._database["outbox"].find(where).sort("committed_at", 1).limit(limit)
        ]

    async def mark_published(self, ids: Sequence[str], *, at: datetime) -> None:
        await self._database["outbox"].update_many(
            {"_id": {"$in": list(ids)}}, {"$set": {"published_at": moment_text(at)}}
        )

    async def forget_told(self, *, before: datetime, limit: int) -> int:
        where = {"published_at": {"$lt": moment_text(before)}}
        old = [row["_id"] async for row in self._database["outbox"].find(where, {"_id": 1}).limit(limit)]
        if old:
            await self._database["outbox"].delete_many({"_id": {"$in": old}})
        return len(old)

    async def lease(self, name: str, holder: str, *, seconds: float) -> int | None:
        """Hold or take a lease by the server's time: its fencing epoch, or None when another holds it."""
        mine_or_over = {"$or": [{"$eq": ["$holder", holder]}, {"$lt": ["$until", "$$NOW"]}]}
        free = {"$or": [{"$eq": [{"$type": "$holder"}, "missing"]}, mine_or_over]}
        new_epoch = {"$add": [{"$ifNull": ["$epoch", 0]}, {"$cond": [{"$eq": ["$holder", holder]}, 0, 1]}]}
        until = {"$add": ["$$NOW", int(seconds * 1000)]}
        await self._database["leases"].update_one({"_id": name}, {"$setOnInsert": {"epoch": 0}}, upsert=True)
        row = await self._database["leases"].find_one_and_update(
            {"_id": name},
            [
                {
                    "$set": {
                        "epoch": {"$cond": [free, new_epoch, "$epoch"]},
                        "until": {"$cond": [free, until, "$until"]},
                        "holder": {"$cond": [free, holder, "$holder"]},
                    }
                }
            ],
            return_document=pymongo.ReturnDocument.AFTER,
        )
        return int(row["epoch"]) if row and row["holder"] == holder else None

    def may_pass(self, failure: Exception) -> bool:
        if isinstance(failure, PyMongoError):
            transient = any(map(failure.has_error_label, TRANSIENT))
            return transient or failure.timeout or isinstance(failure, ConnectionFailure)
        return isinstance(failure, Contended)

    async def audit_rows(self) -> list[Document]:
        return [row async for row in self._database["audit"].find()]

    async def outbox_since(self, *, since: datetime) -> AsyncIterator[Document]:
        where = {"committed_at": {"$gte": moment_text(since)}}
        async for row in self._database["outbox"].find(where).sort("committed_at", 1):
            yield row
