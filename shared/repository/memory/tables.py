"""The rows of a database in memory: by table and id, as BSON."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import bson

from shared.repository.codec import Document, from_document
from shared.repository.refs import Collection, Loaded

Tables = dict[str, dict[str, bytes]]
MOST_REMEMBERED = 8192


def all_of(tables: Mapping[str, Mapping[str, bytes]], name: str) -> list[Document]:
    """Give all rows of a table, in the order in which they came."""
    return [dict(decoded(each)) for each in tables[name].values()]


@lru_cache(MOST_REMEMBERED)
def decoded(row: bytes) -> Mapping[str, Any]:
    """Give what a row holds; rows are read far more often than they are written."""
    return bson.decode(row)


@lru_cache(MOST_REMEMBERED)
def loaded(collection: Collection[Any], row: bytes) -> Loaded:
    """Give the state that a row holds: states never change, so everybody may have the same."""
    return from_document(collection, decoded(row))
