"""Converts states to documents and back: JSON types only, so that memory and MongoDB store the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from pydantic import TypeAdapter, ValidationError
from pydantic_core import SchemaSerializer, SchemaValidator

from shared.events.fact import KEPT
from shared.repository.carrying import carry
from shared.repository.moments import Document, places_of, written_alike
from shared.repository.refs import Collection, Loaded, WrittenByNewer

__all__ = ["Document", "from_document", "moments_of", "to_document", "update_between", "with_unknown"]

OWN = ("_id", "_v", "_schema", "_derived")
"""What a document has beside its state: its id and version, a schema number above 1, and the version in which
its derived fields were filled (decision 0129)."""


@dataclass(frozen=True)
class Form:
    """How a state's type is read and written."""

    schema: Any
    validator: SchemaValidator
    serializer: SchemaSerializer


_FORMS: dict[tuple[type[Any], tuple[tuple[str, str], ...]], Form] = {}


def _form(collection: Collection[Any]) -> Form:
    key = collection.state, collection.stored_as
    if key not in _FORMS:
        schema = stored_as(TypeAdapter(collection.state).core_schema, dict(collection.stored_as))
        # With what pydantic has built for its models already, their moments would be written as it likes.
        written = SchemaSerializer(written_alike(schema), _use_prebuilt=False)
        _FORMS[key] = Form(schema, SchemaValidator(schema, _use_prebuilt=False), written)
    return _FORMS[key]


def stored_as(schema: Any, names: Mapping[str, str]) -> Any:
    """Give a type's schema in which fields of our own classes have the names that documents have for them."""
    if isinstance(schema, Mapping):
        changed = {name: stored_as(each, names) for name, each in schema.items()}
        if schema.get("type") == "dataclass-field" and schema["name"] in names:
            stored = names[schema["name"]]
            changed |= {"validation_alias": stored, "serialization_alias": stored}
        return changed
    if isinstance(schema, list | tuple):
        return type(schema)(stored_as(each, names) for each in schema)
    return schema


def moments_of(collection: Collection[Any]) -> list[str]:
    """Name the fields of a collection's documents that are moments."""
    return places_of(_form(collection).schema)


def to_document(collection: Collection[Any], document_id: str, kept: Loaded) -> Document:
    state = collection.derive(kept.state) if collection.derive else kept.state
    fields = _form(collection).serializer.to_python(state, mode="json", by_alias=True)
    schema = {"_schema": collection.schema} if collection.schema > 1 else {}
    derived = {"_derived": kept.version} if collection.derive else {}
    return {"_id": document_id, "_v": kept.version, **schema, **derived, **fields}


def from_document(collection: Collection[Any], document: Mapping[str, Any]) -> Loaded:
    """Read a document. Raises WrittenByNewer for one of a higher schema that this version cannot read."""
    fields = {name: value for name, value in document.items() if name not in OWN}
    schema = document.get("_schema", 1)
    try:
        state = _form(collection).validator.validate_python(fields, context=KEPT)
    except ValidationError:
        if schema > collection.schema:
            raise WrittenByNewer(collection.noun) from None
        raise
    return Loaded(state, document["_v"], schema)


def with_unknown(collection: Collection[Any], before: Document, loaded: Loaded, after: Document) -> Document:
    """Give what is to be written: what the document holds that this version does not know stays in it.

    `loaded` is what this version made of the document before.
    """
    known = to_document(collection, before["_id"], loaded)
    return after if known == before else carry(before, known, after)


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
