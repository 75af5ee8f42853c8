"""Calculates how large a body of a form can be, so that the limit of its route allows it."""

import types
import typing
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

BYTES_OF_A_SIGN = 6
"""A letter as a client writes it that escapes all but ASCII; two for an emoji."""
AROUND_A_VALUE = 24
"""Quotes, comma, colon, line break and indentation."""
LONGEST_OF_A_PATTERN = 40
"""A text that its pattern bounds, or a number, a day, a moment."""


class Unbounded(ValueError):
    """A form allows a text or a list of any length; says the field."""


def largest_body(form: Any) -> int:
    """Give the bytes of the largest JSON that a form takes; raises Unbounded."""
    return _largest(form, (), "body")


def _largest(annotation: Any, metadata: Sequence[Any], where: str) -> int:
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Annotated:
        return _largest(parts[0], (*parts[1:], *metadata), where)
    if origin in (typing.Union, types.UnionType):
        return max(_largest(each, metadata, where) for each in parts)
    if origin is typing.Literal:
        return _text(max(len(str(each)) for each in parts))
    if origin in (list, tuple, set, frozenset, dict):
        members = parts if origin is dict else parts[:1]
        one = sum(_largest(each, (), f"{where}[]") for each in members)
        return _longest(metadata, where) * one + AROUND_A_VALUE
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        fields = annotation.model_fields.items()
        return AROUND_A_VALUE + sum(_of_field(name, each, where) for name, each in fields)
    return _of_a_value(annotation, metadata, where)


def _of_a_value(annotation: Any, metadata: Sequence[Any], where: str) -> int:
    if annotation is bytes:
        return _longest(metadata, where) * 4 // 3 + AROUND_A_VALUE  # base64, whose signs nobody escapes
    return _text(_longest(metadata, where) if annotation is str else LONGEST_OF_A_PATTERN)


def _of_field(name: str, field: FieldInfo, where: str) -> int:
    return _text(len(name)) + _largest(field.annotation, field.metadata, f"{where}.{name}")


def _longest(metadata: Sequence[Any], where: str) -> int:
    """Give the longest length that is allowed; a pattern bounds a text too."""
    rules = list(_flat(metadata))
    lengths = [length for each in rules if (length := getattr(each, "max_length", None)) is not None]
    if lengths:
        return int(min(lengths))
    if any(getattr(each, "pattern", None) for each in rules):
        return LONGEST_OF_A_PATTERN
    raise Unbounded(where)


def _flat(metadata: Iterable[Any]) -> Iterable[Any]:
    for each in metadata:
        if isinstance(each, FieldInfo):
            yield from each.metadata
        else:
            yield each


def _text(signs: int) -> int:
    return signs * BYTES_OF_A_SIGN + AROUND_A_VALUE
