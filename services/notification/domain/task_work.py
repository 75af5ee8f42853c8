"""What people do with tasks: take, comment, end; a late task is escalated (N7)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Literal

from services.notification.domain.task import Task, TaskStep
from shared.domain.decision import Decision, Refused, Sentence, refuse_any

How = Literal["done", "patient_was_called", "not_needed", "handled_elsewhere", "cannot_be_done"]

ASKED_NEXT = {
    "prescriber": "customer_service",
    "physician": "customer_service",
    "dietitian": "customer_service",
    "order_placer": "customer_service",
}
ASKED_LAST = "operator"
MOST_COMMENTS = 100


class TaskOver(Refused):
    """Nothing more can be done with a task that is over (N7)."""

    rule = "task-over"
    sentence = Sentence(
        "Uppgiften är redan avslutad. Ladda om listan.", "The task is already over. Read the list again."
    )


class TaskTaken(Refused):
    """Somebody else has the task (N7)."""

    rule = "task-taken"
    sentence = Sentence(
        "En annan person har tagit uppgiften. Be den personen släppa den, eller tilldela den på nytt.",
        "Somebody else has taken the task. Ask that person to release it, or assign it anew.",
    )


class TaskFullyCommented(Refused):
    """A task is no place for a conversation (N7)."""

    rule = "task-fully-commented"
    sentence = Sentence(
        f"Uppgiften har redan {MOST_COMMENTS} kommentarer. Avsluta den utan kommentar, eller tala med den "
        "som har den.",
        f"The task has {MOST_COMMENTS} comments already. End it without one, or talk to whoever has it.",
    )


def against_claiming(task: Task, *, by: str) -> Iterator[Refused]:
    """Say why somebody cannot take a task (N7)."""
    yield from _against_any(task)
    if task.owner not in (None, by):
        yield TaskTaken()


def claim(task: Task, *, by: str, at: datetime) -> Decision[Task]:
    """Take a task that nobody has (N7); raises TaskOver and TaskTaken."""
    refuse_any(against_claiming(task, by=by))
    if task.owner == by:
        return task, []
    return replace(task, owner=by).after(TaskStep("claimed", at, by)), []


def assign(task: Task, *, to: str, by: str, at: datetime) -> Decision[Task]:
    """Give a task to somebody, also one that another has (N7); raises TaskOver."""
    refuse_any(_against_any(task))
    return replace(task, owner=to).after(TaskStep("assigned", at, by, to)), []


def release(task: Task, *, by: str, at: datetime) -> Decision[Task]:
    """Put an own task back on the list (N7); raises TaskOver and TaskTaken."""
    refuse_any(against_claiming(task, by=by))
    if task.owner is None:
        return task, []
    return replace(task, owner=None).after(TaskStep("released", at, by)), []


def comment_on(task: Task, *, comment: str, by: str, at: datetime) -> Decision[Task]:
    """Say something about a task, also afterwards; the words come sealed (N7). Raises TaskFullyCommented."""
    if task.comments >= MOST_COMMENTS:
        raise TaskFullyCommented
    return task.after(TaskStep("commented", at, by, comment)), []


def resolve_by_hand(
    task: Task, *, how: How, by: str, at: datetime, comment: str | None = None
) -> Decision[Task]:
    """End a task with a reason, as its owner when nobody else is (N7).

    Raises TaskOver, TaskTaken and TaskFullyCommented.
    """
    refuse_any(against_claiming(task, by=by))
    said, _ = comment_on(task, comment=comment, by=by, at=at) if comment else (task, [])
    ended = replace(
        said, owner=by, resolved_how=how, resolved_at=at, ended_at=at, is_open=False, is_overdue=False
    )
    return ended.after(TaskStep("resolved", at, by, how)), []


def escalate(task: Task, *, at: datetime) -> Decision[Task]:
    """Put what waited too long on the list of who is asked next too; once (N7)."""
    if task.is_overdue or not task.is_late(at):
        return task, []
    asked = ASKED_NEXT.get(task.role or "", ASKED_LAST)
    roles = task.roles if asked in task.roles else (*task.roles, asked)
    return replace(task, is_overdue=True, roles=roles).after(TaskStep("overdue", at, note=asked)), []


def _against_any(task: Task) -> Iterator[Refused]:
    if not task.is_open:
        yield TaskOver()
