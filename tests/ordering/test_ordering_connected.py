"""Two ordering processes on a real database: clerks, and a clerk and an annulment, at the same moment."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import pytest

from services.ordering.domain.allowance import (
    AnnulledLine,
    ArticleOnTheWay,
    note_annulled,
    note_lines,
    note_person,
)
from services.ordering.domain.dialogue.effects import take_reply
from services.ordering.domain.withdrawing.drafting import draft
from services.ordering.domain.withdrawing.sending import Dispatch, send
from services.ordering.repository.collections import ALLOWANCES, COLLECTIONS, ORDERS, WITHDRAWALS
from shared.clock import FixedClock
from shared.repository import Answer, Cause, Repository
from shared.repository.mongo.backend import Mongo, connect
from shared.service.process import repository_of
from tests.ordering.conversation import DELIVERED
from tests.ordering.examples import (
    BREAD_LINE,
    DRAWN,
    LINE,
    NOW,
    ORDER_NO,
    OTHER_ORDER_NO,
    OTHER_WITHDRAWAL_NO,
    PATIENT,
    PERSON,
    WITHDRAWAL_NO,
)
from tests.support import test_seals as seals_of_tests

pytestmark = pytest.mark.connected


@asynccontextmanager
async def replica(url: str, prefix: str) -> AsyncIterator[Repository]:
    client = connect(url, app_name="ordering")
    backend = Mongo(client[f"{prefix}_ordering"])
    await backend.prepare(COLLECTIONS)
    repository = repository_of(backend, service="ordering", clock=FixedClock(NOW), seals=seals_of_tests())
    try:
        yield repository
    finally:
        await repository.close()
        await client.close()


async def drafted(repository: Repository, *numbers: str) -> None:
    """Tell of the patient and the lines, and make drafts of the same article."""
    allowance = ALLOWANCES.maybe(PATIENT)
    person = partial(note_person, patient_ref=PATIENT, person=PERSON)
    await repository.change(allowance, person, cause=Cause("person"))
    lines = partial(note_lines, patient_ref=PATIENT, lines=[LINE, BREAD_LINE])
    await repository.change(allowance, lines, cause=Cause("lines"))
    for number in numbers:
        rule = partial(draft, requested=DRAWN, withdrawal_no=number, at=NOW)
        refs = WITHDRAWALS.maybe(number) & ALLOWANCES.ref(PATIENT)
        await repository.change(refs, rule, cause=Cause(f"draft-{number}"))


async def sending(repository: Repository, number: str, order_no: str) -> Answer:
    rule = partial(send, requested=DRAWN, dispatch=Dispatch((order_no,), "9520000000011", NOW))
    refs = WITHDRAWALS.ref(number) & ALLOWANCES.ref(PATIENT) & ORDERS.maybe_many([order_no])
    return await repository.change(refs, rule, cause=Cause(f"send-{number}"))


@pytest.mark.parametrize("round_", range(5))
async def test_of_two_clerks_at_two_processes_exactly_one_wins(
    mongodb_url: str, database_prefix: str, round_: int
) -> None:
    async with replica(mongodb_url, database_prefix) as one, replica(mongodb_url, database_prefix) as other:
        await drafted(one, WITHDRAWAL_NO, OTHER_WITHDRAWAL_NO)

        outcomes = await asyncio.gather(
            sending(one, WITHDRAWAL_NO, ORDER_NO),
            sending(other, OTHER_WITHDRAWAL_NO, OTHER_ORDER_NO),
            return_exceptions=True,
        )

        assert sorted(type(each).__name__ for each in outcomes) == [Answer.__name__, ArticleOnTheWay.__name__]
        allowance = await one.get(ALLOWANCES.ref(PATIENT))
        assert allowance.line(LINE.line_id).withdrawals_left == LINE.withdrawals - 1
        assert len(await one.find(ORDERS, {})) == 1


@pytest.mark.parametrize("round_", range(5))
async def test_a_withdrawal_and_an_annulment_at_the_same_moment_agree(
    mongodb_url: str, database_prefix: str, round_: int
) -> None:
    async with replica(mongodb_url, database_prefix) as one, replica(mongodb_url, database_prefix) as other:
        await drafted(one, WITHDRAWAL_NO)
        annul = partial(note_annulled, patient_ref=PATIENT, line_id=LINE.line_id)

        sent, _ = await asyncio.gather(
            sending(one, WITHDRAWAL_NO, ORDER_NO),
            other.change(ALLOWANCES.maybe(PATIENT), annul, cause=Cause("annulled")),
            return_exceptions=True,
        )

        allowance = await one.get(ALLOWANCES.ref(PATIENT))
        assert allowance.annulled_lines == (LINE.line_id,)
        refused = isinstance(sent, AnnulledLine)
        assert allowance.line(LINE.line_id).used_by == (() if refused else (WITHDRAWAL_NO,))


async def test_what_was_sent_is_read_back_as_it_was_and_a_reply_is_consumed_once(
    mongodb_url: str, database_prefix: str
) -> None:
    async with replica(mongodb_url, database_prefix) as one:
        await drafted(one, WITHDRAWAL_NO)
        sent = await sending(one, WITHDRAWAL_NO, ORDER_NO)
        kept = await one.get(ORDERS.ref(ORDER_NO))
        refs = WITHDRAWALS.ref(WITHDRAWAL_NO) & ALLOWANCES.ref(PATIENT) & ORDERS.many([ORDER_NO])
        rule = partial(take_reply, reply=DELIVERED, body="sealed:body", at=NOW)

        answers = await asyncio.gather(*(one.change(refs, rule, cause=Cause("reply")) for _ in range(100)))

        assert (kept,) == sent.states[2]
        assert sum(not each.repeated for each in answers) == 1
        order = await one.get(ORDERS.ref(ORDER_NO))
        assert (order.state, [each.copies for each in order.replies]) == ("delivered", [1])
