"""The list of tasks: raised and ended by services, in whatever order that is heard."""

import ast
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from pathlib import Path

import pytest

from services.notification.domain.advice import ADVICE, USUAL, advice
from services.notification.domain.task import Task, due_for, kind_of, kinds_told, raise_task, resolve_task
from tests.notification.examples import NOON, TASK


def raised(minutes: int, task: Task | None = None, **changes: object) -> Task:
    moment = NOON + timedelta(minutes=minutes)
    told = replace(TASK, raised_at=moment, told_at=moment, **changes)  # type: ignore[arg-type]
    listed, facts = raise_task(task, raised=told)
    assert listed
    assert facts == []
    return listed


def ended(task: Task | None, minutes: int) -> Task:
    moment = NOON + timedelta(minutes=minutes)
    over, facts = resolve_task(task, task_id=TASK.task_id, how="by itself", at=moment, told_at=moment)
    assert over
    assert facts == []
    return over


def test_a_raised_task_is_open_on_its_list_with_a_time_to_be_done_by() -> None:
    task = raised(0)

    assert (task.is_open, task.roles, task.owner) == (True, ("economist",), None)
    assert task.due_at == NOON + timedelta(hours=24)


def test_a_task_with_a_time_of_its_own_keeps_it() -> None:
    assert raised(0, due_at=NOON + timedelta(days=3)).due_at == NOON + timedelta(days=3)
    assert due_for("message_not_sent", at=NOON) == NOON + timedelta(hours=4)


def test_the_same_trouble_is_one_task() -> None:
    task = raised(0)

    assert raised(0, task) is task
    assert raised(5, task).place == task.place


def test_a_task_that_is_over_is_off_the_list() -> None:
    task = ended(raised(0), 1)

    assert (task.is_open, task.resolved_how) == (False, "by itself")
    assert ended(task, 1) is task
    assert ended(task, 2).resolved_at == task.resolved_at


def test_a_task_whose_end_was_consumed_first_never_opens() -> None:
    task = raised(0, ended(None, 1))

    assert (task.is_open, task.role, task.resolved_how) == (False, "economist", "by itself")


def test_a_task_that_is_raised_again_is_open_again() -> None:
    task = raised(2, ended(raised(0), 1))

    assert (task.is_open, task.resolved_how) == (True, None)
    assert [step.what for step in task.history] == ["raised", "ended", "raised_again"]


def test_a_raise_consumed_after_a_later_end_leaves_it_over() -> None:
    over = ended(raised(0), 5)

    late = raised(3, over)

    assert not late.is_open
    assert late.resolved_how == "by itself"
    assert raised(6, late).is_open


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_raised_ended_and_raised_again_is_open_in_whatever_order_it_is_consumed(
    order: tuple[int, ...],
) -> None:
    task: Task | None = None
    for minute in order:
        task = ended(task, 1) if minute == 1 else raised(minute, task)

    assert task
    assert task.is_open


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_what_was_ended_last_is_over_in_whatever_order_it_is_consumed(order: tuple[int, ...]) -> None:
    task: Task | None = None
    for minute in order:
        task = ended(task, minute) if minute % 2 else raised(minute, task)

    assert task
    assert not task.is_open


def test_a_task_needs_a_moment() -> None:
    with pytest.raises(ValueError, match="moment"):
        raise_task(None, raised=replace(TASK, raised_at=None, told_at=None))


def test_each_kind_says_what_to_do_and_a_new_one_to_look_it_up() -> None:
    assert all(each.sv and each.en for each in ADVICE.values())
    assert advice("message_not_sent").en.startswith("Call the patient")
    assert advice("never-heard-of") == advice(None) == USUAL


def test_a_kind_has_one_name_however_it_was_published() -> None:
    assert kind_of("order-part-delivered") == kind_of("order_part_delivered") == "order_part_delivered"
    assert kinds_told("order-part-delivered") == ("order_part_delivered", "order-part-delivered")
    assert advice("order-silent") == advice("order_silent") != USUAL


def kinds_raised() -> set[str]:
    """Every kind of task that some service raises, read off the calls in the code."""
    calls = [
        node
        for file in Path("services").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"TaskRaised", "order_task"}
    ]
    given = [each.value for call in calls for each in call.keywords if each.arg == "kind"]
    return {str(each.value) for each in given if isinstance(each, ast.Constant)}


def test_every_kind_of_task_that_a_service_raises_has_advice_of_its_own() -> None:
    raised = kinds_raised()

    assert "fee_rejected" in raised
    assert raised - ADVICE.keys() == set()
    assert {each for each in raised if kind_of(each) != each} == set()
