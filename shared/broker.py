"""The FastStream brokers of a service: one channel per ear, acknowledged by hand, nothing declared."""

import asyncio
import logging
from collections.abc import Iterable

import structlog
from faststream import AckPolicy
from faststream.rabbit import Channel, QueueType, RabbitBroker, RabbitExchange, RabbitQueue
from faststream.rabbit.annotations import RabbitMessage

from shared.hearing import Ear, Hearing, Message
from shared.repository.outbox import EVENTS_EXCHANGE

log = structlog.get_logger()


def broker_of(url: str, ears: Iterable[Ear], hearing: Hearing, *, prefetch: int) -> RabbitBroker:
    """Subscribe each ear to its queue; the topology is loaded at deploy, never declared here."""
    broker = RabbitBroker(
        f"{url}?heartbeat=10",
        ack_policy=AckPolicy.MANUAL,
        graceful_timeout=10,
        reconnect_interval=0.5,
        fail_fast=False,
        logger=logging.getLogger("sesam.bus"),
    )
    for ear in ears:
        _subscribe(broker, ear, hearing, prefetch)
    return broker


def _subscribe(broker: RabbitBroker, ear: Ear, hearing: Hearing, prefetch: int) -> None:
    queue = RabbitQueue(ear.queue, durable=True, queue_type=QueueType.QUORUM, declare=False)
    exchange = RabbitExchange(ear.partner_exchange or EVENTS_EXCHANGE, declare=False)
    channel = Channel(prefetch_count=prefetch)

    @broker.subscriber(queue, exchange, channel=channel, no_reply=True, ack_policy=AckPolicy.MANUAL)
    async def hear(message: RabbitMessage) -> None:
        raw = message.raw_message
        traceparent = raw.headers.get("traceparent")
        await _until_committed(
            ear,
            hearing,
            Message(
                body=raw.body,
                message_id=raw.message_id,
                topic=raw.type,
                traceparent=str(traceparent) if traceparent else None,
            ),
        )
        await message.ack()


async def _until_committed(ear: Ear, hearing: Hearing, message: Message) -> None:
    """Hold the delivery while the database is away: it is neither lost nor thrown round by the broker."""
    pause = 0.5
    while True:
        try:
            await hearing.hear(ear, message)
        except Exception as failure:  # noqa: BLE001  only the database raises here
            log.error("cannot keep", ear=ear.queue, error=type(failure).__name__)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 10)
        else:
            return
