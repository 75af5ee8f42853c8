"""Two billing processes on a real database hear the facts of one withdrawal at the same moment."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from services.billing.domain.account import Reversal
from services.billing.domain.ledger import Fee, event_id_of, net
from services.billing.domain.payer import Payer
from services.billing.repository import COLLECTIONS, Batches, Files, Ledger
from services.billing.repository.ledger import FEES
from shared.clock import FixedClock
from shared.domain.money import NOTHING
from shared.repository import Cause, Repository
from shared.repository.mongo import Mongo, connect
from shared.service import repository_of
from tests.billing.examples import AT, ENTRY, IDENTITY, OPENED, TODAY, WITHDRAWAL
from tests.support import test_seals as seals_of_tests

pytestmark = pytest.mark.connected

ANNULLED = replace(OPENED, reversals=(Reversal(1, TODAY),))


@asynccontextmanager
async def replica(url: str, prefix: str) -> AsyncIterator[Repository]:
    client = connect(url, app_name="billing")
    backend = Mongo(client[f"{prefix}_billing"])
    await backend.prepare(COLLECTIONS)
    repository = repository_of(backend, service="billing", clock=FixedClock(AT), seals=seals_of_tests())
    try:
        yield repository
    finally:
        await repository.close()
        await client.close()


async def fees_of(repository: Repository) -> list[Fee]:
    return await repository.find(FEES, {})


@pytest.mark.parametrize("round_", range(5))
async def test_a_withdrawal_and_its_annulment_heard_at_the_same_moment_give_both_entries(
    mongodb_url: str, database_prefix: str, round_: int
) -> None:
    async with replica(mongodb_url, database_prefix) as one, replica(mongodb_url, database_prefix) as other:
        here, there = Ledger(one, FixedClock(AT)), Ledger(other, FixedClock(AT))
        await here.know(Payer("p-1", 1, IDENTITY), cause=Cause("patient"))

        await asyncio.gather(
            here.charge(OPENED, [ENTRY], cause=Cause("sent")),
            there.reverse(ANNULLED, cause=Cause("annulled")),
        )

        fees = await fees_of(one)
        assert len(fees) == 2
        assert net(fees) == NOTHING


@pytest.mark.parametrize("round_", range(5))
async def test_a_fee_and_its_payer_heard_at_the_same_moment_meet(
    mongodb_url: str, database_prefix: str, round_: int
) -> None:
    async with replica(mongodb_url, database_prefix) as one, replica(mongodb_url, database_prefix) as other:
        here, there = Ledger(one, FixedClock(AT)), Ledger(other, FixedClock(AT))

        await asyncio.gather(
            here.charge(OPENED, [ENTRY], cause=Cause("sent")),
            there.know(Payer("p-1", 1, IDENTITY), cause=Cause("patient")),
        )
        await asyncio.gather(here.tell_all_held(), there.tell_all_held())

        (fee,) = await fees_of(one)
        assert [step.what for step in fee.progress if step.what == "told"] == ["told"]


async def test_two_processes_that_close_the_day_put_each_entry_into_one_file(
    mongodb_url: str, database_prefix: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    clock, folder = FixedClock(AT), tmp_path_factory.mktemp("files")
    async with replica(mongodb_url, database_prefix) as one, replica(mongodb_url, database_prefix) as other:
        ledger = Ledger(one, clock)
        await ledger.know(Payer("p-1", 1, IDENTITY), cause=Cause("patient"))
        entries = [
            replace(ENTRY, event_id=event_id_of(WITHDRAWAL, number, kind="charge"), fee_no=number)
            for number in range(1, 21)
        ]
        await ledger.charge(OPENED, entries, cause=Cause("sent"))

        closing = [
            Batches(each, clock, seals_of_tests(), Files(folder)).close(cause=Cause(f"close-{number}"))
            for number, each in enumerate((one, other))
        ]
        outcomes = await asyncio.gather(*closing, return_exceptions=True)

        assert sum(not isinstance(outcome, Exception) for outcome in outcomes) == 1
        assert {fee.batch for fee in await fees_of(one)} == {"20261121-0001"}
