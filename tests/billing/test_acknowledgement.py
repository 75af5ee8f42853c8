"""What invoicing answers."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from services.billing.domain.fees.acknowledgement import Acknowledgement, Status, acknowledge
from services.billing.domain.fees.ledger import Fee, Stage
from shared.events.billing import FeeInvoiced
from shared.events.tasks import TaskRaised
from tests.billing.examples import AT, ENTRY, LATER, charged

FEE: Fee = charged(ENTRY)[0][0]
ACCEPTED = Acknowledgement(ENTRY.event_id, "accepted", LATER)
REJECTED = replace(ACCEPTED, status="rejected", code="E17")
INVOICED = replace(ACCEPTED, status="invoiced", invoice_no="100234")
CREDITED = replace(ACCEPTED, status="credited")


def after(*answers: Acknowledgement) -> Fee:
    fee: Fee | None = FEE
    for heard in answers:
        fee, _, _ = acknowledge(fee, None, answer=heard, at=LATER)
    assert fee
    return fee


@pytest.mark.parametrize(
    ("answers", "stage"),
    [
        ([ACCEPTED], "accepted"),
        ([ACCEPTED, INVOICED], "invoiced"),
        ([INVOICED], "invoiced"),
        ([ACCEPTED, INVOICED, CREDITED], "credited"),
        ([REJECTED], "rejected"),
    ],
)
def test_an_entry_follows_the_answers_of_invoicing(answers: list[Acknowledgement], stage: Stage) -> None:
    assert after(*answers).stage == stage


def test_an_invoiced_fee_is_published_with_its_invoice() -> None:
    fee, stray, facts = acknowledge(FEE, None, answer=INVOICED, at=LATER)

    assert (fee, stray) == (FEE.came_to("invoiced", at=LATER, note="100234"), None)
    assert facts == [
        FeeInvoiced(
            event_id=ENTRY.event_id,
            withdrawal_no=ENTRY.source_no,
            patient_ref="p-1",
            invoice_no="100234",
        )
    ]


def test_a_rejected_fee_becomes_a_task_for_the_economist() -> None:
    _, _, facts = acknowledge(FEE, None, answer=REJECTED, at=LATER)

    (task,) = facts
    assert isinstance(task, TaskRaised)
    assert (task.role, task.kind) == ("economist", "fee_rejected")
    assert (task.reason, task.details) == ("rejected-with-a-code", {"code": "E17"})


def test_an_answer_under_an_id_that_stood_for_another_answer_is_kept_and_not_believed() -> None:
    fee, stray, (task,) = acknowledge(FEE, None, answer=INVOICED, at=LATER, id_is_reused=True)

    assert fee == FEE
    assert stray
    assert (stray.acknowledgement, stray.why) == (INVOICED, "contradiction")
    assert isinstance(task, TaskRaised)
    assert task.kind == "fee_contradicted"


@pytest.mark.parametrize("heard", [ACCEPTED, REJECTED, INVOICED])
def test_the_same_answer_again_does_nothing(heard: Acknowledgement) -> None:
    known = after(heard)

    assert acknowledge(known, None, answer=heard, at=LATER) == (known, None, [])


def test_an_acceptance_that_comes_after_the_invoice_is_late_and_does_nothing() -> None:
    known = after(INVOICED)

    assert acknowledge(known, None, answer=ACCEPTED, at=LATER) == (known, None, [])


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("invoiced", "rejected"),
        ("accepted", "rejected"),
        ("rejected", "accepted"),
        ("rejected", "invoiced"),
        ("credited", "invoiced"),
    ],
)
def test_an_answer_that_contradicts_an_earlier_one_is_kept_and_not_believed(
    first: Status, then: Status
) -> None:
    known = after(replace(ACCEPTED, status=first))

    fee, stray, facts = acknowledge(known, None, answer=replace(ACCEPTED, status=then), at=LATER)

    assert fee is known
    assert stray
    assert stray.why == "contradiction"
    assert [type(fact) for fact in facts] == [TaskRaised]


def test_the_same_fee_on_another_invoice_is_a_contradiction() -> None:
    _, stray, _ = acknowledge(after(INVOICED), None, answer=replace(INVOICED, invoice_no="2"), at=LATER)

    assert stray


def test_an_answer_about_a_fee_that_was_not_sent_is_a_contradiction() -> None:
    held = replace(FEE, stage="held", told_at=None)

    fee, stray, _ = acknowledge(held, None, answer=ACCEPTED, at=LATER)

    assert fee is held
    assert stray


def test_an_answer_about_an_unknown_entry_is_kept_and_becomes_a_task() -> None:
    fee, stray, facts = acknowledge(None, None, answer=ACCEPTED, at=AT)

    assert fee is None
    assert stray
    assert (stray.why, stray.acknowledgement, stray.kept_at) == ("unknown_entry", ACCEPTED, AT)
    assert [type(fact) for fact in facts] == [TaskRaised]


def test_a_stray_answer_is_kept_once() -> None:
    _, stray, _ = acknowledge(None, None, answer=ACCEPTED, at=AT)

    assert acknowledge(None, stray, answer=ACCEPTED, at=LATER) == (None, stray, [])


@pytest.mark.parametrize(
    "heard",
    [
        replace(INVOICED, invoice_date=date(9999, 12, 31)),
        replace(INVOICED, invoice_date=date(1, 1, 1)),
        replace(INVOICED, invoice_date=LATER.date() + timedelta(days=366)),
        replace(INVOICED, at=LATER + timedelta(days=8)),
        replace(INVOICED, at=datetime(1, 1, 1, tzinfo=UTC)),
    ],
)
def test_an_answer_with_a_day_that_cannot_be_is_kept_and_not_believed(heard: Acknowledgement) -> None:
    fee, stray, facts = acknowledge(FEE, None, answer=heard, at=LATER)

    assert (fee, stray and stray.why) == (FEE, "contradiction")
    assert [type(each) for each in facts] == [TaskRaised]


def test_an_answer_without_a_time_zone_is_taken_as_utc() -> None:
    heard = replace(INVOICED, at=LATER.replace(tzinfo=None), invoice_date=LATER.date())

    fee, *_ = acknowledge(FEE, None, answer=heard, at=LATER)

    assert fee
    assert fee.stage == "invoiced"


def test_an_answer_is_noted_by_its_invoice_or_else_by_its_code() -> None:
    assert [each.note for each in (ACCEPTED, REJECTED, INVOICED)] == [None, "E17", "100234"]
