"""Moves what the broker stopped delivering to the parked messages, where an operator finds it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

import aiormq
from aiormq.abc import AbstractChannel, DeliveredMessage

from shared.messaging.amqp import DEAD_LETTERS, address, read_what_anybody_sends
from shared.messaging.consuming import LONGEST_STACK, PARKED, Parked
from shared.messaging.envelope import LARGEST_BODY, Message
from shared.messaging.topology import is_among_partners
from shared.repository import Cause, Repository
from shared.sealed import Seals, seals_from
from shared.settings import Settings

MOST_AT_ONCE = 1000
WHO_TELLS = {"distributor": "ordering", "supplier": "inventory", "invoicing": "billing"}
"""Whose message lies in a partner's own queue, by the beginning of its name."""


async def take_in(repositories: Sequence[Repository], settings: Settings, *, at: datetime) -> int:
    """Park every dead letter with the service that it was for, or came from; give how many stay unknown.

    Raises AMQPError or OSError when the broker does not answer: then they stay where they are.
    """
    read_what_anybody_sends()
    by_service = {each.service: each for each in repositories}
    seals, unknown = seals_from(settings.keys_file), 0
    for url in (settings.rabbitmq_url, settings.rabbitmq_partners_url):
        connection = await aiormq.connect(address(url))
        try:
            channel = await connection.channel()
            unknown += await _take_all(channel, by_service, seals, at=at)
        finally:
            await connection.close()  # what was not acknowledged goes back
    return unknown


async def _take_all(
    channel: AbstractChannel, by_service: Mapping[str, Repository], seals: Seals, *, at: datetime
) -> int:
    unknown = 0
    for _ in range(MOST_AT_ONCE):
        raw = await channel.basic_get(DEAD_LETTERS)
        if raw.delivery_tag is None:
            break
        letter = parked_of(raw, seals, at=at)
        repository = by_service.get(_service_of(letter.queue))
        if repository is None:
            unknown += 1
            continue
        await repository.change(
            PARKED.maybe(letter.parked_id), partial(_parked_again, seen=letter), cause=Cause(key=None)
        )
        await channel.basic_ack(raw.delivery_tag)
    return unknown


def parked_of(raw: DeliveredMessage, seals: Seals, *, at: datetime) -> Parked:
    """Write a dead letter down as a parked message; `queue` is where it died, or empty when nobody knows."""
    properties = raw.header.properties
    headers = properties.headers or {}
    queue, reason, count = _death_of(headers)
    message = Message(raw.body, message_id=properties.message_id)
    body = raw.body[:LARGEST_BODY].decode(errors="replace")
    return Parked(
        parked_id=f"{queue}|{message.identity}|{message.content[:16]}",
        queue=queue,
        message_id=message.identity,
        topic=properties.message_type or raw.routing_key or "",
        body=seals.seal(body, purpose="messages") if is_among_partners(queue) else body,
        traceparent=str(headers["traceparent"]) if "traceparent" in headers else None,
        reason=f"DeadLetter: the broker gave up delivering it ({reason})"[:LONGEST_STACK],
        stack="",
        attempts=count,
        first_at=at,
        last_at=at,
        state="parked",
        sender=raw.routing_key if is_among_partners(queue) and ".hears." in queue else None,
    )


def _death_of(headers: Mapping[str, Any]) -> tuple[str, str, int]:
    """Read where, why and how often it died last, as the broker notes it."""
    deaths = headers.get("x-death")
    last = deaths[0] if isinstance(deaths, list) and deaths else {}
    queue = str(last.get("queue") or headers.get("x-first-death-queue") or "")
    return queue, str(last.get("reason") or "unknown"), int(last.get("count") or 1)


def _service_of(queue: str) -> str:
    service, hears, _ = queue.partition(".hears.")
    return service if hears else WHO_TELLS.get(queue.partition(".")[0], "")


def _parked_again(parked: Parked | None, *, seen: Parked) -> tuple[Parked, tuple[()]]:
    """Keep what was done with it before: nothing that an operator did is forgotten."""
    return (replace(seen, first_at=parked.first_at, history=parked.history) if parked else seen), ()
