"""Reads everything that a group of changes needs with one query (decision 0032)."""

from collections.abc import Mapping, Sequence
from typing import Any

from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.errors import OperationFailure
from pymongo.read_concern import ReadConcern

from shared.repository.codec import Document, from_document
from shared.repository.refs import Address, Collection, Loaded

Rows = dict[str, list[Document]]

SNAPSHOT = ReadConcern("snapshot")
MOST_AT_ONCE = 1000
TOO_LARGE = (4568, 10334, 17280, 17419)
"""The answer comes as one document, and none may be over 16 MB."""


def is_too_large(failure: Exception) -> bool:
    """Tell whether the documents were too large to come together; one by one they are not."""
    return isinstance(failure, OperationFailure) and failure.code in TOO_LARGE


def ids_of(wanted: Mapping[Collection[Any], Sequence[str]]) -> dict[str, Sequence[str]]:
    return {collection.name: ids for collection, ids in wanted.items() if ids}


def loaded_from(rows: Rows, wanted: Mapping[Collection[Any], Sequence[str]]) -> dict[Address, Loaded]:
    """Give what was found by its address, and version 0 for what was not."""
    loaded: dict[Address, Loaded] = {}
    for collection, ids in wanted.items():
        loaded.update({(collection.name, each): Loaded(None, 0) for each in ids})
        for document in rows.get(collection.name, ()):
            loaded[collection.name, document["_id"]] = from_document(collection, document)
    return loaded


def gather(
    database: Database[Document],
    wanted: Mapping[str, Sequence[str]],
    session: ClientSession,
    *,
    together: bool = True,
) -> Rows:
    """Find documents of several collections by id, all of one moment where they come together."""
    many = len(wanted) > 1 and sum(map(len, wanted.values())) <= MOST_AT_ONCE
    if together and many:
        return _in_one_query(database, wanted, session)
    return {name: _found(database, name, ids, session) for name, ids in wanted.items()}


def _found(
    database: Database[Document], name: str, ids: Sequence[str], session: ClientSession
) -> list[Document]:
    return database[name].find({"_id": {"$in": list(ids)}}, session=session).to_list()


def _in_one_query(
    database: Database[Document], wanted: Mapping[str, Sequence[str]], session: ClientSession
) -> Rows:
    """`$facet` gives one document whatever it finds, and a lookup adds each further collection to it."""
    (first, ids), *others = wanted.items()
    steps: list[Document] = [{"$match": _one_of(ids)}, {"$facet": {first: [{"$match": {}}]}}]
    steps += [
        {"$lookup": {"from": name, "pipeline": [{"$match": _one_of(each)}], "as": name}}
        for name, each in others
    ]
    place = database[first]
    if not session.in_transaction:
        place = place.with_options(read_concern=SNAPSHOT)
    rows: Rows = place.aggregate(steps, session=session).next()
    return rows


def _one_of(ids: Sequence[str]) -> Document:
    return {"_id": {"$in": list(ids)}}
