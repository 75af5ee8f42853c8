"""Moments as stored text: UTC, always of the same width, so that the order of texts is that of time."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic_core import core_schema

Document = dict[str, Any]

DEEPEST = 4
EARLIEST = datetime.min.replace(tzinfo=UTC)
LATEST = datetime.max.replace(tzinfo=UTC)


def moment_text(moment: datetime) -> str:
    """Write a moment as it is kept, such as 2026-11-23T10:00:00.000000Z. Raises ValueError when naive."""
    return f"{_in_utc(moment).isoformat(timespec='microseconds')[:-6]}Z"


def moment_of(text: str) -> datetime:
    """Read a moment that was kept by this version or by one before it. Raises ValueError."""
    return _in_utc(datetime.fromisoformat(text))


def between(field: str, *, since: datetime | None = None, until: datetime | None = None) -> Document:
    """Ask for rows whose moment lies in a time; `until` itself is not in it.

    Rows that may never be changed are also found as the version before wrote a whole second: without
    decimals, which as text comes after all of that second's decimals.
    """
    parts = [*_since(field, since), *_until(field, until)]
    return {"$and": parts} if parts else {}


def _since(field: str, since: datetime | None) -> Iterator[Document]:
    if since is not None:
        yield {field: {"$gte": moment_text(since)}}
        if _in_utc(since).microsecond:
            yield {field: {"$ne": _whole_second(since)}}


def _until(field: str, until: datetime | None) -> Iterator[Document]:
    if until is not None:
        before: Document = {field: {"$lt": moment_text(until)}}
        whole = {field: _whole_second(until)}
        yield {"$or": [before, whole]} if _in_utc(until).microsecond else before


def _whole_second(moment: datetime) -> str:
    return f"{_in_utc(moment).isoformat(timespec='seconds')[:-6]}Z"


def _in_utc(moment: datetime) -> datetime:
    """Turn to UTC; within a day of the calendar's ends the end itself, for nothing lies beyond it."""
    if moment.tzinfo is None:
        raise ValueError("a moment without an offset from UTC")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return EARLIEST if moment.year == EARLIEST.year else LATEST


def written_alike(schema: Any) -> Any:
    """Give a type's schema in which every moment is written as `moment_text` writes it."""
    if isinstance(schema, Mapping):
        changed = {name: written_alike(each) for name, each in schema.items()}
        if schema.get("type") == "datetime":
            changed["serialization"] = core_schema.plain_serializer_function_ser_schema(
                moment_text, when_used="json", return_schema=core_schema.str_schema()
            )
        return changed
    if isinstance(schema, list | tuple):
        return type(schema)(written_alike(each) for each in schema)
    return schema


def places_of(schema: Any) -> list[str]:
    """Name where a type's moments lie, but for those inside lists, which nobody asks for or sorts by."""
    known = {each["ref"]: each for each in schema.get("definitions", ())}
    return sorted(set(_places(schema, known, "")))


def _places(schema: Any, known: Mapping[str, Any], at: str) -> Iterator[str]:
    kind = schema["type"]
    if kind == "datetime":
        yield at
    elif kind == "definition-ref":
        yield from _places(known[schema["schema_ref"]], known, at) if at.count(".") < DEEPEST else ()
    elif kind in ("dataclass", "model", "default", "nullable", "definitions", "function-after"):
        yield from _places(schema["schema"], known, at)
    elif kind in ("dataclass-args", "model-fields"):
        fields = schema["fields"]
        named = fields.items() if isinstance(fields, Mapping) else ((each["name"], each) for each in fields)
        for name, field in named:
            yield from _places(field["schema"], known, f"{at}.{name}".lstrip("."))
