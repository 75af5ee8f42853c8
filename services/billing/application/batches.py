"""Closes the day into a batch, and writes its file, each time with the same bytes."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Literal

from pydantic import BaseModel

from services.billing.domain.fees.ledger import Fee, event_of
from services.billing.domain.files.batch import (
    CLOSES_AT,
    Batch,
    NothingToClose,
    answer_batch,
    batch_id_of,
    freeze,
    hashes_of,
    mark_written,
    render,
    send_again,
    watch_batch,
)
from services.billing.domain.files.deadline import Deadline, set_next
from services.billing.gateways.files import Files
from services.billing.repository.batches import BatchQueries
from services.billing.repository.collections import BATCHES, DEADLINES, FEES
from services.billing.repository.fees import FeeQueries
from shared.clock import Clock
from shared.domain.decision import Refused
from shared.fault import fault
from shared.partners import FeeEvent
from shared.repository import Answer, Asking, Cause, Entry, Repository
from shared.sealed import Seals
from shared.service.apart import each_for_itself

DAILY = "daily-file"
ITSELF = Entry(actor="service:billing", action="billing.daily_file")

Reply = Callable[[Batch | None, tuple[Fee, ...]], BaseModel]
Shape = Callable[[Batch, Sequence[FeeEvent]], bytes]
"""Another shape of the day's file; raises Refused rather than change a character."""
NO_OTHER_SHAPE: Mapping[str, Shape] = MappingProxyType({})


