"""One list for each role and care unit: taken, commented, ended, found again, and never forgotten."""

from dataclasses import replace
from typing import Any

import httpx
import pytest

from services.notification.application.tasks import Tasks
from services.notification.repository.collections import TASKS
from shared.events.tasks import TaskRaised, TaskResolved
from shared.repository import Cause
from tests.notification.examples import TASK
from tests.notification.in_memory import Notification


def raised(task_id: str, **changes: Any) -> TaskRaised:
    usual: dict[str, Any] = {"kind": "unsent_draft", "role": "prescriber", "patient_ref": "p-1"}
    return TaskRaised(task_id=task_id, **{**usual, "reason": "begun-and-not-sent", **changes})


class Desk:
    """Somebody who works with the lists."""

    def __init__(self, notification: Notification, role: str = "dietitian", **claims: Any) -> None:
        self._service = notification.service
        self._who = {"role": role, **claims}

    async def look(self, path: str = "/tasks", **query: Any) -> Any:
        return (await self.get(path, **query)).json()

    async def get(self, path: str, **query: Any) -> httpx.Response:
        return await self._service.client.get(path, params=query, headers=self._service.token(**self._who))

    async def do(self, task_id: str, verb: str, **body: Any) -> httpx.Response:
        headers = self._service.once(**self._who)
        return await self._service.client.post(f"/tasks/{task_id}/{verb}", json=body, headers=headers)

    async def ids(self, **query: Any) -> list[str]:
        return [task["task_id"] for task in await self.look(**query)]


async def test_a_task_shows_what_it_is_about_what_to_do_and_by_when(notification: Notification) -> None:
    await notification.hear(raised("t-1", subject_no="U1"))

    (task,) = await Desk(notification).look()

    assert (task["subject_no"], task["reason"], task["due_at"]) == (
        "U1",
        "begun-and-not-sent",
        "2026-11-24T09:00:00Z",
    )
    assert task["advice"].startswith("Uttaget är påbörjat men inte skickat.")


@pytest.mark.parametrize("asked", ["unsent_draft", "unsent-draft"])
async def test_a_kind_that_was_published_or_kept_with_hyphens_is_the_same_kind(
    notification: Notification, asked: str
) -> None:
    kept = replace(TASK, task_id="kept-before", kind="unsent-draft", role="prescriber", care_unit=None)
    tasks = Tasks(notification.service.repository, notification.service.clock)
    await tasks.put(kept, cause=Cause(key=None))
    await notification.hear(raised("told-before", kind="unsent-draft"), raised("told-now"))
    await notification.hear(raised("another", kind="order_silent"))

    found = await Desk(notification).look(kind=asked)

    assert {task["task_id"]: task["kind"] for task in found} == {
        "kept-before": "unsent_draft",
        "told-before": "unsent_draft",
        "told-now": "unsent_draft",
    }
    assert {task["advice"][:22] for task in found} == {"Uttaget är påbörjat me"}


async def test_a_task_is_taken_commented_and_ended_by_a_person(notification: Notification) -> None:
    await notification.hear(raised("t-1"))
    desk = Desk(notification)

    await desk.do("t-1", "claim")
    await desk.do("t-1", "comment", comment="Ringde, inget svar")
    answer = await desk.do("t-1", "resolve", how="patient_was_called", comment="Svarade")

    assert answer.json() == {
        "task_id": "t-1",
        "owner": "dietitian-1",
        "is_open": False,
        "resolved_how": "patient_was_called",
    }
    assert await desk.ids() == []
    assert await desk.ids(state="over") == ["t-1"]
    history = (await desk.look("/tasks/t-1"))["history"]
    assert [(step["what"], step["note"]) for step in history] == [
        ("raised", "begun-and-not-sent"),
        ("claimed", None),
        ("commented", "Ringde, inget svar"),
        ("commented", "Svarade"),
        ("resolved", "patient_was_called"),
    ]


async def test_a_comment_is_kept_sealed(notification: Notification) -> None:
    await notification.hear(raised("t-1"))

    await Desk(notification).do("t-1", "comment", comment="Ring Testsson")

    task = await notification.service.repository.get(TASKS.ref("t-1"))
    assert "Testsson" not in str(task)


async def test_two_people_do_not_take_one_task(notification: Notification) -> None:
    await notification.hear(raised("t-1"))
    anna, bo = Desk(notification, sub="anna"), Desk(notification, sub="bo")

    first, second = await anna.do("t-1", "claim"), await bo.do("t-1", "claim")

    assert (first.status_code, second.status_code, second.json()["rule"]) == (200, 422, "task-taken")
    assert await anna.ids(owner="me") == ["t-1"]
    assert await bo.ids(owner="nobody") == []
    await anna.do("t-1", "assign", to="bo")
    assert await bo.ids(owner="me") == ["t-1"]
    await bo.do("t-1", "release")
    assert await anna.ids(owner="nobody") == ["t-1"]


