"""Telling and hearing on a real broker: once in effect, parked with a reason, never lost."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import aio_pika
import pytest

from shared.clock import FixedClock, SystemClock
from shared.messaging.envelope import TOGETHER, messages_in
from shared.repository import Cause
from shared.repository.codec import Document
from tests.conftest import Rabbitmq
from tests.shared.bus import RunningBus, running_bus, until
from tests.shared.examples import PURSES, PurseChanged

pytestmark = pytest.mark.connected

A_BODY = PurseChanged(purse_id="p1", coins=1).model_dump_json().encode()


@pytest.fixture
async def running(rabbitmq: Rabbitmq, mongodb_url: str, database_prefix: str) -> AsyncIterator[RunningBus]:
    async with running_bus(rabbitmq, mongodb_url, database_prefix) as running:
        yield running


async def rows(running: RunningBus) -> list[Document]:
    since = datetime(2020, 1, 1, tzinfo=UTC)
    return [row async for row in running.backend.outbox.rows_since(since)]


async def test_what_was_committed_is_consumed_and_marked_published(running: RunningBus) -> None:
    await running.say()

    async def done() -> bool:
        (row,) = await rows(running)
        return await running.consumer.heard() == 1 and row["published_at"] is not None

    await until(done)


async def test_a_hundred_copies_of_a_message_have_one_effect(running: RunningBus) -> None:
    for _ in range(100):
        await running.publish(A_BODY, message_id="the same")
    await running.publish(A_BODY, message_id="another")

    async def both() -> bool:
        return await running.consumer.heard() >= 2

    await until(both)
    await asyncio.sleep(0.3)
    assert await running.consumer.heard() == 2


async def test_an_unroutable_message_is_not_marked_published_and_comes_when_it_can(
    running: RunningBus,
) -> None:
    connection = await aio_pika.connect(running.url)
    async with connection:
        queue = await (await connection.channel()).get_queue("consumer.hears.tests.purse_changed.v1")
        await queue.unbind("events", PurseChanged.topic)
        await running.say()

        async def returned() -> bool:
            return running.relay.counts["unroutable"] > 0

        await until(returned)
        assert [row["published_at"] for row in await rows(running)] == [None]
        await queue.bind("events", PurseChanged.topic)

    async def heard() -> bool:
        return await running.consumer.heard() == 1

    await until(heard)


async def test_an_orphan_of_a_killed_process_is_swept_and_published_once_in_effect(
    running: RunningBus,
) -> None:
    running.publisher._committer.after_commit.clear()
    await running.say(key="k1")
    await running.say(key="k1")
    running.relay._clock = FixedClock(SystemClock().now() + timedelta(minutes=1))
    sweeping = asyncio.create_task(running.relay.sweep(0.1))

    async def heard() -> bool:
        return await running.consumer.heard() == 1

    await until(heard)
    sweeping.cancel()


async def test_a_poison_message_is_parked_with_its_reason_while_others_flow(running: RunningBus) -> None:
    running.consumer.failing = lambda event: event.purse_id == "poison"

    await running.say("poison")
    for number in range(20):
        await running.say(f"good-{number}")

    async def parked_and_flowing() -> bool:
        heard = [await running.consumer.heard(f"good-{number}") for number in range(20)]
        return heard == [1] * 20 and bool(await running.consumer.parked())

    await until(parked_and_flowing)
    (parked,) = await running.consumer.parked()
    assert parked.reason.startswith("RuntimeError")
    assert parked.attempts == 4
    assert "on_purse_changed" in parked.stack


async def test_facts_that_are_published_at_the_same_moment_share_envelopes_and_count_once_each(
    running: RunningBus,
) -> None:
    await running.broker.stop()
    await asyncio.gather(*(running.say(f"good-{number}", key=f"k{number}") for number in range(40)))

    async def told() -> bool:
        return running.relay.counts["published"] == 40

    await until(told)
    letters = await running.take_all()
    facts = [each for letter in letters for each in messages_in(letter)]
    assert len(letters) < 10
    assert sorted(each.topic or "" for each in facts) == [PurseChanged.topic] * 40
    assert len({each.message_id for each in facts}) == 40


async def test_a_poison_fact_among_others_in_a_letter_is_parked_alone(running: RunningBus) -> None:
    running.consumer.failing = lambda event: event.purse_id == "poison"

    names = [*(f"good-{number}" for number in range(10)), "poison"]
    await asyncio.gather(*(running.say(each, key=each) for each in names))

    async def parked_and_heard() -> bool:
        heard = [await running.consumer.heard(each) for each in names]
        return heard == [1] * 10 + [0] and bool(await running.consumer.parked())

    await until(parked_and_heard)
    (parked,) = await running.consumer.parked()
    assert json.loads(parked.body) == {"purse_id": "poison", "coins": 1}


async def test_a_letter_that_came_twice_has_one_effect(running: RunningBus) -> None:
    rows = [
        {"id": f"m{each}", "type": PurseChanged.topic, "time": "now", "data": json.loads(A_BODY)}
        for each in "ab"
    ]
    for _ in range(2):
        await running.publish(
            json.dumps(rows).encode(), message_id="ma", type=PurseChanged.topic, content_type=TOGETHER
        )
    await running.publish(A_BODY, message_id="last")

    async def three() -> bool:
        return await running.consumer.heard() >= 3

    await until(three)
    await asyncio.sleep(0.3)
    assert await running.consumer.heard() == 3


async def test_a_letter_that_cannot_be_read_is_parked_whole(running: RunningBus) -> None:
    await running.publish(b'[{"id": "m1"}]', message_id="m1", type=PurseChanged.topic, content_type=TOGETHER)

    async def parked() -> bool:
        return bool(await running.consumer.parked())

    await until(parked)
    (found,) = await running.consumer.parked()
    assert (found.body, found.attempts) == ('[{"id": "m1"}]', 1)


@pytest.mark.parametrize(
    ("body", "topic", "reason"),
    [
        (b"not json", PurseChanged.topic, "json_invalid"),
        (b'{"purse_id": "p1"}', PurseChanged.topic, "coins: missing"),
        (A_BODY, "tests.purse_changed.v2", "tests.purse_changed.v2 is not tests.purse_changed.v1"),
    ],
)
async def test_what_cannot_be_read_is_parked_at_once(
    running: RunningBus, body: bytes, topic: str, reason: str
) -> None:
    await running.publish(body, message_id="m1", type=topic)

    async def parked() -> bool:
        return bool(await running.consumer.parked())

    await until(parked)
    (found,) = await running.consumer.parked()
    assert reason in found.reason
    assert found.attempts == 1


async def test_a_replayed_message_works_once_after_the_fix(running: RunningBus) -> None:
    running.consumer.failing = lambda _: True
    await running.publish(A_BODY, message_id="m1")

    async def parked() -> bool:
        return bool(await running.consumer.parked())

    await until(parked)
    running.consumer.failing = lambda _: False
    (found,) = await running.consumer.parked()

    for _ in range(2):
        await running.publish(found.body.encode(), message_id=found.message_id)

    async def heard() -> bool:
        return await running.consumer.heard() == 1

    await until(heard)
    await asyncio.sleep(0.3)
    assert await running.consumer.heard() == 1


async def test_the_stored_trace_and_the_cloudevents_attributes_travel_with_the_message(
    running: RunningBus,
) -> None:
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    await running.broker.stop()
    await running.publisher.change(
        PURSES.maybe("p1"),
        lambda _: (None, [PurseChanged(purse_id="p1", coins=7)]),
        cause=Cause(key="k1", traceparent=trace),
    )
    connection = await aio_pika.connect(running.url)
    async with connection:
        queue = await (await connection.channel()).get_queue("consumer.hears.tests.purse_changed.v1")
        async with queue.iterator(timeout=5) as deliveries:
            message = await anext(deliveries)
            await message.ack()

    assert message.headers["traceparent"] == trace
    assert message.headers["cloudEvents:type"] == PurseChanged.topic == message.type
    assert message.headers["cloudEvents:source"] == "/oppna-sesam/publisher"
    assert message.delivery_mode == aio_pika.DeliveryMode.PERSISTENT
    assert json.loads(message.body) == {"purse_id": "p1", "coins": 7}
