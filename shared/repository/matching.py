"""The part of MongoDB's query language that we use, for documents in memory."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from shared.repository.codec import Document

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "$in": lambda value, wanted: any(_equal(value, each) for each in wanted),
    "$ne": lambda value, wanted: not _equal(value, wanted),
    "$lt": lambda value, wanted: value is not None and value < wanted,
    "$lte": lambda value, wanted: value is not None and value <= wanted,
    "$gt": lambda value, wanted: value is not None and value > wanted,
    "$gte": lambda value, wanted: value is not None and value >= wanted,
}

_TOGETHER: dict[str, Callable[[Iterable[bool]], bool]] = {"$and": all, "$or": any}


def matches(document: Document, where: Mapping[str, Any]) -> bool:
    return all(_holds(document, name, wanted) for name, wanted in where.items())


def _holds(document: Document, name: str, wanted: Any) -> bool:
    if name in _TOGETHER:
        return _TOGETHER[name](matches(document, each) for each in wanted)
    return _field_matches(_values(document, name.split(".")), wanted)


def sort_key(document: Document, field: str) -> tuple[bool, Any]:
    value = value_of(document, field)
    return (value is not None, value)


def value_of(document: Document, field: str) -> Any:
    """Follow a dotted path; the first value when there are several, None when there is none."""
    return next(iter(_values(document, field.split("."))), None)


def sum_of(document: Document, field: str) -> int:
    """Add up the whole numbers that a dotted path leads to."""
    return sum(each for each in _values(document, field.split(".")) if isinstance(each, int))


def _field_matches(values: list[Any], wanted: Any) -> bool:
    if isinstance(wanted, dict):
        return all(_operator(values, name, operand) for name, operand in wanted.items())
    return any(_equal(value, wanted) for value in values)


def _operator(values: list[Any], name: str, operand: Any) -> bool:
    if name == "$ne":
        return all(_COMPARE[name](value, operand) for value in values)
    return any(_COMPARE[name](value, operand) for value in values)


def _equal(value: Any, wanted: Any) -> bool:
    return bool(value == wanted)


def _values(value: Any, path: list[str]) -> list[Any]:
    """Follow a dotted path; a list is searched member by member, as MongoDB does."""
    if isinstance(value, list):
        members = [found for each in value for found in _values(each, path)]
        return members if path else [value, *members]
    if not path:
        return [value]
    return _values(value.get(path[0]), path[1:]) if isinstance(value, dict) else [None]
