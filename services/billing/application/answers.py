"""Reads invoicing's answer files from the folder of the day's files."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path

from services.billing.application.batches import Batches
from services.billing.application.ledger import Ledger
from services.billing.domain.files.ack_file import (
    KIND,
    AckFile,
    Answered,
    Unreadable,
    demand_total,
    note_ack_file,
    read_ack,
)
from services.billing.gateways.inbox_folder import Dropped, InboxFolder, StillWritten
from services.billing.repository.collections import ACK_FILES, FEES
from shared.clock import Clock
from shared.domain.decision import NotFound
from shared.fault import fault
from shared.repository import Cause, Repository
from shared.service.apart import each_for_itself

WITHOUT_TRAILER = timedelta(minutes=1)
"""A file that does not say where it ends counts as whole when nobody has written to it for so long."""


class Answers:
    """Reads each answer once, wholly or not at all; a repeated reading does nothing twice."""

    def __init__(
        self, repository: Repository, clock: Clock, folder: Path, *, batches: Batches, ledger: Ledger
    ) -> None:
        self._repository = repository
        self._clock = clock
        self._folder = InboxFolder(folder, KIND)
        self._batches = batches
        self._ledger = ledger

    async def read_all(self) -> None:
        """Look at every file for itself: one that cannot be read holds up no other."""
        settled = await asyncio.to_thread(self._folder.settled, now=self._clock.now())
        await each_for_itself(self._repository, settled, self._read)

    async def _read(self, dropped: Dropped) -> None:
        digest = "unread"
        try:
            content = await asyncio.to_thread(self._folder.read, dropped)
            digest = sha256(content).hexdigest()
            answered = read_ack(dropped.name, content, at=self._clock.now())
            if not answered.trailer and dropped.unchanged_for < WITHOUT_TRAILER:
                return
            await self._demand_batch(answered)
        except StillWritten:
            return
        except Unreadable as unreadable:
            await self._note(dropped, digest, unreadable)
            self._folder.leave(dropped)
            return
        await self._believe(answered, digest)
        await self._note(dropped, digest)
        await fault("answers.before_put_away")
        known_as = f"{dropped.name.removesuffix('.jsonl')}.{digest[:12]}.jsonl"
        await asyncio.to_thread(self._folder.put_away, dropped, known_as=known_as)

    async def _demand_batch(self, answered: Answered) -> None:
        try:
            batch = await self._batches.queries.get(answered.batch_id)
        except NotFound as unknown:
            raise Unreadable("answer-of-no-file-of-ours") from unknown
        named = list(dict.fromkeys(each.event_id for each in answered.rows))
        fees = await self._repository.get(FEES.maybe_many(named))
        demand_total(answered, batch, [fee for fee in fees if fee])

    async def _note(self, dropped: Dropped, digest: str, unreadable: Unreadable | None = None) -> None:
        seen = AckFile(dropped.name, digest, self._clock.now())
        if unreadable:
            seen = replace(seen, fault=unreadable.fault, details=unreadable.details)
        await fault("answers.before_note")
        rule = partial(note_ack_file, seen=seen)
        await self._repository.change(ACK_FILES.maybe(dropped.name), rule, cause=Cause(key=None))

    async def _believe(self, answered: Answered, digest: str) -> None:
        await fault("answers.before_rows")
        for number, heard in enumerate(answered.rows):
            await self._ledger.acknowledge(heard, cause=Cause.of_job("ack-file", digest, str(number)))
            await fault("answers.after_row")
        # without a key: the same words after a file was sent again are a new answer
        await self._batches.answer(answered.batch_id, answered.head, cause=Cause(key=None))
