"""Publishes outbox rows after each commit until the broker confirms, and rows that killed processes left."""

import asyncio
import uuid
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any, Literal

import orjson
import structlog
from aiormq.exceptions import AMQPError

from shared.clock import Clock
from shared.fault import fault
from shared.messaging.amqp import DEAD_LETTERS
from shared.messaging.envelope import bundles_of, envelope_of
from shared.messaging.publisher import Publisher
from shared.messaging.returned import Returned, WhenSetAside
from shared.repository.backend import Backend
from shared.repository.moments import Document, moment_of
from shared.sealed import Seals

BATCH = 256
MOST_WAITING = 10_000
MARK_EVERY_SECONDS = 0.05
"""Seconds between two markings; a killed process's last facts are published once more, with their ids."""
ORPHAN_SECONDS = 2.0
REFILLED_FOR = timedelta(days=30)
FORGET_EVERY_SECONDS = 3600
FORGOTTEN_AT_ONCE = 1000
EVER = datetime.max.replace(tzinfo=UTC)
LEASE_SECONDS = 5.0
FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 5.0

log = structlog.get_logger()

Outcome = Literal["published", "unroutable", "failed", "timeout"]


class Relay:
    """One per replica; the holder of the lease sweeps: it publishes what killed processes left."""

    def __init__(
        self,
        backend: Backend,
        seals: Seals,
        clock: Clock,
        *,
        events: Publisher,
        partners: Publisher,
        when_set_aside: WhenSetAside | None = None,
    ) -> None:
        self._backend = backend
        self._seals = seals
        self._clock = clock
        self._events = events
        self._partners = partners
        self._waiting: asyncio.Queue[Document] = asyncio.Queue(MOST_WAITING)
        self._published: asyncio.Queue[str] = asyncio.Queue()
        self._returned = Returned(backend, clock, when_set_aside)
        self._in_hand: dict[str, float] = {}
        self._seen: dict[str, float] = {}
        self._holder = str(uuid.uuid4())
        self._holds_lease = False
        self._forgets_at = 0.0
        self.counts = {
            "published": 0,
            "unroutable": 0,
            "failed": 0,
            "timeout": 0,
            "set_aside": 0,
            "lease_lost": 0,
        }

    async def dead_letters(self) -> dict[str, int]:
        """Count what the broker gave up delivering; a bus that does not answer has no number."""
        counted: dict[str, int] = {}
        for bus, publisher in (("events", self._events), ("partners", self._partners)):
            with suppress(AMQPError, OSError, TimeoutError):
                counted[bus] = await publisher.depth_of(DEAD_LETTERS)
        return counted

    def wake(self, rows: Sequence[Document]) -> None:
        """Take new rows; those that do not fit are found by the sweep."""
        for row in rows:
            if self._waiting.full():
                self._in_hand.pop(row["_id"], None)
            else:
                self._in_hand[row["_id"]] = self._in_hand.get(row["_id"], FIRST_PAUSE_SECONDS)
                self._waiting.put_nowait(row)

    async def run(self) -> None:
        """Publish and mark at the same time: nothing new waits for the marking of what was published."""
        # when one of them ends, even cancelled, all end
        await asyncio.gather(self._publish_waiting(), self._mark_published(), self._set_aside())

    async def _publish_waiting(self) -> None:
        while True:
            rows = [await self._waiting.get()]
            while len(rows) < BATCH and not self._waiting.empty():
                rows.append(self._waiting.get_nowait())
            await self.publish(rows)

    async def sweep(self, every_seconds: float) -> None:
        """Publish what killed processes left, at start and then again and again, while holding the lease."""
        while True:
            try:
                await fault("sweep.before_lease")
                held = await self._backend.lease("relay", self._holder, seconds=LEASE_SECONDS)
                await fault("sweep.after_lease")
                self._note_lease(holds=held is not None)
                if held is not None:
                    waiting = await self._backend.outbox.unpublished(before=EVER, limit=BATCH * 4)
                    await self._adopt(self._orphans(waiting))
                    await self._forget_old()
            except Exception as failure:  # noqa: BLE001  the sweep must outlive a broken database
                log.warning("sweep failed", error=type(failure).__name__)
            await asyncio.sleep(every_seconds)

    async def _forget_old(self) -> None:
        """Remove what was published a month ago: so far back a broker can be refilled, and no further."""
        if monotonic() >= self._forgets_at:
            before = self._clock.now() - REFILLED_FOR
            removed = await self._backend.outbox.forget_published(before=before, limit=FORGOTTEN_AT_ONCE)
            self._forgets_at = monotonic() + (FORGET_EVERY_SECONDS if removed < FORGOTTEN_AT_ONCE else 0)

    def _note_lease(self, *, holds: bool) -> None:
        self.counts["lease_lost"] += self._holds_lease and not holds
        self._holds_lease = holds

    def _orphans(self, waiting: Sequence[Document]) -> list[Document]:
        """Choose rows that are old by the clock or were seen waiting: a clock may have been set back."""
        before, now = self._clock.now() - timedelta(seconds=ORPHAN_SECONDS), monotonic()
        self._seen = {row["_id"]: self._seen.get(row["_id"], now) for row in waiting}
        return [
            row
            for row in waiting
            if row["_id"] not in self._in_hand
            and (moment_of(row["committed_at"]) <= before or now - self._seen[row["_id"]] >= ORPHAN_SECONDS)
        ]

    async def _adopt(self, orphans: Sequence[Document]) -> None:
        if orphans:
            await fault("sweep.with_orphans")
            self.wake(orphans)

    async def publish(self, rows: Sequence[Document]) -> None:
        """Publish a batch: what was acknowledged waits to be marked, the rest comes back after a pause."""
        bundles = bundles_of(rows)
        outcomes = await asyncio.gather(*(self._publish(each) for each in bundles))
        for bundle, outcome in zip(bundles, outcomes, strict=True):
            self.counts[outcome] += len(bundle)
            for row in bundle:
                self._follow(row, outcome)

    def _follow(self, row: Document, outcome: Outcome) -> None:
        if outcome == "published":
            self._returned.forget(row["_id"])
            self._published.put_nowait(row["_id"])
        elif outcome != "unroutable" or not self._returned.is_given_up(row):
            self._again_later(row)

    async def _set_aside(self) -> None:
        while True:
            row, is_done = await self._returned.next_set_aside()
            if is_done:
                self.counts["set_aside"] += 1
                self._in_hand.pop(row["_id"], None)
            else:
                self._again_later(row)

    async def _mark_published(self) -> None:
        while True:
            first = await self._published.get()
            await self._mark([first, *_all_of(self._published)])
            await asyncio.sleep(MARK_EVERY_SECONDS)

    async def flush(self) -> None:
        """Mark what is left; unmarked rows would be published once more."""
        if ids := _all_of(self._published):
            await self._mark(ids)

    async def _mark(self, ids: list[str]) -> None:
        try:
            await fault("relay.before_mark")
            await self._backend.outbox.mark_published(ids, at=self._clock.now())
            await fault("relay.after_mark")
        except asyncio.CancelledError:
            for each in ids:
                self._published.put_nowait(each)  # for the flush
            raise
        except Exception as failure:  # noqa: BLE001  unmarked rows are published once more: consumers know them
            log.warning("not marked", error=type(failure).__name__, count=len(ids))
        for each in ids:
            self._in_hand.pop(each, None)

    def _again_later(self, row: Document) -> None:
        pause = self._in_hand.get(row["_id"], FIRST_PAUSE_SECONDS)
        self._in_hand[row["_id"]] = min(pause * 2, LONGEST_PAUSE_SECONDS)
        asyncio.get_running_loop().call_later(pause, self.wake, [row])

    async def _publish(self, bundle: Sequence[Document]) -> Outcome:
        row = bundle[0]
        try:
            publisher = self._partners if row["partner"] else self._events
            envelope = envelope_of(bundle, self._body)
            await fault("relay.before_publish")
            published = await publisher.publish(envelope)
            await fault("relay.after_confirm")
        except (Exception, asyncio.CancelledError) as failure:
            if _is_being_cancelled():  # else a dying connection cancelled what it still owed us
                raise
            log.warning("not told", topic=row["topic"], message_id=row["_id"], error=type(failure).__name__)
            return "timeout" if isinstance(failure, TimeoutError) else "failed"
        if published:
            return "published"
        log.error("unroutable", topic=row["topic"], message_id=row["_id"], exchange=row["exchange"])
        return "unroutable"

    def _body(self, row: Document) -> bytes:
        """Personal fields are opened for partners only, here and nowhere before."""
        if not row["partner"]:
            return str(row["body"]).encode()
        opened: dict[str, Any] = self._seals.open_all(orjson.loads(row["body"]))
        return orjson.dumps({"message_id": row["_id"], **opened})


def _is_being_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _all_of(waiting: "asyncio.Queue[str]") -> list[str]:
    return [waiting.get_nowait() for _ in range(waiting.qsize())]
