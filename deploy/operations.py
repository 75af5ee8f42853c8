"""What an operator does by hand: replays and discards parked messages, publishes old facts again."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial

from aiormq.exceptions import AMQPError

from deploy.dead_letters import take_in
from deploy.parked import change, find_kept, find_named, operator, publish_again
from services import SERVICES
from shared.clock import Clock, clock_from
from shared.domain.days import STOCKHOLM
from shared.domain.typed_moment import Unreadable, since_typed
from shared.messaging.parked import NotParked, back_to_parked, discarded, replayed
from shared.messaging.publisher import Publisher
from shared.messaging.relay import BATCH, Relay
from shared.repository import Repository
from shared.repository.audit.signing import heads_of
from shared.repository.codec import Document
from shared.repository.mongo.backend import Mongo, connect
from shared.sealed import seals_from
from shared.service.process import repository_of
from shared.settings import Settings


async def list_parked(*, every_state: bool = False) -> int:
    settings = Settings()
    async with all_repositories(settings) as (repositories, clock):
        await take_in_dead_letters(repositories, settings, clock)
        found = await find_kept(repositories, {} if every_state else {"state": "parked"})
    for each in found:
        one = each.parked
        print(
            f"{each.handle}  {one.last_at.astimezone(STOCKHOLM):%Y-%m-%d %H:%M}  {one.state:<9}  {one.queue}"
        )
        print(f"          {one.reason} (attempts: {one.attempts})")
    if not found:
        print("Nothing is parked.")
    return 0


async def take_in_dead_letters(repositories: Sequence[Repository], settings: Settings, clock: Clock) -> None:
    """Park what the broker gave up delivering; without a broker only what is parked already is shown."""
    try:
        unknown = await take_in(repositories, settings, at=clock.now())
    except (AMQPError, OSError) as failure:
        print(f"The broker does not answer ({type(failure).__name__}): dead letters are not looked for.")
        return
    if unknown:
        print(f"{unknown} dead letters do not say where they come from: they stay in the queue dead.letters.")


async def show_parked(name: str) -> int:
    async with all_repositories(Settings()) as (repositories, _):
        found = await find_named(repositories, name)
    if found is None:
        return unknown(name)
    one = found.parked
    print(f"{found.handle}  {one.state}  {one.parked_id}")
    print(f"topic     {one.topic}\nqueue     {one.queue}\nattempts  {one.attempts}")
    for word, moment in (("first", one.first_at), ("last", one.last_at)):
        print(f"{word:<9} {moment.astimezone(STOCKHOLM).isoformat(timespec='seconds')}")
    for line in one.history:
        print(f"history   {line}")
    print(f"reason    {one.reason}\n{one.stack.rstrip()}\nbody      {one.body}")
    return 0


async def replay_parked(name: str) -> int:
    """Hand a parked message to its own queue again; claimed first, so that two operators replay it once."""
    settings = Settings()
    async with all_repositories(settings) as (repositories, clock):
        found = await find_named(repositories, name)
        if found is None:
            return unknown(name)
        try:
            await change(found, partial(replayed, at=clock.now(), by=operator()), action="replay_parked")
        except NotParked as refused:
            return not_parked(refused)
        if not await publish_again(found.parked, settings):
            await change(found, back_to_parked, action="keep_parked")
            print(f"The broker did not take it: {found.handle} stays parked.")
            return 1
    print(f"{found.handle} is in {found.parked.queue} again. If it fails again it comes back to the list.")
    return 0


async def discard_parked(name: str, *, because: str) -> int:
    async with all_repositories(Settings()) as (repositories, clock):
        found = await find_named(repositories, name)
        if found is None:
            return unknown(name)
        rule = partial(discarded, at=clock.now(), by=operator(), because=because)
        try:
            await change(found, rule, action="discard_parked")
        except NotParked as refused:
            return not_parked(refused)
    print(f"{found.handle} is discarded. It can still be shown.")
    return 0


def not_parked(refused: NotParked) -> int:
    print(f"{refused.said.en} It is {refused.facts['state']}.")
    return 1


async def replay_since(moment: str, *, services: Sequence[str] = SERVICES) -> int:
    """Tell every fact again that was committed since a moment; who knew it already does nothing."""
    try:
        since = since_typed(moment)
    except Unreadable as unreadable:
        print(unreadable)
        return 2
    settings, untold = Settings(), 0
    events, partners = Publisher(settings.rabbitmq_url), Publisher(settings.rabbitmq_partners_url)
    try:
        async with all_repositories(settings) as (repositories, clock):
            for repository in (each for each in repositories if each.service in services):
                seals = seals_from(settings.keys_file)
                relay = Relay(repository.backend, seals, clock, events=events, partners=partners)
                await publish_again_since(repository, relay, since)
                print(f"{repository.service:<13} {relay.counts['published']} told again")
                untold += sum(relay.counts[each] for each in ("failed", "timeout", "unroutable"))
    finally:
        await events.close()
        await partners.close()
    if untold:
        print(f"{untold} could not be told: is the topology loaded? It is safe to run this again.")
    return 1 if untold else 0


async def publish_again_since(repository: Repository, relay: Relay, since: datetime) -> None:
    batch: list[Document] = []
    async for row in repository.backend.outbox.rows_since(since):
        batch.append(row)
        if len(batch) == BATCH:
            await relay.publish(batch)
            batch = []
    if batch:
        await relay.publish(batch)
    await relay.flush()


@asynccontextmanager
async def all_repositories(settings: Settings) -> AsyncIterator[tuple[list[Repository], Clock]]:
    clock, seals = clock_from(settings.clock_file), seals_from(settings.keys_file)
    client = connect(settings.mongodb_url, app_name="operations")
    backends = {name: Mongo(client[f"{settings.database_prefix}_{name}"]) for name in SERVICES}
    repositories = [
        repository_of(backend, service=name, clock=clock, seals=seals) for name, backend in backends.items()
    ]
    try:
        yield repositories, clock
    finally:
        for each in repositories:
            await each.close()
            written = [head for head in each.audit_heads if head.sequence]
            heads_of(each.service, settings.audit_dir, seals).sign(written, at=clock.now())
        await client.close()


def unknown(name: str) -> int:
    print(f"No message is called {name}; `./sesam parked list --all` names them.")
    return 1
