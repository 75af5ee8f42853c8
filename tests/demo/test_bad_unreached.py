"""The flow of an order that nobody delivers: the distributor has its queue back, whatever happens."""

from pathlib import Path

import aio_pika
import httpx
import pytest
from aio_pika.exceptions import DeliveryError
from rich.console import Console

from shared.distributors import ORDERS_EXCHANGE, orders_queue
from tests.conftest import Rabbitmq
from tools.demo.flows.bad_days.unreached import GONE, queue_away, queue_back
from tools.demo.flows.stage import Stage, demand
from tools.demo.flows.timeline import StepFailed, Timeline
from tools.demo.settings import DemoSettings

pytestmark = pytest.mark.connected


async def test_the_distributor_has_its_queue_back_also_when_a_step_fails_or_the_demo_was_killed(
    rabbitmq: Rabbitmq, tmp_path: Path
) -> None:
    settings = DemoSettings(peer_log_dir=tmp_path, rabbitmq_partners_url=rabbitmq.partners_url)
    async with httpx.AsyncClient() as http:
        stage = Stage(settings, http, Timeline(Console(quiet=True)))

        with pytest.raises(StepFailed, match="nothing takes it"):
            await a_flow_that_fails(stage, rabbitmq)
        assert await is_taken(rabbitmq)

        left = queue_away(stage)
        await left.__aenter__()  # and is never left
        assert [await is_taken(rabbitmq), await queue_back(stage)] == [False, True]
        assert [await is_taken(rabbitmq), await queue_back(stage)] == [True, False]


async def a_flow_that_fails(stage: Stage, rabbitmq: Rabbitmq) -> None:
    async with queue_away(stage):
        demand(await is_taken(rabbitmq), "nothing takes it", look_at="")


async def is_taken(rabbitmq: Rabbitmq) -> bool:
    """Tell whether a queue takes an order for the distributor; what it took is thrown away."""
    async with await aio_pika.connect(rabbitmq.partners_url) as connection:
        channel = await connection.channel(on_return_raises=True)
        exchange = await channel.get_exchange(ORDERS_EXCHANGE)
        try:
            await exchange.publish(aio_pika.Message(b"{}"), orders_queue(GONE), mandatory=True)
        except DeliveryError:
            return False
        await (await channel.get_queue(orders_queue(GONE))).purge()
        return True
