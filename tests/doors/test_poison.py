"""Hundreds of bad messages over all queues of all services: each is parked with a reason; good ones flow."""

import asyncio
import json
import re
import time
from collections import Counter
from collections.abc import AsyncIterator
from itertools import chain, cycle, islice
from pathlib import Path
from statistics import quantiles
from uuid import uuid4

import pytest
from pydantic import ValidationError

from shared.domain import numbers
from shared.messaging.envelope import Message
from tests.conftest import Rabbitmq
from tests.doors.bus import Listener, RunningBus, running_bus, until
from tests.doors.poison import Bad, broken, misshapen, of_the_future, poison, too_large

pytestmark = [pytest.mark.connected, pytest.mark.slow]

SOME, MANY = (700, 10), (2100, 30)
"""Bad messages, and the seconds in which they come."""
GOOD_EACH_SECONDS = 0.05
MOST_ADDED_SECONDS = 3.0
"""Twice as long as a poisoned message is tried: on a busy machine some good one waits for that."""
ANOTHER = {"order_no": numbers.number("B", year=2026, running=999_999), "event_id": str(uuid4())}
OF_OWN_ORDERS = "ordering.hears.inventory.(device_order|hand_out|collection)_"
MOST_UNTRIED = 3
"""Queues whose every message is about something that must be there before: only bad ones come."""


@pytest.fixture
async def running(
    rabbitmq: Rabbitmq, mongodb_url: str, database_prefix: str, tmp_path: Path
) -> AsyncIterator[RunningBus]:
    async with running_bus(rabbitmq, mongodb_url, database_prefix, tmp_path) as running:
        yield running


async def good_ones(running: RunningBus) -> dict[str, bytes]:
    """Find for every queue a message told before that its handler takes without a word."""
    tried = [(each.subscription.queue, good_one(running, each)) for each in running.listeners]
    bodies = await asyncio.gather(*(trying for _, trying in tried))
    return {queue: body for (queue, _), body in zip(tried, bodies, strict=True) if body is not None}


async def good_one(running: RunningBus, listener: Listener) -> bytes | None:
    for number, body in enumerate(running.examples(listener)):
        name = f"first-{number}"
        await running.publish(listener, body, message_id=name)
        await until(lambda name=name: _settled(listener, name), within_seconds=60)
        if name in listener.done:
            return body
    return None


async def _settled(listener: Listener, name: str) -> bool:
    return name in listener.done or any(each.message_id == name for each in await listener.parked())


def bad_ones(listener: Listener, good: bytes, count: int) -> list[Bad]:
    """Take from every family in turn, poison a sixth of them, until there are enough."""

    def of_number(number: int) -> chain[Bad]:
        future = (
            ()
            if listener.subscription.partner_exchange
            else of_the_future(good, listener.subscription.topic, number)
        )
        shaped = [each for each in misshapen(good, number) if _unreadable(listener, each)]
        return chain(broken(good, number), shaped, future, poison(about_another(listener, good), number))

    return list(islice(chain.from_iterable(of_number(number) for number in range(count)), count))


def about_another(listener: Listener, good: bytes) -> bytes:
    """Take another order: what is about the same one waits while a poisoned message is tried again."""
    told = json.loads(good)
    about = listener.subscription.model.about
    if listener.subscription.partner_exchange and about in told:
        told[about] = ANOTHER[about]
    return json.dumps(told).encode()


def _unreadable(listener: Listener, bad: Bad) -> bool:
    """A field that may be anything, or may be missing, makes no bad message."""
    try:
        listener.subscription.parse(bad.body)
    except (ValidationError, ValueError):
        return True
    return False


async def tell_good(running: RunningBus, good: dict[str, bytes], *, seconds: float) -> list[float]:
    """Send one good message after another, to each queue in turn; give how long each took."""
    sent: list[tuple[Listener, str, float]] = []
    queues = cycle([each for each in running.listeners if each.subscription.queue in good])
    until_then = time.perf_counter() + seconds
    while time.perf_counter() < until_then:
        listener, name = next(queues), f"good-{uuid4()}"
        sent.append((listener, name, time.perf_counter()))
        await running.publish(listener, good[listener.subscription.queue], message_id=name)
        await asyncio.sleep(GOOD_EACH_SECONDS)

    async def all_done() -> bool:
        return all(name in listener.done for listener, name, _ in sent)

    await until(all_done, within_seconds=60)
    return [listener.done[name] - at for listener, name, at in sent]


