"""A key is not retired while a queue holds facts that may be sealed with it."""

import aiormq
import pytest

from deploy.keys import queues_that_hold
from shared.messaging.topology import UNHEARD
from shared.settings import Settings
from tests.conftest import Rabbitmq

pytestmark = pytest.mark.connected

CONSUMED = "billing.hears.ordering.withdrawal_sent.v1"


@pytest.mark.parametrize(("queue", "holding"), [(CONSUMED, [CONSUMED]), (UNHEARD, [])])
async def test_a_queue_that_somebody_will_read_holds_a_key_back(
    rabbitmq: Rabbitmq, queue: str, holding: list[str]
) -> None:
    settings = Settings(mode="embedded", rabbitmq_url=rabbitmq.url)
    connection = await aiormq.connect(rabbitmq.url)
    channel = await connection.channel()
    try:
        assert await queues_that_hold(settings) == []
        await channel.basic_publish(b"{}", routing_key=queue)

        assert await queues_that_hold(settings) == holding
    finally:
        await channel.queue_purge(queue)
        await connection.close()
