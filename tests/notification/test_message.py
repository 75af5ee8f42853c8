"""A message is sent at most once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notification.domain.message import (
    GIVE_UP_AFTER,
    LOST_AFTER,
    Channel,
    Message,
    begin_attempt,
    break_off,
    delivery_notice,
    end_attempt,
    notify,
    postpone,
    suppress,
)
from services.notification.domain.outcomes import Accepted, NotSent, Outcome, Rejected, Unknown
from services.notification.domain.quiet_hours import may_send
from shared.events.fact import Fact
from shared.events.notification import MessageDelivered, MessageFailed
from shared.events.tasks import TaskRaised

NOON = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)
EVENING = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
MORNING = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
NOTICE = delivery_notice(
    "B2026-000007-1", patient_ref="p-1", channel="sms", to="sealed:contact:x", language="sv", at=NOON
)
CLAIMED, _ = begin_attempt(NOTICE, attempt="a-1", at=NOON)


def why(facts: list[Fact]) -> list[str]:
    return [fact.why for fact in facts if isinstance(fact, MessageFailed)]


def tasks(facts: list[Fact]) -> int:
    return sum(isinstance(fact, TaskRaised) for fact in facts)


def test_a_despatched_order_gives_one_notice_named_after_it() -> None:
    message, facts = notify(None, notice=NOTICE, at=NOON)

    assert message == NOTICE
    assert NOTICE.message_id == "delivery-notice:B2026-000007-1"
    assert (NOTICE.state, NOTICE.due_at, facts) == ("due", NOON, [])


def test_a_repeated_despatch_gives_no_second_notice() -> None:
    assert notify(CLAIMED, notice=NOTICE, at=NOON) == (CLAIMED, [])


def test_a_receiver_who_chose_none_gets_none() -> None:
    assert notify(None, notice=replace(NOTICE, channel="none"), at=NOON) == (None, [])


@pytest.mark.parametrize("channel", ["email", "letter", "phone"])
def test_a_notice_by_another_way_than_sms_is_a_task_for_a_person(channel: Channel) -> None:
    message, facts = notify(None, notice=replace(NOTICE, channel=channel), at=NOON)

    assert message
    assert message.state == "by_hand"
    assert tasks(list(facts)) == 1


def test_an_sms_without_a_number_is_a_task_for_a_person() -> None:
    message, facts = notify(None, notice=replace(NOTICE, to=None), at=NOON)

    assert message
    assert message.state == "rejected"
    assert (why(list(facts)), tasks(list(facts))) == (["rejected"], 1)


def test_a_notice_at_night_is_due_in_the_morning() -> None:
    night = delivery_notice("B1", patient_ref="p-1", channel="sms", to="s", language="sv", at=EVENING)

    assert night.due_at == MORNING
    assert begin_attempt(night, attempt="a-1", at=EVENING) == (night, [])


def test_one_attempt_at_a_time_is_claimed() -> None:
    assert (CLAIMED.state, CLAIMED.attempt, CLAIMED.attempts) == ("attempting", "a-1", 1)
    assert begin_attempt(CLAIMED, attempt="a-2", at=NOON) == (CLAIMED, [])


def test_an_attempt_is_not_begun_after_the_message_expired() -> None:
    late = NOTICE.expires_at

    assert begin_attempt(NOTICE, attempt="a-1", at=late) == (NOTICE, [])


def test_an_accepted_message_is_sent_and_told() -> None:
    sent, facts = end_attempt(CLAIMED, attempt="a-1", outcome=Accepted("s123"), at=NOON)

    assert (sent.state, sent.provider_id) == ("sent", "s123")
    assert [type(fact) for fact in facts] == [MessageDelivered]


def test_a_rejected_message_becomes_a_task() -> None:
    rejected, facts = end_attempt(CLAIMED, attempt="a-1", outcome=Rejected("bad-number"), at=NOON)

    assert rejected.state == "rejected"
    assert (why(list(facts)), tasks(list(facts))) == (["rejected"], 1)


def test_an_unknown_outcome_becomes_a_task_and_is_never_sent_again() -> None:
    unknown, facts = end_attempt(CLAIMED, attempt="a-1", outcome=Unknown(), at=NOON)

    assert unknown.state == "unknown"
    assert (why(list(facts)), tasks(list(facts))) == (["unknown"], 1)
    assert begin_attempt(unknown, attempt="a-2", at=NOON) == (unknown, [])
    assert postpone(unknown, at=NOON, why="x") == (unknown, [])


def test_a_message_that_surely_was_not_sent_waits_and_is_tried_again() -> None:
    waiting, facts = end_attempt(CLAIMED, attempt="a-1", outcome=NotSent(), at=NOON)

    assert (waiting.state, waiting.due_at, facts) == ("due", NOON + timedelta(seconds=30), [])
    again, _ = begin_attempt(waiting, attempt="a-2", at=waiting.due_at)
    assert (again.state, again.attempts) == ("attempting", 2)


def test_an_attempt_that_another_took_over_changes_nothing() -> None:
    assert end_attempt(CLAIMED, attempt="a-0", outcome=Accepted("x"), at=NOON) == (CLAIMED, [])
    assert end_attempt(NOTICE, attempt="a-1", outcome=Accepted("x"), at=NOON) == (NOTICE, [])


def test_an_attempt_that_nobody_ended_is_unknown_after_a_minute() -> None:
    assert break_off(CLAIMED, at=NOON + timedelta(seconds=59)) == (CLAIMED, [])

    lost, facts = break_off(CLAIMED, at=NOON + LOST_AFTER)

    assert lost.state == "unknown"
    assert (why(list(facts)), tasks(list(facts))) == (["unknown"], 1)
    assert end_attempt(lost, attempt="a-1", outcome=Accepted("x"), at=NOON) == (lost, [])


@pytest.mark.parametrize("message", [NOTICE, replace(CLAIMED, attempted_at=None)])
def test_only_a_running_attempt_is_broken_off(message: Message) -> None:
    assert break_off(message, at=NOON + timedelta(hours=1)) == (message, [])


def test_the_wait_grows_up_to_an_hour() -> None:
    message, waits = NOTICE, []
    for _ in range(9):
        now = message.due_at
        message, _ = postpone(message, at=now, why="no-answer")
        waits.append((message.due_at - now).total_seconds())

    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]


def test_a_message_that_could_not_be_sent_in_12_hours_expires_and_becomes_a_task() -> None:
    expired, facts = postpone(NOTICE, at=NOON + GIVE_UP_AFTER, why="no-answer")

    assert expired.state == "expired"
    assert (why(list(facts)), tasks(list(facts))) == (["expired"], 1)


def test_a_person_who_may_not_be_told_gets_nothing_and_no_task_is_raised() -> None:
    suppressed, facts = suppress(NOTICE, at=NOON, why="deceased")

    assert suppressed.state == "suppressed"
    assert (why(list(facts)), tasks(list(facts))) == (["suppressed"], 0)
    assert suppress(suppressed, at=NOON, why="protected") == (suppressed, [])


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["begin", "end", "break", "postpone", "suppress"]),
        st.sampled_from([Accepted("x"), Rejected("c"), Unknown(), NotSent()]),
        st.integers(0, 7200),
    ),
    max_size=25,
)


def _move(message: Message, verb: str, outcome: Outcome, now: datetime) -> tuple[Message, list[Fact]]:
    moves = {
        "begin": lambda: begin_attempt(message, attempt=now.isoformat(), at=now),
        "end": lambda: end_attempt(message, attempt=message.attempt or "", outcome=outcome, at=now),
        "break": lambda: break_off(message, at=now),
        "postpone": lambda: postpone(message, at=now, why="no-answer"),
        "suppress": lambda: suppress(message, at=now, why="opted-out"),
    }
    after, facts = moves[verb]()
    return after, list(facts)


@given(MOVES)
def test_whatever_happens_a_message_ends_once_and_is_sent_at_most_once(
    moves: list[tuple[str, Outcome, int]],
) -> None:
    message, now, told = NOTICE, NOON, list[Fact]()
    for verb, outcome, seconds in moves:
        now += timedelta(seconds=seconds)
        before = message
        message, facts = _move(message, verb, outcome, now)
        told += facts
        if message.state == "attempting" and before.state != "attempting":
            assert may_send(now)

    ends = [fact for fact in told if isinstance(fact, MessageDelivered | MessageFailed)]
    assert len(ends) <= 1
    after_unsure = [step.what for step in message.history]
    if "unknown" in after_unsure:
        assert after_unsure[-1] == "unknown"
