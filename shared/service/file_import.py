"""What the commands that import a file have in common: reading, saying what is wrong, the database (T30)."""

import asyncio
import getpass
import os
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, TextIO, TypeVar

from shared.clock import Clock, clock_from
from shared.domain.decision import Refused, Sentence
from shared.domain.tables.spreadsheet import MOST_BYTES
from shared.domain.tables.table import BadRow
from shared.http.language import Language, said
from shared.repository import Collection, Entry, Repository
from shared.repository.mongo.backend import Mongo, connect
from shared.sealed import seals_from
from shared.service.process import repository_of
from shared.settings import Settings

DONE = 0
NOT_IMPORTED = 1

ONLY_TRIED = Sentence("Provkörning: ingenting ändrades.", "Dry run: nothing was changed.")
IMPORTED = Sentence("Inläst.", "Imported.")

Read = TypeVar("Read")


async def read_file(path: Path) -> bytes | None:
    """Read no more than a file can be, also of what has no end; None when it cannot, which is said."""
    try:
        return await asyncio.to_thread(_read, path)
    except OSError as trouble:
        say(Sentence(f"{path}: {trouble.strerror}.", f"{path}: {trouble.strerror}."), to=sys.stderr)
        return None


def said_if_refused(parse: Callable[[bytes], Read], content: bytes | None) -> Read | None:
    """Parse a file as a whole; None when it is refused, which is said."""
    try:
        return None if content is None else parse(content)
    except Refused as refused:
        say(refused.said, to=sys.stderr)
        return None


def import_entry(content: bytes, *, action: str) -> Entry:
    """Give the audit row of an import: who, and which file (N2)."""
    file = f"file sha256:{sha256(content).hexdigest()}"
    return Entry(actor=f"operator:{getpass.getuser()}", action=action, purpose=file)


@asynccontextmanager
async def repository_for(
    settings: Settings, service: str, collections: Sequence[Collection[Any]]
) -> AsyncIterator[tuple[Repository, Clock]]:
    """Open a service's database, so that its running processes publish what is imported."""
    clock = clock_from(settings.clock_file)
    async with connect(settings.mongodb_url, app_name=f"{service} import") as mongo:
        backend = Mongo(mongo[f"{settings.database_prefix}_{service}"])
        await backend.prepare(collections)
        repository = repository_of(
            backend, service=service, clock=clock, seals=seals_from(settings.keys_file)
        )
        yield repository, clock
        await repository.close()


def say_bad(rows: Sequence[BadRow]) -> None:
    """Name every bad row with its reason."""
    for bad in rows:
        which = " ".join(each for each in (bad.number, bad.column) if each)
        say(Sentence(f"Rad {bad.line}, {which}:", f"Line {bad.line}, {which}:") + bad.reason, to=sys.stderr)


def language() -> Language:
    """Give the language of the person at the terminal."""
    return "sv" if os.environ.get("LANG", "").startswith("sv") else "en"


def say(sentence: Sentence, *, to: TextIO | None = None) -> None:
    """Write a sentence on the terminal."""
    (to or sys.stdout).write(said(sentence, language()) + "\n")


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)
