"""The database in MongoDB: snapshot transactions, majority and journal on every write."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar, cast

import pymongo
from bson.timestamp import Timestamp
from pymongo import AsyncMongoClient, MongoClient
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.errors import CollectionInvalid, ConnectionFailure, OperationFailure, PyMongoError
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from shared.repository.backend import Contended, Transaction
from shared.repository.codec import Document, from_document
from shared.repository.mongo.audit import MongoAuditRows
from shared.repository.mongo.gathering import gather, ids_of, is_too_large, loaded_from
from shared.repository.mongo.indexes import indexes_of
from shared.repository.mongo.outbox import MongoOutbox
from shared.repository.mongo.tallies import Tallies
from shared.repository.mongo.transaction import MongoTransaction
from shared.repository.refs import Address, Collection, Loaded, WrittenByNewer

Result = TypeVar("Result")
Session = TypeVar("Session", ClientSession, AsyncClientSession)

MAJORITY = WriteConcern(w="majority", j=True, wtimeout=10_000)
SNAPSHOT = ReadConcern("snapshot")
MOST_RUNS = 4
TRANSIENT = ("TransientTransactionError", "UnknownTransactionCommitResult", "RetryableWriteError")
TRANSACTION_SECONDS = 15
THREADS = 3
"""One for the changes, which come one group after the other, one for the reads, and one for the marks."""
NAMESPACE_EXISTS = 48
OWN = ("inbox", "outbox", "audit", "counters", "leases", "tallies")


class Client(AsyncMongoClient[Document]):
    """A client for what comes alone, with a plain one of the same settings for what comes in a row."""

    def __init__(self, url: str, **options: Any) -> None:
        super().__init__(url, **options)
        self.plain: MongoClient[Document] = MongoClient(url, connect=False, **options)

    async def close(self) -> None:
        await super().close()
        self.plain.close()


def connect(url: str, *, app_name: str, **options: Any) -> Client:
    """Open a client whose every write is on the disks of a majority (Jepsen's lesson)."""
    return Client(
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


class Mongo(Tallies):
    """One service's database.

    What is read by id and what is changed goes through the plain client, on a thread: a transaction is
    several commands in a row, and each costs half as much there as in the asynchronous client.
    """

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        super().__init__(database)
        client = cast("Client", database.client)
        self._plain: Database[Document] = client.plain[database.name]
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix=database.name)
        self.outbox = MongoOutbox(database["outbox"], self._plain["outbox"], self._threads)
        self.audit = MongoAuditRows(database["audit"])
        self._committed: Timestamp | None = None
        """When this process last committed, by the database's own clock."""

    async def prepare(self, collections: Iterable[Collection[Any]]) -> None:
        """Make what is missing of collections and indexes; after `deploy.migrate` nothing is."""
        kept = list(collections)
        there = set(await self._database.list_collection_names())
        for name in dict.fromkeys((*OWN, *(each.name for each in kept))):
            if name not in there:
                await self._create(name)
        for name, indexes in indexes_of(kept).items():
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

    async def transact(self, work: Callable[[Transaction], Result]) -> Result:
        """Run the work in one transaction; on a conflict again, at most four times. Raises Contended."""
        return await self._apart(partial(self._transact, work))

    async def look(self, work: Callable[[Transaction], Result]) -> Result:
        """Run work that reads and writes audit rows alone: one question sees one moment by itself."""
        return await self._apart(partial(self._look, work))

    async def load(self, wanted: Mapping[Collection[Any], Sequence[str]]) -> dict[Address, Loaded]:
        return await self._apart(partial(self._load, wanted))

    async def _apart(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def _transact(self, work: Callable[[Transaction], Result]) -> Result:
        try:
            return self._in_transaction(work, together=True)
        except OperationFailure as failure:
            if not is_too_large(failure):
                raise
            return self._in_transaction(work, together=False)

    def _in_transaction(self, work: Callable[[Transaction], Result], *, together: bool) -> Result:
        runs = 0

        def once(session: ClientSession) -> Result:
            nonlocal runs
            runs += 1
            if runs > MOST_RUNS:
                raise Contended
            return work(MongoTransaction(self._plain, session, together=together))

        with self._plain.client.start_session() as session:
            with pymongo.timeout(TRANSACTION_SECONDS):
                done = session.with_transaction(once, read_concern=SNAPSHOT, write_concern=MAJORITY)
            self._committed = max(filter(None, (self._committed, session.operation_time)), default=None)
            return done

    def _look(self, work: Callable[[Transaction], Result]) -> Result:
        with pymongo.timeout(TRANSACTION_SECONDS):
            try:
                with self._no_older(self._plain.client.start_session()) as session:
                    return work(MongoTransaction(self._plain, session))
            except OperationFailure as failure:
                if not is_too_large(failure):
                    raise
        return self._in_transaction(work, together=False)

    def _load(self, wanted: Mapping[Collection[Any], Sequence[str]]) -> dict[Address, Loaded]:
        with self._no_older(self._plain.client.start_session()) as session:
            try:
                rows = gather(self._plain, ids_of(wanted), session)
            except OperationFailure as failure:
                if not is_too_large(failure):
                    raise
                rows = gather(self._plain, ids_of(wanted), session, together=False)
        return loaded_from(rows, wanted)

    def _no_older(self, session: Session) -> Session:
        """Read nothing older than this process's last commit: a new primary may not know of it at once."""
        if self._committed:
            session.advance_operation_time(self._committed)
        return session

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
        async with self._no_older(self._database.client.start_session()) as session:
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

    async def can_write(self) -> bool:
        """Ask a primary itself: a secondary, or one that lost its majority, says no."""
        hello = await self._database.client.admin.command("hello")
        return bool(hello.get("isWritablePrimary"))

    def may_pass(self, failure: Exception) -> bool:
        if isinstance(failure, PyMongoError):
            transient = any(map(failure.has_error_label, TRANSIENT))
            return transient or failure.timeout or isinstance(failure, ConnectionFailure)
        return isinstance(failure, Contended | WrittenByNewer)
