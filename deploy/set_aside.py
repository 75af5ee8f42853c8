"""The operator's commands about orders that no queue took: list, send, discard (decision 0046)."""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass

from deploy.operations import all_repositories
from deploy.parked import operator
from shared.domain.days import STOCKHOLM
from shared.repository import Entry, Repository
from shared.repository.moments import Document, moment_of
from shared.settings import Settings

MOST_AT_ONCE = 1000


@dataclass(frozen=True)
class Aside:
    """A row of a service's outbox, and the repository that keeps it."""

    row: Document
    repository: Repository


@dataclass(frozen=True)
class _Operator:
    """Who asks, as the repository's readings want it."""

    entry: Entry

    def seen(self, version: int) -> None: ...


async def list_aside() -> int:
    async with all_repositories(Settings()) as (repositories, _):
        found = [each async for each in _found(repositories, ())]
    for each in found:
        row = each.row
        since = moment_of(row["set_aside_at"]).astimezone(STOCKHOLM)
        print(f"{row['subject']}  {row['topic']}  to {row['routing_key']}  since {since:%Y-%m-%d %H:%M}")
        print(f"          {row['set_aside_because']} ({row['_id']})")
    if not found:
        print("Nothing is set aside.")
    return 0


async def send_aside(names: Sequence[str]) -> int:
    """Let the services publish them again: all, or those of an order's number or with a message's id."""
    async with all_repositories(Settings()) as (repositories, _):
        found = [each async for each in _found(repositories, names)]
        for each in found:
            await _note(each, action="send_set_aside")
            await each.repository.backend.outbox.take_back([each.row["_id"]])
            print(f"{each.row['subject']}  {each.row['topic']} is sent within seconds.")
    return _told_of_wrong_names(found, names)


async def discard_aside(names: Sequence[str]) -> int:
    """Let them never be sent; they stay in the outbox as long as published rows."""
    async with all_repositories(Settings()) as (repositories, clock):
        found = [each async for each in _found(repositories, names)]
        for each in found:
            await _note(each, action="discard_set_aside")
            await each.repository.backend.outbox.mark_published([each.row["_id"]], at=clock.now())
            print(f"{each.row['subject']}  {each.row['topic']} is never sent.")
    return _told_of_wrong_names(found, names)


async def _found(repositories: Iterable[Repository], names: Sequence[str]) -> AsyncIterator[Aside]:
    for repository in repositories:
        for row in await repository.backend.outbox.aside(limit=MOST_AT_ONCE):
            aside = Aside(row, repository)
            if not names or _names_of(aside) & set(names):
                yield aside


async def _note(aside: Aside, *, action: str) -> None:
    """Write who did it to which order into the audit log, before it is done."""
    entry = Entry(actor=f"operator:{operator()}", action=action, purpose=aside.row["subject"])
    await aside.repository.note(_Operator(entry), ())


def _names_of(aside: Aside) -> set[str]:
    return {aside.row["subject"], aside.row["_id"]}


def _told_of_wrong_names(found: Sequence[Aside], names: Sequence[str]) -> int:
    """Name what is not there, also beside others that were; 1 when a name was wrong."""
    known = {name for each in found for name in _names_of(each)}
    wrong = [name for name in names if name not in known]
    if wrong:
        print(f"Nothing that is set aside is called {', '.join(wrong)}; `./sesam outbox list` names all.")
    elif not found:
        print("Nothing is set aside.")
    return 1 if wrong else 0
