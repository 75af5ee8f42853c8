"""A relay publishes what it can, whatever one row is like; a subscription takes so many facts at once."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any, cast

from shared.clock import SystemClock
from shared.messaging.broker import broker_of
from shared.messaging.consuming import Dispatcher, Subscription
from shared.messaging.envelope import TOGETHER, Envelope, Message
from shared.messaging.publisher import Publisher
from shared.messaging.relay import Relay
from shared.partners import Reply
from shared.repository.memory.backend import Memory
from tests.shared.examples import PurseChanged
from tests.shared.test_envelopes import row
from tests.support import test_seals as seals_of_tests


class Book:
    """A broker that takes everything and notes it (stands for `Publisher`)."""

    def __init__(self) -> None:
        self.told: list[str] = []

    async def publish(self, letter: Envelope) -> bool:
        self.told += [each["_id"] for each in letter.rows]
        return True


class Counting:
    """A dispatcher that takes its time, and counts."""

    def __init__(self) -> None:
        self.now = self.most = 0
        self.heard: list[Message] = []

    async def dispatch(self, _: Subscription, message: Message) -> None:
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0.001)
        self.now -= 1
        self.heard.append(message)


def consumer(
    subscription: Subscription, dispatcher: Counting, *, prefetch: int
) -> Callable[[Any], Awaitable[None]]:
    broker = broker_of("amqp://nowhere", [subscription], cast("Dispatcher", dispatcher), prefetch=prefetch)
    (subscriber,) = broker.subscribers
    hear: Callable[[Any], Awaitable[None]] = subscriber.calls[0].handler._original_call
    return hear


def letter(facts: int) -> Any:
    """A delivery of so many facts, as FastStream shows it."""

    class Channel:
        async def basic_ack(self, *_: Any, **__: Any) -> None: ...

    events = [
        {"id": f"m{each}", "type": PurseChanged.topic, "time": "now", "data": {}} for each in range(facts)
    ]
    raw = SimpleNamespace(
        body=json.dumps(events).encode(), content_type=TOGETHER, message_id="m0", type=PurseChanged.topic,
        headers={}, correlation_id=None, channel=Channel(), delivery_tag=1,
        exchange="events", routing_key=PurseChanged.topic, user_id=None,
    )  # fmt: skip
    return SimpleNamespace(raw_message=raw)


async def ignored(*_: Any) -> None: ...


async def test_a_row_that_no_key_opens_waits_alone_and_the_others_are_published() -> None:
    events, partners = Book(), Book()
    relay = Relay(
        Memory(),
        seals_of_tests(),
        SystemClock(),
        events=cast("Publisher", events),
        partners=cast("Publisher", partners),
    )
    broken = row(1, partner=True, body='{"name": "sealed:contact:no key opens this"}')

    await relay.publish([row(0), broken, row(2), row(3, partner=True)])

    assert (events.told, partners.told) == (["m-0", "m-2"], ["m-3"])
    assert (relay.counts["published"], relay.counts["failed"]) == (3, 1)


class Dying(Book):
    """A connection that dies with the first letter, and cancels what it owes."""

    async def publish(self, letter: Envelope) -> bool:
        if not self.told:
            self.told.append("died")
            raise asyncio.CancelledError
        return await super().publish(letter)


async def test_a_connection_that_cancels_what_it_owes_does_not_end_the_relay() -> None:
    events = Dying()
    relay = Relay(
        Memory(),
        seals_of_tests(),
        SystemClock(),
        events=cast("Publisher", events),
        partners=cast("Publisher", Book()),
    )
    running = asyncio.create_task(relay.run())

    relay.wake([row(0)])
    async with asyncio.timeout(5):
        while len(events.told) < 2:
            await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)

    assert events.told == ["died", "m-0"]


async def test_a_relay_that_is_told_to_stop_stops() -> None:
    class Slow(Book):
        async def publish(self, letter: Envelope) -> bool:
            await asyncio.sleep(60)
            return await super().publish(letter)

    relay = Relay(
        Memory(),
        seals_of_tests(),
        SystemClock(),
        events=cast("Publisher", Slow()),
        partners=cast("Publisher", Book()),
    )
    running = asyncio.create_task(relay.run())
    relay.wake([row(0)])
    await asyncio.sleep(0.05)

    running.cancel()
    async with asyncio.timeout(2):
        await asyncio.gather(running, return_exceptions=True)

    assert running.cancelled()


async def test_of_an_envelope_no_more_facts_are_consumed_at_once_than_of_single_messages() -> None:
    dispatcher = Counting()
    hear = consumer(
        Subscription("consumer", PurseChanged.topic, PurseChanged, ignored), dispatcher, prefetch=4
    )

    await asyncio.gather(*(hear(letter(20)) for _ in range(3)))

    assert (dispatcher.most, len(dispatcher.heard)) == (4, 60)


async def test_what_a_partner_sends_is_one_message_whatever_it_calls_itself() -> None:
    dispatcher = Counting()
    subscription = Subscription(
        "consumer", Reply.topic, Reply, ignored, partner_exchange="distributors.replies"
    )

    await consumer(subscription, dispatcher, prefetch=4)(letter(20))

    assert len(dispatcher.heard) == 1
