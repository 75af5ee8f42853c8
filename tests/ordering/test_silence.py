"""Nothing waits in silence: drafts that were left, and orders of which nothing is heard (S50, N7)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from services.ordering.domain.channels import Asker
from services.ordering.domain.dialogue.silence import note_silence
from services.ordering.domain.order import Order
from services.ordering.domain.withdrawal import annul_draft, remind
from services.ordering.domain.withdrawing.annulling import annul
from services.ordering.domain.withdrawing.drafting import change, draft
from services.ordering.domain.withdrawing.sending import send
from shared.auth.task_kinds import KINDS
from shared.events.tasks import TaskRaised, TaskResolved
from shared.partners import LineResponse
from tests.ordering.conversation import ACK, CANCELLED, DELIVERED, LATER, after, answer, kinds
from tests.ordering.desk import WANTED
from tests.ordering.examples import (
    ABSENT,
    ALLOWANCE,
    DISPATCH,
    DRAFT,
    DRAWN,
    NOW,
    ORDER,
    ORDER_NO,
    ORDER_PLACER,
    PATIENT,
    SENT,
    USED,
    WITHDRAWAL_NO,
)
from tests.support import InMemory

REMINDED, (REMINDER,) = remind(DRAFT, before=NOW)
SILENT, (SILENCE,) = note_silence(ORDER, before=NOW)


def test_a_draft_that_nobody_touched_becomes_a_task_for_those_who_made_it() -> None:
    assert isinstance(REMINDER, TaskRaised)
    assert (REMINDER.kind, REMINDER.role, REMINDER.care_unit) == ("unsent_draft", "customer_service", None)
    assert (REMINDER.subject_no, REMINDER.patient_ref) == (WITHDRAWAL_NO, PATIENT)


@pytest.mark.parametrize(
    ("asker", "role", "unit"),
    [
        (ORDER_PLACER, "order_placer", "DEMO-101"),
        (replace(ORDER_PLACER, roles=frozenset({"prescriber", "dietitian"})), "order_placer", "DEMO-101"),
        (Asker("p", frozenset({"patient"}), patient_ref=PATIENT), "customer_service", None),
    ],
)
def test_the_reminder_goes_to_the_units_order_placers_and_a_citizens_to_customer_service(
    asker: Asker, role: str, unit: str | None
) -> None:
    made, *_ = draft(
        None, ALLOWANCE, requested=replace(DRAWN, asker=asker), withdrawal_no=WITHDRAWAL_NO, at=NOW
    )

    _, (task,) = remind(made, before=NOW)

    assert isinstance(task, TaskRaised)
    assert (task.role, task.care_unit) == (role, unit)


def test_a_draft_is_reminded_of_once_and_not_before_its_time_nor_when_it_is_sent() -> None:
    for untouched in (REMINDED, SENT, replace(DRAFT, touched_at=LATER), replace(DRAFT, touched_at=None)):
        assert remind(untouched, before=NOW) == (untouched, [])


def test_a_draft_that_is_changed_waits_anew() -> None:
    changed, *_ = change(DRAFT, ALLOWANCE, requested=DRAWN, at=LATER)

    assert remind(changed, before=NOW) == (changed, [])


def test_the_reminder_ends_when_the_draft_is_sent_or_annulled() -> None:
    *_, sent = send(REMINDED, ALLOWANCE, ABSENT, requested=DRAWN, dispatch=DISPATCH)
    _, annulled = annul_draft(REMINDED, by="clerk-1", at=NOW)

    for told in (sent, annulled):
        assert [each.task_id for each in told if isinstance(each, TaskResolved)] == [REMINDER.subject]


def test_an_order_that_nobody_answers_becomes_one_task() -> None:
    assert isinstance(SILENCE, TaskRaised)
    assert (SILENCE.kind, SILENCE.subject_no, SILENCE.reason) == (
        "order_silent",
        ORDER_NO,
        "silent-after-sent",
    )
    assert note_silence(SILENT, before=NOW) == (SILENT, [])


def test_silence_is_counted_from_the_last_word() -> None:
    _, _, order, _ = after(ACK)

    assert order.quiet_from == LATER
    assert note_silence(order, before=LATER - timedelta(seconds=1)) == (order, [])
    assert len(note_silence(order, before=LATER)[1]) == 1


def test_an_answer_ends_the_silence_and_its_task() -> None:
    _, _, order, told = after(ACK, start=(SENT, USED, SILENT))

    assert not order.is_silent
    assert [each.task_id for each in told if isinstance(each, TaskResolved)] == [SILENCE.subject]


def test_an_order_that_is_over_is_not_awaited() -> None:
    _, _, delivered, _ = after(DELIVERED)
    _, _, cancelled, told = after(CANCELLED, start=(SENT, USED, SILENT))

    assert delivered.quiet_from is cancelled.quiet_from is None
    assert TaskResolved in kinds(told)


def promised(day: date) -> Order:
    _, _, order, _ = after(answer(LineResponse(line=1, status="accepted", delivery_date=day)))
    return order


def test_until_the_promised_day_is_over_in_stockholm_silence_is_no_trouble() -> None:
    in_summer, in_winter = promised(date(2027, 7, 1)), promised(date(2026, 12, 1))

    assert in_summer.quiet_from == datetime(2027, 7, 1, 22, 0, tzinfo=UTC)
    assert in_winter.quiet_from == datetime(2026, 12, 1, 23, 0, tzinfo=UTC)


def test_a_promise_does_not_excuse_a_distributor_that_was_asked_to_stop() -> None:
    order = promised(date(2027, 7, 1))
    withdrawal, (asked,), _ = annul(SENT, (order,), by="clerk-1", at=LATER)

    _, _, acknowledged, _ = after(ACK, start=(withdrawal, USED, asked))
    _, (task,) = note_silence(asked, before=LATER)

    assert acknowledged.quiet_from == LATER
    assert isinstance(task, TaskRaised)
    assert task.reason == "no-answer-to-the-annulment"


async def test_whoever_gets_the_task_of_a_prescribers_draft_may_send_it(desk: InMemory) -> None:
    dietitian = desk.once("dietitian", sub="dietitian-2")
    made = await desk.client.post("/withdrawals", json=WANTED, headers=dietitian)
    desk.clock.move(days=30)
    await desk.run_jobs()

    (task,) = desk.told_of(TaskRaised)
    theirs = desk.once(task.role, care_units=[task.care_unit])
    sent = await desk.client.post(f"/withdrawals/{task.subject_no}/send", headers=theirs)

    assert (made.status_code, sent.status_code) == (201, 200)
    assert task.role in KINDS[task.kind].roles
