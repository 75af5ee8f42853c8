"""What devices cost, with two processes on one database."""

import asyncio
from collections.abc import Callable
from datetime import date
from functools import partial

import pytest

from services.billing.application.device_fees import DeviceFees
from services.billing.application.ledger import Ledger
from services.billing.domain.devices.loan import (
    CollectionOrder,
    Exchange,
    Loan,
    Return,
    note_collection,
    note_exchange,
    note_return,
)
from services.billing.domain.fees.ledger import net
from services.billing.domain.fees.payer import Payer
from shared.clock import FixedClock
from shared.domain.decision import Decision
from shared.domain.money import NOTHING
from shared.repository import Cause
from tests.billing.examples import IDENTITY
from tests.billing.loans import OF_ORDER, day, hand_out, noon
from tests.billing.loans import OPENED as LOAN
from tests.billing.replicas import fees_of, replica

pytestmark = pytest.mark.connected
REGISTERED = partial(
    note_collection,
    opened=LOAN,
    consumed=CollectionOrder("H1", "A", place="care_unit", registered_on=day(89)),
)
EXCHANGED = partial(note_exchange, opened=LOAN, exchange=Exchange("B", "A", day(40)))


def returned(on: date) -> Callable[[Loan | None], Decision[Loan | None]]:
    return partial(note_return, opened=LOAN, returned=Return("A", on))


async def hand_out_on(fees: DeviceFees) -> None:
    await fees.hand_out(OF_ORDER, hand_out(), loan_id="loan-1", device_no="A", cause=Cause("handed-out"))


@pytest.mark.parametrize("round_", range(5))
async def test_a_return_consumed_while_the_fee_falls_due_leaves_nothing_to_pay(
    mongodb_url: str, database_prefix: str, round_: int
) -> None:
    clock = FixedClock(noon(day(91)))
    async with replica(mongodb_url, database_prefix) as one, replica(mongodb_url, database_prefix) as other:
        here, there = (DeviceFees(each, clock) for each in (one, other))
        await Ledger(one, clock).know(Payer("p-1", 1, IDENTITY), cause=Cause("patient"))
        first = FixedClock(noon(day(0)))
        await hand_out_on(DeviceFees(one, first))

        await asyncio.gather(
            here.settle_all_due(),
            there.settle_all_due(),
            there.note(
                "loan-1",
                returned(day(90)),
                cause=Cause("returned"),
            ),
            here.note("loan-1", REGISTERED, cause=Cause("registered")),
        )

        fees = await fees_of(one)
        kinds = sorted((fee.entry.kind, fee.stage) for fee in fees)
        assert net(fees) == NOTHING
        assert kinds in ([("charge", "removed")], [("charge", "told"), ("credit", "told")])


@pytest.mark.parametrize("round_", range(5))
async def test_the_two_halves_of_a_swap_consumed_at_one_moment_leave_the_fee_standing(
    mongodb_url: str, database_prefix: str, round_: int
) -> None:
    clock = FixedClock(noon(day(40)))
    async with replica(mongodb_url, database_prefix) as one, replica(mongodb_url, database_prefix) as other:
        here, there = (DeviceFees(each, clock) for each in (one, other))

        await asyncio.gather(
            here.note(
                "loan-1",
                returned(day(40)),
                cause=Cause("returned"),
            ),
            there.note(
                "loan-1",
                EXCHANGED,
                cause=Cause("exchanged"),
            ),
            hand_out_on(there),
        )

        (fee,) = await fees_of(one)
        assert fee.stage == "deferred"


async def test_six_devices_of_a_line_handed_out_at_one_moment_are_one_fee(
    mongodb_url: str, database_prefix: str
) -> None:
    clock = FixedClock(noon(day(0)))
    async with replica(mongodb_url, database_prefix) as one, replica(mongodb_url, database_prefix) as other:
        here, there = (DeviceFees(each, clock) for each in (one, other))

        async def hand_out_piece(number: int) -> None:
            loan_id = f"loan-{number}"
            await (here, there)[number % 2].hand_out(
                OF_ORDER, hand_out(loan_id=loan_id), loan_id=loan_id, device_no=f"D{number}",
                cause=Cause(loan_id),
            )  # fmt: skip

        await asyncio.gather(*(hand_out_piece(number) for number in range(6)))

        (fee,) = await fees_of(one)
        assert fee.stage == "deferred"
