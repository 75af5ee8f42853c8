"""Changes and reads what a service owns; nothing else does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, TypeVar, TypeVarTuple, overload

from pydantic import BaseModel

from shared import tracing
from shared.clock import Clock
from shared.domain.decision import Decision, NotFound, Refused
from shared.domain.numbers import Kind, number
from shared.events.fact import Fact
from shared.fault import fault
from shared.repository.audit.chain import Chain, Head
from shared.repository.backend import Backend
from shared.repository.cause import Answer, Asking, Cause, Entry
from shared.repository.codec import Document, from_document
from shared.repository.committer import Committer, Member
from shared.repository.matching import value_of
from shared.repository.pages import Page, Place, behind
from shared.repository.reading import READ_AT_ONCE, Lists, Reader, Remembered, Waiting
from shared.repository.refs import Collection, Ref, Refs

State = TypeVar("State")
States = TypeVarTuple("States")

NUMBERS_IN_A_BLOCK = 50
MOST_REMEMBERED = 10_000


class Repository:
    """State, outbox, inbox and audit of one service, in one transaction each time."""

    def __init__(self, backend: Backend, *, service: str, clock: Clock, chain: Chain) -> None:
        self.backend = backend
        self.service = service
        self._committer = Committer(backend, service=service, clock=clock, chain=chain)
        self._reader = Reader(backend)
        self._chain = chain
        self.hashes = chain.hashes(service)
        self._blocks: dict[str, tuple[int, int]] = {}
        self._taking = asyncio.Lock()
        self._told: dict[str, str | None] = {}
        self._lists: dict[tuple[str, str], Lists] = {}
        self._waiting = Waiting()
        self._committer.after_change.append(self._waiting.tell)
        self.on_commit(self._remember_published)

    @overload
    async def change(
        self,
        refs: Ref[State],
        rule: Callable[[State], Decision[State]],
        *,
        cause: Cause,
        reply: Callable[[State], BaseModel] | None = None,
    ) -> Answer: ...
    @overload
    async def change(
        self,
        refs: Refs[*States],
        rule: Callable[[*States], Decision[*States]],
        *,
        cause: Cause,
        reply: Callable[[*States], BaseModel] | None = None,
    ) -> Answer: ...
    async def change(self, refs: Any, rule: Any, *, cause: Cause, reply: Any = None) -> Answer:
        """Read the referenced states, call the rule with them, and store its result, once per cause.

        Raises the rule's Refused and NotFound, VersionChanged (If-Match), KeyReused (same key, another body).
        """
        return await self._committer.commit(Member(_several(refs), rule, _traced(cause), reply))

    async def kept_answer(self, cause: Cause) -> Answer | None:
        """Give what the same request was answered before; None for a new one. Raises KeyReused.

        For a route that looks at what its own change makes different, such as where a thing lies.
        """
        try:
            return await self._committer.commit(Member((), _nothing_kept, _traced(cause)))
        except _NothingKept:
            return None

    @overload
    async def preview(
        self, refs: Ref[State], rule: Callable[[State], Decision[State]], *, asked: Asking | None = None
    ) -> tuple[State]: ...
    @overload
    async def preview(
        self,
        refs: Refs[*States],
        rule: Callable[[*States], Decision[*States]],
        *,
        asked: Asking | None = None,
    ) -> tuple[*States]: ...
    async def preview(self, refs: Any, rule: Any, *, asked: Asking | None = None) -> Any:
        """Call a rule and store nothing but the audit row; give its new states (N1). Raises Refused."""
        cause = Cause(key=None, entry=asked.entry if asked else None)
        answer = await self._committer.commit(Member(_several(refs), rule, cause, keeps=False))
        return answer.states

    async def show(
        self, ref: Ref[State], *, asked: Asking, demand: Callable[[State], object] | None = None
    ) -> State:
        """Read a state about a patient for a person: the audit row is kept before the answer leaves.

        `demand` raises when the reader may not see the state; then the audit row does not say done.
        """
        cause = Cause(key=None, entry=asked.entry)
        rule = partial(_as_it_is, demand=demand)
        answer = await self._committer.commit(Member((ref,), rule, cause, keeps=False))
        asked.seen(answer.version)
        shown: State = answer.states[0]
        return shown

    async def get(self, ref: Ref[State]) -> State:
        """Read without audit: the catalogue, own bookkeeping, facts for a rule. Raises NotFound."""
        return ref.take(await self._reader.load(ref.collection, ref.ids))

    async def next_state(self, ref: Ref[State], *, within_seconds: float) -> State | None:
        """Wait until this process commits a change of one document; None when it does not in time.

        What another replica commits is not seen: read the document then.
        """
        (address,) = ref.addresses
        return await self._waiting.next_of(address, within_seconds=within_seconds)

    def remembered(self, collection: Collection[State]) -> Remembered[State]:
        """Give what rarely changes, at most a second old."""
        memory = Remembered(self.backend, self._reader, collection)
        self._committer.after_change.append(memory.forget)
        return memory

    async def find(
        self,
        collection: Collection[State],
        where: Mapping[str, Any],
        *,
        sort: str = "_id",
        limit: int = 100,
        after: str | None = None,
    ) -> list[State]:
        """List states by their fields; `sort` takes a leading minus; `after` is the last id seen."""
        documents = await self.backend.find(collection, where, sort=sort, limit=limit, after=after)
        return [from_document(collection, each).state for each in documents]

    async def page(
        self,
        collection: Collection[State],
        where: Mapping[str, Any],
        *,
        sort: str = "_id",
        limit: int = 100,
        after: Place | None = None,
    ) -> Page[State]:
        """List a page of states, sorted by a field that is a text or missing; `after` is a page's `next`."""
        behind_it = where if after is None else {"$and": [dict(where), behind(after, sort=sort)]}
        found = await self.backend.find(collection, behind_it, sort=sort, limit=limit + 1, after=None)
        shown = found[:limit]
        last = shown[-1] if len(found) > limit else None
        place = Place(value_of(last, sort.removeprefix("-")), last["_id"]) if last else None
        return Page([from_document(collection, each).state for each in shown], place)

    async def whole(
        self, collection: Collection[State], where: Mapping[str, Any], *, sort: str = "_id"
    ) -> list[State]:
        """Read a list to its end: for what is about one patient, or is kept by hand."""
        page = await self.page(collection, where, sort=sort, limit=READ_AT_ONCE)
        states = page.states
        while page.next is not None:
            page = await self.page(collection, where, sort=sort, limit=READ_AT_ONCE, after=page.next)
            states.extend(page.states)
        return states

    async def about(self, collection: Collection[State], field: str, value: str) -> list[State]:
        """List all with one value of an indexed field; who asks at the same moment shares the query."""
        key = (collection.name, field)
        if key not in self._lists:
            self._lists[key] = Lists(self.backend, collection, field)
        return await self._lists[key].about(value)

    async def note(self, asked: Asking, patient_refs: Iterable[str]) -> None:
        """Audit a list that shows persons, before the answer leaves."""
        entry = replace(asked.entry, patient_refs=tuple(dict.fromkeys(patient_refs)))
        await self._committer.commit(Member((), lambda: ((),), Cause(key=None, entry=entry), keeps=False))

    async def note_refused(self, entry: Entry, refused: Refused | NotFound) -> None:
        """Audit what a route refused before any rule was called, like a rule's refusal."""
        with suppress(Refused, NotFound):
            cause = Cause(key=None, entry=entry)
            await self._committer.commit(Member((), partial(_refuse, refused), cause, keeps=False))

    async def next_number(self, kind: Kind, *, year: int) -> str:
        """Give the next human-readable number; taken in blocks, so gaps are allowed (Q16)."""
        counter = f"{kind}{year}"
        async with self._taking:
            running, last = self._blocks.get(counter, (1, 0))
            if running > last:
                await fault("numbers.before_block")
                running = await self.backend.take_block(counter, NUMBERS_IN_A_BLOCK)
                await fault("numbers.after_block")
                last = running + NUMBERS_IN_A_BLOCK - 1
            self._blocks[counter] = (running + 1, last)
        return number(kind, year=year, running=running)

    def watch(self, collection: Collection[State]) -> AsyncIterator[State]:
        """Follow every committed change of a collection, also those of other processes."""
        return self.backend.watch(collection)

    @property
    def audit_heads(self) -> list[Head]:
        """The newest audit row that this process committed, of each of its chains."""
        return self._chain.heads

    @property
    def counts(self) -> Mapping[str, int]:
        """The outcomes of changes since the process began, each with its count."""
        return self._committer.counts

    async def access_log(
        self,
        patient_ref: str,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        after: str | None = None,
        limit: int = 100,
    ) -> list[Document]:
        """List the audit rows about a patient, oldest first; `after` is the place of the last row seen."""
        return await self.backend.audit.rows_of(
            patient_ref, since=since, until=until, after=after, limit=limit
        )

    async def traceparent_of(self, subject: str) -> str | None:
        """Give the trace in which an order or a fee was sent to a partner."""
        if subject in self._told:
            return self._told[subject]
        return await self.backend.outbox.traceparent_of(subject)

    def _remember_published(self, rows: list[Document]) -> None:
        if len(self._told) > MOST_REMEMBERED:
            self._told.clear()
        for row in (each for each in rows if each["partner"]):
            self._told.setdefault(row["subject"], row["traceparent"])

    def on_commit(self, listener: Callable[[list[Document]], None]) -> None:
        """Hand each commit's outbox rows to the relay."""
        self._committer.after_commit.append(listener)

    async def close(self) -> None:
        await self._committer.stop()


class _NothingKept(Exception):
    """No answer is kept for the cause."""


def _nothing_kept() -> tuple[list[Fact]]:
    raise _NothingKept


def _traced(cause: Cause) -> Cause:
    """What a job publishes continues the trace that the job took up."""
    return cause if cause.traceparent else replace(cause, traceparent=tracing.traceparent())


def _several(refs: Ref[Any] | Refs[*tuple[Any, ...]]) -> tuple[Ref[Any], ...]:
    return refs.refs if isinstance(refs, Refs) else (refs,)


def _as_it_is(state: State, *, demand: Callable[[State], object] | None) -> tuple[State, tuple[()]]:
    if demand is not None:
        demand(state)
    return state, ()


def _refuse(refused: Exception) -> tuple[tuple[()]]:
    raise refused
