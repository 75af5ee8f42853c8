"""What people do with tasks."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.notification.domain.task import Task, raise_task
from services.notification.domain.task_work import (
    TaskOver,
    TaskTaken,
    assign,
    claim,
    comment_on,
    escalate,
    release,
    resolve_by_hand,
)

AT = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=25)


def listed(role: str = "prescriber") -> Task:
    raised = Task("t-1", "look", role, None, "p-1", "U1", "look", None, AT, told_at=AT)
    task, _ = raise_task(None, raised=raised)
    assert task
    return task


TASK = listed()
TAKEN, _ = claim(TASK, by="anna", at=AT)
OVER, _ = resolve_by_hand(TAKEN, how="done", by="anna", at=AT)


def test_a_task_that_nobody_has_can_be_taken() -> None:
    assert TAKEN.owner == "anna"
    assert claim(TAKEN, by="anna", at=AT) == (TAKEN, [])


def test_a_task_that_another_has_cannot_be_taken_only_given() -> None:
    with pytest.raises(TaskTaken):
        claim(TAKEN, by="bo", at=AT)

    given, _ = assign(TAKEN, to="bo", by="eva", at=AT)

    assert (given.owner, given.history[-1].note) == ("bo", "bo")


def test_an_own_task_can_be_put_back() -> None:
    back, _ = release(TAKEN, by="anna", at=AT)

    assert back.owner is None
    assert release(back, by="anna", at=AT) == (back, [])
    with pytest.raises(TaskTaken):
        release(TAKEN, by="bo", at=AT)


def test_a_task_is_ended_with_a_reason_by_its_owner_or_by_whoever_takes_it() -> None:
    by_bo, _ = resolve_by_hand(TASK, how="not_needed", by="bo", at=AT, comment="sealed:messages:x")

    assert (OVER.is_open, OVER.resolved_how) == (False, "done")
    assert (by_bo.owner, by_bo.resolved_how) == ("bo", "not_needed")
    assert [step.what for step in by_bo.history][-2:] == ["commented", "resolved"]
    with pytest.raises(TaskTaken):
        resolve_by_hand(TAKEN, how="done", by="bo", at=AT)


def test_nothing_more_is_done_with_a_task_that_is_over_but_to_comment() -> None:
    attempts: list[Callable[[], object]] = [
        lambda: claim(OVER, by="anna", at=AT),
        lambda: assign(OVER, to="bo", by="anna", at=AT),
        lambda: release(OVER, by="anna", at=AT),
        lambda: resolve_by_hand(OVER, how="done", by="anna", at=AT),
    ]
    for attempt in attempts:
        with pytest.raises(TaskOver):
            attempt()
    assert comment_on(OVER, comment="sealed:messages:x", by="anna", at=AT)[0].history[-1].by == "anna"


def test_a_task_that_a_person_ended_is_open_again_when_its_trouble_is_back() -> None:
    again, _ = raise_task(OVER, raised=replace(TASK, raised_at=LATER, told_at=LATER))

    assert again
    assert (again.is_open, again.owner) == (True, None)


@pytest.mark.parametrize(
    ("role", "asked"),
    [
        ("prescriber", "customer_service"),
        ("order_placer", "customer_service"),
        ("customer_service", "operator"),
        ("economist", "operator"),
    ],
)
def test_what_waits_too_long_stands_on_a_second_list_too(role: str, asked: str) -> None:
    task = listed(role)
    assert escalate(task, at=LATER - timedelta(hours=2)) == (task, [])

    overdue, _ = escalate(task, at=LATER)

    assert (overdue.is_overdue, overdue.roles) == (True, (role, asked))
    assert escalate(overdue, at=LATER) == (overdue, [])


def test_an_operators_own_task_has_nowhere_further_to_go() -> None:
    overdue, _ = escalate(listed("operator"), at=LATER)

    assert (overdue.is_overdue, overdue.roles) == (True, ("operator",))


def test_only_what_is_open_and_has_a_time_is_overdue() -> None:
    assert escalate(OVER, at=LATER) == (OVER, [])
    timeless = replace(TASK, due_at=None)
    assert escalate(timeless, at=LATER) == (timeless, [])