class Batches:
    """Closes the day, and puts each file into its folder."""

    def __init__(
        self,
        repository: Repository,
        clock: Clock,
        seals: Seals,
        files: Files,
        *,
        shapes: Mapping[str, Shape] = NO_OTHER_SHAPE,
    ) -> None:
        self._repository = repository
        self._clock = clock
        self._seals = seals
        self._files = files
        self._shapes = shapes
        self._fees = FeeQueries(repository)
        self.queries = BatchQueries(repository)

    async def close(self, *, cause: Cause, reply: Reply | None = None) -> Answer:
        """Freeze the oldest entries that wait, at most 500 in a file; raises NothingToClose."""
        waiting = await self._fees.waiting_for_file()
        batch_id = await self._next_id()
        rule = partial(freeze, batch_id=batch_id, at=self._clock.now())
        refs = BATCHES.maybe(batch_id) & FEES.many([fee.event_id for fee in waiting])
        await fault("close.before_freeze")
        answer = await self._repository.change(refs, rule, cause=cause, reply=reply)
        await fault("close.after_freeze")
        return answer

    async def close_when_due(self) -> None:
        """Close the day at its kept deadline: a restart neither forgets nor repeats one."""
        deadline = await self._repository.get(DEADLINES.maybe(DAILY))
        now = self._clock.now()
        if deadline and deadline.due_at <= now:
            await self._close_all(deadline)
            await fault("close.before_deadline")
        rule = partial(set_next, name=DAILY, now=now, local=CLOSES_AT)
        await self._repository.change(DEADLINES.maybe(DAILY), rule, cause=Cause(key=None))

    async def write_all(self) -> None:
        """Write what is frozen and not written yet, also what a killed process left."""
        unwritten = await self.queries.unwritten()
        await each_for_itself(self._repository, [batch.batch_id for batch in unwritten], self.write)

    async def write(self, batch_id: str) -> Batch:
        """Write a batch's file, again if need be; raises NotFound, and FileDiffers rather than change one."""
        batch = await self.queries.get(batch_id)
        fees = await self._repository.get(FEES.many(batch.event_ids))
        events = [self._opened(fee) for fee in fees]
        rendered = render(batch, events)
        copies, unfit = self._copies(batch, events)
        rule = partial(
            mark_written, rendered=rendered, copies=hashes_of(copies), unfit=unfit, at=self._clock.now()
        )
        await self._repository.preview(BATCHES.ref(batch_id), rule)
        await asyncio.to_thread(self._files.keep, batch.file_name, rendered.content)
        for ends, content in copies.items():
            await asyncio.to_thread(self._files.keep, batch.name_of(ends), content)
        await fault("export.before_mark")
        answer = await self._repository.change(BATCHES.ref(batch_id), rule, cause=Cause(key=None))
        await fault("export.after_mark")
        written: Batch = answer.states[0]
        return written

    async def answer(
        self,
        batch_id: str,
        answer: Literal["accepted", "rejected"],
        *,
        cause: Cause,
        reply: Callable[[Batch], BaseModel] | None = None,
    ) -> Answer:
        """Store what invoicing says of a whole file; raises NotFound (S46)."""
        rule = partial(answer_batch, answer=answer, at=self._clock.now())
        return await self._repository.change(BATCHES.ref(batch_id), rule, cause=cause, reply=reply)

    async def send_again(
        self, batch_id: str, *, cause: Cause, reply: Callable[[Batch, tuple[Fee, ...]], BaseModel]
    ) -> Answer:
        """Write the file again if it is gone, and send its unanswered entries again under their old names."""
        batch = await self.write(batch_id)
        refs = BATCHES.ref(batch_id) & FEES.many(batch.event_ids)
        rule = partial(send_again, at=self._clock.now())
        await fault("again.before_commit")
        answer = await self._repository.change(refs, rule, cause=cause, reply=reply)
        await fault("again.after_commit")
        return answer

    async def watch(self) -> None:
        """Raise an alarm for each file that nobody answers, and end those of the answered."""
        sent = await self.queries.unanswered()
        await each_for_itself(self._repository, sent, self._watch)

    async def _watch(self, batch: Batch) -> None:
        refs = BATCHES.ref(batch.batch_id) & FEES.many(batch.event_ids)
        rule = partial(watch_batch, at=self._clock.now())
        await fault("watch.before_commit")
        await self._repository.change(refs, rule, cause=Cause(key=None))
        await fault("watch.after_commit")

    async def as_of_now(self, batch: Batch) -> Batch:
        """Give a file as an answer that is overdue makes it, whether the alarm was raised yet or not."""
        if batch.over or batch.sent_at is None:
            return batch
        refs = BATCHES.ref(batch.batch_id) & FEES.many(batch.event_ids)
        seen: Batch
        seen, _ = await self._repository.preview(refs, partial(watch_batch, at=self._clock.now()))
        return seen

    async def note_export(self, batch_id: str, asked: Asking) -> None:
        """Audit whose identities are about to be written once more."""
        fees = await self._repository.get(FEES.many((await self.queries.get(batch_id)).event_ids))
        await self._repository.note(asked, [fee.patient_ref for fee in fees])

    async def _close_all(self, deadline: Deadline) -> None:
        for running in range(1, 1000):
            # the name of the deadline and the count make a repeated run after a crash do nothing twice
            cause = Cause.of_job("close", deadline.due_at.isoformat(), str(running))
            try:
                await self.close(cause=replace(cause, entry=ITSELF))
            except NothingToClose:
                return

    async def _next_id(self) -> str:
        today = self._clock.today()
        latest = await self.queries.latest_of(today)
        running = int(latest.batch_id[-4:]) + 1 if latest else 1
        return batch_id_of(today, running)

    def _copies(
        self, batch: Batch, events: Sequence[FeeEvent]
    ) -> tuple[dict[str, bytes], dict[str, Refused]]:
        """Write the other shapes that fit; one that does not is a person's work, and stops no other."""
        copies: dict[str, bytes] = {}
        unfit: dict[str, Refused] = {}
        for ends, shape in self._shapes.items():
            try:
                copies[ends] = shape(batch, events)
            except Refused as refused:
                unfit[ends] = refused
        return copies, unfit

    def _opened(self, fee: Fee) -> FeeEvent:
        event = event_of(fee)
        patient = event.patient.model_copy(update={"id": self._seals.open(event.patient.id)})
        return event.model_copy(update={"patient": patient})
