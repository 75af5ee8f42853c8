"""Says the type of an event's field in words, for the event catalogue."""

import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Union

from pydantic import BaseModel, StringConstraints

from shared.events.fact import SEALED_PREFIX, Unknown

WORDS: dict[object, str] = {
    str: "text",
    int: "whole number",
    bool: "true or false",
    date: "day",
    datetime: "moment",
    Decimal: "decimal, as text",
    types.NoneType: "null",
    Unknown: "another that a newer version knows",
}


def type_in_words(annotation: Any) -> str:
    """Say a field's type: `day or null`, `list of LinePrescribed`, `one of "sms", "none"`."""
    inner = typing.get_args(annotation)
    match typing.get_origin(annotation):
        case typing.Annotated:
            return type_in_words(inner[0])
        case types.UnionType | typing.Union:
            return " or ".join(type_in_words(each) for each in inner)
        case typing.Literal:
            return _one_of(inner)
        case builtin if builtin is tuple:
            return f"list of {type_in_words(inner[0])}"
        case builtin if builtin is Mapping:
            return f"mapping of {type_in_words(inner[0])} to {type_in_words(inner[1])}"
        case _:
            return WORDS.get(annotation) or _linked(annotation)


def is_sealed(annotation: Any, metadata: Sequence[object] = ()) -> bool:
    """Tell whether the field holds sealed text; a union keeps its parts' metadata, a plain field its own."""
    if any(_seals(each) for each in metadata):
        return True
    if typing.get_origin(annotation) is Annotated:
        return any(_seals(each) for each in typing.get_args(annotation)[1:])
    return _is_union(annotation) and any(is_sealed(each) for each in typing.get_args(annotation))


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """Find the models that an annotation mentions."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for each in typing.get_args(annotation):
        yield from models_in(each)


def _seals(constraint: object) -> bool:
    return isinstance(constraint, StringConstraints) and SEALED_PREFIX in str(constraint.pattern)


def _is_union(annotation: Any) -> bool:
    return typing.get_origin(annotation) in (Union, types.UnionType)


def _one_of(values: Sequence[object]) -> str:
    said = ", ".join(f'"{each}"' for each in values)
    return said if len(values) == 1 else f"one of {said}"


def _linked(model: type) -> str:
    return f"[{model.__name__}](#{model.__name__.lower()})"
