"""States to documents and back: JSON types only, so that memory and MongoDB keep exactly the same."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from pydantic import TypeAdapter

from shared.repository.refs import Collection, Kept

Document = dict[str, Any]

_MOMENT = TypeAdapter(datetime)


_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {}


def _adapter(state: type[Any]) -> TypeAdapter[Any]:
    if state not in _ADAPTERS:
        _ADAPTERS[state] = TypeAdapter(state)
    return _ADAPTERS[state]


def to_document(collection: Collection[Any], document_id: str, kept: Kept) -> Document:
    fields = _adapter(collection.state).dump_python(kept.state, mode="json")
    return {"_id": document_id, "_v": kept.version, **fields}


def from_document(collection: Collection[Any], document: Mapping[str, Any]) -> Kept:
    fields = {name: value for name, value in document.items() if name not in ("_id", "_v")}
    return Kept(_adapter(collection.state).validate_python(fields), document["_v"])


def update_between(before: Document, after: Document) -> Document:
    """Give the update that makes one document the other: only the fields of the top that differ.

    Replacing the whole document costs the database three times as much.
    """
    changed = {
        name: value for name, value in after.items() if name not in before or not _same(before[name], value)
    }
    gone = dict.fromkeys(before.keys() - after.keys(), "")
    return {how: fields for how, fields in (("$set", changed), ("$unset", gone)) if fields}


def _same(before: Any, after: Any) -> bool:
    """Tell whether two values are kept alike: to Python, True is 1 and 1 is 1.0."""
    return bool(before == after) and (isinstance(after, str) or orjson.dumps(before) == orjson.dumps(after))


def moment_text(moment: datetime) -> str:
    """Write a moment as the documents do, to compare with in a query."""
    return str(_MOMENT.dump_python(moment, mode="json"))
