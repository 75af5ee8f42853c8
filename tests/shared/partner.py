"""An outside partner on a real broker, and a diary that keeps what it said about each thing, in order."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar

import aiormq
from faststream.rabbit import RabbitBroker
from pamqp.commands import Basic

from shared.clock import SystemClock
from shared.domain.decision import Decision
from shared.events.fact import Fact
from shared.messaging.broker import broker_of
from shared.messaging.consuming import PARKED, Dispatcher, Parked, Subscription
from shared.messaging.topology import definitions
from shared.repository import Cause, Collection, Repository
from shared.repository.audit.chain import Chain
from shared.repository.backend import Backend
from shared.repository.mongo.backend import Mongo, connect
from shared.sealed import Seals, new_keys, seals_of
from tests.shared.examples import KEY

EXCHANGE = "invoicing.acks"
"""Of the two exchanges on which partners speak; the consumer is the tests' own."""


class Said(Fact):
    """What the partner says."""

    topic: ClassVar[str] = "tests.said.v1"
    about: ClassVar[str] = "thing"

    thing: str
    number: int
    message_id: str | None = None


@dataclass(frozen=True)
class Diary:
    """Of one thing; `odd` came under an id that was used for something else."""

    thing: str
    numbers: tuple[int, ...] = ()
    odd: tuple[int, ...] = ()


DIARIES = Collection("diaries", Diary)


def write(diary: Diary | None, *, said: Said, odd: bool) -> Decision[Diary | None]:
    diary = diary or Diary(said.thing)
    if odd:
        return replace(diary, odd=(*diary.odd, said.number)), []
    return replace(diary, numbers=(*diary.numbers, said.number)), []


@dataclass
class Replica:
    """One process that hears the partner; its database is everybody's."""

    repository: Repository
    dispatcher: Dispatcher
    url: str
    broker: RabbitBroker | None = None

    @property
    def subscription(self) -> Subscription:
        return Subscription("consumer", Said.topic, Said, self.on_said, EXCHANGE)

    async def on_said(self, event: Said, cause: Cause) -> None:
        await asyncio.sleep(0 if event.number % 3 else 0.01)  # some take longer, and would be overtaken
        rule = partial(write, said=event, odd=cause.id_is_reused)
        await self.repository.change(DIARIES.maybe(event.thing), rule, cause=cause)

    async def start(self) -> None:
        self.broker = broker_of(self.url, [self.subscription], self.dispatcher, prefetch=64)
        await self.broker.start()

    async def diary(self, thing: str = "a") -> Diary:
        kept = await self.repository.get(DIARIES.maybe(thing))
        return kept or Diary(thing)

    async def parked(self) -> list[Parked]:
        return await self.repository.find(PARKED, {"state": "parked"})


@dataclass
class Partner:
    """Speaks on its exchange under its routing key."""

    channel: aiormq.abc.AbstractChannel
    replicas: list[Replica]

    async def say(self, body: bytes, *, key: str = "ack", properties: Basic.Properties | None = None) -> None:
        await self.channel.basic_publish(body, exchange=EXCHANGE, routing_key=key, properties=properties)

    async def tell(self, number: int, *, thing: str = "a", id_: str | None = None, key: str = "ack") -> None:
        body = Said(thing=thing, number=number).model_dump_json(exclude_none=True).encode()
        await self.say(body, key=key, properties=Basic.Properties(message_id=id_ or f"{thing}-{number}"))


@asynccontextmanager
async def partner(url: str, mongodb_url: str, prefix: str, *, replicas: int = 1) -> AsyncIterator[Partner]:
    """Give a partner and replicas that do not hear yet; the queue is as the topology has it, and empty."""
    clock, seals = SystemClock(), seals_of(new_keys())
    client = connect(mongodb_url, app_name="tests")
    backend = Mongo(client[f"{prefix}_consumer"])
    await backend.prepare([DIARIES, PARKED])
    consumers = [replica(backend, clock, seals, url, number) for number in range(replicas)]
    connection = await aiormq.connect(url)
    channel = await connection.channel()
    await declare(channel, consumers[0].subscription)
    try:
        yield Partner(channel, consumers)
    finally:
        for each in consumers:
            if each.broker:
                await each.broker.stop()
            await each.repository.close()
        await (await connection.channel()).queue_delete(consumers[0].subscription.queue)
        await connection.close()
        await client.close()


def replica(backend: Backend, clock: SystemClock, seals: Seals, url: str, number: int) -> Replica:
    repository = Repository(backend, service="consumer", clock=clock, chain=Chain(f"h{number}", KEY))
    return Replica(repository, Dispatcher(repository, clock, seals), url)


async def declare(channel: aiormq.abc.AbstractChannel, subscription: Subscription) -> None:
    queue = queue_of(subscription)
    await channel.queue_declare(queue["name"], durable=True, arguments=queue["arguments"])
    await channel.queue_purge(queue["name"])
    await channel.queue_bind(queue["name"], EXCHANGE, "#")


def queue_of(subscription: Subscription) -> Mapping[str, Any]:
    queues: list[dict[str, Any]] = definitions([subscription], services=(), distributors=())["queues"]
    return next(each for each in queues if each["name"] == subscription.queue)
