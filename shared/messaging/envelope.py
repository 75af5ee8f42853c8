"""Writes and reads messages: one fact with its attributes in headers, or several facts in one body."""

import hashlib
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from itertools import chain
from typing import Annotated, Any

import orjson
from aio_pika.abc import AbstractIncomingMessage
from pamqp.commands import Basic
from pydantic import BaseModel, Field, StringConstraints, TypeAdapter
from pydantic_core import from_json, to_json

from shared.distributors import sender_of
from shared.messaging.amqp import unreadable_in
from shared.repository.codec import Document

TOGETHER = "application/cloudevents-batch+json"
"""CloudEvents 1.0, JSON batch format."""
ALONE = "application/json"
MOST_TOGETHER = 32
MOST_BYTES = 256 * 1024
LARGEST_BODY = 1024 * 1024
"""Bytes of a message; ours are a thousand times smaller, and a database document is limited too."""
PERSISTENT = 2
LONGEST_WORD = 255
Word = Annotated[str, StringConstraints(max_length=LONGEST_WORD)]


@dataclass(frozen=True)
class Envelope:
    """One message to the broker, confirmed as one."""

    rows: Sequence[Document]
    body: bytes
    properties: Basic.Properties

    @property
    def exchange(self) -> str:
        return str(self.rows[0]["exchange"])

    @property
    def routing_key(self) -> str:
        return str(self.rows[0]["routing_key"])


@dataclass(frozen=True)
class Message:
    """A fact as it came, not checked yet.

    A partner's message is identified by its sender, its id and its content (decision 0042).
    """

    body: bytes
    message_id: str | None = None
    topic: str | None = None
    traceparent: str | None = None
    cause: str | None = None
    """The cause of its publication, for the log."""
    told_at: datetime | None = None
    sender: str | None = None
    """The routing key of a partner's message; None when it was put into our queue directly."""
    user_id: str | None = None
    """The account that published it, where it says so; the broker has compared it."""
    unreadable: str | None = None
    """The properties that could not be read."""

    @property
    def distributor(self) -> str | None:
        """The distributor whose reply it is; None when an operator put it into the queue directly."""
        return None if self.sender is None else sender_of(self.sender, self.user_id)

    @property
    def identity(self) -> str:
        """Its id, or the hash of its body: the same content twice is one message."""
        return self.message_id or hashlib.sha256(self.body).hexdigest()

    @cached_property
    def said(self) -> Any:
        """Give the body as JSON; None when it is not JSON."""
        try:
            return from_json(self.body.removeprefix(BOM_UTF8)) if len(self.body) <= LARGEST_BODY else None
        except ValueError:
            return None

    @cached_property
    def content(self) -> str:
        """Hash the content, whatever its bytes: the same alone or in a batch."""
        try:
            words = orjson.dumps(self.said, option=orjson.OPT_SORT_KEYS)
        except TypeError:  # a number beyond 64 bits
            words = b""
        return hashlib.sha256(words if self.said is not None and words else self.body).hexdigest()

    def word(self, name: str) -> str | None:
        """Give a text of the body by its field name, if there is one."""
        said = self.said.get(name) if isinstance(self.said, dict) else None
        return said if isinstance(said, str) else None


def bundles_of(rows: Iterable[Document]) -> list[list[Document]]:
    """Put rows into messages: facts of one topic together; each message to a partner alone, as agreed."""
    alone: list[list[Document]] = []
    by_topic: dict[tuple[str, str], list[Document]] = {}
    for row in rows:
        if row["partner"]:
            alone.append([row])
        else:
            by_topic.setdefault((row["exchange"], row["routing_key"]), []).append(row)
    return [*alone, *chain.from_iterable(map(_parts, by_topic.values()))]


def envelope_of(bundle: Sequence[Document], body_of: Callable[[Document], bytes]) -> Envelope:
    """Make the message of a bundle; raises what `body_of` raises."""
    return _batcher(bundle) if len(bundle) > 1 else _alone(bundle[0], body_of(bundle[0]))


