"""Queues of earlier versions: what lies in them is moved to their successors in its order, and they go.

A queue's arguments stand since it was declared, so a queue that one consumer at a time is given is a new one
(decision 0043).
"""

from collections.abc import Mapping
from typing import Any

import aiormq
from aiormq.abc import AbstractChannel, AbstractConnection, DeliveredMessage
from aiormq.exceptions import ChannelNotFoundEntity

from shared.messaging.amqp import IN_ORDER, address, read_what_anybody_sends

MOVED = "moved"
"""An exchange for the moving only: by it a message keeps its routing key, which says who sent it."""
Definitions = Mapping[str, Any]


class NotMoved(Exception):
    """The broker did not take a message into its new queue."""


async def retire(url: str, definitions: Definitions) -> list[str]:
    """Move and remove what the queues of the partners' vhost were called before; say what was done.

    Safe to run again, and while partners send: what comes meanwhile may come twice, and has one effect.
    """
    read_what_anybody_sends()
    successors = [queue for queue in definitions["queues"] if queue["name"].endswith(IN_ORDER)]
    connection = await aiormq.connect(address(url))
    try:
        lines = [await _retire(connection, each, _exchange_of(each, definitions)) for each in successors]
    finally:
        await connection.close()
    return [line for line in lines if line]


def _exchange_of(queue: Mapping[str, Any], definitions: Definitions) -> str:
    bound = (row["source"] for row in definitions["bindings"] if row["destination"] == queue["name"])
    return str(next(bound))


async def _retire(connection: AbstractConnection, successor: Mapping[str, Any], exchange: str) -> str | None:
    old, new = successor["name"].removesuffix(IN_ORDER), successor["name"]
    if await _consumers_of(connection, old) is None:
        return None
    channel = await connection.channel(publisher_confirms=True)
    await channel.queue_declare(new, durable=True, arguments=successor["arguments"])
    await channel.exchange_declare(MOVED, exchange_type="topic", durable=True)
    await channel.queue_bind(new, MOVED, "#")
    moved = await _move(channel, old)  # before the successor is bound, so that the older comes first
    await channel.queue_bind(new, exchange, "#")
    await channel.queue_unbind(old, exchange, "#")
    moved += await _move(channel, old)
    await channel.exchange_delete(MOVED)
    if heard_by := await _consumers_of(connection, old):
        return f"{old} is still heard by {heard_by}: stop the earlier version, and run this again."
    await channel.queue_delete(old)
    return f"{old} is removed; {moved} messages were moved to {new}."


async def _consumers_of(connection: AbstractConnection, queue: str) -> int | None:
    """Count who hears a queue; None when it is not there."""
    channel = await connection.channel()
    try:
        return (await channel.queue_declare(queue, passive=True)).consumer_count or 0
    except ChannelNotFoundEntity:
        return None
    finally:
        await channel.close()


async def _move(channel: AbstractChannel, old: str) -> int:
    moved = 0
    while (message := await channel.basic_get(old)).delivery_tag is not None:
        confirmed = await channel.basic_publish(
            message.body,
            exchange=MOVED,
            routing_key=message.routing_key or "",
            properties=message.header.properties,
            mandatory=True,
        )
        if isinstance(confirmed, DeliveredMessage):
            raise NotMoved(f"{old}: a message came back and stays where it was")
        await channel.basic_ack(message.delivery_tag)
        moved += 1
    return moved
