"""The operator's commands about parked messages: list, show, replay, discard."""

import getpass
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import aio_pika
from pamqp.commands import Basic

from shared.domain.decision import Refused, Sentence
from shared.events.fact import SEALED_PREFIX
from shared.messaging.amqp import address
from shared.messaging.consuming import PARKED, Parked
from shared.messaging.envelope import ALONE, TOGETHER
from shared.messaging.topology import is_among_partners, partner_exchange_of, present_name_of
from shared.repository import Cause, Entry, Repository
from shared.sealed import seals_from
from shared.settings import Settings

MOST_SHOWN = 1000
MOST_REMEMBERED = 20
"""So many acts of operators stand with a message; the newest stay."""
HANDLE_LENGTH = 8
PUBLISH_SECONDS = 10.0
Rule = Callable[[Parked], tuple[Parked, tuple[()]]]


class NotParked(Refused):
    """Only a message that is parked can be replayed or discarded: so a replay happens once."""

    rule = "not-parked"
    sentence = Sentence("Meddelandet är inte parkerat.", "The message is not parked.")


@dataclass(frozen=True)
class ParkedMessage:
    """A parked message and the repository that keeps it."""

    parked: Parked
    repository: Repository

    @property
    def handle(self) -> str:
        """A short name, to be typed by people."""
        return hashlib.sha256(self.parked.parked_id.encode()).hexdigest()[:HANDLE_LENGTH]


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


def replayed(parked: Parked, *, at: datetime, by: str) -> tuple[Parked, tuple[()]]:
    demand_parked(parked)
    history = (*parked.history, f"{at:%Y-%m-%dT%H:%MZ} replayed by {by}")[-MOST_REMEMBERED:]
    return replace(parked, state="replayed", history=history), ()


def back_to_parked(parked: Parked) -> tuple[Parked, tuple[()]]:
    """Take back a replay that the broker did not accept."""
    return replace(parked, state="parked" if parked.state == "replayed" else parked.state), ()


def discarded(parked: Parked, *, at: datetime, by: str, because: str) -> tuple[Parked, tuple[()]]:
    demand_parked(parked)
    history = (*parked.history, f"{at:%Y-%m-%dT%H:%MZ} discarded by {by}")[-MOST_REMEMBERED:]
    return replace(parked, state="discarded", discarded_because=because, history=history), ()


def demand_parked(parked: Parked) -> None:
    if parked.state != "parked":
        raise NotParked(state=parked.state)


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