def messages_in(raw: AbstractIncomingMessage) -> list[Message]:
    """Give the facts of a message; one that says it holds several and cannot be read is given whole."""
    kind = (raw.content_type or "").partition(";")[0].strip().lower()
    if kind != TOGETHER or unreadable_in(raw.headers):
        return [message_of(raw)]
    whole = Message(raw.body, topic=raw.type)  # known by its body: the id is that of its first fact
    if len(raw.body) > LARGEST_BODY:
        return [whole]
    try:
        return [each.message for each in EVENTS.validate_json(raw.body)]
    except (ValueError, TypeError):
        return [whole]


def message_of(raw: AbstractIncomingMessage) -> Message:
    """Give what came as one fact."""
    traceparent = raw.headers.get("traceparent")
    return Message(
        body=raw.body,
        message_id=raw.message_id,
        topic=raw.type,
        traceparent=str(traceparent) if traceparent else None,
        cause=raw.correlation_id,
        told_at=told_at(raw.headers.get("cloudEvents:time")),
        unreadable=unreadable_in(raw.headers),
    )


def partner_message_of(raw: AbstractIncomingMessage) -> Message:
    """Give a partner's message, with the id of AMQP or else of the body."""
    message = message_of(raw)
    said_id = message.message_id or (message.word("message_id") or "")[:LONGEST_WORD] or None
    sender = raw.routing_key if raw.exchange else None
    return replace(message, message_id=said_id, sender=sender, user_id=raw.user_id)


def told_at(said: object) -> datetime | None:
    """Read when the publisher committed it; None when that is missing or unreadable."""
    try:
        moment = datetime.fromisoformat(str(said))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


class Event(BaseModel):
    """A fact in a batch; its texts are as short as a property of the broker may be."""

    id: Word
    type: Word
    time: Word
    data: Any
    cause: Word | None = None
    traceparent: Word | None = None

    @property
    def message(self) -> Message:
        return Message(
            body=to_json(self.data, inf_nan_mode="constants"),
            message_id=self.id,
            topic=self.type,
            traceparent=self.traceparent,
            cause=self.cause,
            told_at=told_at(self.time),
        )


EVENTS = TypeAdapter(Annotated[list[Event], Field(max_length=MOST_TOGETHER)])


def _parts(rows: Sequence[Document]) -> Iterator[list[Document]]:
    part: list[Document] = []
    size = 0
    for row in rows:
        of_this = len(row["body"].encode())
        if part and (len(part) == MOST_TOGETHER or size + of_this > MOST_BYTES):
            yield part
            part, size = [], 0
        part.append(row)
        size += of_this
    yield part


def _alone(row: Document, body: bytes) -> Envelope:
    properties = Basic.Properties(
        message_id=row["_id"],
        message_type=row["topic"],
        app_id=row["source"],
        correlation_id=row["cause"],
        content_type=ALONE,
        timestamp=datetime.fromisoformat(row["committed_at"]),
        delivery_mode=PERSISTENT,
        headers={**{f"cloudEvents:{name}": said for name, said in _attributes(row)}, **_extensions(row)},
    )
    return Envelope([row], body, properties)


def _batcher(rows: Sequence[Document]) -> Envelope:
    first = rows[0]
    events = [
        {
            **dict(_attributes(row)),
            **_extensions(row),
            "cause": row["cause"],
            "data": orjson.Fragment(row["body"]),
        }
        for row in rows
    ]
    properties = Basic.Properties(
        message_id=first["_id"],
        message_type=first["topic"],
        app_id=first["source"],
        content_type=TOGETHER,
        delivery_mode=PERSISTENT,
    )
    return Envelope(rows, orjson.dumps(events), properties)


def _attributes(row: Document) -> Iterator[tuple[str, str]]:
    """The attributes of CloudEvents 1.0, in either form."""
    yield "specversion", "1.0"
    yield "id", row["_id"]
    yield "type", row["topic"]
    yield "source", f"/oppna-sesam/{row['source']}"
    yield "subject", row["subject"]
    yield "time", row["committed_at"]
    yield "datacontenttype", "application/json"


def _extensions(row: Document) -> dict[str, Any]:
    known = {"aggregateversion": row["aggregate_version"], "traceparent": row["traceparent"]}
    return {name: said for name, said in known.items() if said is not None and said != ""}
