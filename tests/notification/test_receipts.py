"""What a gateway reports afterwards, in any order and any number of times."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from services.notification.domain.attempts import REPORTED_WITHIN, begin_attempt, break_off, end_attempt
from services.notification.domain.contact import Contact
from services.notification.domain.message import Message, Receipt, State, Status
from services.notification.domain.notices import delivery_notice
from services.notification.domain.outcomes import Accepted, Outcome, Rejected, Unknown
from services.notification.domain.receipts import miss_receipt, note_receipt
from shared.events.fact import Fact
from shared.events.notification import MessageDelivered, MessageFailed
from shared.events.tasks import TaskRaised, TaskResolved

NOON = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)
NOTICE = delivery_notice("B1", patient_ref="p-1", channel="sms", to="sealed:x", language="sv", at=NOON)
CLAIMED, _ = begin_attempt(NOTICE, attempt="a-1", at=NOON)
REACHED = Contact("p-1", 1, phone="sealed:p", email="sealed:e")


def ended(outcome: Outcome, contact: Contact | None = None, message: Message = CLAIMED) -> Message:
    return end_attempt(message, contact, attempt="a-1", outcome=outcome, at=NOON)[0]


SENT = ended(Accepted("s1", reports=True))
UNKNOWN = ended(Unknown())


def reported(
    message: Message, *statuses: Status, contact: Contact | None = None
) -> tuple[Message, list[Fact]]:
    told: list[Fact] = []
    for status in statuses:
        message, _, facts = note_receipt(message, contact, receipt=Receipt("s1", status, NOON), at=NOON)
        told += facts
    return message, told


def kinds(facts: list[Fact]) -> list[type[Fact]]:
    return [type(fact) for fact in facts]


def test_a_delivered_message_is_delivered_and_needs_no_report_any_more() -> None:
    message, facts = reported(SENT, "sent", "delivered")

    assert (message.state, message.report_by, facts) == ("delivered", None, [])


def test_the_same_report_twice_is_one() -> None:
    once, _ = reported(SENT, "delivered")

    assert reported(once, "delivered", "delivered") == (once, [])


@pytest.mark.parametrize("order", list(permutations(("sent", "failed", "delivered"))))
def test_delivered_wins_in_whatever_order_reports_come(order: tuple[Status, ...]) -> None:
    for contact in (None, REACHED):
        message, facts = reported(SENT, *order, contact=contact)

        assert message.state == "delivered"
        raised = kinds(facts).count(TaskRaised)
        assert raised == kinds(facts).count(TaskResolved)


def test_a_failed_sms_goes_by_the_next_way() -> None:
    message, facts = reported(SENT, "failed", contact=REACHED)

    assert (message.state, message.channel, facts) == ("due", "email", [])


def test_a_failed_sms_without_another_way_is_a_task() -> None:
    message, facts = reported(SENT, "failed")

    assert message.state == "rejected"
    assert kinds(facts) == [MessageFailed, TaskRaised]


def test_a_delivery_that_is_reported_late_stops_the_next_way() -> None:
    by_email, _ = reported(SENT, "failed", contact=REACHED)

    arrived, facts = reported(by_email, "delivered", contact=REACHED)

    assert (arrived.state, arrived.channel, facts) == ("delivered", "sms", [])


@pytest.mark.parametrize(
    ("status", "state", "told"),
    [
        ("created", "sent", [MessageDelivered, TaskResolved]),
        ("sent", "sent", [MessageDelivered, TaskResolved]),
        ("delivered", "delivered", [MessageDelivered, TaskResolved]),
        ("failed", "due", [TaskResolved]),
    ],
)
def test_an_unknown_outcome_becomes_known_by_a_report_and_its_task_is_over(
    status: Status, state: State, told: list[type[Fact]]
) -> None:
    message, facts = reported(UNKNOWN, status, contact=REACHED)

    assert (message.state, kinds(facts)) == (state, told)


def test_an_unknown_outcome_that_failed_with_no_other_way_stays_one_task() -> None:
    message, facts = reported(UNKNOWN, "failed")

    assert (message.state, facts) == ("rejected", [])


@pytest.mark.parametrize(
    ("outcome", "status", "state"),
    [
        (Accepted("s1", reports=True), "sent", "sent"),
        (Accepted("s1", reports=True), "delivered", "delivered"),
        (Accepted("s1", reports=True), "failed", "due"),
        (Unknown(), "sent", "sent"),
        (Unknown(), "delivered", "delivered"),
        (Unknown(), "failed", "due"),
        (Rejected("http-400"), "created", "due"),
    ],
)
def test_a_report_may_come_before_the_answer(outcome: Outcome, status: Status, state: State) -> None:
    early, facts = reported(CLAIMED, status, contact=REACHED)
    assert (early.state, facts) == ("attempting", [])

    assert ended(outcome, REACHED, early).state == state


def test_a_killed_process_knows_by_the_report_what_it_sent() -> None:
    early, _ = reported(CLAIMED, "delivered")

    message, _, facts = break_off(early, None, at=NOON + timedelta(minutes=1))

    assert (message.state, kinds(list(facts))) == ("delivered", [MessageDelivered])


def test_an_email_whose_outcome_is_unknown_does_not_matter_when_the_sms_was_delivered() -> None:
    by_email, _ = reported(SENT, "failed", contact=REACHED)
    claimed, _ = begin_attempt(by_email, attempt="a-1", at=NOON)
    noted, _ = reported(claimed, "delivered", contact=REACHED)

    assert noted.state == "attempting"
    assert ended(Unknown(), REACHED, noted).state == "delivered"


def test_a_report_of_the_sms_leaves_what_went_on_by_email_alone() -> None:
    by_email, _ = reported(SENT, "failed", contact=REACHED)

    message, facts = reported(by_email, "sent", contact=REACHED)

    assert (message.state, message.channel, facts) == ("due", "email", [])


def test_no_report_in_a_day_is_unknown_not_failed() -> None:
    assert miss_receipt(SENT, at=NOON + REPORTED_WITHIN - timedelta(seconds=1)) == (SENT, [])

    message, facts = miss_receipt(SENT, at=NOON + REPORTED_WITHIN)

    assert (message.state, kinds(list(facts))) == ("unknown", [MessageFailed, TaskRaised])
    assert miss_receipt(message, at=NOON + 2 * REPORTED_WITHIN) == (message, [])


def test_a_report_after_a_day_still_counts() -> None:
    missed, _ = miss_receipt(SENT, at=NOON + REPORTED_WITHIN)

    still, nothing = reported(missed, "sent")
    arrived, facts = reported(still, "delivered")

    assert (still.state, nothing) == ("unknown", [])
    assert (arrived.state, kinds(facts)) == ("delivered", [TaskResolved])


def test_a_gateway_that_never_reports_is_not_waited_for() -> None:
    assert replace(SENT, report_by=None) == miss_receipt(replace(SENT, report_by=None), at=NOON)[0]
