"""The operator's commands about the audit log: verifying its chains, and a patient's extract."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from pymongo.errors import PyMongoError

from deploy.operations import all_repositories
from deploy.parked import operator
from deploy.verifying import Verifying
from shared.domain.days import STOCKHOLM, PeriodReversed
from shared.domain.typed_moment import Unreadable, since_typed, until_typed
from shared.http.access_log import Access
from shared.repository import Repository
from shared.repository.audit.access import in_time, place_of
from shared.repository.audit.chain import Verification
from shared.repository.audit.noted import VERIFIED, Noted, note
from shared.repository.audit.signing import heads_of
from shared.repository.cause import Entry
from shared.repository.codec import Document
from shared.repository.moments import moment_text
from shared.sealed import seals_from
from shared.settings import Settings

MOST_SHOWN = 20
PAGE = 500
DONE = 0
CALLED_WRONGLY = 2
NOT_LOOKED_AT = 1
"""What could not be looked at says nothing of the log, and is no success either."""
BROKEN = 3
REFERENCE = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Asking:
    """An operator who reads the log."""

    entry: Entry

    def seen(self, version: int) -> None:
        """Nobody comes back with an If-Match here."""


async def verify(*, full: bool = False) -> int:
    """Check every chain of every service; 3 when one is broken, 1 when they could not be looked at."""
    try:
        broken = await find_breaks(Settings(), full=full)
    except (PyMongoError, OSError) as trouble:
        print(
            f"The log could not be looked at, and nothing is known of it. {type(trouble).__name__}: {trouble}"
        )
        return NOT_LOOKED_AT
    return BROKEN if broken else DONE


async def find_breaks(settings: Settings, *, full: bool) -> bool:
    """Hold each service's log against its key and its signed heads, and note those that are unbroken."""
    seals = seals_from(settings.keys_file)
    broken = False
    async with all_repositories(settings) as (repositories, clock):
        for repository in repositories:
            heads = heads_of(repository.service, settings.audit_dir, seals)
            verifying = Verifying(repository.backend, heads, at=moment_text(clock.now()))
            verification, seen = await (verifying.from_the_start() if full else verifying.go_on())
            if seen.rows and not seen.heads_signed:
                verification.find(f"{repository.service}: there are rows, and no head was ever signed")
            broken = broken or bool(verification.found)
            report(repository.service, verification, seen)
            if not verification.found:
                await asyncio.to_thread(note, heads, VERIFIED, seen)
                await asyncio.to_thread(heads.note_verified, seen.rows, at=clock.now())
    return broken


def report(service: str, verification: Verification, seen: Noted) -> None:
    said = f"{verification.found} BREAKS" if verification.found else "unbroken"
    looked_at = f", {verification.rows} of them looked at now" if verification.rows < seen.rows else ""
    print(f"{service:<13} {seen.rows} rows, {len(seen.chains)} chains{looked_at}: {said}")
    for each in (*verification.breaks[:MOST_SHOWN], *verification.set_back[:MOST_SHOWN]):
        print(f"  {each}")


async def extract(patient_ref: str, *, since: str | None, until: str | None, as_json: bool) -> int:
    """Print who reached a patient's data, with the law's fields; the reading is itself audited first.

    Ends with 2 for what is no reference, before anything is asked or written: it may be a personal number.
    """
    if not REFERENCE.fullmatch(patient_ref):
        print("That is no patient's reference. It looks like 11111111-1111-4111-8111-111111111111; find the")
        print("patient by the personal number first, and take the patient_ref: a number is never given here.")
        return CALLED_WRONGLY
    try:
        first, last = _period(since, until)
    except Unreadable as unreadable:
        print(unreadable)
        return CALLED_WRONGLY
    except PeriodReversed:
        print(f"--until {until} is before --since {since}. Swap them, or correct the one that is wrong.")
        return CALLED_WRONGLY
    async with all_repositories(Settings()) as (repositories, _):
        if not await is_in_a_log(repositories, patient_ref):
            print(f"No service's log has anything about a patient {patient_ref}. Check the reference.")
            return NOT_LOOKED_AT
        for repository in repositories:
            entry = Entry(actor=f"operator:{operator()}", action="extract_access_log")
            await repository.note(Asking(entry), [patient_ref])
        rows = [row for each in repositories async for row in access_rows(each, patient_ref, first, last)]
    found = [Access.of(row, patient_ref) for row in sorted(rows, key=in_time)]
    for each in found:
        print(each.model_dump_json() if as_json else line_of(each))
    return DONE


def _period(since: str | None, until: str | None) -> tuple[datetime | None, datetime | None]:
    """Read the options; raises Unreadable and PeriodReversed."""
    first = None if since is None else since_typed(since)
    last = None if until is None else until_typed(until)
    if first is not None and last is not None and last <= first:
        raise PeriodReversed
    return first, last


async def is_in_a_log(repositories: Sequence[Repository], patient_ref: str) -> bool:
    found = [
        await each.access_log(patient_ref, since=None, until=None, after=None, limit=1)
        for each in repositories
    ]
    return any(found)


async def access_rows(
    repository: Repository, patient_ref: str, since: datetime | None, until: datetime | None
) -> AsyncIterator[Document]:
    after: str | None = None
    while rows := await repository.access_log(patient_ref, since=since, until=until, after=after, limit=PAGE):
        for row in rows:
            yield row
        after = place_of(rows[-1])


def line_of(access: Access) -> str:
    moment = access.at.astimezone(STOCKHOLM)
    return "  ".join([
        f"{moment:%Y-%m-%d %H:%M:%S}", access.user, texts(access.roles), texts(access.care_units),
        access.purpose or "-", access.action, access.outcome,
    ])  # fmt: skip


def texts(values: Sequence[str]) -> str:
    return ",".join(values) or "-"
