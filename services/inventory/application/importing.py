"""The import command: judges a file, stores its rows, puts them in force (T30, decision 0051)."""

import sys
from pathlib import Path

from services.inventory.application.catalogue import Catalogue
from services.inventory.domain.catalogue_file import CatalogueFile, read_catalogue
from services.inventory.domain.difference import Difference, details, difference, summary
from services.inventory.domain.judging import deliverable, judge
from services.inventory.domain.prices import dated
from services.inventory.domain.pricing import warning
from services.inventory.repository.collections import COLLECTIONS
from shared import fault
from shared.domain.decision import Refused, Sentence
from shared.http.language import said
from shared.repository import Entry
from shared.service.file_import import (
    DONE,
    IMPORTED,
    NOT_IMPORTED,
    ONLY_TRIED,
    import_entry,
    language,
    read_file,
    repository_for,
    said_if_refused,
    say,
    say_bad,
)
from shared.settings import Settings

NOTHING_IMPORTED = Sentence(
    "Ingenting lästes in. Rätta raderna, eller läs in resten med --skip-bad.",
    "Nothing was imported. Correct the rows, or import the others with --skip-bad.",
)
BROKEN_OFF = Sentence("Avbrutet: ingenting lästes in.", "Broken off: nothing was imported.")
GOES_ON = Sentence(
    "Avbrutet, men importen gäller redan: systemet slutför den av sig självt.",
    "Broken off, but the import is in force already: the system finishes it by itself.",
)
LAID_OUT = Sentence("Läggs ut", "Laid out")
TOLD = Sentence("Inläst och meddelat", "Imported and told")


async def import_articles(path: Path, *, dry_run: bool, skip_bad: bool) -> int:
    """Import a catalogue file into the database that the environment names; gives the exit code.

    Safe to run again: an article that is as the file says is left alone, and so not published again.
    """
    content = await read_file(path)
    file = said_if_refused(read_catalogue, content)
    if content is None or file is None:
        return NOT_IMPORTED
    settings = Settings()
    fault.arm("import", settings.faults, book=settings.fault_book, mode=settings.mode)
    file = deliverable(file, settings.distributors)
    async with repository_for(settings, "inventory", COLLECTIONS) as (repository, clock):
        entry = entry_of(content)
        return await import_into(
            Catalogue(repository, clock), file, dry_run=dry_run, skip_bad=skip_bad, entry=entry
        )


def entry_of(content: bytes) -> Entry:
    """Give the audit row of an import: who, and which file (N2)."""
    return import_entry(content, action="inventory.import_articles")


async def import_into(
    catalogue: Catalogue, file: CatalogueFile, *, dry_run: bool, skip_bad: bool, entry: Entry
) -> int:
    """Keep what differs, all or nothing unless bad rows are skipped; gives the exit code."""
    if dry_run:
        found = await _judged(catalogue, file, dry_run=True, skip_bad=skip_bad)
        if found:
            say(ONLY_TRIED)
        return DONE if found else NOT_IMPORTED
    try:
        import_id = await catalogue.imports.begin(entry=entry)
        return await _import(catalogue, file, import_id, skip_bad=skip_bad, entry=entry)
    except Refused as refused:
        say(refused.said, to=sys.stderr)
        return NOT_IMPORTED


async def _import(
    catalogue: Catalogue, file: CatalogueFile, import_id: str, *, skip_bad: bool, entry: Entry
) -> int:
    ended = False
    try:
        found = await _judged(catalogue, file, dry_run=False, skip_bad=skip_bad)
        if found:
            await _take_in(catalogue, found, import_id, entry=entry)
            say(IMPORTED)
        ended = True
    finally:
        left = await catalogue.imports.give_up(import_id)
        if not ended:
            say(BROKEN_OFF if left.state == "given_up" else GOES_ON, to=sys.stderr)
    return DONE if found else NOT_IMPORTED


async def _take_in(catalogue: Catalogue, found: Difference, import_id: str, *, entry: Entry) -> None:
    rows, imports = found.to_write, catalogue.imports
    await imports.stage(import_id, rows, progress=Progress(LAID_OUT, len(rows)).made)
    await imports.switch(import_id, articles=len(rows), entry=entry)
    await imports.publish(import_id, articles=len(rows), progress=Progress(TOLD, len(rows)).made)


async def _judged(
    catalogue: Catalogue, file: CatalogueFile, *, dry_run: bool, skip_bad: bool
) -> Difference | None:
    """Say what is wrong and what would change; None when bad rows keep the file out."""
    kept = await catalogue.everything()
    alike = {no: each for no, each in kept.items() if (each.device is not None) == file.of_devices}
    judged = judge(dated(file, catalogue=kept, on=catalogue.today()), catalogue=kept)
    say_bad(judged.bad)
    found = difference(judged.good, named=file.article_nos, catalogue=alike)
    if dry_run:
        for line in details(found):
            say(line)
    say(summary(found))
    unpriced = await catalogue.unpriced(judged.good)
    if unpriced:
        say(warning(unpriced), to=sys.stderr)
    if judged.bad and not skip_bad:
        say(NOTHING_IMPORTED, to=sys.stderr)
        return None
    return found


class Progress:
    """Shows on one line of the terminal how far an import has come."""

    def __init__(self, what: Sentence, total: int) -> None:
        self._what = said(what, language())
        self._total = total
        self._done = 0

    def made(self, articles: int) -> None:
        self._done += articles
        end = "\n" if self._done == self._total else ""
        sys.stderr.write(f"\r{self._what}: {self._done} / {self._total}{end}")
        sys.stderr.flush()
