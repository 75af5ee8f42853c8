"""Orders that no queue takes are set aside; all else goes on being tried (decision 0046)."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, cast

import aio_pika
import pytest

from shared.clock import FixedClock, SystemClock
from shared.events.fact import Fact
from shared.messaging.envelope import Envelope
from shared.messaging.publisher import Publisher
from shared.messaging.relay import Relay
from shared.messaging.returned import WHY
from shared.partners import OrderCancelRequest
from shared.repository import Cause, Repository
from shared.repository.memory.backend import Memory
from shared.service.readiness import outbox_is_young
from tests.conftest import Rabbitmq
from tests.shared.bus import RunningBus, running_bus, until
from tests.shared.examples import NOON, PURSES, PurseChanged, repository_on
from tests.support import test_seals as seals_of_tests

ORDER_NO = "B2026-000001-4"
TO_NOBODY = OrderCancelRequest(order_no=ORDER_NO, created_at=NOON, distributor="gone")


async def say(publisher: Repository, fact: Fact) -> None:
    await publisher.change(PURSES.maybe("p1"), lambda _: (None, [fact]), cause=Cause(key=None))


class NobodyThere:
    """A broker with exchanges and no queues (stands for `Publisher`); `takes` opens one."""

    def __init__(self) -> None:
        self.takes = False
        self.told: list[str] = []

    async def publish(self, letter: Envelope) -> bool:
        self.told += [each["_id"] for each in letter.rows] if self.takes else []
        return self.takes


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.messaging.returned.GIVEN_UP_AFTER_SECONDS", 0.2)


@asynccontextmanager
async def relay_of(
    backend: Memory, broker: NobodyThere, when: Callable[[str, str], Any]
) -> AsyncIterator[tuple[Relay, Repository]]:
    await backend.prepare([PURSES])
    bus = cast("Publisher", broker)
    relay = Relay(backend, seals_of_tests(), FixedClock(NOON), events=bus, partners=bus, when_set_aside=when)
    publisher = repository_on(backend)
    publisher.on_commit(relay.wake)
    running = asyncio.create_task(relay.run())
    try:
        yield relay, publisher
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await publisher.close()


async def test_an_order_that_no_queue_takes_is_set_aside_and_its_service_knows_first() -> None:
    backend, told = Memory(), list[tuple[str, str]]()

    async def note(topic: str, subject: str) -> None:
        told.append((topic, subject))
        if len(told) == 1:
            raise ConnectionError

    async with relay_of(backend, NobodyThere(), note) as (relay, publisher):
        await say(publisher, TO_NOBODY)
        await until(lambda: backend.outbox.aside(limit=9))

        (row,) = await backend.outbox.aside(limit=9)
        assert row["set_aside_because"] == WHY
        assert told == [("order.cancel_request.v1", ORDER_NO)] * 2
        assert (relay.counts["set_aside"], relay.counts["published"]) == (1, 0)


async def test_what_is_for_a_queue_of_ours_is_tried_until_the_topology_is_loaded() -> None:
    backend, broker = Memory(), NobodyThere()

    async def note(*_: str) -> None:
        raise AssertionError

    async with relay_of(backend, broker, note) as (relay, publisher):
        await say(publisher, PurseChanged(purse_id="p1", coins=1))
        await asyncio.sleep(0.5)
        assert (relay.counts["unroutable"] > 2, await backend.outbox.aside(limit=9)) == (True, [])

        broker.takes = True

        async def heard() -> bool:
            return len(broker.told) == 1

        await until(heard)


@pytest.mark.connected
async def test_an_order_whose_distributor_has_no_queue_stops_neither_readiness_nor_the_others(
    rabbitmq: Rabbitmq, mongodb_url: str, database_prefix: str
) -> None:
    async with running_bus(rabbitmq, mongodb_url, database_prefix) as running:
        await say(running.publisher, TO_NOBODY)
        await running.say()
        later = FixedClock(SystemClock().now() + timedelta(minutes=5))
        is_ready = outbox_is_young(running.backend, later)

        async def all_told_or_aside() -> bool:
            return bool(await running.backend.outbox.aside(limit=9)) and await running.consumer.heard() == 1

        await until(all_told_or_aside)
        await until(is_ready)
        (row,) = await running.backend.outbox.aside(limit=9)
        assert (row["subject"], await running.backend.outbox.waiting()) == (ORDER_NO, (0, None))


@pytest.mark.connected
async def test_what_was_set_aside_is_sent_when_it_is_taken_back_and_the_queue_is_there(
    rabbitmq: Rabbitmq, mongodb_url: str, database_prefix: str
) -> None:
    async with running_bus(rabbitmq, mongodb_url, database_prefix) as running:
        await say(running.publisher, TO_NOBODY)
        await until(lambda: running.backend.outbox.aside(limit=9))
        sweeping = asyncio.create_task(running.relay.sweep(0.1))
        bodies = await _sent_when_there_is_a_queue(running, rabbitmq.partners_url)
        sweeping.cancel()

    assert [ORDER_NO.encode() in each for each in bodies] == [True]


async def _sent_when_there_is_a_queue(running: RunningBus, url: str) -> list[bytes]:
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel()
        queue = await channel.declare_queue(exclusive=True)
        await queue.bind("distributors.orders", TO_NOBODY.routing_key)
        (row,) = await running.backend.outbox.aside(limit=9)
        await running.backend.outbox.take_back([row["_id"]])
        bodies: list[bytes] = []

        async def came() -> bool:
            message = await queue.get(fail=False)
            bodies.extend([message.body] if message else [])
            return bool(bodies)

        await until(came)
        return bodies
