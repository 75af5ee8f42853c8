"""What every simulated partner on the bus does: connect, consume, answer, stop when asked."""

import argparse
import asyncio
import logging
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractExchange, AbstractIncomingMessage, AbstractRobustConnection
from aio_pika.exceptions import AMQPError, ChannelInvalidStateError
from pamqp.commands import Basic
from pamqp.common import FieldValue
from pydantic import ValidationError

from tools.demo.control import Control
from tools.demo.conversation import Conversations, Letter, Question, Send, Write
from tools.demo.journal import Journal
from tools.demo.settings import DemoSettings

AT_ONCE = 100
AGAIN_AFTER_SECONDS = 0.5
IN_MICROSECONDS = (1_767_225_600_000_000).to_bytes(8)

Take = Callable[[AbstractIncomingMessage], Awaitable[None]]


@dataclass(frozen=True)
class Door:
    """Where a peer's account gets in: its address, the queue it reads, the routing key of its answers."""

    url: str
    queue: str
    answers_with: str


@dataclass(frozen=True)
class Peer:
    """One outside party: where it gets in, the exchange it answers to, and how it reads and writes.

    `read` takes a message's body and the mode of the moment; it raises ValidationError when it cannot.
    """

    name: str
    doors: Callable[[DemoSettings], Sequence[Door]]
    answers_to: str
    read: Callable[[bytes, str], Question]
    write: Write


def start(peer: Peer, *, what: str) -> None:
    """Run a peer until SIGTERM or Ctrl-C; it has no options, `--help` says what it is."""
    argparse.ArgumentParser(
        description=what, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    # The libraries log every attempt to connect; the peer says it once itself
    for library in ("aio_pika", "aiormq"):
        logging.getLogger(library).setLevel(logging.CRITICAL)
    with suppress(asyncio.CancelledError):
        asyncio.run(until_stopped(converse(peer, DemoSettings())))


async def converse(peer: Peer, settings: DemoSettings) -> None:
    """Answer what is still open from last time, then whatever comes."""
    doors = peer.doors(settings)
    async with AsyncExitStack() as connections, asyncio.TaskGroup() as answers:
        channels = {each.answers_with: await opened(connections, each.url) for each in doors}
        sends = {
            key: sender(await channel.get_exchange(peer.answers_to)) for key, channel in channels.items()
        }
        control = Control(peer.name, settings)
        conversations = Conversations(
            Journal(settings.peer_log_dir / f"{peer.name}.jsonl"),
            control,
            now=settings.clock.now,
            write=peer.write,
            send=lambda letter: sends[letter.routing_key](letter),
        )

        async def take(message: AbstractIncomingMessage) -> None:
            question = understood(peer, conversations, message.body, mode=control.now().mode)
            if question is not None and conversations.ask(question):
                answers.create_task(conversations.answer(question.key))
            await message.ack()

        for key in conversations.open:
            answers.create_task(conversations.answer(key))
        for each in doors:
            await listen(channels[each.answers_with], each.queue, take)
        say(f"{peer.name}: ready, takes from {', '.join(each.queue for each in doors)}")
        await asyncio.Event().wait()


async def opened(connections: AsyncExitStack, url: str) -> AbstractChannel:
    connection = await connections.enter_async_context(await connect(url))
    return await connection.channel(on_return_raises=True)


def understood(peer: Peer, conversations: Conversations, body: bytes, *, mode: str) -> Question | None:
    try:
        return peer.read(body, mode)
    except ValidationError as trouble:
        conversations.refuse(body.decode(errors="replace"), why=f"{trouble.error_count()} faults")
        return None


async def until_stopped(main: Coroutine[None, None, None]) -> None:
    task = asyncio.ensure_future(main)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, task.cancel)
    await task


def say(line: str) -> None:
    print(line, flush=True)


def warn(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


async def connect(url: str) -> AbstractRobustConnection:
    """Connect to the partners' virtual host; say once that the broker is not there yet, and try on."""
    said = False
    while True:
        try:
            return await aio_pika.connect_robust(url, reconnect_interval=AGAIN_AFTER_SECONDS)
        except (AMQPError, OSError) as trouble:
            if not said:
                warn(f"waiting for the broker: {trouble}")
            said = True
            await asyncio.sleep(AGAIN_AFTER_SECONDS)


async def listen(channel: AbstractChannel, name: str, take: Take) -> None:
    """Take what comes on the queue; the topology has made it."""
    await channel.set_qos(prefetch_count=AT_ONCE)
    queue = await channel.get_queue(name, ensure=True)
    await queue.consume(take)


def sender(exchange: AbstractExchange) -> Send:
    """Make a way to send that comes back only when the broker has confirmed the letter."""

    async def send(letter: Letter) -> None:
        while not await confirmed(exchange, letter):  # noqa: ASYNC110 - the broker says when
            await asyncio.sleep(AGAIN_AFTER_SECONDS)

    return send


class Unreadable(aio_pika.Message):
    """A message with a time in microseconds, as some clients write it; taken for seconds it is no time."""

    @property
    def properties(self) -> Basic.Properties:
        return InMicroseconds(
            message_id=self.message_id,
            message_type=self.type,
            content_type=self.content_type,
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            timestamp=datetime(2026, 1, 1, tzinfo=UTC),
        )


class InMicroseconds(Basic.Properties):
    """Properties that write their time so."""

    def encode_property(self, name: str, value: FieldValue) -> bytes:
        written = super().encode_property(name, value)
        return IN_MICROSECONDS if name == "timestamp" else written


async def confirmed(exchange: AbstractExchange, letter: Letter) -> bool:
    kind = aio_pika.Message if letter.readable else Unreadable
    message = kind(
        letter.body.model_dump_json().encode(),
        message_id=letter.message_id,
        type=letter.kind,
        content_type="application/json",
        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
    )
    try:
        await exchange.publish(message, letter.routing_key, mandatory=True)
    except (AMQPError, ChannelInvalidStateError, OSError) as trouble:
        warn(f"{letter.message_id} is sent again soon: {trouble}")
        return False
    return True
