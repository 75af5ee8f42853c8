"""Counts what grows for ever: open work each time, finished work in rounds, a page at a time.

The counts of a round are stored in the database, so that a restart continues and replicas share
the work (decision 0068).
"""

from collections.abc import Collection as Several
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Any

from shared.domain.decision import Decision
from shared.repository import Cause, Collection, Repository
from shared.repository.backend import Tallied
from shared.service.metrics import Counts, by_state

PAGE = 10_000
"""Documents that are counted at a time: 300,000 take one replica half an hour."""


@dataclass(frozen=True)
class Row:
    """How many documents have these values, and their sum."""

    key: tuple[str, ...]
    count: int
    total: Decimal


@dataclass(frozen=True)
class Tally:
    """A round through a collection: how far it came, and the result of the last complete one."""

    collection: str
    round: int = 1
    after: str = ""
    so_far: tuple[Row, ...] = ()
    whole: tuple[Row, ...] | None = None


TALLIES = Collection("tallies", Tally)


@dataclass(frozen=True)
class Counted:
    """What was counted; `is_whole` says whether finished work was ever counted completely."""

    rows: Tallied
    is_whole: bool


async def counted(
    repository: Repository,
    collection: Collection[Any],
    by: Sequence[str],
    *,
    moving: Several[str],
    amount: str | None = None,
) -> Counted:
    """Count by some fields, the first of which says which documents are open: these are counted now."""
    whole = await _go_on(repository, collection, by, amount)
    where = {by[0]: {"$in": sorted(moving)}}
    now = await repository.backend.tally(collection, by, where=where, amount=amount)
    resting = {row.key: (row.count, row.total) for row in whole or () if row.key[0] not in moving}
    return Counted({**resting, **now}, is_whole=whole is not None)


async def by_states(
    repository: Repository, collection: Collection[Any], states: Iterable[str], *, moving: Several[str]
) -> Counts:
    """Count by state; a finished state is left out until a whole round is complete."""
    found = await counted(repository, collection, ("state",), moving=moving)
    known = [state for state in states if found.is_whole or state in moving]
    return by_state(known, {state: count for (state,), (count, _) in found.rows.items() if state in known})


async def _go_on(
    repository: Repository, collection: Collection[Any], by: Sequence[str], amount: str | None
) -> tuple[Row, ...] | None:
    ref = TALLIES.maybe(collection.name)
    seen = await repository.get(ref) or Tally(collection.name)
    page, last = await repository.backend.tally_page(
        collection, by, amount=amount, after=seen.after, limit=PAGE
    )
    rule = partial(note_page, seen=seen, page=page, last=last)
    answer = await repository.change(ref, rule, cause=Cause(key=None))
    tally: Tally = answer.states[0]
    return tally.whole


def note_page(tally: Tally | None, *, seen: Tally, page: Tallied, last: str | None) -> Decision[Tally | None]:
    """Add a page to a round; one that another replica counted meanwhile is not counted twice."""
    if tally is not None and (tally.round, tally.after) != (seen.round, seen.after):
        return tally, []
    so_far = _added({row.key: (row.count, row.total) for row in seen.so_far}, page)
    if last is not None:
        return replace(seen, after=last, so_far=so_far), []
    return Tally(seen.collection, round=seen.round + 1, whole=so_far), []


def _added(before: Mapping[tuple[str, ...], tuple[int, Decimal]], page: Tallied) -> tuple[Row, ...]:
    rows = dict(before)
    for key, (count, total) in page.items():
        known = rows.get(key, (0, Decimal(0)))
        rows[key] = (known[0] + count, known[1] + total)
    return tuple(Row(key, count, total) for key, (count, total) in sorted(rows.items()))
