"""Invoicing's answers that come as files in the folder of the day's files."""

import asyncio
from functools import partial
from hashlib import sha256

from services.billing.domain.ack_file import AckFile, Answered, Unreadable, note_ack_file, read_ack
from services.billing.repository.batches import Batches
from services.billing.repository.files import Files
from services.billing.repository.ledger import Ledger
from shared.clock import Clock
from shared.domain.decision import NotFound
from shared.fault import fault
from shared.repository import Cause, Collection, Repository

ACK_FILES = Collection("ack_files", AckFile)


class Answers:
    """Reads each answer once, wholly or not at all; a repeated reading does nothing twice."""

    def __init__(
        self, repository: Repository, clock: Clock, *, files: Files, batches: Batches, ledger: Ledger
    ) -> None:
        self._repository = repository
        self._clock = clock
        self._files = files
        self._batches = batches
        self._ledger = ledger

    async def read_all(self) -> None:
        for name, content in await asyncio.to_thread(lambda: list(self._files.answers())):
            await self._read(name, content)

    async def _read(self, name: str, content: bytes) -> None:
        digest = sha256(content).hexdigest()
        known = await self._repository.get(ACK_FILES.maybe(name))
        if known and known.sha256 == digest and known.fault:
            return
        trouble: str | None = None
        try:
            answered = read_ack(name, content, at=self._clock.now())
            await self._batches.get(answered.batch_id)
        except Unreadable as unreadable:
            trouble = str(unreadable)
        except NotFound:
            trouble = "no such batch"
        else:
            await self._believe(answered, digest)
        seen = AckFile(name, digest, self._clock.now(), trouble)
        await fault("answers.before_note")
        await self._repository.change(
            ACK_FILES.maybe(name), partial(note_ack_file, seen=seen), cause=Cause(key=None)
        )
        if trouble is None:
            await fault("answers.before_put_away")
            known_as = f"{name.removesuffix('.jsonl')}.{digest[:12]}.jsonl"
            await asyncio.to_thread(self._files.put_away, name, known_as=known_as)

    async def _believe(self, answered: Answered, digest: str) -> None:
        await fault("answers.before_rows")
        for number, heard in enumerate(answered.rows):
            await self._ledger.acknowledge(heard, cause=Cause.of_job("ack-file", digest, str(number)))
            await fault("answers.after_row")
        # without a key: the same words after a file was sent again are a new answer
        await self._batches.answer(answered.batch_id, answered.head, cause=Cause(key=None))
