"""What the broker gave up delivering is counted, and found by an operator among the parked messages."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiormq
import pytest
from aiormq.abc import AbstractChannel, DeliveredMessage
from pamqp.commands import Basic

from deploy import operations
from shared.messaging.amqp import DEAD_LETTERS, read_what_anybody_sends
from shared.messaging.publisher import Publisher
from tests.conftest import Rabbitmq
from tests.local.test_operations import addresses
from tests.shared.bus import until
from tests.shared.frames import Raw, short
from tests.shared.taking import refuse_one, take

__all__ = ["addresses"]
pytestmark = pytest.mark.connected

REPLIES, ORDERS = "ordering.hears.distributors.replies.in_order", "distributor.demo-a.orders"
A_REPLY = b'{"type": "order.ack.v1", "message_id": "m-1", "order_no": "B1", "at": "2026-11-23T09:00:00Z"}'


@dataclass
class Partners:
    """The partners' virtual host, at somebody's hand who may do everything."""

    channel: AbstractChannel
    publisher: Publisher

    async def give_up(self, queue: str) -> None:
        """Let the broker dead-letter what lies in a queue."""
        await refuse_one(self.channel, queue)

        async def is_dead() -> bool:
            return await self.publisher.depth_of(DEAD_LETTERS) == 1

        await until(is_dead)

    async def taken(self, queue: str) -> DeliveredMessage:
        (message,) = await take(self.channel, queue, number=1)
        return message


@pytest.fixture
async def partners(addresses: Rabbitmq) -> AsyncIterator[Partners]:
    read_what_anybody_sends()
    connection = await aiormq.connect(addresses.partners_url)
    publisher = Publisher(addresses.partners_url)
    yield Partners(await connection.channel(), publisher)
    await publisher.close()
    await connection.close()


async def test_a_dead_letter_is_listed_and_replayed_under_the_key_of_its_sender(
    partners: Partners, capsys: pytest.CaptureFixture[str]
) -> None:
    properties = Raw({"message_id": short(b"m-1"), "app_id": short("l\xe4n".encode("latin-1"))})
    await partners.channel.basic_publish(
        A_REPLY, exchange="distributors.replies", routing_key="reply.demo-a", properties=properties
    )
    await partners.give_up(REPLIES)

    assert await operations.list_parked() == 0

    listed = capsys.readouterr().out
    assert REPLIES in listed
    assert "DeadLetter: the broker gave up delivering it (rejected)" in listed
    assert await partners.publisher.depth_of(DEAD_LETTERS) == 0
    assert await operations.replay_parked("m-1") == 0
    message = await partners.taken(REPLIES)
    assert (message.body, message.routing_key) == (A_REPLY, "reply.demo-a")
    assert message.header.properties.message_id == "m-1"


async def test_what_a_partner_refused_is_kept_sealed_and_goes_back_to_its_own_queue(
    partners: Partners, capsys: pytest.CaptureFixture[str]
) -> None:
    body = b'{"type": "order.v1", "deliver": {"recipient": "Tolvan Tolvansson"}}'
    await partners.channel.basic_publish(
        body, routing_key=ORDERS, properties=Basic.Properties(message_id="o-1", message_type="order.v1")
    )
    await partners.give_up(ORDERS)

    await operations.list_parked()
    await operations.show_parked("o-1")

    shown = capsys.readouterr().out
    assert "Tolvan" not in shown
    assert "topic     order.v1" in shown
    assert await operations.replay_parked("o-1") == 0
    assert (await partners.taken(ORDERS)).body == body


async def test_a_dead_letter_of_nobody_stays_and_is_listed(
    partners: Partners, capsys: pytest.CaptureFixture[str]
) -> None:
    await partners.channel.basic_publish(b"{}", exchange="dead", routing_key="x")

    await operations.list_parked()

    assert "1 dead letters do not say where they come from" in capsys.readouterr().out

    async def still_there() -> bool:
        return await partners.publisher.depth_of(DEAD_LETTERS) == 1

    await until(still_there)