async def tell_bad(running: RunningBus, rows: list[list[tuple[Listener, Bad]]], *, seconds: float) -> None:
    """Send one bad message to every queue at once, and the next ones a while later."""
    for row in rows:
        await asyncio.gather(*(running.publish(each, bad.body, **bad.properties) for each, bad in row))
        await asyncio.sleep(seconds / len(rows))


def slowest(latencies: list[float]) -> float:
    return quantiles(latencies, n=100)[98]


@pytest.mark.parametrize(
    ("bad", "seconds"), [SOME, pytest.param(*MANY, marks=pytest.mark.long)], ids=["some", "many"]
)
async def test_bad_messages_are_parked_with_a_reason_while_good_ones_flow(
    running: RunningBus, bad: int, seconds: int
) -> None:
    good = await good_ones(running)
    others = [each for each in running.listeners if not re.match(OF_OWN_ORDERS, each.subscription.queue)]
    assert len(good) >= len(others) - MOST_UNTRIED
    usual = await tell_good(running, good, seconds=3)
    share = -(-bad // len(running.listeners))
    models = {each.subscription.queue: running.examples(each)[0] for each in running.listeners} | good
    by_queue = {
        each.subscription.queue: bad_ones(each, models[each.subscription.queue], share)
        for each in running.listeners
    }
    columns = zip(*(by_queue[each.subscription.queue] for each in running.listeners), strict=True)
    rows = [list(zip(running.listeners, column, strict=True)) for column in columns]
    before = await parked_in_all(running)

    _, meanwhile = await asyncio.gather(
        tell_bad(running, rows, seconds=seconds), tell_good(running, good, seconds=seconds)
    )

    async def all_parked() -> bool:
        return await parked_in_all(running) - before >= share * len(running.listeners)

    await until(all_parked, within_seconds=60)
    assert share * len(running.listeners) >= bad
    for listener in running.listeners:
        kept_by_id = {row.message_id: row for row in await listener.parked()}
        for told in by_queue[listener.subscription.queue]:
            identity = Message(told.body, message_id=told.properties.get("message_id")).identity
            assert identity in kept_by_id, (listener.subscription.queue, told.kind, told.body[:200])
            kept = kept_by_id[identity]
            assert (kept.state, kept.attempts) == ("parked", told.attempts), told.kind
            assert kept.reason, told.kind
    await until(lambda: nothing_waits(running), within_seconds=10)
    assert slowest(meanwhile) - slowest(usual) <= MOST_ADDED_SECONDS


async def parked_in_all(running: RunningBus) -> int:
    return sum([await each.parked_count() for each in running.listeners])


async def nothing_waits(running: RunningBus) -> bool:
    return not any([await waiting(running, each) for each in running.listeners])


async def waiting(running: RunningBus, listener: Listener) -> int:
    queue = await running.channels[listener.vhost].declare_queue(listener.subscription.queue, passive=True)
    return queue.declaration_result.message_count or 0


async def test_a_message_larger_than_a_document_may_be_is_parked_by_its_beginning(
    running: RunningBus,
) -> None:
    listener = running.listeners[0]
    bad = too_large(b"{}")
    await running.publish(listener, bad.body, **bad.properties)

    async def parked() -> bool:
        return any(each.message_id == "too-large" for each in await listener.parked())

    await until(parked, within_seconds=20)
    (kept,) = [each for each in await listener.parked() if each.message_id == "too-large"]
    assert "larger than" in kept.reason


def test_the_families_hold_many_kinds() -> None:
    kinds = Counter(
        each.kind
        for number in range(3)
        for each in chain(
            broken(b'{"a":1}', number), of_the_future(b"{}", "a.b.v1", number), poison(b"{}", number)
        )
    )

    assert len(kinds) >= 25
