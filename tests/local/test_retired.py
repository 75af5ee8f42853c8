"""What an earlier version left in a queue is not lost when the queue gets a successor."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiormq
import pytest
from aiormq.abc import AbstractChannel, AbstractConnection, DeliveredMessage
from aiormq.exceptions import ChannelNotFoundEntity
from pamqp.commands import Basic

from deploy.retired import NEVER_TOLD, remove_never_told, retire
from deploy.topology import all_subscriptions
from shared.messaging.topology import published_topics
from shared.repository.outbox import EVENTS_EXCHANGE
from tests.conftest import Rabbitmq
from tests.shared.taking import take

pytestmark = pytest.mark.connected

OLD, NEW, EXCHANGE = "trial.hears.trial.replies", "trial.hears.trial.replies.in_order", "trial.replies"
IN_ORDER = {"x-queue-type": "quorum", "x-single-active-consumer": True}
DEFINITIONS: dict[str, Any] = {
    "queues": [{"name": NEW, "arguments": IN_ORDER}],
    "bindings": [{"source": EXCHANGE, "destination": NEW, "routing_key": "#"}],
}


@dataclass
class Broker:
    url: str
    connection: AbstractConnection
    channel: AbstractChannel

    async def say(self, number: int) -> None:
        properties = Basic.Properties(message_id=f"m{number}", message_type="order.ack.v1", delivery_mode=2)
        await self.channel.basic_publish(
            str(number).encode(), exchange=EXCHANGE, routing_key="reply.demo-a", properties=properties
        )

    async def taken(self, number: int) -> list[DeliveredMessage]:
        return await take(self.channel, NEW, number=number)


@pytest.fixture
async def before(rabbitmq: Rabbitmq) -> AsyncIterator[Broker]:
    """A broker as the earlier version left it."""
    connection = await aiormq.connect(rabbitmq.partners_url)
    channel = await connection.channel()
    await channel.exchange_declare(EXCHANGE, exchange_type="topic", durable=True)
    await channel.queue_declare(OLD, durable=True, arguments={"x-queue-type": "quorum"})
    await channel.queue_bind(OLD, EXCHANGE, "#")
    yield Broker(rabbitmq.partners_url, connection, channel)
    for name in (OLD, NEW):
        await channel.queue_delete(name)
    await channel.exchange_delete(EXCHANGE)
    await connection.close()


async def test_what_lies_in_the_old_queue_comes_first_in_the_new_and_the_old_is_removed(
    before: Broker,
) -> None:
    for number in range(50):
        await before.say(number)

    (said,) = await retire(before.url, DEFINITIONS)
    await before.say(50)

    assert said == f"{OLD} is removed; 50 messages were moved to {NEW}."
    taken = await before.taken(51)
    assert [int(each.body) for each in taken] == list(range(51))
    assert {each.routing_key for each in taken} == {"reply.demo-a"}
    assert taken[0].header.properties.message_id == "m0"
    assert taken[0].header.properties.message_type == "order.ack.v1"
    with pytest.raises(ChannelNotFoundEntity):
        await (await before.connection.channel()).queue_declare(OLD, passive=True)


async def test_a_queue_that_is_retired_already_is_left_alone(before: Broker) -> None:
    await retire(before.url, DEFINITIONS)

    assert await retire(before.url, DEFINITIONS) == []


async def test_a_queue_that_an_earlier_version_still_consumes_is_moved_later(before: Broker) -> None:
    dispatcher = await before.connection.channel()
    await dispatcher.basic_qos(prefetch_count=1)

    async def never_done(_: DeliveredMessage) -> None: ...

    await before.say(0)
    await dispatcher.basic_consume(OLD, never_done)

    (said,) = await retire(before.url, DEFINITIONS)
    assert said == f"{OLD} is still heard by 1: stop the earlier version, and run this again."

    await dispatcher.close()
    (said,) = await retire(before.url, DEFINITIONS)
    assert said == f"{OLD} is removed; 1 messages were moved to {NEW}."
    assert [each.body for each in await before.taken(1)] == [b"0"]


UNTOLD, TOPIC = next(iter(NEVER_TOLD.items()))


@pytest.fixture
async def untold(rabbitmq: Rabbitmq) -> AsyncIterator[AbstractChannel]:
    """The queues of two facts that the version before planned, and that nobody told."""
    connection = await aiormq.connect(rabbitmq.url)
    channel = await connection.channel()
    for queue, topic in NEVER_TOLD.items():
        await channel.queue_declare(queue, durable=True, arguments={"x-queue-type": "quorum"})
        await channel.queue_bind(queue, EVENTS_EXCHANGE, topic)
    yield channel
    for queue in NEVER_TOLD:
        await channel.queue_delete(queue)
    await connection.close()


async def test_the_empty_queues_of_facts_that_nobody_ever_published_are_removed_once(
    untold: AbstractChannel, rabbitmq: Rabbitmq
) -> None:
    said = await remove_never_told(rabbitmq.url)

    assert said == [f"{each} is removed: nobody ever told its fact." for each in NEVER_TOLD]
    assert await remove_never_told(rabbitmq.url) == []
    for queue in NEVER_TOLD:
        with pytest.raises(ChannelNotFoundEntity):
            await (await untold.connection.channel()).queue_declare(queue, passive=True)


async def test_a_queue_of_such_a_fact_that_holds_something_stays(
    untold: AbstractChannel, rabbitmq: Rabbitmq
) -> None:
    await untold.basic_publish(b"{}", exchange=EVENTS_EXCHANGE, routing_key=TOPIC)
    await asyncio.sleep(0.2)

    said = await remove_never_told(rabbitmq.url)

    assert f"{UNTOLD} holds 1 messages: look at them, purge it, and run this again." in said
    assert (await untold.queue_declare(UNTOLD, passive=True)).message_count == 1


async def test_a_queue_of_such_a_fact_that_an_earlier_version_still_consumes_stays_until_it_is_stopped(
    untold: AbstractChannel, rabbitmq: Rabbitmq
) -> None:
    async def nothing_comes(_: DeliveredMessage) -> None: ...

    hearing = await untold.connection.channel()
    await hearing.basic_consume(UNTOLD, nothing_comes)
    said = await remove_never_told(rabbitmq.url)
    await hearing.close()

    assert f"{UNTOLD} is still heard by 1: stop the earlier version, and run this again." in said
    assert await remove_never_told(rabbitmq.url) == [f"{UNTOLD} is removed: nobody ever told its fact."]


def test_collection_orders_are_published_by_ordering_alone() -> None:
    topics = {each for each in published_topics() if ".collection_order_" in each}
    heard = {each.topic for each in all_subscriptions() if ".collection_order_" in each.topic}

    assert topics == heard == {
        f"ordering.collection_order_{what}.v1" for what in ("registered", "fetched", "closed", "annulled")
    }  # fmt: skip
