"""Group commit: changes that wait at the same moment share one transaction, and fail one by one."""

import asyncio
import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.clock import Clock
from shared.domain.decision import NotFound, Refused
from shared.events.fact import Fact
from shared.fault import fault, fault_in_thread
from shared.futures import give_error
from shared.repository.audit.chain import Chain, Witnessed
from shared.repository.backend import Backend, Transaction
from shared.repository.cause import Answer, Cause, KeyReused
from shared.repository.moments import Document, moment_text
from shared.repository.outbox import row_of
from shared.repository.refs import Address, Collection, Loaded, Ref, WrittenByNewer
from shared.repository.writes import Writes

LARGEST_GROUP = 64
MESSAGE_IDS = uuid.UUID("6f1f6a52-5a4e-4f0a-9a39-5a86b1c1d0c7")
EXPECTED = (Refused, NotFound)


@dataclass
class Member:
    """One change that waits for its transaction; `keeps` is False for a reading or a preview."""

    refs: Sequence[Ref[Any]]
    rule: Callable[..., tuple[Any, ...]]
    cause: Cause
    reply: Callable[..., Any] | None = None
    keeps: bool = True
    done: "asyncio.Future[Answer]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())


Outcome = Answer | Exception
Changed = Mapping[Address, tuple[Collection[Any], Loaded]]


class Committer:
    """The one committer of a process."""

    def __init__(self, backend: Backend, *, service: str, clock: Clock, chain: Chain) -> None:
        self._backend = backend
        self._service = service
        self._clock = clock
        self._chain = chain
        self._waiting: asyncio.Queue[Member] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None
        self.counts = {
            "repeated_fact": 0, "repeated_request": 0, "refused": 0, "audit_failed": 0
        }  # fmt: skip
        self.after_commit: list[Callable[[list[Document]], None]] = []
        self.after_change: list[Callable[[Changed], None]] = []

    async def commit(self, member: Member) -> Answer:
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work(), name=f"{self._service} committer")
        self._waiting.put_nowait(member)
        return await member.done

    async def stop(self) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _work(self) -> None:
        while True:
            group = [await self._waiting.get()]
            await asyncio.sleep(0)  # what becomes ready at this moment shares the transaction
            while len(group) < LARGEST_GROUP and not self._waiting.empty():
                group.append(self._waiting.get_nowait())
            await self._commit_group(group)

    async def _commit_group(self, group: list[Member]) -> None:
        try:
            outcomes = await self._transact(group)
        except Exception as broken:  # noqa: BLE001  the edge of every change: it is raised to each caller
            self._chain.begin_anew()
            if len(group) > 1:
                for member in group:
                    await self._commit_group([member])
                return
            outcomes = [broken]
            self.counts["audit_failed"] += group[0].cause.entry is not None
        for member, outcome in zip(group, outcomes, strict=True):
            _give_outcome(member, outcome)

    async def _transact(self, group: list[Member]) -> list[Outcome]:
        at = self._clock.now()
        await fault("commit.before")

        def work(transaction: Transaction) -> tuple[list[Outcome], Writes]:
            keys = [key for member in group for key in _keys(member)]
            known, loaded = transaction.read(keys, _wanted(group))
            round_ = _Round(self._service, at, known, loaded)
            outcomes = [round_.decide(member) for member in group]
            round_.writes.audit = self._chain.link(round_.witnessed, at=at)
            if not round_.writes.empty:
                transaction.write(round_.writes)
                fault_in_thread("commit.in_transaction")
            return outcomes, round_.writes

        way = self._backend.transact if any(each.keeps for each in group) else self._backend.look
        outcomes, writes = await way(work)
        await fault("commit.after")
        self._chain.advance(writes.audit)
        self._count(group, outcomes)
        for tell in self.after_commit:
            tell(writes.outbox)
        for tell_of_change in self.after_change:
            tell_of_change(writes.states)
        await fault("commit.before_answer")
        return outcomes

    def _count(self, group: Sequence[Member], outcomes: Sequence[Outcome]) -> None:
        for member, outcome in zip(group, outcomes, strict=True):
            if isinstance(outcome, Answer) and outcome.repeated:
                self.counts["repeated_request" if member.cause.entry else "repeated_fact"] += 1
            self.counts["refused"] += isinstance(outcome, EXPECTED)


