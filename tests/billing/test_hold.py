"""A fee that an economist holds back by hand, until it is released."""

from dataclasses import replace
from typing import Any

import pytest

from services.billing.domain.fees.account import send_held
from services.billing.domain.fees.hold import FeeNotOnHold, FeeOnHold, FeeWithInvoicing, hold_fee, release_fee
from services.billing.domain.fees.ledger import Fee, Stage
from services.billing.domain.fees.statement import ON_HOLD, TO_INVOICE, status_of
from shared.events.billing import FeeCharged
from shared.events.tasks import TaskRaised, TaskResolved
from shared.partners import FeeEvent
from tests.billing.examples import AT, ENTRY, LATER, PAYER, charged
from tests.billing.in_memory import ANNULLED, SENT, Billing

WHY = "the patient disputes the delivery"


def waiting() -> Fee:
    (fee,), _ = charged(ENTRY, payer=None)
    return fee


HELD, _ = hold_fee(waiting(), reason=WHY, by="eko", at=AT)


def test_a_fee_on_hold_is_sent_to_nobody_whatever_becomes_known() -> None:
    assert send_held(HELD, PAYER, at=LATER) == (HELD, PAYER, [])
    assert status_of(HELD) == ON_HOLD


def test_holding_raises_a_task_that_releasing_ends() -> None:
    _, raised = hold_fee(waiting(), reason=WHY, by="eko", at=AT)

    _, _, over = release_fee(HELD, None, by="ekon", at=LATER)

    assert [type(each) for each in (*raised, *over)] == [TaskRaised, TaskResolved]
    assert {getattr(each, "task_id", None) for each in (*raised, *over)} == {f"fee-on-hold:{ENTRY.event_id}"}


def test_a_released_fee_whose_day_has_come_is_sent_at_once() -> None:
    told, _, facts = release_fee(HELD, PAYER, by="ekon", at=LATER)

    assert (told.stage, told.hold, status_of(told)) == ("told", None, TO_INVOICE)
    assert [type(each) for each in facts] == [TaskResolved, FeeCharged, FeeEvent]
    assert [step.note for step in told.progress] == [None, "by eko", "released by ekon", None]


def test_a_released_fee_that_waits_for_something_else_goes_on_waiting() -> None:
    free, _, facts = release_fee(HELD, None, by="ekon", at=LATER)

    assert (free.stage, free.hold, [type(each) for each in facts]) == ("held", None, [TaskResolved])


def test_a_fee_is_held_once() -> None:
    with pytest.raises(FeeOnHold):
        hold_fee(HELD, reason=WHY, by="ekon", at=LATER)


@pytest.mark.parametrize("stage", ["told", "accepted", "rejected", "invoiced", "removed", "nothing_due"])
def test_what_invoicing_has_or_what_is_over_is_not_held(stage: Stage) -> None:
    with pytest.raises(FeeWithInvoicing):
        hold_fee(replace(waiting(), stage=stage), reason=WHY, by="eko", at=AT)


def test_what_nobody_holds_is_not_released() -> None:
    with pytest.raises(FeeNotOnHold):
        release_fee(waiting(), PAYER, by="eko", at=AT)


def test_a_fee_that_was_annulled_while_it_was_held_is_released_without_being_sent() -> None:
    removed = HELD.came_to("removed", at=LATER)

    free, _, facts = release_fee(removed, PAYER, by="ekon", at=LATER)

    assert (free.stage, free.hold, [type(each) for each in facts]) == ("removed", None, [TaskResolved])


async def post(billing: Billing, path: str, body: Any = None, *, role: str = "economist") -> Any:
    return await billing.service.client.post(path, json=body, headers=billing.service.once(role))


async def fees(billing: Billing) -> list[dict[str, Any]]:
    return list((await billing.statement()).json()["fees"])


async def test_an_economist_holds_a_fee_with_a_reason_and_releases_it(billing: Billing) -> None:
    await billing.hear(SENT)
    first, second = (each["event_id"] for each in await fees(billing))

    held = await post(billing, f"/fees/{first}/hold", {"reason": WHY})
    await billing.hear(billing.patient())
    await billing.service.run_jobs()
    told = [each["event_id"] for each in billing.events()]
    freed = await post(billing, f"/fees/{first}/release")

    assert (held.json()["status"], held.json()["hold"]["reason"]) == ("Pausad tills vidare", WHY)
    assert told == [second]
    assert (freed.json()["stage"], freed.json()["hold"]) == ("told", None)
    assert {each["event_id"] for each in billing.events()} == {first, second}


async def test_a_held_fee_of_an_annulled_withdrawal_is_removed(billing: Billing) -> None:
    await billing.hear(SENT)
    (first,) = [each["event_id"] for each in await fees(billing) if each["amount"] == "120.00"]
    await post(billing, f"/fees/{first}/hold", {"reason": WHY})

    await billing.hear(ANNULLED, billing.patient())

    stages = {each["event_id"]: each["status"] for each in await fees(billing)}
    assert (stages[first], len(billing.events())) == ("Borttagen", 1)


async def test_others_than_economists_hold_nothing(billing: Billing) -> None:
    await billing.hear(SENT)
    event_id = (await fees(billing))[0]["event_id"]

    answer = await post(billing, f"/fees/{event_id}/hold", {"reason": WHY}, role="customer_service")

    assert answer.status_code == 403


async def test_a_fee_that_an_economist_holds_is_counted_apart_from_those_that_wait(billing: Billing) -> None:
    await billing.hear(SENT)
    event_id = (await fees(billing))[0]["event_id"]
    await post(billing, f"/fees/{event_id}/hold", {"reason": WHY})

    told = (await billing.service.client.get("/metrics")).text

    assert 'sesam_fees{kind="charge",stage="held"} 1.0' in told
    assert 'sesam_fees{kind="charge",stage="on_hold"} 1.0' in told
