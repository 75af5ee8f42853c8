"""Writes facts and states out whole, but for what is as it is where nobody says it."""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from shared.domain.decision import Refused

FOLDER = Path(__file__).with_name("plays")
Play = Iterable[tuple[str, Any]]


def written(play: Play) -> str:
    """Write each step: its name, and a line for each fact or state that came of it."""
    return "\n".join(line for name, found in play for line in (f"# {name}", *lines_of(found), ""))


def lines_of(found: Any) -> Iterator[str]:
    if not isinstance(found, list | tuple):
        yield from _block(found)
    elif not found:
        yield "nothing"
    for each in found if isinstance(found, list | tuple) else ():
        yield from lines_of(each)


def _block(thing: Any) -> Iterator[str]:
    """Give a fact or state a line for each field, and a list of parts a line for each."""
    fields = list(_fields(thing))
    if not fields:
        yield one_line(thing)
        return
    yield type(thing).__name__
    for name, value in fields:
        if isinstance(value, list | tuple) and any(list(_fields(each)) for each in value):
            yield f"  {name}:"
            yield from (f"    {one_line(each)}" for each in value)
        else:
            yield f"  {name}: {one_line(value)}"


def one_line(value: Any) -> str:
    if isinstance(value, Refused):
        return f"{value.rule} {one_line(value.facts)}"
    if isinstance(value, BaseModel) or dataclasses.is_dataclass(value):
        inner = ", ".join(f"{name}={one_line(each)}" for name, each in _fields(value))
        return f"{type(value).__name__}({inner})"
    match value:
        case list() | tuple():
            return f"[{', '.join(one_line(each) for each in value)}]"
        case Mapping():
            return f"{{{', '.join(f'{key}: {one_line(each)}' for key, each in value.items())}}}"
        case date():
            return value.isoformat()
    return str(value)


def _fields(thing: Any) -> Iterator[tuple[str, Any]]:
    """Give what differs from the default: a new field that nobody says changes no play."""
    if isinstance(thing, BaseModel):
        for name, field in type(thing).model_fields.items():
            if field.default is PydanticUndefined or getattr(thing, name) != field.default:
                yield name, getattr(thing, name)
    elif dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        for each in dataclasses.fields(thing):
            if each.default is dataclasses.MISSING or getattr(thing, each.name) != each.default:
                yield each.name, getattr(thing, each.name)
