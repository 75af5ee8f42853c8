"""The command that imports care units, storerooms and warehouses: all of a file, or nothing (S84, Q38)."""

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from services.inventory.domain.places import change_places
from services.inventory.domain.places_file import (
    Places,
    PlacesFile,
    judge_places,
    read_places,
    storerooms_of,
    units_of,
)
from services.inventory.repository.collections import CARE_UNITS, COLLECTIONS, STOREROOMS
from services.inventory.repository.places import PlaceQueries
from shared.domain.decision import Sentence
from shared.events.fact import Fact
from shared.repository import Cause, Entry, Repository
from shared.repository.waiting import change_when_free
from shared.service.file_import import (
    DONE,
    IMPORTED,
    NOT_IMPORTED,
    ONLY_TRIED,
    import_entry,
    read_file,
    repository_for,
    said_if_refused,
    say,
    say_bad,
)
from shared.settings import Settings

NOTHING_IMPORTED = Sentence(
    "Ingenting lästes in. Rätta raderna, och läs in filen igen.",
    "Nothing was imported. Correct the rows, and import the file again.",
)


async def import_places(path: Path, *, dry_run: bool) -> int:
    """Import a file of places into the database that the environment names; gives the exit code.

    Places that the file does not name stay as they are; one that is as the file says is not published again.
    """
    content = await read_file(path)
    file = said_if_refused(read_places, content)
    if content is None or file is None:
        return NOT_IMPORTED
    entry = import_entry(content, action="inventory.import_places")
    async with repository_for(Settings(), "inventory", COLLECTIONS) as (repository, _):
        return await import_places_into(repository, file, dry_run=dry_run, entry=entry)


async def import_places_into(repository: Repository, file: PlacesFile, *, dry_run: bool, entry: Entry) -> int:
    """Take in all of a file, or say what is wrong with it."""
    bad = judge_places(file, kept=await _kept(repository))
    say_bad(bad)
    if bad:
        say(NOTHING_IMPORTED, to=sys.stderr)
        return NOT_IMPORTED
    units, storerooms = units_of(file), storerooms_of(file)
    kept_units = CARE_UNITS.maybe_many([each.id for each in units])
    kept_storerooms = STOREROOMS.maybe_many([each.storeroom_no for each in storerooms])
    rule = partial(change_places, units=units, storerooms=storerooms)
    *_, facts = rule(await repository.get(kept_units), await repository.get(kept_storerooms))
    _say_difference(facts, of=len(units) + len(storerooms))
    if not dry_run:
        await change_when_free(
            repository, kept_units & kept_storerooms, rule, cause=Cause(key=None, entry=entry)
        )
    say(ONLY_TRIED if dry_run else IMPORTED)
    return DONE


async def _kept(repository: Repository) -> Places:
    queries = PlaceQueries(repository)
    units, storerooms = await queries.care_units(), await queries.storerooms()
    return Places({each.id: each for each in units}, {each.storeroom_no: each for each in storerooms})


def _say_difference(facts: Sequence[Fact], *, of: int) -> None:
    for fact in facts:
        name = getattr(fact, "name", "")
        sign = "+" if getattr(fact, "version", 0) == 1 else "~"
        say(Sentence(f"{sign} {fact.subject} {name}", f"{sign} {fact.subject} {name}"))
    new = sum(getattr(fact, "version", 0) == 1 for fact in facts)
    counts = new, len(facts) - new, of - len(facts)
    say(
        Sentence(
            "{} nya, {} ändrade, {} oförändrade.".format(*counts),
            "{} new, {} changed, {} unchanged.".format(*counts),
        )
    )
