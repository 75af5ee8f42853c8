"""Queues of earlier versions: what lies in them is moved to their successors in its order, and they go.

A queue's arguments stand since it was declared, so a queue that one consumer at a time is given is a new one
(decision 0043). Queues of facts that were never published are removed without a successor (decision 0081).
"""

from collections.abc import Mapping
from typing import Any

import aiormq
from aiormq.abc import AbstractChannel, AbstractConnection, DeliveredMessage
from aiormq.exceptions import ChannelNotFoundEntity
from pamqp.commands import Queue

from shared.messaging.amqp import IN_ORDER, address, read_what_anybody_sends
from shared.repository.outbox import EVENTS_EXCHANGE

NEVER_TOLD = {
    "billing.hears.inventory.collection_order_registered.v1": "inventory.collection_order_registered.v1",
    "billing.hears.inventory.collection_order_closed.v1": "inventory.collection_order_closed.v1",
}
"""Queues of facts that were planned and never published, each with its routing key."""
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


async def remove_never_told(url: str, queues: Mapping[str, str] = NEVER_TOLD) -> list[str]:
    """Remove the empty queues of facts that were never published; say what was done. Safe to run again.

    A queue that holds something, or that an earlier version still consumes, stays: nothing is lost unseen.
    """
    connection = await aiormq.connect(address(url))
    try:
        lines = [await _remove_empty(connection, queue, topic) for queue, topic in queues.items()]
    finally:
        await connection.close()
    return [line for line in lines if line]


async def _remove_empty(connection: AbstractConnection, queue: str, topic: str) -> str | None:
    if await _declared(connection, queue) is None:
        return None
    channel = await connection.channel()
    await channel.queue_unbind(queue, EVENTS_EXCHANGE, topic)  # before counting: nothing comes any more
    state = await _declared(connection, queue)
    if state is None:
        return None
    if state.message_count:
        return f"{queue} holds {state.message_count} messages: look at them, purge it, and run this again."
    if state.consumer_count:
        return _still_consumed(queue, state.consumer_count)
    await channel.queue_delete(queue)
    return f"{queue} is removed: nobody ever told its fact."


def _exchange_of(queue: Mapping[str, Any], definitions: Definitions) -> str:
    bound = (row["source"] for row in definitions["bindings"] if row["destination"] == queue["name"])
    return str(next(bound))


async def _retire(connection: AbstractConnection, successor: Mapping[str, Any], exchange: str) -> str | None:
    old, new = successor["name"].removesuffix(IN_ORDER), successor["name"]
    if await _declared(connection, old) is None:
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
    state = await _declared(connection, old)
    if state and state.consumer_count:
        return _still_consumed(old, state.consumer_count)
    await channel.queue_delete(old)
    return f"{old} is removed; {moved} messages were moved to {new}."


def _still_consumed(queue: str, consumers: int) -> str:
    return f"{queue} is still heard by {consumers}: stop the earlier version, and run this again."


async def _declared(connection: AbstractConnection, queue: str) -> Queue.DeclareOk | None:
    """Ask how many messages and consumers a queue has; None when it is not there."""
    channel = await connection.channel()
    try:
        return await channel.queue_declare(queue, passive=True)
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
