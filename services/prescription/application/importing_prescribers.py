"""The command that imports the register of prescribers from a file (Q42)."""

import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from functools import partial
from pathlib import Path

from services.prescription.domain.rules.prescribers import Registered, list_prescriber, list_prescribers
from services.prescription.domain.rules.prescribers_file import PrescribersFile, read_prescribers
from services.prescription.repository.collections import COLLECTIONS, PRESCRIBERS
from shared.domain.decision import Sentence
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

CHANGED_AT_ONCE = 200
"""So many share a transaction; an import that is broken off is finished by running it again."""

NOTHING_IMPORTED = Sentence(
    "Ingenting lästes in. Rätta raderna, och läs in filen igen.",
    "Nothing was imported. Correct the rows, and import the file again.",
)


async def import_prescribers(path: Path, *, dry_run: bool) -> int:
    """Import a file into the database that the environment names; gives the exit code.

    People whom the file does not name stay as they are; one who is as the file says is not published again.
    """
    content = await read_file(path)
    file = said_if_refused(read_prescribers, content)
    if content is None or file is None:
        return NOT_IMPORTED
    entry = import_entry(content, action="prescription.import_prescribers")
    async with repository_for(Settings(), "prescription", COLLECTIONS) as (repository, _):
        return await import_prescribers_into(repository, file, dry_run=dry_run, entry=entry)


async def import_prescribers_into(
    repository: Repository, file: PrescribersFile, *, dry_run: bool, entry: Entry
) -> int:
    """Take in all of a file, or say what is wrong with it."""
    say_bad(file.bad)
    if file.bad:
        say(NOTHING_IMPORTED, to=sys.stderr)
        return NOT_IMPORTED
    changed = [each async for each in _changed(repository, file.people)]
    counts = len(changed), len(file.people) - len(changed)
    say(
        Sentence(
            "{} nya eller ändrade, {} oförändrade.".format(*counts),
            "{} new or changed, {} unchanged.".format(*counts),
        )
    )
    if not dry_run:
        for rows in _batches(changed):
            refs = PRESCRIBERS.maybe_many([each.prescriber for each in rows])
            await change_when_free(
                repository, refs, partial(list_prescribers, rows=rows), cause=Cause(key=None, entry=entry)
            )
    say(ONLY_TRIED if dry_run else IMPORTED)
    return DONE


async def _changed(repository: Repository, people: Sequence[Registered]) -> AsyncIterator[Registered]:
    for rows in _batches(people):
        known = await repository.get(PRESCRIBERS.maybe_many([each.prescriber for each in rows]))
        for row, kept in zip(rows, known, strict=True):
            if list_prescriber(kept, row=row)[1]:
                yield row


def _batches(people: Sequence[Registered]) -> Iterator[Sequence[Registered]]:
    return (people[first : first + CHANGED_AT_ONCE] for first in range(0, len(people), CHANGED_AT_ONCE))
