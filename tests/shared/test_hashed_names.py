"""A key or an id of others may be a person's number: nobody guesses it from what is kept; a repeat is known.

Also what the version before kept, in clear or hashed without a key, is still known to be the same.
"""

import json
from dataclasses import replace
from functools import partial
from typing import Any

import httpx
import pytest

from shared.clock import FixedClock
from shared.domain.hashing import plain_hash
from shared.http.json_body import canonical
from shared.messaging.consuming import PARKED, Dispatcher, Subscription
from shared.messaging.envelope import Message
from shared.messaging.names import names_of
from shared.partners import Partner
from shared.repository import Cause, Repository
from shared.repository.memory.backend import Memory
from shared.sealed import KEYS_OF, new_keys, only_needed, seals_of
from tests.shared.examples import NOON, PURSES, put, repository_on
from tests.shared.purses import assemble as assemble_purses
from tests.support import InMemory, in_memory
from tests.support import test_seals as seals_of_tests

KEY = "reg-199001012385"
ASKER = "tests.put_coins|customer_service-1"
BODY = {"coins": 5}
SENT = b'{"coins":5}'


class PurseFilled(Partner):
    """What an outside partner says of a purse."""

    topic = "tests.purse_filled.v1"
    about = "purse_id"

    purse_id: str
    coins: int


@pytest.fixture
async def purses() -> InMemory:
    return await in_memory("tests", assemble_purses)


async def put_five(purses: InMemory) -> httpx.Response:
    return await purses.client.post("/purses/p1/put", json=BODY, headers=purses.once("customer_service", KEY))


def kept(repository: Repository) -> str:
    backend = repository.backend
    assert isinstance(backend, Memory)
    return str({name: dict(rows) for name, rows in backend._documents.items()})


async def test_neither_an_idempotency_key_nor_a_body_can_be_guessed_from_what_is_kept(
    purses: InMemory,
) -> None:
    await put_five(purses)

    meant = b"/purses/p1/put|[]|" + canonical(json.dumps(BODY).encode())
    everything = kept(purses.repository) + str(purses.rows)
    assert "customer_service-1|" in everything
    for guess in (KEY, plain_hash(KEY), plain_hash(f"{ASKER}|{KEY}"), plain_hash(meant)):
        assert guess not in everything


@pytest.mark.parametrize("named", [f"{ASKER}|{KEY}", f"{ASKER}|{plain_hash(f'{ASKER}|{KEY}')}"])
@pytest.mark.parametrize("body", [b"/purses/p1/put||" + SENT, b"/purses/p1/put|[]|" + canonical(SENT)])
async def test_a_request_that_a_version_before_kept_is_recognised(
    purses: InMemory, named: str, body: bytes
) -> None:
    before = Cause(key=named, fingerprint=plain_hash(body))
    await purses.repository.change(PURSES.maybe("p1"), partial(put, coins=5, purse_id="p1"), cause=before)

    headers = {**purses.once("customer_service", KEY), "Content-Type": "application/json"}
    again = await purses.client.post("/purses/p1/put", content=SENT, headers=headers)

    assert again.headers.get("Idempotency-Replayed") == "true"
    assert (await purses.repository.get(PURSES.ref("p1"))).coins == 5


def subscription_of(repository: Repository) -> Subscription:
    async def on_purse_filled(event: PurseFilled, cause: Cause) -> None:
        if event.coins < 0:
            raise ValueError("nothing to put in")
        await repository.change(PURSES.maybe("p1"), partial(put, coins=event.coins), cause=cause)

    return Subscription("tests", PurseFilled.topic, PurseFilled, on_purse_filled, "partners")


def said(coins: int, **changes: Any) -> Message:
    body = json.dumps({"purse_id": "p1", "coins": coins}).encode()
    return Message(body, **{"message_id": KEY, "sender": "demo", **changes})


@pytest.fixture
async def repository() -> Repository:
    repository = repository_on(Memory())
    await repository.backend.prepare([PURSES, PARKED])
    return repository


async def dispatch(repository: Repository, *messages: Message) -> None:
    dispatcher = Dispatcher(repository, FixedClock(NOON), seals_of_tests())
    for message in messages:
        await dispatcher.dispatch(subscription_of(repository), message)


async def test_a_partners_message_id_and_content_cannot_be_guessed_and_a_repeat_is_known(
    repository: Repository,
) -> None:
    await dispatch(repository, said(5), said(5), said(5, message_id=None), said(5, message_id=None))

    everything = kept(repository)
    assert (await repository.get(PURSES.ref("p1"))).coins == 10
    for guess in (KEY, plain_hash(KEY), plain_hash(f'["demo","{KEY}"]'), said(5).content[:16]):
        assert guess not in everything


@pytest.mark.parametrize("message_id", [KEY, None])
async def test_a_message_that_the_version_before_handled_is_recognised(
    repository: Repository, message_id: str | None
) -> None:
    message = said(5, message_id=message_id)
    former = plain_hash(f'["demo","{KEY}"]') if message_id else message.content
    queue = subscription_of(repository).queue
    before = Cause(key=f"{queue}|{former}", fingerprint=message.content)
    await repository.change(PURSES.maybe("p1"), partial(put, coins=5), cause=before)

    await dispatch(repository, message)

    assert (await repository.get(PURSES.ref("p1"))).coins == 5


async def test_a_failure_goes_on_under_the_name_that_the_version_before_gave_it(
    repository: Repository,
) -> None:
    await dispatch(repository, said(-1))
    (parked,) = await repository.find(PARKED, {})
    assert plain_hash(f'["demo","{KEY}"]') not in parked.parked_id
    former = names_of(said(-1), repository.hashes).former
    assert former is not None
    before = replace(parked, parked_id=former.failure_in(parked.queue))
    after = repository_on(Memory())
    await after.change(PARKED.maybe(before.parked_id), lambda _: (before, []), cause=Cause(key=None))

    await dispatch(after, said(-1))

    assert [each.parked_id for each in await after.find(PARKED, {})] == [before.parked_id]


def test_each_service_hashes_under_a_key_of_its_own_that_its_key_file_gives() -> None:
    whole = new_keys()
    operators = {each: seals_of(whole).hashes(each).of(KEY) for each in KEYS_OF}
    own = {each: seals_of(only_needed(whole, each)).hashes(each).of(KEY) for each in KEYS_OF}
    others = {each: seals_of(new_keys()).hashes(each).of(KEY) for each in KEYS_OF}

    assert own == operators
    assert len({*own.values(), *others.values(), plain_hash(KEY)}) == 2 * len(KEYS_OF) + 1
