"""A publisher and a consumer with purses, on a real broker and a real database."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import aio_pika
from aio_pika.abc import AbstractIncomingMessage
from faststream.rabbit import RabbitBroker

from shared.clock import SystemClock
from shared.messaging.broker import broker_of
from shared.messaging.consuming import PARKED, Dispatcher, Parked, Subscription
from shared.messaging.publisher import Publisher
from shared.messaging.relay import Relay
from shared.repository import Cause, Repository
from shared.repository.audit.chain import Chain
from shared.repository.backend import Backend
from shared.repository.mongo.backend import Mongo, connect
from shared.sealed import new_keys, seals_of
from tests.conftest import Rabbitmq
from tests.shared.examples import KEY, PURSES, PurseChanged, put

QUEUE = "consumer.hears.tests.purse_changed.v1"


@dataclass
class Hearer:
    """Counts what it hears into a purse, and can be told to fail."""

    repository: Repository
    failing: Callable[[PurseChanged], bool] = lambda _: False

    async def on_purse_changed(self, event: PurseChanged, cause: Cause) -> None:
        if self.failing(event):
            raise RuntimeError("told to fail")
        rule = partial(put, coins=1, purse_id=event.purse_id)
        await self.repository.change(PURSES.maybe(f"heard-{event.purse_id}"), rule, cause=cause)

    @property
    def subscription(self) -> Subscription:
        return Subscription("consumer", PurseChanged.topic, PurseChanged, self.on_purse_changed)

    async def heard(self, purse_id: str = "p1") -> int:
        purses = await self.repository.find(PURSES, {"_id": f"heard-{purse_id}"})
        return purses[0].coins if purses else 0

    async def parked(self) -> list[Parked]:
        return await self.repository.find(PARKED, {"state": "parked"})


@dataclass
class RunningBus:
    """One publisher with its relay, one consumer with its broker."""

    publisher: Repository
    relay: Relay
    consumer: Hearer
    broker: RabbitBroker
    url: str
    backend: Backend

    async def say(self, purse_id: str = "p1", key: str | None = None) -> None:
        await self.publisher.change(
            PURSES.maybe(purse_id), partial(put, coins=1, purse_id=purse_id), cause=Cause(key=key)
        )

    async def publish(self, body: bytes, **properties: Any) -> None:
        """Put a message on the consumer's queue past every relay."""
        connection = await aio_pika.connect(self.url)
        async with connection:
            channel = await connection.channel()
            await channel.default_exchange.publish(aio_pika.Message(body, **properties), QUEUE)

    async def take_all(self) -> list[AbstractIncomingMessage]:
        """Take whatever waits in the consumer's queue."""
        connection = await aio_pika.connect(self.url)
        async with connection:
            queue = await (await connection.channel()).get_queue(QUEUE)
            taken: list[AbstractIncomingMessage] = []
            while message := await queue.get(fail=False):
                await message.ack()
                taken.append(message)
            return taken


async def until(true: Callable[[], Any], *, within_seconds: float = 10) -> None:
    """Wait until an awaited answer is truthy; raises TimeoutError."""
    async with asyncio.timeout(within_seconds):
        while not await true():
            await asyncio.sleep(0.05)


async def declare(url: str) -> None:
    connection = await aio_pika.connect(url)
    async with connection:
        channel = await connection.channel()
        queue = await channel.declare_queue(QUEUE, durable=True, arguments={"x-queue-type": "quorum"})
        await queue.purge()
        await queue.bind("events", PurseChanged.topic)


@asynccontextmanager
async def running_bus(rabbitmq: Rabbitmq, mongodb_url: str, prefix: str) -> AsyncIterator[RunningBus]:
    await declare(rabbitmq.url)
    clock, seals = SystemClock(), seals_of(new_keys())
    client = connect(mongodb_url, app_name="tests")
    speaking, dispatcher = Mongo(client[f"{prefix}_publisher"]), Mongo(client[f"{prefix}_consumer"])
    for backend in (speaking, dispatcher):
        await backend.prepare([PURSES, PARKED])
    publisher = Repository(speaking, service="publisher", clock=clock, chain=Chain("s", KEY))
    consumer = Hearer(Repository(dispatcher, service="consumer", clock=clock, chain=Chain("h", KEY)))
    events, partners = Publisher(rabbitmq.url), Publisher(rabbitmq.partners_url)
    relay = Relay(speaking, seals, clock, events=events, partners=partners)
    publisher.on_commit(relay.wake)
    broker = broker_of(
        rabbitmq.url, [consumer.subscription], Dispatcher(consumer.repository, clock, seals), prefetch=64
    )
    running = asyncio.create_task(relay.run())
    await broker.start()
    try:
        yield RunningBus(publisher, relay, consumer, broker, rabbitmq.url, speaking)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await broker.stop()
        await asyncio.gather(events.close(), partners.close(), publisher.close(), consumer.repository.close())
        await client.close()
