"""A message is sent at most once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.notification.domain.attempts import (
    LOST_AFTER,
    REPORTED_WITHIN,
    begin_attempt,
    break_off,
    end_attempt,
    expire,
    postpone,
    suppress,
)
from services.notification.domain.contact import Contact
from services.notification.domain.message import Message, Receipt, Status
from services.notification.domain.notices import GIVE_UP_AFTER, delivery_notice
from services.notification.domain.outcomes import Accepted, NotSent, Outcome, Rejected, Unknown
from services.notification.domain.quiet_hours import may_send
from services.notification.domain.receipts import miss_receipt, note_receipt
from shared.events.fact import Fact
from shared.events.notification import MessageDelivered
from shared.events.tasks import TaskRaised, TaskResolved
from tests.notification.examples import CLAIMED, MORNING, NOON, NOTICE, REACHED, tasks, why


def test_one_attempt_at_a_time_is_claimed() -> None:
    assert (CLAIMED.state, CLAIMED.attempt, CLAIMED.attempts) == ("attempting", "a-1", 1)
    assert begin_attempt(CLAIMED, attempt="a-2", at=NOON) == (CLAIMED, [])


def test_an_attempt_is_not_begun_after_the_message_expired() -> None:
    late = NOTICE.expires_at

    assert begin_attempt(NOTICE, attempt="a-1", at=late) == (NOTICE, [])


@pytest.mark.parametrize(
    ("due_at", "at"),
    [
        (NOON + timedelta(hours=1), NOON),  # the hours allow it, and its time has not come
        (NOON, datetime(2026, 11, 21, 19, 0, tzinfo=UTC)),  # it is due, and it is 20:00
    ],
)
def test_neither_what_waits_nor_what_is_due_in_quiet_hours_is_begun(due_at: datetime, at: datetime) -> None:
    message = replace(NOTICE, due_at=due_at, expires_at=NOON + timedelta(days=3))

    assert begin_attempt(message, attempt="a-1", at=at) == (message, [])
    assert begin_attempt(message, attempt="a-1", at=NOON + timedelta(hours=2))[0].state == "attempting"


def ended(outcome: Outcome, contact: Contact | None = None) -> tuple[Message, list[Fact]]:
    message, _, facts = end_attempt(CLAIMED, contact, attempt="a-1", outcome=outcome, at=NOON)
    return message, list(facts)


def test_an_accepted_message_is_sent_and_published() -> None:
    sent, facts = ended(Accepted("s123"))

    assert (sent.state, sent.provider_id, sent.report_by) == ("sent", "s123", None)
    assert [type(fact) for fact in facts] == [MessageDelivered]


def test_a_gateway_that_reports_has_a_day_to_do_so() -> None:
    sent, _ = ended(Accepted("s123", reports=True))

    assert sent.report_by == NOON + REPORTED_WITHIN


def test_a_rejected_message_without_another_way_becomes_a_task() -> None:
    rejected, facts = ended(Rejected("bad-number"))

    assert rejected.state == "rejected"
    assert (why(facts), tasks(facts)) == (["rejected"], 1)


def test_a_rejected_message_goes_by_the_next_way_and_nobody_need_look() -> None:
    turned, facts = ended(Rejected("no-sms-to-number"), REACHED)

    assert (turned.state, turned.channel, turned.to, facts) == ("due", "email", None, [])
    assert [step.what for step in turned.history][-2:] == ["rejected", "next_way"]


def test_the_next_way_begins_with_the_first_wait_and_nothing_of_the_way_before() -> None:
    tired = replace(CLAIMED, waits=7, report_by=NOON + REPORTED_WITHIN)

    turned, _, _ = end_attempt(tired, REACHED, attempt="a-1", outcome=Rejected("x"), at=NOON)

    assert (turned.channel, turned.waits, turned.attempt, turned.report_by) == ("email", 0, None, None)


def test_after_the_last_way_a_person_takes_over() -> None:
    letter = replace(CLAIMED, channel="letter", to=None)

    rejected, _, facts = end_attempt(letter, REACHED, attempt="a-1", outcome=Rejected("x"), at=NOON)

    assert (rejected.state, tasks(list(facts))) == ("rejected", 1)


def test_a_way_that_no_chain_knows_has_no_way_after_it() -> None:
    by_hand = replace(CLAIMED, channel="phone")

    rejected, _, facts = end_attempt(by_hand, REACHED, attempt="a-1", outcome=Rejected("x"), at=NOON)

    assert (rejected.state, tasks(list(facts))) == ("rejected", 1)


def test_an_unknown_outcome_becomes_a_task_and_is_never_sent_again_by_any_way() -> None:
    unknown, facts = ended(Unknown(), REACHED)

    assert (unknown.state, unknown.channel) == ("unknown", "sms")
    assert (why(facts), tasks(facts)) == (["unknown"], 1)
    assert begin_attempt(unknown, attempt="a-2", at=NOON) == (unknown, [])
    assert postpone(unknown, at=NOON, why="x") == (unknown, [])
    assert expire(unknown, at=unknown.expires_at) == (unknown, [])


def test_a_message_that_surely_was_not_sent_waits_and_is_tried_again() -> None:
    waiting, facts = ended(NotSent("http-429"))

    assert (waiting.state, waiting.due_at, facts) == ("due", NOON + timedelta(seconds=30), [])
    again, _ = begin_attempt(waiting, attempt="a-2", at=waiting.due_at)
    assert (again.state, again.attempts) == ("attempting", 2)


def test_an_attempt_that_another_took_over_changes_nothing() -> None:
    assert end_attempt(CLAIMED, None, attempt="a-0", outcome=Accepted("x"), at=NOON) == (CLAIMED, None, [])
    assert end_attempt(NOTICE, None, attempt="a-1", outcome=Accepted("x"), at=NOON) == (NOTICE, None, [])


def test_an_attempt_that_nobody_ended_is_unknown_after_a_minute() -> None:
    assert break_off(CLAIMED, None, at=NOON + timedelta(seconds=59)) == (CLAIMED, None, [])

    lost, _, facts = break_off(CLAIMED, None, at=NOON + LOST_AFTER)

    assert lost.state == "unknown"
    assert (why(list(facts)), tasks(list(facts))) == (["unknown"], 1)
    assert end_attempt(lost, None, attempt="a-1", outcome=Accepted("x"), at=NOON) == (lost, None, [])


def test_a_letter_that_nobody_ended_is_looked_for_in_the_print_queue_again() -> None:
    letter = replace(CLAIMED, channel="letter", to=None)

    again, _, facts = break_off(letter, REACHED, at=NOON + LOST_AFTER)

    assert (again.state, facts) == ("due", [])


@pytest.mark.parametrize("message", [NOTICE, replace(CLAIMED, attempted_at=None)])
def test_only_a_running_attempt_is_broken_off(message: Message) -> None:
    assert break_off(message, None, at=NOON + timedelta(hours=1)) == (message, None, [])


def test_the_wait_grows_up_to_an_hour() -> None:
    message, waits = NOTICE, []
    for _ in range(9):
        now = message.due_at
        message, _ = postpone(message, at=now, why="no-answer")
        waits.append((message.due_at - now).total_seconds())

    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]


def test_a_message_that_could_not_be_sent_in_12_open_hours_expires_and_becomes_a_task() -> None:
    last_try, _ = postpone(NOTICE, at=NOTICE.expires_at - timedelta(hours=2), why="no-answer")
    expired, facts = postpone(NOTICE, at=NOTICE.expires_at, why="no-answer")

    assert GIVE_UP_AFTER["delivery_notice"] == timedelta(hours=12)
    assert last_try.state == "due"
    assert expired.state == "expired"
    assert (why(list(facts)), tasks(list(facts))) == (["expired"], 1)


def test_a_notice_first_due_at_half_past_seven_in_the_evening_still_goes_out_next_morning() -> None:
    evening = datetime(2026, 11, 21, 18, 30, tzinfo=UTC)
    late = delivery_notice("B1", patient_ref="p-1", channel="sms", to="s", language="sv", at=evening)

    waiting, _ = postpone(late, at=datetime(2026, 11, 21, 18, 59, 50, tzinfo=UTC), why="nobody-answered")
    claimed, _ = begin_attempt(waiting, attempt="a-1", at=MORNING)

    assert (waiting.due_at, claimed.state) == (MORNING, "attempting")
    assert late.expires_at == datetime(2026, 11, 22, 18, 30, tzinfo=UTC)


def test_what_waits_beyond_its_time_is_given_up_where_it_lies() -> None:
    assert expire(NOTICE, at=NOTICE.expires_at - timedelta(seconds=1)) == (NOTICE, [])

    expired, facts = expire(NOTICE, at=NOTICE.expires_at)

    assert (expired.state, tasks(list(facts))) == ("expired", 1)


def test_a_person_who_may_not_be_told_gets_nothing_and_no_task_is_raised() -> None:
    suppressed, facts = suppress(NOTICE, at=NOON, why="deceased")

    assert suppressed.state == "suppressed"
    assert (why(list(facts)), tasks(list(facts))) == (["suppressed"], 0)
    assert suppress(suppressed, at=NOON, why="protected") == (suppressed, [])


# Half of the moves are the two that lead on: else nearly every message ends before it was sent.
MOVES = st.lists(
    st.tuples(
        st.sampled_from(["begin", "end"] * 3 + ["break", "postpone", "suppress", "expire", "report", "miss"]),
        st.sampled_from([Accepted("x"), Accepted("x", reports=True), Rejected("c"), Unknown(), NotSent()]),
        st.sampled_from(["created", "sent", "delivered", "failed"]),
        st.integers(0, 7200),
    ),
    min_size=4,
    max_size=25,
)


def _move(
    message: Message, contact: Contact | None, move: tuple[str, Outcome, Status, int], now: datetime
) -> tuple[Message, list[Fact]]:
    verb, outcome, status, _ = move
    moves: dict[str, Callable[[], tuple[Any, ...]]] = {
        "begin": lambda: begin_attempt(message, attempt=now.isoformat(), at=now),
        "end": lambda: end_attempt(message, contact, attempt=message.attempt or "", outcome=outcome, at=now),
        "break": lambda: break_off(message, contact, at=now),
        "postpone": lambda: postpone(message, at=now, why="no-answer"),
        "suppress": lambda: suppress(message, at=now, why="opted-out"),
        "expire": lambda: expire(message, at=now),
        "report": lambda: note_receipt(message, contact, receipt=Receipt("x", status, now), at=now),
        "miss": lambda: miss_receipt(message, at=now),
    }
    after, *_, facts = moves[verb]()
    return after, list(facts)


LOST, FAILED_LATER = (("end", Unknown(), "sent", 60), ("report", Unknown(), "failed", 60))
ROUND = [("begin", Unknown(), "sent", 60), LOST, FAILED_LATER]


@example(ROUND * 3, REACHED)
@given(MOVES, st.sampled_from([None, REACHED]))
def test_whatever_happens_each_way_is_gone_once_and_a_person_is_asked_once(
    moves: list[tuple[str, Outcome, Status, int]], contact: Contact | None
) -> None:
    message, now, told = NOTICE, NOON, list[Fact]()
    for move in moves:
        now += timedelta(seconds=move[-1])
        before = message
        message, facts = _move(message, contact, move, now)
        told += facts
        if message.state == "attempting" and before.state != "attempting":
            assert may_send(now)
            assert before.state == "due"
        if before.state == "unknown" and message.state == "due":
            assert message.channel != before.channel  # never again by the way that nobody knows about

    ways = [fact.channel for fact in told if isinstance(fact, MessageDelivered)]
    assert len(ways) == len(set(ways))
    raised = [fact for fact in told if isinstance(fact, TaskRaised)]
    over = [fact for fact in told if isinstance(fact, TaskResolved)]
    assert len(raised) - len(over) in {0, 1}
    if message.state in {"unknown", "rejected", "expired"}:
        assert len(raised) == len(over) + 1
    if message.state == "delivered":
        assert len(raised) == len(over)
