"""Work items for staff, by what they are about (N7)."""

from dataclasses import dataclass, replace
from datetime import datetime

from shared.domain.decision import Decision


@dataclass(frozen=True)
class Task:
    """Something that needs a person, until it is resolved; `role` is None while only its end is heard of."""

    task_id: str
    kind: str | None
    role: str | None
    care_unit: str | None
    patient_ref: str | None
    subject_no: str | None
    reason: str | None
    due_at: datetime | None
    raised_at: datetime | None
    resolved_how: str | None = None
    resolved_at: datetime | None = None
    is_open: bool = True


def raise_task(task: Task | None, *, raised: Task) -> Decision[Task | None]:
    """Put a task on its list once; the end of it may have been heard of before (N7)."""
    if task is None:
        return raised, []
    if task.raised_at:
        return task, []
    ended = replace(raised, resolved_how=task.resolved_how, resolved_at=task.resolved_at, is_open=False)
    return ended, []


def resolve_task(task: Task | None, *, task_id: str, how: str, at: datetime) -> Decision[Task | None]:
    """End a task, also one that is not heard of yet (N7)."""
    known = task or _unheard(task_id)
    if not known.is_open:
        return task, []
    return replace(known, resolved_how=how, resolved_at=at, is_open=False), []


def _unheard(task_id: str) -> Task:
    return Task(
        task_id=task_id,
        kind=None,
        role=None,
        care_unit=None,
        patient_ref=None,
        subject_no=None,
        reason=None,
        due_at=None,
        raised_at=None,
    )
