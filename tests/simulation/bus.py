"""The broker and what hangs on it: queues that lose nothing by themselves, and are as unkind as they may."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import count
from types import SimpleNamespace
from typing import Any

import aio_pika

from shared.messaging.envelope import Envelope
from shared.repository.codec import Document
from tests.simulation.process import Process


class ConnectionLost(Exception):
    """The broker was not reached, or its answer was lost."""


@dataclass(eq=False)
class Delivery:
    """A message in a queue."""

    number: int
    queue: str
    message: aio_pika.Message
    sent_to: tuple[str, str] = ("", "")
    """Exchange and routing key: by these a partner is known."""
    holder: Process | None = None
    """The process that has it and has not acknowledged it."""


@dataclass(eq=False)
class Channel:
    """The way of one delivery to its consumer and back."""

    ack: Callable[[], Awaitable[None]]

    async def basic_ack(self, _tag: int, **_: bool) -> None:
        await self.ack()


@dataclass
class Bus:
    """One broker with both virtual hosts; what partners get goes to `partners`."""

    partners: Callable[[Document, bytes], bool]
    queues: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """By routing key; what is told and nobody hears has a queue that nobody reads."""
    envelopes: list[Delivery] = field(default_factory=list)
    loses_acks: int = 0
    loses_confirms: int = 0
    refuses: int = 0
    copies: int = 1
    """So often every message lies in each queue that wants it."""
    numbers: Any = field(default_factory=lambda: count(1))

    @property
    def waiting(self) -> list[Delivery]:
        return [each for each in self.envelopes if each.holder is None]

    def take(self, letter: Envelope) -> bool:
        """Take what was published to every queue that wants it; False for a topic that nobody knows."""
        if letter.rows[0]["partner"]:
            return self.partners(letter.rows[0], letter.body)
        queues = self.queues.get(letter.routing_key)
        for queue in queues or ():
            for _ in range(self.copies):
                self.put(queue, _delivered(letter))
        return queues is not None

    def put(self, queue: str, message: aio_pika.Message, sent_to: tuple[str, str] = ("", "")) -> None:
        self.envelopes.append(Delivery(next(self.numbers), queue, message, sent_to))

    def duplicate(self, envelope: Delivery) -> None:
        """The same message once more, as after a lost confirm."""
        self.put(envelope.queue, envelope.message, envelope.sent_to)

    def hand_over(self, envelope: Delivery, process: Process) -> Any:
        """Give a message to a consumer, as FastStream shows it."""
        envelope.holder = process

        async def ack() -> None:
            await process.gate("ack")
            if self.loses_acks:
                self.loses_acks -= 1
                self.take_back(envelope)
            elif envelope.holder is process and envelope in self.envelopes:
                self.envelopes.remove(envelope)

        kept = envelope.message
        raw = SimpleNamespace(
            body=kept.body,
            message_id=kept.message_id,
            type=kept.type,
            content_type=kept.content_type,
            headers=kept.headers,
            correlation_id=kept.correlation_id,
            channel=Channel(ack),
            delivery_tag=1,
            exchange=envelope.sent_to[0],
            routing_key=envelope.sent_to[1],
            user_id=None,
        )
        return SimpleNamespace(raw_message=raw)

    def take_back(self, envelope: Delivery) -> None:
        """The consumer's connection is gone: somebody else gets the message."""
        envelope.holder = None

    def lose(self, process: Process) -> None:
        for each in self.envelopes:
            if each.holder is process:
                self.take_back(each)


class Wire:
    """A relay's connection (stands for `shared.messaging.publisher.Publisher`)."""

    def __init__(self, bus: Bus, process: Process) -> None:
        self._bus = bus
        self._process = process

    async def publish(self, letter: Envelope) -> bool:
        await self._process.gate("publish")
        if self._bus.refuses:
            self._bus.refuses -= 1
            raise ConnectionLost
        taken = self._bus.take(letter)
        if self._bus.loses_confirms:
            self._bus.loses_confirms -= 1
            raise ConnectionLost
        await self._process.gate("confirm")
        return taken


def _delivered(letter: Envelope) -> aio_pika.Message:
    """Give what was published as its consumer gets it."""
    said = letter.properties
    return aio_pika.Message(
        letter.body,
        headers=said.headers,
        content_type=said.content_type,
        message_id=said.message_id,
        type=said.message_type,
        correlation_id=said.correlation_id,
    )
