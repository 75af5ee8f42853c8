"""Taking what lies in a queue by consuming: a queue of one consumer at a time may not be asked otherwise."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiormq.abc import AbstractChannel, DeliveredMessage


@asynccontextmanager
async def consuming(channel: AbstractChannel, queue: str) -> "AsyncIterator[asyncio.Queue[DeliveredMessage]]":
    came: asyncio.Queue[DeliveredMessage] = asyncio.Queue()
    consumer = await channel.basic_consume(queue, came.put)
    yield came
    await channel.basic_cancel(consumer.consumer_tag or "")


async def take(channel: AbstractChannel, queue: str, *, number: int) -> list[DeliveredMessage]:
    """Take so many messages, and no more; raises TimeoutError when there are fewer."""
    await channel.basic_qos(prefetch_count=number)
    async with consuming(channel, queue) as came, asyncio.timeout(10):
        taken = [await came.get() for _ in range(number)]
        for each in taken:
            await channel.basic_ack(each.delivery_tag or 0)
        return taken


async def refuse_one(channel: AbstractChannel, queue: str) -> None:
    """Let the broker give one message up."""
    await channel.basic_qos(prefetch_count=1)
    async with consuming(channel, queue) as came, asyncio.timeout(10):
        message = await came.get()
        await channel.basic_reject(message.delivery_tag or 0, requeue=False)
