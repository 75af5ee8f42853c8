"""The indexes of a service's database."""

from collections.abc import Iterable
from typing import Any

from pymongo import IndexModel

from shared.repository.refs import Collection, Partial


def indexes_of(collections: Iterable[Collection[Any]]) -> dict[str, list[IndexModel]]:
    """Name every index of a service's database, by collection."""
    indexes: dict[str, list[IndexModel]] = {
        "outbox": [
            IndexModel([("published_at", 1), ("set_aside_at", 1), ("committed_at", 1)], name="waiting"),
            IndexModel("committed_at", name="committed"),
            IndexModel("subject", partialFilterExpression={"partner": True}, name="told_of"),
        ],
        "audit": [
            IndexModel([("patient_refs", 1), ("at", 1)], name="about"),
            IndexModel([("writer", 1), ("sequence", 1)], name="chain"),
        ],
    }
    for collection in collections:
        found = [_index(each) for each in collection.indexes]
        found += [_unique(field) for field in collection.unique]
        if found:
            indexes[collection.name] = found
    return indexes


def _index(wanted: str | Partial) -> IndexModel:
    if isinstance(wanted, Partial):
        name = f"by_{wanted.fields.replace(' ', '_')}_where_{wanted.field}_{wanted.value}"
        return IndexModel(
            _keys(wanted.fields), name=name, partialFilterExpression={wanted.field: wanted.value}
        )
    return IndexModel(_keys(wanted), name=f"by_{wanted.replace(' ', '_')}")


def _keys(fields: str) -> list[tuple[str, int]]:
    """Name the fields; lists are sorted by a field and then by id, so an index of several ends with it."""
    names = fields.split()
    if len(names) > 1 and names[-1] != "_id":
        names.append("_id")
    return [(name, 1) for name in names]


def _unique(field: str) -> IndexModel:
    texts = {field: {"$type": "string"}}
    return IndexModel(field, unique=True, name=f"one_{field}", partialFilterExpression=texts)
