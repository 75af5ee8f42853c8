"""Whoever gets a task may do what it asks: every kind against the policy table (N7, Q7)."""

import ast
from pathlib import Path

import pytest

from services.notification.domain.advice import ADVICE
from services.notification.domain.task_work import ASKED_LAST, ASKED_NEXT
from shared.auth.actor import Actor
from shared.auth.policy import allows, whole_policy
from shared.auth.task_kinds import KINDS, actions_for
from shared.events.tasks import TaskRaised
from tests.notification.in_memory import Notification

AUDIENCE = [(kind, role) for kind, each in KINDS.items() for role in sorted(each.roles)]


def actor(role: str) -> Actor:
    return Actor("x", frozenset({role}), frozenset({"DEMO-101"}), frozenset({"foods"}))


def raised() -> set[tuple[str, str]]:
    """Read off the code which kinds are raised for which roles, where both are written out."""
    found = set()
    for file in Path("services").rglob("*.py"):
        for call in (each for each in ast.walk(ast.parse(file.read_text())) if isinstance(each, ast.Call)):
            given = {
                each.arg: each.value.value for each in call.keywords if isinstance(each.value, ast.Constant)
            }
            if ast.unparse(call.func) == "order_task":
                given["role"] = "customer_service"
            if ast.unparse(call.func) in {"TaskRaised", "order_task"} and {"kind", "role"} <= given.keys():
                found.add((str(given["kind"]), str(given["role"])))
    return found


def test_every_kind_that_is_raised_goes_to_those_whom_its_kind_names() -> None:
    assert len(raised()) > 20
    assert {each for each in raised() if each[1] not in KINDS[each[0]].roles} == set()


def test_every_kind_that_people_are_advised_about_names_what_solves_it() -> None:
    assert KINDS.keys() == ADVICE.keys()
    assert {action for each in KINDS.values() for action in each.solved_by} <= whole_policy().keys()


@pytest.mark.parametrize(("kind", "role"), AUDIENCE)
def test_whoever_gets_a_task_may_open_it_and_do_each_thing_that_solves_it(kind: str, role: str) -> None:
    solving = ["notification.get_task", "notification.resolve_task", *KINDS[kind].solved_by]

    assert [each for each in solving if not allows(whole_policy(), actor(role), each)] == []
    assert actions_for(actor(role), kind) == list(KINDS[kind].solved_by) != []


@pytest.mark.parametrize(("kind", "role"), AUDIENCE)
def test_who_is_asked_when_a_task_waits_too_long_may_solve_it_or_give_it_to_somebody(
    kind: str, role: str
) -> None:
    asked = ASKED_NEXT.get(role, ASKED_LAST)

    assert actions_for(actor(asked), kind) or allows(whole_policy(), actor(asked), "notification.assign_task")


def test_a_prescriber_gets_no_task_about_a_withdrawal_and_is_offered_nothing_for_an_old_one() -> None:
    """The lines may be the prescriber's own, of which he or she withdraws none (Q7)."""
    assert actions_for(actor("prescriber"), "unsent_draft") == []
    of_devices = {
        "collection_lacks_piece",
        "device_brought",
        "device_fee_correction_waits",
        "device_not_handed_over",
        "device_returned_elsewhere",
        "replenishment_stopped",
        "replenishment_waits",
        "goods_recalled",
        "hand_over_refused",
    }
    assert {kind for kind, each in KINDS.items() if "prescriber" in each.roles} == of_devices


async def test_a_task_says_what_its_reader_may_do_about_it(notification: Notification) -> None:
    task = TaskRaised(task_id="t-1", kind="unsent-draft", role="order_placer", reason="begun-and-not-sent")
    await notification.hear(task, task.model_copy(update={"task_id": "t-2", "kind": "new_kind"}))
    service = notification.service

    listed = (await service.client.get("/tasks", headers=service.token("order_placer"))).json()
    await service.client.post(
        "/tasks/t-1/resolve", json={"how": "done"}, headers=service.once("order_placer")
    )
    over = (await service.client.get("/tasks/t-1", headers=service.token("order_placer"))).json()

    assert {each["task_id"]: each["actions"] for each in listed} == {
        "t-1": list(KINDS["unsent_draft"].solved_by),
        "t-2": [],
    }
    assert over["task"]["actions"] == []
