"""All five services' subscriptions on a real broker and real databases, and a stopwatch at each handler."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import aio_pika
from aio_pika.abc import AbstractChannel

from shared.clock import SystemClock
from shared.events.fact import SEALED_PREFIX
from shared.messaging.broker import broker_of
from shared.messaging.consuming import PARKED, Dispatcher, Parked, Subscription
from shared.messaging.envelope import Message
from shared.repository import Cause, Repository
from shared.repository.mongo.backend import Mongo, connect
from shared.sealed import Seals, new_keys, seals_of
from shared.service.definition import Dependencies
from shared.service.process import repository_of
from shared.settings import Settings
from tests.conftest import Rabbitmq
from tests.doors.services import ASSEMBLED
from tests.support import nobody_answers

TOLD_BEFORE = Path(__file__).parents[1] / "messages"
POISON = "poison"
PREFETCH = 64


class Poisoned(Exception):
    """A bug in a handler, for messages that are named so."""


@dataclass
class Listener:
    """One queue with what handles it, and when each message was done."""

    subscription: Subscription
    repository: Repository
    done: dict[str, float] = field(default_factory=dict)

    @property
    def vhost(self) -> str:
        return "partners" if self.subscription.partner_exchange else "events"

    def timed(self) -> Subscription:
        handler = self.subscription.handler

        async def handle(fact: Any, cause: Cause) -> None:
            name = (cause.key or "").partition("|")[2]
            if name.startswith(POISON):
                raise Poisoned
            await handler(fact, cause)
            self.done[name] = time.perf_counter()

        return replace(self.subscription, handler=handle)

    async def parked(self) -> list[Parked]:
        wanted = {"queue": self.subscription.queue, "state": "parked"}
        return await self.repository.find(PARKED, wanted, limit=5000)

    async def parked_count(self) -> int:
        backend = self.repository.backend
        assert isinstance(backend, Mongo)
        wanted = {"queue": self.subscription.queue, "state": "parked"}
        return await backend._database["parked"].count_documents(wanted)


@dataclass
class RunningBus:
    """All queues, and a channel into each virtual host."""

    listeners: list[Listener]
    channels: dict[str, AbstractChannel]
    seals: Seals

    async def publish(self, listener: Listener, body: bytes, **properties: Any) -> None:
        named = {"message_id": Message(body).identity, **properties}
        message = aio_pika.Message(body, **named)
        channel = self.channels[listener.vhost]
        await channel.default_exchange.publish(message, listener.subscription.queue, timeout=10)

    def examples(self, listener: Listener) -> list[bytes]:
        """Give what was told before on this topic, sealed with the keys of this run; then about no lines."""
        files = sorted((TOLD_BEFORE / listener.subscription.topic).glob("*.json"))
        told = [json.loads(each.read_text()) for each in files]
        bare = [
            {key: [] if isinstance(value, list) else value for key, value in each.items()} for each in told
        ]
        return [json.dumps(_sealed_anew(each, self.seals)).encode() for each in (*told, *bare)]


@asynccontextmanager
async def running_bus(
    rabbitmq: Rabbitmq, mongodb_url: str, prefix: str, folder: Path
) -> AsyncIterator[RunningBus]:
    clock, seals = SystemClock(), seals_of(new_keys())
    urls = {"events": rabbitmq.url, "partners": rabbitmq.partners_url}
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(connect(mongodb_url, app_name="doors"))
        listeners: list[Listener] = []
        for name, assemble in ASSEMBLED.items():
            backend = Mongo(client[f"{prefix}_{name}"])
            repository = repository_of(backend, service=name, clock=clock, seals=seals)
            stack.push_async_callback(repository.close)
            settings = Settings(mode="embedded", export_dir=folder, sms_file=folder / "sms.jsonl")
            assembled = assemble(Dependencies(repository, clock, seals, settings, nobody_answers))
            await backend.prepare([*assembled.collections, PARKED])
            own = [Listener(subscription, repository) for subscription in assembled.subscriptions.all]
            listeners += own
            for vhost, url in urls.items():
                heard = [each.timed() for each in own if each.vhost == vhost]
                if heard:
                    dispatcher = Dispatcher(repository, clock, seals)
                    broker = broker_of(url, heard, dispatcher, prefetch=PREFETCH)
                    await broker.start()
                    stack.push_async_callback(broker.stop)
        channels = {}
        for vhost, url in urls.items():
            connection = await stack.enter_async_context(await aio_pika.connect(url))
            channels[vhost] = await connection.channel()
        yield RunningBus(listeners, channels, seals)


async def until(true: Any, *, within_seconds: float) -> None:
    """Wait until an awaited answer is truthy; raises TimeoutError."""
    async with asyncio.timeout(within_seconds):
        while not await true():
            await asyncio.sleep(0.1)


def _sealed_anew(value: Any, seals: Seals) -> Any:
    if isinstance(value, str) and value.startswith(SEALED_PREFIX):
        return seals.seal("1990-07-05" if "born" in value else "x", purpose="identity")
    if isinstance(value, list):
        return [_sealed_anew(each, seals) for each in value]
    if isinstance(value, dict):
        return {name: _sealed_anew(each, seals) for name, each in value.items()}
    return value
