"""Two replicas of every service at once: under load, with orphans, and with a leader that sleeps too long."""

import asyncio
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared.partners import Order
from tests.servers import passing_folder
from tools.chaos.trial import Trial

pytestmark = pytest.mark.connected

JOBS = 24
BEYOND_THE_LEASE_SECONDS = 6.5
SWEPT_WITHIN_SECONDS = 6.0


@pytest.fixture
async def twins() -> AsyncIterator[Trial]:
    with passing_folder("trial") as folder:
        async with Trial(Path(folder), name="twins", replicas=2) as running:
            yield running


def copies(trial: Trial) -> int:
    """Count the orders that the distributor was told again."""
    return sum(each["what"] == "asked-again" for each in trial.scene.take().orders_booked)


def make_an_orphan(trial: Trial) -> None:
    outbox = trial.scene.database("ordering")["outbox"]
    row = outbox.find_one({"topic": Order.topic, "published_at": {"$ne": None}})
    outbox.update_one({"_id": row["_id"]}, {"$set": {"published_at": None}})


def epoch(trial: Trial) -> int:
    lease = trial.scene.database("ordering")["leases"].find_one({"_id": "relay"})
    return int(lease["epoch"])


async def test_two_replicas_of_every_service_lose_no_update_and_sweep_an_orphan_once(twins: Trial) -> None:
    # given both replicas of all five services at work
    await asyncio.gather(*(twins.job() for _ in range(JOBS)))
    await twins.rest(twins.intents.all, since="")
    told = copies(twins)

    # when a row lost its mark
    make_an_orphan(twins)
    await asyncio.sleep(SWEPT_WITHIN_SECONDS)

    # then one of the two told it again, once; and nothing else is wrong
    assert copies(twins) == told + 1
    assert list((await twins.verdict()).lines()) == []

    # and when each replica in turn sleeps for longer than its lease, and wakes up in the middle of the work
    before = epoch(twins)
    for name in ("ordering", "ordering-2"):
        service = twins.system.services[name]
        service.send(signal.SIGSTOP)
        working = [asyncio.create_task(twins.job()) for _ in range(6)]
        await asyncio.sleep(BEYOND_THE_LEASE_SECONDS)
        service.send(signal.SIGCONT)
        await asyncio.gather(*working)
    await twins.rest(twins.intents.all, since="")

    # then the lease went over, and the one who woke up had no second effect
    assert epoch(twins) > before
    assert list((await twins.verdict()).lines()) == []
