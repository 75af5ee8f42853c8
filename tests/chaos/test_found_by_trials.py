"""What the trials found in the core, each as the smallest test that failed."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from services.inventory.application import imports as importing
from services.inventory.repository.collections import ARTICLES, IMPORTS, STAGED
from shared.clock import FixedClock, SystemClock
from shared.messaging import relay as relaying
from shared.messaging.consuming import PARKED, Dispatcher, Subscription
from shared.messaging.envelope import Message
from shared.messaging.publisher import Publisher
from shared.messaging.relay import Relay
from shared.repository import Cause, Entry, waiting
from shared.repository.backend import Contended, Transaction
from shared.repository.memory.backend import Memory
from tests import support
from tests.chaos.sound import SOUND
from tests.inventory.foods import CHOCOLATE
from tests.shared.examples import NOON, PURSES, PurseChanged, put, repository_on
from tools.chaos.judging.invariants import i20_a_fact_is_told_exactly_when_its_change_is_kept


async def test_a_message_is_held_and_not_parked_while_a_killed_process_holds_its_document() -> None:
    backend = Memory()
    await backend.prepare([PURSES, PARKED])
    repository = repository_on(backend)
    held = True

    async def on_purse_changed(event: PurseChanged, cause: Cause) -> None:
        if held:
            raise Contended
        await repository.change(PURSES.maybe("p1"), partial(put, coins=event.coins), cause=cause)

    subscription = Subscription("tests", PurseChanged.topic, PurseChanged, on_purse_changed)
    message = Message(PurseChanged(purse_id="p1", coins=1).model_dump_json().encode(), "m-1")
    dispatcher = Dispatcher(repository, SystemClock(), support.test_seals())

    with pytest.raises(Contended):
        await dispatcher.dispatch(subscription, message)
    held = False
    await dispatcher.dispatch(subscription, message)

    (purse,) = await repository.find(PURSES, {})
    assert purse.coins == 1
    assert not await repository.find(PARKED, {})
    await repository.close()


async def test_a_row_for_which_the_relay_had_no_room_is_left_to_the_sweep(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(relaying, "MOST_WAITING", 1)
    relay = Relay(
        Memory(),
        support.test_seals(),
        SystemClock(),
        events=Publisher("amqp://nowhere"),
        partners=Publisher("amqp://nowhere"),
    )

    relay.wake([{"_id": "first"}])
    relay._in_hand["second"] = 0.2  # it failed once, and comes back when there is no room
    relay.wake([{"_id": "second"}])

    assert set(relay._in_hand) == {"first"}


async def test_an_orphan_is_swept_though_the_clock_was_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relaying, "ORPHAN_SECONDS", 0.05)
    backend = Memory()
    await backend.prepare([PURSES])
    repository, clock = repository_on(backend), FixedClock(NOON - timedelta(hours=1))
    nowhere = Publisher("amqp://nowhere")
    relay = Relay(backend, support.test_seals(), clock, events=nowhere, partners=nowhere)
    await repository.change(PURSES.maybe("p1"), partial(put, coins=1), cause=Cause(key="k1"))

    sweeping = asyncio.create_task(relay.sweep(0.02))
    await asyncio.sleep(0.3)
    sweeping.cancel()

    assert len(relay._in_hand) == 1
    await repository.close()


class HeldForAWhile(Memory):
    """A database in which a killed process left a transaction open, until it ends."""

    refusals = 2

    async def transact(self, work: Callable[[Transaction], Any]) -> Any:
        if self.refusals:
            self.refusals -= 1
            raise Contended
        return await super().transact(work)


async def test_an_import_waits_for_the_transaction_that_a_killed_import_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(waiting, "WAITS_SECONDS", (0.01, 0.01))
    backend = HeldForAWhile()
    await backend.prepare([ARTICLES, IMPORTS, STAGED])
    repository = repository_on(backend)
    imports = importing.Imports(repository, FixedClock(support.A_MONDAY_MORNING))
    entry = Entry(actor="operator:anna", action="inventory.import_articles")

    import_id = await imports.begin(entry=entry)
    backend.refusals = 2
    await imports.stage(import_id, [CHOCOLATE], progress=lambda _: None)
    await imports.switch(import_id, articles=1, entry=entry)
    await imports.publish(import_id, articles=1, progress=lambda _: None)

    (kept,) = await repository.find(ARTICLES, {})
    assert kept.article_no == CHOCOLATE.article_no
    await repository.close()


@pytest.mark.parametrize(("newest", "complaints"), [("2026-04-30T09:00:00Z", 0), ("2026-03-20T09:00:00Z", 2)])
def test_what_was_published_more_than_a_month_ago_may_have_been_removed(newest: str, complaints: int) -> None:
    """A sweep whose clock ran 52 days ahead was called broken for 184 withdrawals of its first day."""
    told = [{"topic": "another", "subject": "U9", "committed_at": newest}]
    evidence = replace(SOUND, outbox={**SOUND.outbox, "ordering": told})

    found = list(i20_a_fact_is_told_exactly_when_its_change_is_kept(evidence))

    assert len(found) == complaints
