"""Pages of a list, and the place after a page, which stays the same while rows are added."""

from collections.abc import Callable, Iterable, Mapping
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


def merged(
    pages: Iterable[Page[State]], place_of: Callable[[State], Place], *, down: bool, limit: int
) -> Page[State]:
    """Make one page of the pages of several lists that are sorted alike, whose ids are of different rows.

    Each of them begins behind the same place, and the page ends where that of each list is known.
    """
    listed = tuple(pages)
    rows = sorted(
        (state for page in listed for state in page.states),
        key=lambda state: _rank(place_of(state)),
        reverse=down,
    )
    shown = rows[:limit]
    is_more = len(rows) > limit or any(page.next for page in listed)
    return Page(shown, place_of(shown[-1]) if shown and is_more else None)


def _rank(place: Place) -> tuple[bool, str, str]:
    return place.value is not None, place.value or "", place.row_id
