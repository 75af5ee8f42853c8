"""The FastStream brokers of a service: one channel per subscription, manual acks, nothing declared."""

import asyncio
import logging
from collections.abc import Iterable

import structlog
from faststream import AckPolicy
from faststream.rabbit import Channel, QueueType, RabbitBroker, RabbitExchange, RabbitMessage, RabbitQueue

from shared.fault import fault
from shared.messaging.acks import Acks
from shared.messaging.amqp import address, read_what_anybody_sends
from shared.messaging.consuming import Dispatcher, Subscription
from shared.messaging.envelope import Message, messages_in, partner_message_of
from shared.messaging.lanes import Lanes
from shared.repository.outbox import EVENTS_EXCHANGE

log = structlog.get_logger()


def broker_of(
    url: str, subscriptions: Iterable[Subscription], dispatcher: Dispatcher, *, prefetch: int
) -> RabbitBroker:
    """Subscribe to each queue; the topology is loaded at deploy, never declared here."""
    read_what_anybody_sends()
    broker = RabbitBroker(
        address(url),
        ack_policy=AckPolicy.MANUAL,
        graceful_timeout=10,
        reconnect_interval=0.5,
        fail_fast=False,
        logger=logging.getLogger("sesam.bus"),
        # Our subscriptions read the raw message: injecting it costs a change of thread for each one.
        apply_types=False,
        decoder=_undecoded,
    )
    for subscription in subscriptions:
        _subscribe(broker, subscription, dispatcher, prefetch)
    return broker


async def _undecoded(message: RabbitMessage) -> RabbitMessage:
    return message


def _subscribe(
    broker: RabbitBroker, subscription: Subscription, dispatcher: Dispatcher, prefetch: int
) -> None:
    queue = RabbitQueue(subscription.queue, durable=True, queue_type=QueueType.QUORUM, declare=False)
    exchange = RabbitExchange(subscription.partner_exchange or EVENTS_EXCHANGE, declare=False)
    channel = Channel(prefetch_count=prefetch)
    acks, lanes = Acks(), Lanes()
    at_once = asyncio.Semaphore(prefetch)  # facts, since a message may hold many

    async def consume_one(message: Message) -> None:
        async with lanes.of(subscription.lane_of(message)), at_once:
            await _until_committed(subscription, dispatcher, message)

    @broker.subscriber(queue, exchange, channel=channel, no_reply=True, ack_policy=AckPolicy.MANUAL)
    async def consume(message: RabbitMessage) -> None:
        raw = message.raw_message
        messages = [partner_message_of(raw)] if subscription.partner_exchange else messages_in(raw)
        await asyncio.gather(*(consume_one(each) for each in messages))
        await acks.ended(raw)
        await fault("hear.after_ack")


async def _until_committed(subscription: Subscription, dispatcher: Dispatcher, message: Message) -> None:
    """Hold the delivery while the database is away: it is neither lost nor delivered again and again."""
    pause = 0.5
    while True:
        try:
            await dispatcher.dispatch(subscription, message)
        except Exception as failure:  # noqa: BLE001  only the database raises here
            log.error("cannot keep", queue=subscription.queue, error=type(failure).__name__)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 10)
        else:
            return
