"""What an earlier version left in a queue is not lost when the queue gets a successor."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiormq
import pytest
from aiormq.abc import AbstractChannel, AbstractConnection, DeliveredMessage
from aiormq.exceptions import ChannelNotFoundEntity
from pamqp.commands import Basic

from deploy.retired import retire
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


async def test_a_queue_that_an_earlier_version_still_hears_is_moved_later(before: Broker) -> None:
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
