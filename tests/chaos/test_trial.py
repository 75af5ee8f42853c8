"""One trial: kill -9 where most is at stake, then two replicas of every service under load."""

import asyncio
import signal
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
import pytest_asyncio

from shared.partners import Order
from tests.servers import passing_folder
from tools.chaos.points import every_visit
from tools.chaos.sweep import Outcome, Round, Sweep
from tools.chaos.trial import Trial

pytestmark = [pytest.mark.connected, pytest.mark.full, pytest.mark.asyncio(loop_scope="module")]

JOBS = 24
BEYOND_THE_LEASE_SECONDS = 6.5
SWEPT_WITHIN_SECONDS = 6.0

ROUNDS = (
    (
        "prescription.commit.after#1", "ordering.hear.before_handler#1", "billing.commit.in_transaction#1",
        "notification.sms.after_claim#1",
    ),
    (
        "prescription.relay.before_publish#1", "ordering.send.after_commit#1", "billing.hear.after_handler#1",
        "notification.hear.after_handler#1", "inventory.despatch.after_commit#1",
    ),
    (
        "prescription.hear.after_ack#1", "ordering.commit.in_transaction#2", "billing.relay.after_confirm#1",
        "notification.sms.after_call#1", "inventory.release.after_commit#1",
    ),
    (
        "prescription.relay.after_confirm#1", "ordering.commit.before_answer#2",
        "billing.export.after_write#1", "notification.sms.before_claim#1", "inventory.hear.before_handler#1",
    ),
    (
        "prescription.commit.in_transaction#1", "ordering.relay.before_mark#2",
        "billing.export.after_rename#1", "notification.outgoing.after_fsync#1",
    ),
    ("ordering.hear.after_ack#2", "billing.correction.after_commit#1", "notification.commit.after#1"),
    (
        "prescription.merge.after_commit#1", "ordering.commit.after#1", "billing.close.after_freeze#1",
        "notification.receipt.after_commit#1",
    ),
    ("ordering.annul.after_commit#1", "billing.relay.before_publish#2"),
)  # fmt: skip
A_PART = slice(1, 4)
"""Every service dies, most of them twice."""
"""As many processes as can die in one round do: a round costs the same, whoever dies in it."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def trial() -> AsyncIterator[Trial]:
    """Start a system for all tests of this file: that takes longer than most of them."""
    with passing_folder("trial") as folder:
        async with Trial(Path(folder), name="test") as running:
            yield running


def rounds(chosen: Sequence[Sequence[str]]) -> list[Round]:
    visits = {f"{visit.name}#{visit.hit}": visit for visit in every_visit()}
    return [[visits[name] for name in names] for names in chosen]


@pytest.mark.parametrize(
    "chosen", [ROUNDS[A_PART], pytest.param(ROUNDS, marks=pytest.mark.long)], ids=["a part", "everything"]
)
async def test_the_kills_lose_double_and_leave_nothing(trial: Trial, chosen: Sequence[Sequence[str]]) -> None:
    outcomes: list[Outcome] = []

    await Sweep(trial, tell=outcomes.append).run(rounds(chosen))
    found = await trial.verdict()

    assert [visit.name for each in outcomes for visit in each.unmet] == []
    assert [line for each in outcomes for line in each.findings.lines()] == []
    assert list(found.lines()) == []
    assert sum(len(each.met) for each in outcomes) == sum(len(names) for names in chosen)


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


async def test_two_replicas_of_every_service_lose_no_update_and_sweep_an_orphan_once(trial: Trial) -> None:
    # given both replicas of all five services at work
    await trial.add_replicas()
    await asyncio.gather(*(trial.job() for _ in range(JOBS)))
    await trial.rest(trial.intents.all, since="")
    told = copies(trial)

    # when a row lost its mark
    make_an_orphan(trial)
    await asyncio.sleep(SWEPT_WITHIN_SECONDS)

    # then one of the two told it again, once; and nothing else is wrong
    assert copies(trial) == told + 1
    assert list((await trial.verdict()).lines()) == []

    # and when each replica in turn sleeps for longer than its lease, and wakes up in the middle of the work
    before = epoch(trial)
    for name in ("ordering", "ordering-2"):
        service = trial.system.services[name]
        service.send(signal.SIGSTOP)
        working = [asyncio.create_task(trial.job()) for _ in range(6)]
        await asyncio.sleep(BEYOND_THE_LEASE_SECONDS)
        service.send(signal.SIGCONT)
        await asyncio.gather(*working)
    await trial.rest(trial.intents.all, since="")

    # then the lease went over, and the one who woke up had no second effect
    assert epoch(trial) > before
    assert list((await trial.verdict()).lines()) == []