async def test_a_task_on_nobodys_list_of_mine_is_not_there(notification: Notification) -> None:
    await notification.hear(
        raised("of-another-unit", care_unit="DEMO-102"), raised("of-another-role", role="economist")
    )
    desk = Desk(notification)

    for task_id in ("of-another-unit", "of-another-role", "none"):
        for verb, body in (("claim", {}), ("assign", {"to": "me"}), ("resolve", {"how": "done"})):
            assert (await desk.do(task_id, verb, **body)).status_code == 404
        assert (await desk.get(f"/tasks/{task_id}")).status_code == 404


async def test_a_list_comes_page_by_page_the_most_urgent_first(notification: Notification) -> None:
    for number in range(5):
        await notification.hear(raised(f"t-{4 - number}"))
        notification.service.clock.move(minutes=1)
    desk = Desk(notification)

    first = await desk.look(limit=2)
    second = await desk.look(limit=2, after=first[-1]["place"])
    third = await desk.look(limit=2, after=second[-1]["place"])

    assert [task["task_id"] for task in (*first, *second, *third)] == ["t-4", "t-3", "t-2", "t-1", "t-0"]


async def test_a_list_is_narrowed_by_kind_and_role(notification: Notification) -> None:
    await notification.hear(raised("t-1"), raised("t-2", kind="other"), raised("t-3", role="dietitian"))
    desk = Desk(notification)

    assert await desk.ids(kind="other") == ["t-2"]
    assert await desk.ids(role="dietitian") == ["t-3"]
    assert await desk.ids(role="economist") == []


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 201}, {"state": "x"}, {"other": "1"}])
async def test_a_question_that_cannot_be_meant_is_refused(notification: Notification, query: Any) -> None:
    assert (await Desk(notification).get("/tasks", **query)).status_code == 422


async def test_what_is_overdue_stands_on_the_next_list_too_and_is_counted(notification: Notification) -> None:
    await notification.hear(raised("t-1", care_unit="DEMO-101"), raised("t-2"))
    await Desk(notification).do("t-2", "claim")
    notification.service.clock.move(hours=24)
    await notification.run(2)
    service_desk, operator = Desk(notification, "customer_service"), Desk(notification, "operator")

    assert await service_desk.ids(state="overdue") == ["t-1", "t-2"]
    counts = {each["role"]: each for each in await operator.look("/tasks/counts")}
    assert counts["prescriber"] == {"role": "prescriber", "open": 2, "unowned": 1, "overdue": 2}
    own = {each["role"]: each["open"] for each in await Desk(notification).look("/tasks/counts")}
    assert own == {"dietitian": 0, "prescriber": 2}


async def test_counts_tell_nothing_of_other_care_units(notification: Notification) -> None:
    await notification.hear(raised("t-1", care_unit="DEMO-102"))

    counts = await Desk(notification).look("/tasks/counts")

    assert {each["open"] for each in counts} == {0}


async def test_a_task_that_comes_back_is_on_the_list_again(notification: Notification) -> None:
    await notification.hear(raised("t-1"))
    desk = Desk(notification)
    await desk.do("t-1", "resolve", how="done")
    notification.service.clock.move(minutes=1)

    await notification.hear(raised("t-1"))

    assert await desk.ids() == ["t-1"]
    assert [step["what"] for step in (await desk.look("/tasks/t-1"))["history"]][-1] == "raised_again"


async def test_a_task_that_a_service_ends_leaves_the_list(notification: Notification) -> None:
    await notification.hear(raised("t-1"), TaskResolved(task_id="t-1", how="sent"))

    assert await Desk(notification).ids() == []


async def test_a_list_is_in_the_log_with_the_patients_that_it_names(notification: Notification) -> None:
    await notification.hear(raised("t-1"))
    await Desk(notification).look()
    await Desk(notification).do("t-1", "claim")

    rows = await notification.service.repository.backend.audit.rows()
    actions = {row["action"] for row in rows if "p-1" in row["patient_refs"]}
    assert {"notification.list_tasks", "notification.claim_task"} <= actions


async def test_an_assignment_that_looks_like_a_seal_opens_nothing(notification: Notification) -> None:
    await notification.hear(raised("t-1"))
    desk = Desk(notification)

    await desk.do("t-1", "assign", to="sealed:messages:x")

    assert (await desk.get("/tasks/t-1")).status_code == 200


async def test_open_tasks_are_counted_for_whoever_watches_the_service(notification: Notification) -> None:
    await notification.hear(raised("t-1"), raised("t-2"), raised("t-3", role="economist"))
    await notification.hear(TaskResolved(task_id="t-2", how="sent"))

    assert notification.service.assembled.figures
    figures = {each.name: each.values for each in await notification.service.assembled.figures()}

    assert figures["sesam_tasks_open"] == {("prescriber",): 1, ("economist",): 1}
