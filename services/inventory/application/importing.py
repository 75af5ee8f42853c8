"""The import command: judges a file, stores its rows, puts them in force, publishes them (T30, decision
0051).
"""

import asyncio
import getpass
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from typing import TextIO

from services.inventory.application.catalogue import Catalogue
from services.inventory.domain.catalogue_file import BadRow, CatalogueFile, read_catalogue
from services.inventory.domain.difference import Difference, details, difference, summary
from services.inventory.domain.judging import deliverable, judge
from services.inventory.domain.pricing import warning
from services.inventory.domain.spreadsheet import MOST_BYTES
from services.inventory.repository.collections import COLLECTIONS
from shared import fault
from shared.clock import clock_from
from shared.domain.decision import Refused, Sentence
from shared.http.language import Language, said
from shared.repository import Entry
from shared.repository.mongo.backend import Mongo, connect
from shared.sealed import seals_from
from shared.service.process import repository_of
from shared.settings import Settings

DONE = 0
NOT_IMPORTED = 1

NOTHING_IMPORTED = Sentence(
    "Ingenting lästes in. Rätta raderna, eller läs in resten med --skip-bad.",
    "Nothing was imported. Correct the rows, or import the others with --skip-bad.",
)
ONLY_TRIED = Sentence("Provkörning: ingenting ändrades.", "Dry run: nothing was changed.")
IMPORTED = Sentence("Inläst.", "Imported.")
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
    try:
        content = await asyncio.to_thread(_read, path)
        file = read_catalogue(content)
    except OSError as trouble:
        _say(Sentence(f"{path}: {trouble.strerror}.", f"{path}: {trouble.strerror}."), to=sys.stderr)
        return NOT_IMPORTED
    except Refused as refused:
        _say(refused.said, to=sys.stderr)
        return NOT_IMPORTED
    settings = Settings()
    fault.arm("import", settings.faults, book=settings.fault_book, mode=settings.mode)
    entry = entry_of(content)
    file = deliverable(file, settings.distributors)
    async with _catalogue(settings) as catalogue:
        return await import_into(catalogue, file, dry_run=dry_run, skip_bad=skip_bad, entry=entry)


def entry_of(content: bytes) -> Entry:
    """Give the audit row of an import: who, and which file (N2)."""
    file = f"file sha256:{sha256(content).hexdigest()}"
    return Entry(actor=f"operator:{getpass.getuser()}", action="inventory.import_articles", purpose=file)


async def import_into(
    catalogue: Catalogue, file: CatalogueFile, *, dry_run: bool, skip_bad: bool, entry: Entry
) -> int:
    """Keep what differs, all or nothing unless bad rows are skipped; gives the exit code."""
    if dry_run:
        found = await _judged(catalogue, file, dry_run=True, skip_bad=skip_bad)
        if found:
            _say(ONLY_TRIED)
        return DONE if found else NOT_IMPORTED
    try:
        import_id = await catalogue.imports.begin(entry=entry)
        return await _import(catalogue, file, import_id, skip_bad=skip_bad, entry=entry)
    except Refused as refused:
        _say(refused.said, to=sys.stderr)
        return NOT_IMPORTED


async def _import(
    catalogue: Catalogue, file: CatalogueFile, import_id: str, *, skip_bad: bool, entry: Entry
) -> int:
    ended = False
    try:
        found = await _judged(catalogue, file, dry_run=False, skip_bad=skip_bad)
        if found:
            await _take_in(catalogue, found, import_id, entry=entry)
            _say(IMPORTED)
        ended = True
    finally:
        left = await catalogue.imports.give_up(import_id)
        if not ended:
            _say(BROKEN_OFF if left.state == "given_up" else GOES_ON, to=sys.stderr)
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
    judged = judge(file, catalogue=kept)
    for bad in judged.bad:
        _say(_place(bad) + bad.reason, to=sys.stderr)
    found = difference(judged.good, named=file.article_nos, catalogue=kept)
    if dry_run:
        for line in details(found):
            _say(line)
    _say(summary(found))
    unpriced = await catalogue.unpriced(judged.good)
    if unpriced:
        _say(warning(unpriced), to=sys.stderr)
    if judged.bad and not skip_bad:
        _say(NOTHING_IMPORTED, to=sys.stderr)
        return None
    return found


class Progress:
    """Shows on one line of the terminal how far an import has come."""

    def __init__(self, what: Sentence, total: int) -> None:
        self._what = said(what, _language())
        self._total = total
        self._done = 0

    def made(self, articles: int) -> None:
        self._done += articles
        end = "\n" if self._done == self._total else ""
        sys.stderr.write(f"\r{self._what}: {self._done} / {self._total}{end}")
        sys.stderr.flush()


def _read(path: Path) -> bytes:
    """Read no more than a catalogue can be, also of what has no end."""
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


@asynccontextmanager
async def _catalogue(settings: Settings) -> AsyncIterator[Catalogue]:
    clock = clock_from(settings.clock_file)
    async with connect(settings.mongodb_url, app_name="inventory import") as mongo:
        backend = Mongo(mongo[f"{settings.database_prefix}_inventory"])
        await backend.prepare(COLLECTIONS)
        repository = repository_of(
            backend, service="inventory", clock=clock, seals=seals_from(settings.keys_file)
        )
        yield Catalogue(repository, clock)
        await repository.close()


def _place(bad: BadRow) -> Sentence:
    which = " ".join(each for each in (bad.article_no, bad.column) if each)
    return Sentence(f"Rad {bad.line}, {which}:", f"Line {bad.line}, {which}:")


def _language() -> Language:
    return "sv" if os.environ.get("LANG", "").startswith("sv") else "en"


def _say(sentence: Sentence, *, to: TextIO | None = None) -> None:
    (to or sys.stdout).write(said(sentence, _language()) + "\n")