class _Round:
    """One run of a group's rules over the loaded states; may be discarded and run again."""

    def __init__(
        self, service: str, at: datetime, known: Mapping[str, Document], loaded: Mapping[Address, Loaded]
    ) -> None:
        self._service = service
        self._at = at
        self._known = dict(known)
        self._loaded = dict(loaded)
        self.writes = Writes()
        self.witnessed: list[Witnessed] = []

    def decide(self, member: Member) -> Outcome:
        """Run one change; when it is refused or fails, that is its answer and nothing of it is stored."""
        try:
            answer = self._decide(member)
        except EXPECTED as refused:
            self._witness(member, _outcome_of(refused), ())
            refused.witnessed = member.cause.entry is not None
            return refused
        except Exception as bug:  # noqa: BLE001  raised to its caller; the others of the group continue
            return bug
        return answer

    def _decide(self, member: Member) -> Answer:
        first = next((self._known[key] for key in _keys(member) if key in self._known), None)
        if first is not None:
            return self._again(member, first)
        states = [ref.take(self._loaded) for ref in member.refs]
        *results, facts = member.rule(*states)
        changed = self._changed(member.refs, results)
        touched = {**self._loaded, **{address: kept for address, (_, kept) in changed.items()}}
        version = touched[member.refs[0].addresses[0]].version if member.refs else 0
        body = member.reply(*results).model_dump_json() if member.reply else ""
        answer = Answer(body=body, version=version, states=tuple(results))
        if member.keeps:
            self._keep(member, changed, facts, answer)
        self._witness(member, "done", results)
        return answer

    def _again(self, member: Member, first: Document) -> Answer:
        known, cause = first["fingerprint"], member.cause
        if None not in (known, cause.fingerprint) and known not in (  # earlier versions noted none of facts
            cause.fingerprint,
            *cause.former_fingerprints,
        ):
            raise KeyReused
        self._witness(member, "repeated", ())
        return Answer(body=first["body"], version=first["version"], repeated=True)

    def _changed(
        self, refs: Sequence[Ref[Any]], results: Sequence[Any]
    ) -> dict[Address, tuple[Collection[Any], Loaded]]:
        changed: dict[Address, tuple[Collection[Any], Loaded]] = {}
        for ref, result in zip(refs, results, strict=True):
            for address, state in zip(ref.addresses, ref.given(result), strict=True):
                before = self._loaded[address]
                if state is not before.state:
                    if before.schema > ref.collection.schema:
                        raise WrittenByNewer(ref.collection.noun)
                    changed[address] = (ref.collection, Loaded(state, before.version + 1))
        return changed

    def _keep(
        self,
        member: Member,
        changed: dict[Address, tuple[Collection[Any], Loaded]],
        facts: Sequence[Fact],
        answer: Answer,
    ) -> None:
        self.writes.states.update(changed)
        self._loaded.update({address: kept for address, (_, kept) in changed.items()})
        cause = member.cause
        for number, fact in enumerate(facts):
            message_id = _message_id(self._service, cause.key, number)
            self.writes.outbox.append(
                row_of(fact, message_id, service=self._service, cause=cause, at=self._at)
            )
        if cause.key is not None:
            row: Document = {
                "_id": cause.key,
                "at": moment_text(self._at),
                "fingerprint": cause.fingerprint,
                "body": answer.body,
                "version": answer.version,
            }
            self.writes.inbox.append(row)
            self._known[cause.key] = row

    def _witness(self, member: Member, outcome: str, states: Sequence[Any]) -> None:
        entry = member.cause.entry
        if entry is None:
            return
        seen = entry.patient_refs or _patients_of(states or [self._seen(ref) for ref in member.refs])
        self.witnessed.append(Witnessed(entry, outcome, tuple(seen)))

    def _seen(self, ref: Ref[Any]) -> Any:
        return tuple(self._loaded[address].state for address in ref.addresses)


def _patients_of(states: Sequence[Any]) -> dict[str, None]:
    """Find whom the states are about: every state about a patient has a `patient_ref`."""
    flat = [each for state in states for each in (state if isinstance(state, tuple) else (state,))]
    return dict.fromkeys(each.patient_ref for each in flat if getattr(each, "patient_ref", None))


def _message_id(service: str, key: str | None, number: int) -> str:
    """The same cause gives the same facts the same ids; without a key each publication has its own."""
    return str(uuid.uuid5(MESSAGE_IDS, f"{service}|{key}|{number}") if key else uuid.uuid4())


def _keys(member: Member) -> tuple[str, ...]:
    return member.cause.keys if member.keeps else ()


def _wanted(group: Sequence[Member]) -> dict[Collection[Any], list[str]]:
    wanted: dict[Collection[Any], dict[str, None]] = defaultdict(dict)
    for member in group:
        for ref in member.refs:
            wanted[ref.collection].update(dict.fromkeys(ref.ids))
    return {collection: list(ids) for collection, ids in wanted.items()}


def _outcome_of(refused: Exception) -> str:
    return f"refused: {refused.rule}" if isinstance(refused, Refused) else "not found"


def _give_outcome(member: Member, outcome: Outcome) -> None:
    if isinstance(outcome, Exception):
        give_error(member.done, outcome)
    elif not member.done.done():
        member.done.set_result(outcome)
