"""The rows of a database in memory: by table and id, as BSON."""

from collections.abc import Mapping

import bson

from shared.repository.codec import Document

Tables = dict[str, dict[str, bytes]]


def all_of(tables: Mapping[str, Mapping[str, bytes]], name: str) -> list[Document]:
    """Give all rows of a table, in the order in which they came."""
    return [bson.decode(each) for each in tables[name].values()]
