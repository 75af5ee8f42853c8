"""A task for staff: raised and ended by any service, in any order of facts (N7)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from shared.domain.decision import Decision

Did = Literal[
    "raised", "raised_again", "claimed", "assigned", "released", "commented", "resolved", "ended", "overdue"
]
MOST_OTHER_STEPS = 100
"""Of what is said and done most is somebody taking and releasing: beyond this the audit log alone has it."""
HOURS_FOR = {"message_not_sent": 4, "gateway_out_of_order": 1}
LAST = "\uffff"
USUAL_HOURS = 24
"""A task without a time of its own is to be done within a day: nothing waits for ever."""


@dataclass(frozen=True)
class TaskStep:
    """Who did what with a task; `note` is a code, a name, or a sealed comment."""

    what: Did
    at: datetime
    by: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Task:
    """Something that needs a person, until it is resolved; `role` is None while only its end is known."""

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
    told_at: datetime | None = None
    """When its service last raised it: facts may arrive in another order than they were published."""
    ended_at: datetime | None = None
    """When a service, or a person, last ended it."""
    owner: str | None = None
    is_overdue: bool = False
    """It went further, for nobody had done it in time; whether it is late, its due time says."""
    roles: tuple[str, ...] = ()
    """On whose lists it stands: its role's, and who is asked when it is overdue."""
    place: str = ""
    """Its place in the order of due times, for the next page of a list."""
    history: tuple[TaskStep, ...] = ()
    details: Mapping[str, str] = field(default_factory=dict)
    """What the reason's sentence names."""

    def is_late(self, at: datetime) -> bool:
        """Tell whether it should have been done by now, whether it went further yet or not (N7)."""
        return self.is_open and self.due_at is not None and at >= self.due_at

    def after(self, step: TaskStep) -> "Task":
        """Add a step; comments stay, and of the others the first and the newest."""
        others = [each for each in self.history if each.what != "commented"]
        oldest = others[1:2] if len(others) >= MOST_OTHER_STEPS else []
        kept = tuple(each for each in self.history if each not in oldest)
        return replace(self, history=(*kept, step))

    @property
    def comments(self) -> int:
        return sum(each.what == "commented" for each in self.history)


def kind_of(published: str) -> str:
    """Give a kind its one name: some are stored with hyphens by earlier versions (N7)."""
    return published.replace("-", "_")


def kinds_told(kind: str) -> tuple[str, str]:
    """Name a kind in both ways that it may be kept (N7)."""
    return kind_of(kind), kind.replace("_", "-")


def raise_task(task: Task | None, *, raised: Task, note: str | None = None) -> Decision[Task | None]:
    """Put a task on its list, again when its problem is back; an end that was published later counts (N7).

    `note` is what the one who made it necessary wrote, sealed: it stands as the task's first comment.
    """
    told_at = raised.told_at or raised.raised_at
    if task is None:
        listed = _listed(raised, raised, "raised")
        at = listed.raised_at
        return listed.after(TaskStep("commented", at, note=note)) if note and at else listed, []
    if task.told_at and told_at and told_at <= task.told_at:
        return task, []
    known = task if task.raised_at else replace(raised, ended_at=task.ended_at, is_open=False)
    if task.ended_at and told_at and told_at <= task.ended_at:
        heard = replace(known, told_at=told_at, resolved_how=task.resolved_how, resolved_at=task.resolved_at)
        return heard, []
    if task.is_open:
        return replace(task, told_at=told_at), []
    return _listed(replace(known, history=task.history), raised, "raised_again"), []


def resolve_task(
    task: Task | None, *, task_id: str, how: str, at: datetime, told_at: datetime | None = None
) -> Decision[Task | None]:
    """End a task, also one that is not known yet; one raised again since stays open (N7)."""
    ended_at = told_at or at
    known = task or _not_raised_yet(task_id)
    if (known.told_at and ended_at < known.told_at) or (known.ended_at and ended_at <= known.ended_at):
        return task, []
    if not known.is_open:
        return replace(known, ended_at=ended_at), []
    ended = replace(
        known, resolved_how=how, resolved_at=at, ended_at=ended_at, is_open=False, is_overdue=False
    )
    return ended.after(TaskStep("ended", at, note=how)), []


def due_for(kind: str, *, at: datetime) -> datetime:
    """Give the time by which a task without one of its own is to be done (N7)."""
    return at + timedelta(hours=HOURS_FOR.get(kind, USUAL_HOURS))


def place_of(due_at: datetime, task_id: str = LAST) -> str:
    """Give a task's place in the order of due times; without a task, the last place of that moment."""
    return f"{due_at.astimezone(UTC).isoformat()}|{task_id}"


def _listed(task: Task, raised: Task, what: Literal["raised", "raised_again"]) -> Task:
    at = raised.raised_at or raised.told_at
    if at is None:
        raise ValueError("a task is raised at a moment")
    due_at = raised.due_at or due_for(raised.kind or "", at=at)
    listed = replace(
        task,
        reason=raised.reason,
        details=raised.details,
        due_at=due_at,
        raised_at=at,
        told_at=raised.told_at or at,
        is_open=True,
        is_overdue=False,
        owner=None,
        resolved_how=None,
        resolved_at=None,
        roles=(raised.role,) if raised.role else (),
        place=place_of(due_at, task.task_id),
    )
    return listed.after(TaskStep(what, at, note=raised.reason))


def _not_raised_yet(task_id: str) -> Task:
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
