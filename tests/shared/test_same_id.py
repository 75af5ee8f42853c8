"""A fact of ours under an id that stood for another one is loud; the same fact in other bytes is the same."""

from collections.abc import AsyncIterator
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.clock import FixedClock
from shared.messaging.consuming import PARKED, Dispatcher, Parked, Subscription
from shared.messaging.envelope import Message
from shared.repository import Cause, Repository
from shared.repository.backend import Backend
from tests.shared.examples import NOON, PURSES, PurseChanged, put, repository_on
from tests.support import test_seals as seals_of_tests

FACT = b'{"purse_id":"p1","coins":5}'
REORDERED = b'{ "coins": 5, "purse_id": "p1" }'
OTHER = b'{"purse_id":"p1","coins":6}'


@pytest.fixture
async def repository(backend: Backend) -> AsyncIterator[Repository]:
    await backend.prepare([PURSES, PARKED])
    opened = repository_on(backend)
    yield opened
    await opened.close()


def ear_of(repository: Repository) -> Subscription:
    async def on_purse_changed(event: PurseChanged, cause: Cause) -> None:
        await repository.change(PURSES.maybe("p1"), partial(put, coins=event.coins), cause=cause)

    return Subscription("consumer", PurseChanged.topic, PurseChanged, on_purse_changed)


async def heard(repository: Repository, *bodies: bytes) -> tuple[int, list[Parked]]:
    """Hear these under one message id; give what lies in the purse and what was parked."""
    dispatcher = Dispatcher(repository, FixedClock(NOON), seals_of_tests())
    for body in bodies:
        await dispatcher.dispatch(ear_of(repository), Message(body, message_id="m1"))
    purse = await repository.get(PURSES.ref("p1"))
    return purse.coins, await repository.find(PARKED, {"state": "parked"})


async def test_another_fact_under_a_known_id_is_parked_at_once_and_named(repository: Repository) -> None:
    coins, (parked,) = await heard(repository, FACT, OTHER, OTHER)

    assert coins == 5
    assert parked.reason == "KeyReused: a message with the same id and other content was heard before"
    assert (parked.attempts, parked.body) == (1, OTHER.decode())


async def test_the_same_fact_in_other_bytes_has_one_effect_and_is_no_trouble(repository: Repository) -> None:
    assert await heard(repository, FACT, REORDERED, FACT) == (5, [])


async def test_a_fact_that_an_earlier_version_consumed_is_known_though_it_noted_no_content(
    repository: Repository,
) -> None:
    subscription = ear_of(repository)
    await subscription.handler(PurseChanged(purse_id="p1", coins=5), Cause(key=f"{subscription.queue}|m1"))

    assert await heard(repository, FACT) == (5, [])


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists) | st.binary())
def test_any_body_has_a_content(body: object) -> None:
    written = body if isinstance(body, bytes) else repr(body).encode(errors="replace")

    assert len(Message(written).content) == 64
