"""Nothing that somebody can make longer lies in a state document without a bound (decision 0077)."""

import dataclasses
import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import services
import shared
from shared.repository import Collection

NAMED = Path(__file__).with_name("document_lists.txt")
"""One line for each: service, collection, field, and after `|` what bounds it."""
WORDS = ("form", "contract", "law")
"""The form that people fill in, the message's contract, or what the list is about; else a constant."""


def bounds() -> Mapping[str, str]:
    rows = (line.split(" | ") for line in NAMED.read_text().splitlines())
    return {name.strip(): bound.strip() for name, bound in rows}


@cache
def collections() -> frozenset[tuple[str, str, type]]:
    """Find every kind of document that a service keeps, with the service and the state's type."""
    found = set()
    for root in (services, shared):
        for each in pkgutil.walk_packages(root.__path__, f"{root.__name__}."):
            for value in vars(import_module(each.name)).values():
                if isinstance(value, Collection):
                    owner = value.state.__module__.removeprefix("services.").split(".")[0]
                    service = each.name.split(".")[1] if root is services else "shared"
                    found.add((service if owner != "shared" else "shared", value.name, value.state))
    return frozenset(found)


def lists_in(kind: Any, field: str = "", above: tuple[Any, ...] = ()) -> Iterator[str]:
    """Name the fields that hold any number of something, also inside what they hold."""
    if kind in above:
        return
    if get_origin(kind) in {Union, UnionType}:
        for each in get_args(kind):
            yield from lists_in(each, field, above)
    elif get_origin(kind) is Annotated:
        yield from lists_in(get_args(kind)[0], field, above)
    elif isinstance(get_origin(kind), type) and issubclass(get_origin(kind), Sequence | Mapping | set):
        yield field
        for each in get_args(kind):
            yield from lists_in(each, field, above)
    elif isinstance(kind, type) and (dataclasses.is_dataclass(kind) or hasattr(kind, "model_fields")):
        for name, inner in get_type_hints(kind, include_extras=True).items():
            if name in _fields_of(kind):
                yield from lists_in(inner, f"{field}.{name}".removeprefix("."), (*above, kind))


def _fields_of(kind: Any) -> set[str]:
    if dataclasses.is_dataclass(kind):
        return {each.name for each in dataclasses.fields(kind)}
    return set(kind.model_fields)


def lists() -> set[str]:
    return {
        f"{service} {name} {field}" for service, name, state in collections() for field in lists_in(state)
    }


def test_every_list_in_a_state_document_says_what_bounds_it() -> None:
    """A new list? Bound it, with a plain refusal or by keeping the older ones elsewhere, and name it."""
    assert sorted(lists() ^ bounds().keys()) == []


def test_a_bound_that_is_a_number_is_one_in_the_code() -> None:
    numbers = {bound for bound in bounds().values() if bound.split(":")[0] not in WORDS}

    paths = [each.rpartition(".") for each in numbers]
    found = [getattr(import_module(module), name) for module, _, name in paths]

    assert len(found) > 10
    assert all(isinstance(most, int) and 0 < most <= 2000 for most in found)


def test_a_list_inside_a_list_is_found_as_well() -> None:
    assert {"ordering allowances lines", "ordering allowances lines.used_by"} <= lists()
