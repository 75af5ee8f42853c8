"""Two billing processes on a real database hear the facts of one withdrawal at the same moment."""

import asyncio
from dataclasses import replace

import pytest
from pydantic import BaseModel

from services.billing.application.batches import Batches
from services.billing.application.corrections import Corrections
from services.billing.application.ledger import Ledger
from services.billing.application.waivers import Waivers
from services.billing.domain.fees.account import Account, Reversal
from services.billing.domain.fees.correction import CorrectionDecided, CorrectionWaits
from services.billing.domain.fees.ledger import event_id_of, net
from services.billing.domain.fees.payer import Payer
from services.billing.domain.fees.waiver import Group
from services.billing.domain.tariffs.tariff import PublishedTariff
from services.billing.gateways.files import Files
from services.billing.repository.collections import CORRECTIONS, TARIFFS
from shared.clock import FixedClock
from shared.domain.money import NOTHING, Money
from shared.events.fees import Cap
from shared.repository import Cause
from tests.billing.examples import AT, ENTRY, IDENTITY, OPENED, TODAY, WITHDRAWAL
from tests.billing.replicas import fees_of, replica
from tests.billing.test_tariff import TARIFF
from tests.support import test_seals as seals_of_tests

pytestmark = pytest.mark.connected

ANNULLED = replace(OPENED, reversals=(Reversal(1, TODAY),))


@pytest.mark.parametrize("round_", range(5))
async def test_a_withdrawal_and_its_annulment_consumed_at_the_same_moment_give_both_entries(
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
async def test_a_fee_and_its_payer_consumed_at_the_same_moment_meet(
    mongodb_url: str, database_prefix: str, round_: int
) -> None:
    async with replica(mongodb_url, database_prefix) as one, replica(mongodb_url, database_prefix) as other:
        here, there = Ledger(one, FixedClock(AT)), Ledger(other, FixedClock(AT))

        await asyncio.gather(
            here.charge(OPENED, [ENTRY], cause=Cause("sent")),
            there.know(Payer("p-1", 1, IDENTITY), cause=Cause("patient")),
        )
        await asyncio.gather(here.send_all_held(), there.send_all_held())

        (fee,) = await fees_of(one)
        assert [step.what for step in fee.progress if step.what == "told"] == ["told"]


@pytest.mark.parametrize("round_", range(5))
async def test_two_people_who_correct_the_same_fee_at_the_same_moment_have_one_winner(
    mongodb_url: str, database_prefix: str, round_: int
) -> None:
    async with replica(mongodb_url, database_prefix) as one, replica(mongodb_url, database_prefix) as other:
        clock = FixedClock(AT)
        await Ledger(one, clock).know(Payer("p-1", 1, IDENTITY), cause=Cause("patient"))
        await Ledger(one, clock).charge(OPENED, [ENTRY], cause=Cause("sent"))
        desks = [Corrections(each, clock) for each in (one, other)]

        asked = await asyncio.gather(
            *(
                ask(desk, by=by, amount=amount)
                for desk, by, amount in zip(desks, ("a", "b"), (50, 90), strict=True)
            ),
            return_exceptions=True,
        )
        amount = (await one.get(CORRECTIONS.ref(ENTRY.event_id))).amount
        approved = await asyncio.gather(
            *(
                desk.approve(ENTRY.event_id, amount=amount, by="c", cause=Cause(f"c-{n}"), reply=said)
                for n, desk in enumerate(desks)
            ),
            return_exceptions=True,
        )

        assert [type(each) for each in asked].count(CorrectionWaits) == 1
        assert [type(each) for each in approved].count(CorrectionDecided) == 1
        fees = await fees_of(one)
        assert len(fees) == 3
        assert net(fees) in (Money.of(50), Money.of(90))


async def ask(desk: Corrections, *, by: str, amount: int) -> object:
    return await desk.ask(
        ENTRY.event_id, amount=Money.of(amount), reason="wrong fee", by=by, cause=Cause(by), reply=said
    )


class Said(BaseModel):
    """An answer that says nothing."""


def said(*_: object) -> Said:
    return Said()


async def test_a_waiver_carried_out_by_two_processes_credits_each_fee_once(
    mongodb_url: str, database_prefix: str
) -> None:
    clock = FixedClock(AT)
    async with replica(mongodb_url, database_prefix) as one, replica(mongodb_url, database_prefix) as other:
        await Ledger(one, clock).know(Payer("p-1", 1, IDENTITY), cause=Cause("patient"))
        entries = [
            replace(ENTRY, event_id=event_id_of(WITHDRAWAL, number, kind="charge"), fee_no=number)
            for number in range(1, 11)
        ]
        await Ledger(one, clock).charge(OPENED, entries, cause=Cause("sent"))
        here, there = (Waivers(each, clock) for each in (one, other))
        proposed = await here.propose(
            Group(TODAY, TODAY), reason="crisis", by="a", cause=Cause("w"), reply=said
        )
        waiver_id = proposed.states[0].waiver_id
        await here.decide(waiver_id, by="b", cause=Cause("d"), reply=said)

        await asyncio.gather(here.carry_out(), there.carry_out())

        fees = await fees_of(one)
        assert (len(fees), net(fees)) == (20, NOTHING)
        waiver = await here.queries.get(waiver_id)
        assert (waiver.count, waiver.total) == (10, Money.of(1200))


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


async def test_two_processes_that_book_for_one_patient_never_pass_the_cap(
    mongodb_url: str, database_prefix: str
) -> None:
    clock, cap = FixedClock(AT), Cap(scope="patient", amount=Money.of(500).amount, window_days=30)
    capped = PublishedTariff(ENTRY.tariff, TARIFF.model_copy(update={"cap": cap}))
    async with replica(mongodb_url, database_prefix) as one, replica(mongodb_url, database_prefix) as other:
        await one.change(TARIFFS.maybe(ENTRY.tariff), lambda _: (capped, []), cause=Cause("tariff"))
        ledgers = [Ledger(each, clock) for each in (one, other)]
        await ledgers[0].know(Payer("p-1", 1, IDENTITY), cause=Cause("patient"))

        async def book(number: int) -> None:
            name = f"U2026-{number:06}-0"
            event_id = event_id_of(name, 1, kind="charge")
            entry = replace(ENTRY, event_id=event_id, source_no=name)
            await ledgers[number % 2].charge(Account(name, "p-1"), [entry], cause=Cause(name))

        await asyncio.gather(*(book(number) for number in range(20)))

        fees = await fees_of(one)
        assert (len(fees), net(fees)) == (20, Money.of(500))
