"""`/ready` tells the truth: about the primary, the consumers and the outbox, on real servers."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from functools import partial

import aio_pika
import pytest
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from shared.clock import FixedClock, SystemClock
from shared.messaging.consumers import OFTEN, Consumers
from shared.repository import Cause
from shared.repository.memory.backend import Memory
from shared.repository.mongo.backend import Mongo, connect
from shared.service.readiness import Readiness, outbox_is_young, primary_is_reached
from tests.conftest import Rabbitmq
from tests.servers import native_mongodb
from tests.shared.bus import QUEUE, RunningBus, declare, running_bus, until
from tests.shared.examples import PURSES, opened_on, put
from tests.shared.test_broker_killed import Broker, broker
from tools.embedded import rabbitmq as native

__all__ = ["broker"]


def readiness_of(running: RunningBus) -> Readiness:
    readiness = Readiness()
    readiness.begin(
        {
            "database": primary_is_reached(running.backend),
            "outbox": outbox_is_young(running.backend, SystemClock()),
            "queues": Consumers([running.broker]).all_attached,
        }
    )
    return readiness


async def test_before_everything_stands_a_process_is_not_ready() -> None:
    assert await Readiness().missing() == ["started"]


@pytest.mark.connected
async def test_a_broker_that_is_gone_means_not_ready_and_one_that_is_back_means_ready(
    broker: Broker, mongodb_url: str, database_prefix: str
) -> None:
    await asyncio.to_thread(broker.start)
    urls = Rabbitmq(native.url(broker.node.port, "t-own"), native.url(broker.node.port, "t-own-partners"))
    async with running_bus(urls, mongodb_url, database_prefix) as running:
        readiness = readiness_of(running)
        assert await readiness.missing() == []
        await asyncio.sleep(2)  # a quorum queue killed within a second of its declaration has no leader

        broker.kill()

        async def gone() -> bool:
            return await readiness.missing() == ["queues"]

        await until(gone)
        await asyncio.to_thread(broker.start)

        async def back() -> bool:
            return await readiness.missing() == []

        await until(back, within_seconds=30)


@pytest.mark.connected
async def test_a_consumer_that_the_broker_cancelled_means_not_ready_until_it_is_back(
    rabbitmq: Rabbitmq, mongodb_url: str, database_prefix: str
) -> None:
    async with running_bus(rabbitmq, mongodb_url, database_prefix) as running:
        readiness = readiness_of(running)
        connection = await aio_pika.connect(rabbitmq.url)
        async with connection:
            await (await connection.channel()).queue_delete(QUEUE)

        async def cancelled() -> bool:
            return await readiness.missing() == ["queues"]

        await until(cancelled)
        await declare(rabbitmq.url)

        async def back() -> bool:
            return await readiness.missing() == []

        await until(back, within_seconds=30)


@pytest.fixture
def own_mongodb() -> Iterator[str]:
    """A database server of the test's own, to be stepped down."""
    with ExitStack() as running:
        yield native_mongodb(running, 0)


@pytest.mark.connected
async def test_a_primary_that_is_away_means_not_ready_and_one_that_is_back_means_ready(
    own_mongodb: str,
) -> None:
    client = connect(own_mongodb, app_name="tests")
    readiness = Readiness()
    readiness.begin({"database": primary_is_reached(Mongo(client["tests"]))})
    assert await readiness.missing() == []

    await asyncio.to_thread(step_down, own_mongodb)
    while_away = await readiness.missing()

    async def back() -> bool:
        return await readiness.missing() == []

    await until(back, within_seconds=40)
    await client.close()
    assert while_away == ["database"]


def step_down(url: str) -> None:
    """Make the only member a secondary for eight seconds: it answers, and can keep nothing."""
    # A server that steps down may close the connection before it has answered.
    with MongoClient[dict[str, object]](url) as client, suppress(PyMongoError):
        client.admin.command("replSetStepDown", 8, force=True)


@pytest.mark.connected
async def test_a_consumer_that_keeps_coming_back_means_not_ready_until_it_stays(
    rabbitmq: Rabbitmq, mongodb_url: str, database_prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running_bus(rabbitmq, mongodb_url, database_prefix) as running:
        consumers = Consumers([running.broker])
        assert await consumers.all_steady()

        for returns in range(1, OFTEN + 1):
            await break_channels(running)

            async def came_back(returns: int = returns) -> bool:
                return consumers.returns == {QUEUE: returns} and await consumers.all_attached()

            await until(came_back)

        assert not await consumers.all_steady()
        monkeypatch.setattr("shared.messaging.consumers.WITHIN_SECONDS", 0)
        assert await consumers.all_steady()


async def break_channels(running: RunningBus) -> None:
    """Acknowledge what was never delivered: the broker closes the channel."""
    for subscriber in running.broker.subscribers:
        channel = await subscriber._queue_obj.channel.get_underlay_channel()  # type: ignore[attr-defined]
        await channel.basic_ack(4711)


async def test_a_fact_that_waits_for_more_than_a_minute_means_not_ready() -> None:
    memory = Memory()
    async with opened_on(memory) as opened:
        await opened("t").change(PURSES.maybe("p1"), partial(put, coins=1), cause=Cause(key="k1"))
    _, committed_at = await memory.outbox.waiting()
    assert committed_at is not None
    clock = FixedClock(committed_at)
    check = outbox_is_young(memory, clock)

    clock.move(seconds=59)
    assert await check()
    clock.move(seconds=2)
    assert not await check()


async def test_a_check_that_hangs_or_fails_means_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.service.readiness.CHECK_SECONDS", 0.05)

    async def hangs() -> bool:
        await asyncio.sleep(10)
        return True

    async def fails() -> bool:
        raise OSError

    async def holds() -> bool:
        return True

    readiness = Readiness()
    readiness.begin({"hangs": hangs, "fails": fails, "holds": holds})

    assert await readiness.missing() == ["hangs", "fails"]
