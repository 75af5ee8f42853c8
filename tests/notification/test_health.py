"""A gateway in trouble rests, so that fewer outcomes are unknown."""

from datetime import UTC, datetime, timedelta

import pytest

from services.notification.domain.health import AT_ONCE, REST, Health, how_many_at_once, note_outcome
from services.notification.domain.outcomes import Accepted, NotSent, Outcome, Rejected, Unknown
from shared.events.tasks import TaskRaised, TaskResolved

NOON = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)


def after(*outcomes: Outcome, at: datetime = NOON) -> tuple[Health | None, list[object]]:
    health: Health | None = None
    told: list[object] = []
    for outcome in outcomes:
        health, facts = note_outcome(health, channel="sms", outcome=outcome, at=at)
        told += facts
    return health, told


def test_many_are_sent_side_by_side_while_all_is_well() -> None:
    assert how_many_at_once(None, at=NOON) == AT_ONCE
    assert after(Accepted("s1"), Rejected("x")) == (None, [])


@pytest.mark.parametrize("trouble", [Unknown(), NotSent("http-503")])
def test_after_one_trouble_messages_go_one_by_one(trouble: Outcome) -> None:
    health, told = after(trouble)

    assert how_many_at_once(health, at=NOON) == 1
    assert told == []


def test_after_three_troubles_in_a_row_the_gateway_rests_and_an_operator_is_told_once() -> None:
    health, told = after(Unknown(), Unknown(), Unknown(), Unknown(), Unknown())

    assert how_many_at_once(health, at=NOON) == 0
    assert how_many_at_once(health, at=NOON + REST) == 1
    assert [type(fact) for fact in told] == [TaskRaised]


def test_a_good_answer_ends_the_trouble() -> None:
    health, told = after(Unknown(), Unknown(), Unknown(), Accepted("s1"))

    assert how_many_at_once(health, at=NOON) == AT_ONCE
    assert [type(fact) for fact in told] == [TaskRaised, TaskResolved]


def test_a_short_trouble_is_forgotten_without_a_word() -> None:
    health, told = after(Unknown(), Accepted("s1"))

    assert (health, told) == (Health("sms"), [])


def test_a_rest_ends_by_itself() -> None:
    health, _ = after(Unknown(), Unknown(), Unknown())

    again, told = note_outcome(health, channel="sms", outcome=Unknown(), at=NOON + REST)

    assert again
    assert again.rests_until == NOON + REST + REST
    assert told == []
    assert timedelta(minutes=5) == REST
