"""Twelve planted bugs, each the mistake that some system was known for: a trial must catch every one.

They are put into a process at its birth, so that the code which is delivered carries none of them.
"""

import asyncio
import os
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from time import monotonic
from types import MappingProxyType, SimpleNamespace
from typing import Any

from faststream import AckPolicy
from pymongo.errors import OperationFailure

import shared.messaging.broker
from services.billing.gateways import files
from services.notification.application import sending
from services.notification.application.asking import Reachable
from services.notification.application.messages import Messages
from services.notification.domain import message as notices
from services.notification.repository.collections import MESSAGES
from shared.fault import fault_in_thread
from shared.messaging.acks import Acks
from shared.messaging.consuming import Dispatcher, Subscription
from shared.messaging.envelope import Envelope, Message
from shared.messaging.publisher import Publisher
from shared.messaging.relay import Relay
from shared.repository import Cause
from shared.repository.codec import Document
from shared.repository.mongo.transaction import MongoTransaction
from shared.repository.writes import Writes

Change = Callable[[], None]
TIME_TO_LIVE_SECONDS = 1.0


def acknowledge_before_commit() -> None:
    first = SimpleNamespace(MANUAL=AckPolicy.ACK_FIRST)
    shared.messaging.broker.AckPolicy = first  # type: ignore[assignment,attr-defined]

    async def acknowledged_already(*_: Any) -> None:
        pass

    Acks.ended = acknowledged_already  # type: ignore[assignment,method-assign]


def inbox_outside_the_transaction() -> None:
    write = MongoTransaction.write

    def planted(self: MongoTransaction, writes: Writes) -> None:
        for row in writes.inbox:
            mark = {"_id": row["_id"]}
            self._database["inbox"].update_one(mark, {"$setOnInsert": row}, upsert=True)
        write(self, replace(writes, inbox=[]))

    MongoTransaction.write = planted  # type: ignore[method-assign]


def count_a_returned_message_as_told() -> None:
    publish = Publisher.publish

    async def planted(self: Publisher, envelope: Envelope) -> bool:
        await publish(self, envelope)
        return True

    Publisher.publish = planted  # type: ignore[method-assign]


def mark_before_confirmation() -> None:
    publish = Relay.publish

    async def planted(self: Relay, rows: Sequence[Document]) -> None:
        await self._backend.outbox.mark_published([row["_id"] for row in rows], at=self._clock.now())
        await publish(self, rows)

    Relay.publish = planted  # type: ignore[method-assign]


def write_the_file_in_place() -> None:
    def planted(self: files.Files, name: str, content: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path: Path = self._folder / name
        if path.exists():
            return
        half = len(content) // 2
        with path.open("wb", buffering=0) as file:
            file.write(content[:half])
            fault_in_thread("export.after_write")
            file.write(content[half:])

    files.Files.keep = planted  # type: ignore[method-assign]


def let_the_inbox_hold_anything_twice() -> None:
    """What a missing unique index does: nobody notices that the cause was there before."""
    write, read = MongoTransaction.write, MongoTransaction.read

    def nothing_known(self: MongoTransaction, keys: Sequence[str], wanted: Any) -> Any:
        return read(self, keys[:0], wanted)

    def planted(self: MongoTransaction, writes: Writes) -> None:
        marks = [{**row, "_id": f"{row['_id']}#{uuid.uuid4()}"} for row in writes.inbox]
        write(self, replace(writes, inbox=marks))

    MongoTransaction.read = nothing_known  # type: ignore[method-assign]
    MongoTransaction.write = planted  # type: ignore[method-assign]


def ask_early_whether_a_patient_may_be_told() -> None:
    async def planted(*_: Any) -> Reachable:
        return Reachable(may_be_told=True)

    sending.Sending._reachable = planted  # type: ignore[assignment,method-assign]  # noqa: SLF001


def let_a_zombie_claim() -> None:
    """A lease without fencing: a process that continues late works although its lease has ended."""
    claim = Messages.claim

    async def planted(self: Messages, message: notices.Message, *, attempt: str) -> notices.Message:
        believed = replace(message, attempt=attempt, attempted_at=self._clock.now())
        return await claim(self, message, attempt=attempt) or believed

    Messages.claim = planted  # type: ignore[method-assign]


def swallow_a_failed_write() -> None:
    write = MongoTransaction.write

    def planted(self: MongoTransaction, writes: Writes) -> None:
        try:
            write(self, writes)
        except OperationFailure:
            self._session.abort_transaction()
            self._session.start_transaction()

    MongoTransaction.write = planted  # type: ignore[method-assign]


def throw_a_failing_message_back() -> None:
    async def planted(
        _self: Dispatcher, _ear: Subscription, _message: Message, failure: Exception, **_: Any
    ) -> None:
        await asyncio.sleep(0.2)
        raise failure

    Dispatcher._note_failure = planted  # type: ignore[method-assign,assignment]  # noqa: SLF001


def forget_the_inbox_after_a_second() -> None:
    read = MongoTransaction.read

    def planted(self: MongoTransaction, keys: Sequence[str], wanted: Any) -> Any:
        old = {"_id": {"$in": list(keys)}, "seen_by": {"$lt": monotonic()}}
        self._database["inbox"].delete_many(old)
        mark = {"$set": {"seen_by": monotonic() + TIME_TO_LIVE_SECONDS}}
        rows = {"_id": {"$in": list(keys)}, "seen_by": {"$exists": False}}
        self._database["inbox"].update_many(rows, mark)
        return read(self, keys, wanted)

    MongoTransaction.read = planted  # type: ignore[method-assign]


def send_an_unknown_message_again() -> None:
    def again(message: notices.Message, *, at: datetime) -> Any:
        return replace(message, state="due", due_at=at, attempted_at=None), []

    async def planted(self: Messages, message: notices.Message) -> None:
        rule, cause = partial(again, at=self._clock.now()), Cause(key=None)
        await self._repository.change(MESSAGES.ref(message.message_id), rule, cause=cause)

    Messages.break_off = planted  # type: ignore[method-assign]


BUGS: Mapping[str, Change] = MappingProxyType(
    {
        each.__name__: each
        for each in (
            acknowledge_before_commit,
            inbox_outside_the_transaction,
            count_a_returned_message_as_told,
            mark_before_confirmation,
            write_the_file_in_place,
            let_the_inbox_hold_anything_twice,
            ask_early_whether_a_patient_may_be_told,
            let_a_zombie_claim,
            swallow_a_failed_write,
            throw_a_failing_message_back,
            forget_the_inbox_after_a_second,
            send_an_unknown_message_again,
        )
    }
)


def plant(bug: str) -> None:
    """Put a bug into this process; raises KeyError when there is none of that name."""
    BUGS[bug]()
    os.environ["SESAM_PLANTED"] = bug
