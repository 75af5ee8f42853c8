"""What a transaction in MongoDB reads and writes."""

from collections.abc import Mapping, Sequence
from typing import Any

from pymongo import ReplaceOne
from pymongo.client_session import ClientSession
from pymongo.database import Database

from shared.repository.codec import Document, to_document
from shared.repository.gathering import gather, ids_of, loaded_from
from shared.repository.refs import Address, Collection, Kept
from shared.repository.writes import Writes


class MongoTransaction:
    """One session's view of the database."""

    def __init__(
        self, database: Database[Document], session: ClientSession, *, together: bool = True
    ) -> None:
        self._database = database
        self._session = session
        self._together = together

    def read(
        self, keys: Sequence[str], wanted: Mapping[Collection[Any], Sequence[str]]
    ) -> tuple[dict[str, Document], dict[Address, Kept]]:
        asked = {"inbox": keys, **ids_of(wanted)} if keys else ids_of(wanted)
        rows = gather(self._database, asked, self._session, together=self._together)
        return {row["_id"]: row for row in rows.get("inbox", ())}, loaded_from(rows, wanted)

    def write(self, writes: Writes) -> None:
        """Write in bulk; a duplicate or a conflict aborts the whole transaction, never half of it."""
        for name, rows in (("inbox", writes.inbox), ("outbox", writes.outbox), ("audit", writes.audit)):
            if rows:
                self._database[name].insert_many(rows, session=self._session)
        by_collection: dict[str, list[ReplaceOne[Document]]] = {}
        for (name, each), (collection, kept) in writes.states.items():
            document = to_document(collection, each, kept)
            by_collection.setdefault(name, []).append(
                ReplaceOne({"_id": each}, document, upsert=True),
            )
        for name, operations in by_collection.items():
            self._database[name].bulk_write(operations, session=self._session)
