"""Keeps the fields that a newer version wrote and this one does not know (decision 0047)."""

from collections import defaultdict, deque
from collections.abc import Sequence
from typing import Any

IDENTITIES = ("_id", "_no", "_ref")
"""How the names of the fields end that tell a list's members apart."""


def carry(kept: Any, known: Any, new: Any) -> Any:
    """Give the new value with what was kept beside the known one; what was known and is gone stays gone."""
    if isinstance(kept, dict) and isinstance(known, dict) and isinstance(new, dict):
        carried = {name: carry(kept.get(name), known.get(name), each) for name, each in new.items()}
        unknown = {name: each for name, each in kept.items() if name not in known and name not in new}
        return carried | unknown
    if isinstance(kept, list) and isinstance(known, list) and isinstance(new, list):
        return _members(kept, known, new) if len(kept) == len(known) else new
    return new


def _members(kept: Sequence[Any], known: Sequence[Any], new: Sequence[Any]) -> list[Any]:
    places = _places(known, new)
    return [
        each if place is None else carry(kept[place], known[place], each)
        for each, place in zip(new, places, strict=True)
    ]


def _places(known: Sequence[Any], new: Sequence[Any]) -> list[int | None]:
    """Say where each member of a list stood before: the same as it was, or with the same identity.

    A member without an identity is the one of its place, while the list keeps its length.
    """
    left = dict(enumerate(known))
    places: list[int | None] = [None] * len(new)
    _settle(places, left, new, by=repr)
    _settle(places, left, new, by=_identity)
    if len(known) == len(new):
        for place, each in enumerate(new):
            if places[place] is None and place in left and not (_identity(each) or _identity(left[place])):
                places[place] = place
    return places


def _settle(places: list[int | None], left: dict[int, Any], new: Sequence[Any], *, by: Any) -> None:
    waiting: dict[Any, deque[int]] = defaultdict(deque)
    for place, each in left.items():
        waiting[by(each)].append(place)
    for number, each in enumerate(new):
        mark = by(each)
        if places[number] is None and mark is not None and waiting.get(mark):
            place = waiting[mark].popleft()
            places[number] = place
            del left[place]


def _identity(member: Any) -> tuple[str, str] | None:
    if not isinstance(member, dict):
        return None
    named = ((name, each) for name, each in member.items() if name.endswith(IDENTITIES))
    return next(((name, str(each)) for name, each in named if each is not None), None)
