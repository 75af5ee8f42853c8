"""What was told a month ago is removed by whoever sweeps; before that, a lost broker can be refilled."""

import asyncio
from datetime import timedelta
from functools import partial

import pytest

from shared.clock import FixedClock
from shared.messaging.publisher import Publisher
from shared.messaging.relay import REFILLED_FOR, Relay
from shared.repository import Cause
from shared.repository.codec import Document
from shared.repository.memory.backend import Memory
from tests import support
from tests.shared.examples import NOON, PURSES, put, repository_on

A_MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(("age", "left"), [(REFILLED_FOR + A_MINUTE, 0), (REFILLED_FOR - A_MINUTE, 1)])
async def test_the_sweep_removes_rows_that_were_published_more_than_a_month_ago(
    age: timedelta, left: int
) -> None:
    backend, nowhere = Memory(), Publisher("amqp://nowhere")
    await backend.prepare([PURSES])
    repository, rows = repository_on(backend), list[Document]()
    repository.on_commit(rows.extend)
    await repository.change(PURSES.maybe("p1"), partial(put, coins=1), cause=Cause(key="k1"))
    await backend.outbox.mark_published([rows[0]["_id"]], at=NOON - age)
    relay = Relay(backend, support.test_seals(), FixedClock(NOON), events=nowhere, partners=nowhere)

    sweeping = asyncio.create_task(relay.sweep(0.01))
    await asyncio.sleep(0.1)
    sweeping.cancel()

    kept = [row async for row in backend.outbox.rows_since(NOON - timedelta(days=99))]
    assert len(kept) == left
    await repository.close()
