"""Pages of a list, and the place after a page, which stays the same while rows are added."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

State = TypeVar("State")


@dataclass(frozen=True)
class Place:
    """A row's place in a sorted list: what it is sorted by, and its id."""

    value: str | None
    row_id: str


@dataclass(frozen=True)
class Page(Generic[State]):
    """Some states of a list; `next` is the place of the last one, None when nothing comes behind it."""

    states: list[State]
    next: Place | None


def behind(place: Place, *, sort: str) -> Mapping[str, Any]:
    """Ask for the rows behind a place; a row without the value stands first, as MongoDB sorts."""
    down, field = sort.startswith("-"), sort.removeprefix("-")
    beyond = "$lt" if down else "$gt"
    if field == "_id":
        return {"_id": {beyond: place.row_id}}
    alike = {field: place.value, "_id": {beyond: place.row_id}}
    if place.value is None:
        return alike if down else {"$or": [alike, {field: {"$ne": None}}]}
    others = [{field: {beyond: place.value}}, *([{field: None}] if down else [])]
    return {"$or": [alike, *others]}
