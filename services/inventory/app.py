"""Inventory assembled, and the command that imports a catalogue."""

import asyncio
import os
import sys
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TextIO

from fastapi import FastAPI

from services.inventory.api import routes
from services.inventory.domain.catalogue_file import BadRow, CatalogueFile, FileUnreadable, read_catalogue
from services.inventory.domain.difference import details, difference, summary
from services.inventory.domain.judging import judge
from services.inventory.handlers import handlers
from services.inventory.repository import ARTICLES, Catalogue
from shared import fault
from shared.assembled import Assembled, Job, Parts
from shared.clock import clock_from
from shared.domain.decision import Sentence
from shared.http.access_log import access_log
from shared.http.language import Language, said
from shared.repository.mongo import Mongo, connect
from shared.sealed import seals_from
from shared.service import repository_of, serve
from shared.settings import Settings

REFRESH_SECONDS = 300
"""What following missed, over a broken connection, is found so soon."""

DONE = 0
NOT_IMPORTED = 1

NOTHING_IMPORTED = Sentence(
    "Ingenting lästes in. Rätta raderna, eller läs in resten med --skip-bad.",
    "Nothing was imported. Correct the rows, or import the others with --skip-bad.",
)
ONLY_TRIED = Sentence("Provkörning: ingenting ändrades.", "Dry run: nothing was changed.")
IMPORTED = Sentence("Inläst.", "Imported.")


def assemble(parts: Parts) -> Assembled:
    catalogue = Catalogue(parts.repository)
    return Assembled(
        name="inventory",
        collections=[ARTICLES],
        routers=[routes(catalogue), access_log("inventory", parts.repository)],
        ears=handlers(),
        jobs=[Job("refresh search", every_seconds=REFRESH_SECONDS, run=catalogue.refresh_search)],
        before_start=[catalogue.refresh_search],
    )


def create_app() -> FastAPI:
    return serve("inventory", assemble)


async def import_articles(path: Path, *, dry_run: bool, skip_bad: bool) -> int:
    """Import a catalogue file into the database that the environment names; gives the exit code.

    Safe to run again: an article that is as the file says is left alone, and so not told again.
    """
    try:
        file = read_catalogue(await asyncio.to_thread(path.read_bytes))
    except OSError as trouble:
        _say(Sentence(f"{path}: {trouble.strerror}.", f"{path}: {trouble.strerror}."), to=sys.stderr)
        return NOT_IMPORTED
    except FileUnreadable as refused:
        _say(refused.said, to=sys.stderr)
        return NOT_IMPORTED
    settings = Settings()
    fault.arm("import", settings.faults, book=settings.fault_book, mode=settings.mode)
    async with _catalogue(settings) as catalogue:
        return await import_into(catalogue, file, dry_run=dry_run, skip_bad=skip_bad)


async def import_into(catalogue: Catalogue, file: CatalogueFile, *, dry_run: bool, skip_bad: bool) -> int:
    """Keep what differs, all or nothing unless bad rows are skipped; gives the exit code."""
    kept = await catalogue.everything()
    judged = judge(file, catalogue=kept)
    for bad in judged.bad:
        _say(_place(bad) + bad.reason, to=sys.stderr)
    found = difference(judged.good, named=file.article_nos, catalogue=kept)
    if dry_run:
        for line in details(found):
            _say(line)
    _say(summary(found))
    if judged.bad and not skip_bad:
        _say(NOTHING_IMPORTED, to=sys.stderr)
        return NOT_IMPORTED
    if dry_run:
        _say(ONLY_TRIED)
        return DONE
    progress = Progress(len(found.to_write))
    await catalogue.keep(found.to_write, run=str(uuid.uuid4()), progress=progress.made)
    _say(IMPORTED)
    return DONE


class Progress:
    """Shows on one line of the terminal how far an import has come."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0

    def made(self, articles: int) -> None:
        self._done += articles
        end = "\n" if self._done == self._total else ""
        sys.stderr.write(f"\r{self._done} / {self._total}{end}")
        sys.stderr.flush()


@asynccontextmanager
async def _catalogue(settings: Settings) -> AsyncIterator[Catalogue]:
    clock = clock_from(settings.clock_file)
    async with connect(settings.mongodb_url, app_name="inventory import") as mongo:
        backend = Mongo(mongo[f"{settings.database_prefix}_inventory"])
        await backend.prepare([ARTICLES])
        repository = repository_of(
            backend, service="inventory", clock=clock, seals=seals_from(settings.keys_file)
        )
        yield Catalogue(repository)
        await repository.close()


def _place(bad: BadRow) -> Sentence:
    which = " ".join(each for each in (bad.article_no, bad.column) if each)
    return Sentence(f"Rad {bad.line}, {which}:", f"Line {bad.line}, {which}:")


def _say(sentence: Sentence, *, to: TextIO | None = None) -> None:
    language: Language = "sv" if os.environ.get("LANG", "").startswith("sv") else "en"
    (to or sys.stdout).write(said(sentence, language) + "\n")
