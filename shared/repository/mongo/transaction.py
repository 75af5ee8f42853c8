"""What a transaction in MongoDB reads and writes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from pymongo import UpdateOne
from pymongo.client_session import ClientSession
from pymongo.database import Database

from shared.repository.codec import Document, to_document, update_between, with_unknown
from shared.repository.mongo.gathering import gather, ids_of, loaded_from
from shared.repository.refs import Address, Collection, Loaded
from shared.repository.writes import Writes


class MongoTransaction:
    """One session's view of the database."""

    def __init__(
        self, database: Database[Document], session: ClientSession, *, together: bool = True
    ) -> None:
        self._database = database
        self._session = session
        self._batcher = together
        self._before: dict[Address, Document] = {}
        self._loaded: dict[Address, Loaded] = {}

    def read(
        self, keys: Sequence[str], wanted: Mapping[Collection[Any], Sequence[str]]
    ) -> tuple[dict[str, Document], dict[Address, Loaded]]:
        asked = {"inbox": keys, **ids_of(wanted)} if keys else ids_of(wanted)
        rows = gather(self._database, asked, self._session, together=self._batcher)
        for collection in wanted:
            self._before.update({(collection.name, row["_id"]): row for row in rows.get(collection.name, ())})
        self._loaded = loaded_from(rows, wanted)
        return {row["_id"]: row for row in rows.get("inbox", ())}, self._loaded

    def write(self, writes: Writes) -> None:
        """Write in bulk; a duplicate or a conflict aborts the whole transaction, never half of it."""
        for name, rows in (("inbox", writes.inbox), ("outbox", writes.outbox), ("audit", writes.audit)):
            if rows:
                self._database[name].insert_many(rows, session=self._session)
        made: dict[str, list[Document]] = defaultdict(list)
        changed: dict[str, list[UpdateOne]] = defaultdict(list)
        for (name, each), (collection, kept) in writes.states.items():
            document = to_document(collection, each, kept)
            before = self._before.get((name, each))
            if before is None:
                made[name].append(document)
            else:
                whole = with_unknown(collection, before, self._loaded[name, each], document)
                changed[name].append(UpdateOne({"_id": each}, update_between(before, whole)))
        for name, documents in made.items():
            self._database[name].insert_many(documents, session=self._session)
        for name, updates in changed.items():
            self._update(name, updates)

    def _update(self, name: str, updates: list[UpdateOne]) -> None:
        found = self._database[name].bulk_write(updates, session=self._session).matched_count
        if found != len(updates):
            raise LookupError(f"{len(updates) - found} of {name} are gone since they were read")
