"""The operator's commands about parked messages: list, show, replay, discard."""

import getpass
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import aio_pika
from pamqp.commands import Basic

from shared.events.fact import SEALED_PREFIX
from shared.messaging.amqp import address
from shared.messaging.consuming import PARKED, Parked
from shared.messaging.envelope import ALONE, TOGETHER
from shared.messaging.parked import handle_of
from shared.messaging.topology import is_among_partners, partner_exchange_of, present_name_of
from shared.repository import Cause, Entry, Repository
from shared.sealed import seals_from
from shared.settings import Settings

MOST_SHOWN = 1000
PUBLISH_SECONDS = 10.0
Rule = Callable[[Parked], tuple[Parked, tuple[()]]]


@dataclass(frozen=True)
class ParkedMessage:
    """A parked message and the repository that keeps it."""

    parked: Parked
    repository: Repository

    @property
    def handle(self) -> str:
        return handle_of(self.parked)


async def find_kept(repositories: Sequence[Repository], where: Mapping[str, str]) -> list[ParkedMessage]:
    return [
        ParkedMessage(parked, repository)
        for repository in repositories
        for parked in await repository.find(PARKED, where, limit=MOST_SHOWN)
    ]


async def find_named(repositories: Sequence[Repository], name: str) -> ParkedMessage | None:
    """Find by the short name, the message's id or the whole id."""
    for each in await find_kept(repositories, {}):
        if name in {each.handle, each.parked.message_id, each.parked.parked_id}:
            return each
    return None


async def change(kept: ParkedMessage, rule: Rule, *, action: str) -> None:
    """Change one parked message; the audit log says who did. Raises `NotParked`."""
    cause = Cause(key=None, entry=Entry(actor=f"operator:{operator()}", action=action))
    await kept.repository.change(PARKED.ref(kept.parked.parked_id), rule, cause=cause)


async def publish_again(parked: Parked, settings: Settings) -> bool:
    """Hand it to its own queue again, and no other; True only when the broker has it.

    What a partner sent goes by the partners' exchange under its own routing key, which says who sent it.
    """
    among_partners = is_among_partners(parked.queue)
    url = settings.rabbitmq_partners_url if among_partners else settings.rabbitmq_url
    exchange = partner_exchange_of(parked.queue) if parked.sender else None
    key = parked.sender if exchange and parked.sender else present_name_of(parked.queue)
    body = opened(parked, settings)
    # a batch that an older consumer could not read was parked whole; a single fact is never an array
    kind = TOGETHER if body.lstrip().startswith("[") and not among_partners else ALONE
    async with await aio_pika.connect(address(url), timeout=PUBLISH_SECONDS) as connection:
        channel = await connection.channel(publisher_confirms=True)
        message = aio_pika.Message(
            body.encode(),
            message_id=parked.message_id,
            type=parked.topic,
            content_type=kind,
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            headers={"traceparent": parked.traceparent} if parked.traceparent else {},
        )
        way = await channel.get_exchange(exchange, ensure=False) if exchange else channel.default_exchange
        answer = await way.publish(message, key, timeout=PUBLISH_SECONDS)
    return isinstance(answer, Basic.Ack)


def opened(parked: Parked, settings: Settings) -> str:
    """Open a partner's body, which was sealed as it was parked."""
    sealed = parked.body.startswith(SEALED_PREFIX)
    return seals_from(settings.keys_file).open(parked.body) if sealed else parked.body


def operator() -> str:
    return getpass.getuser()
