"""Routes for tasks: lists by role and care unit, and taking, commenting and ending them (N7)."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Annotated, Literal

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict, Field

from services.notification.application.tasks import Tasks
from services.notification.domain import task_work
from services.notification.domain.advice import advice
from services.notification.domain.task import Task, TaskStep, kind_of
from services.notification.domain.task_reasons import reason_in_words
from services.notification.domain.task_work import How
from services.notification.repository.collections import TASKS
from services.notification.repository.tasks import TasksWanted
from shared.auth.actor import Actor
from shared.auth.rule import EVERY_UNIT, STAFF
from shared.auth.task_kinds import actions_for
from shared.clock import Clock
from shared.domain.decision import Decision, NotFound
from shared.domain.text import typed
from shared.fault import fault
from shared.fields import Code, MultiLine, of_text
from shared.http import Ask, Asked, Language, Pages, Request, Router, View
from shared.http.ids import PatientRef, TaskId
from shared.http.language import said
from shared.sealed import Seals

LARGEST_PAGE = 200
TASK_ROLES = STAFF | {"operator"}
Comment = Annotated[MultiLine, Field(max_length=1000)]


class TasksAsked(BaseModel):
    """Which of the reader's tasks; `after` is the `place` of the last one seen."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    role: Annotated[Code, Field(max_length=40)] | None = None
    kind: Annotated[Code, Field(max_length=60)] | None = None
    patient_ref: PatientRef | None = None
    owner: Literal["me", "nobody"] | None = None
    state: Literal["open", "overdue", "over"] = "open"
    after: Annotated[str, Field(max_length=200), of_text(typed)] = ""
    limit: Annotated[int, Field(ge=1, le=LARGEST_PAGE)] = LARGEST_PAGE


class Assignment(Request):
    """Who gets the task."""

    to: Annotated[Code, Field(max_length=64)]


class Commented(Request):
    """What is to be remembered; kept sealed."""

    comment: Comment


class Resolution(Request):
    """How the task was ended, and what else is to be remembered."""

    how: How
    comment: Comment | None = None


class TaskStepView(View):
    """Who did what, with the comment opened."""

    what: str
    at: datetime
    by: str | None
    note: str | None


class TaskView(View):
    """A task of one of the reader's lists; `place` of the last one asks for the next page."""

    task_id: str
    kind: str | None
    role: str | None
    care_unit: str | None
    patient_ref: str | None
    subject_no: str | None
    reason: str | None
    """A code; of tasks from before it may be a sentence."""
    details: dict[str, str]
    """What the reason's sentence names."""
    reason_text: str | None
    """The reason in words (N7, Q31)."""
    advice: str
    due_at: datetime | None
    raised_at: datetime | None
    owner: str | None
    is_open: bool
    is_overdue: bool
    actions: list[str]
    """What the reader may do to solve it, as `GET /me` names it; nothing where others are to be asked."""
    resolved_how: str | None
    place: str

    @classmethod
    def of(cls, task: Task, language: Language, *, actor: Actor, at: datetime) -> "TaskView":
        shown = {name: value for name, value in vars(task).items() if name in cls.model_fields}
        shown["is_overdue"] = task.is_late(at)
        shown["actions"] = actions_for(actor, kind_of(task.kind or "")) if task.is_open else []
        shown["kind"] = kind_of(task.kind) if task.kind else None
        shown["details"] = dict(task.details)
        words = reason_in_words(task.kind, task.reason, task.details)
        text = said(words, language) if words else task.reason
        return cls(**shown, reason_text=text, advice=said(advice(task.kind), language))


class WholeTask(View):
    """A task and all that was done with it."""

    task: TaskView
    history: list[TaskStepView]


class TaskKept(View):
    """What became of the task."""

    task_id: str
    owner: str | None
    is_open: bool
    resolved_how: str | None

    @classmethod
    def of(cls, task: Task) -> "TaskKept":
        return cls(
            task_id=task.task_id, owner=task.owner, is_open=task.is_open, resolved_how=task.resolved_how
        )


class CountView(View):
    """How many tasks of a role wait, have no owner, are overdue."""

    role: str
    open: int
    unowned: int
    overdue: int


def task_routes(tasks: Tasks, *, clock: Clock, seals: Seals) -> Router:
    router = Router("notification", prefix="/tasks", tags=["tasks"])
    reading(router, tasks, clock, seals)
    taking(router, tasks, clock)
    ending(router, tasks, clock, seals)
    return router


def reading(router: Router, tasks: Tasks, clock: Clock, seals: Seals) -> None:
    @router.get("")
    async def list_tasks(asked: Annotated[TasksAsked, Query()], ask: Ask, pages: Pages) -> list[TaskView]:
        wanted = TasksWanted(
            roles=ask.actor.roles,
            care_units=_units(ask.actor),
            role=asked.role,
            kind=asked.kind,
            patient_ref=asked.patient_ref,
            owner=ask.actor.sub if asked.owner == "me" else None,
            only_unowned=asked.owner == "nobody",
            due_by=clock.now() if asked.state == "overdue" else None,
            only_open=asked.state != "over",
            after=asked.after,
        )
        shown = pages.shown(await tasks.queries.wanted(wanted, limit=asked.limit, after=pages.after))
        await tasks.note(ask, shown)
        return [TaskView.of(task, ask.language, actor=ask.actor, at=clock.now()) for task in shown]

    @router.get("/counts")
    async def count_tasks(ask: Ask) -> list[CountView]:
        """Count each of the reader's lists; an operator sees every role's."""
        roles = TASK_ROLES if ask.actor.has("operator") else ask.actor.roles
        wanted = TasksWanted(roles=roles, care_units=_units(ask.actor))
        return [CountView(**vars(each)) for each in await tasks.queries.counts(wanted)]

    @router.get("/{task_id}")
    async def get_task(task_id: TaskId, ask: Ask) -> WholeTask:
        await _demand_reach(tasks, ask.actor, task_id)
        task = await tasks.repository.show(TASKS.ref(task_id), asked=ask)
        steps = [_step(each, seals) for each in task.history]
        view = TaskView.of(task, ask.language, actor=ask.actor, at=clock.now())
        return WholeTask(task=view, history=steps)


def taking(router: Router, tasks: Tasks, clock: Clock) -> None:
    @router.post("/{task_id}/claim", response_model=TaskKept)
    async def claim_task(task_id: TaskId, asked: Asked) -> Response:
        rule = partial(task_work.claim, by=asked.actor.sub, at=clock.now())
        return await _changed(tasks, task_id, rule, asked)

    @router.post("/{task_id}/release", response_model=TaskKept)
    async def release_task(task_id: TaskId, asked: Asked) -> Response:
        rule = partial(task_work.release, by=asked.actor.sub, at=clock.now())
        return await _changed(tasks, task_id, rule, asked)

    @router.post("/{task_id}/assign", response_model=TaskKept)
    async def assign_task(task_id: TaskId, body: Assignment, asked: Asked) -> Response:
        rule = partial(task_work.assign, to=body.to, by=asked.actor.sub, at=clock.now())
        return await _changed(tasks, task_id, rule, asked)


def ending(router: Router, tasks: Tasks, clock: Clock, seals: Seals) -> None:
    @router.post("/{task_id}/comment", response_model=TaskKept)
    async def comment_on_task(task_id: TaskId, body: Commented, asked: Asked) -> Response:
        comment = seals.seal(body.comment, purpose="messages")
        rule = partial(task_work.comment_on, comment=comment, by=asked.actor.sub, at=clock.now())
        return await _changed(tasks, task_id, rule, asked)

    @router.post("/{task_id}/resolve", response_model=TaskKept)
    async def resolve_task(task_id: TaskId, body: Resolution, asked: Asked) -> Response:
        comment = seals.seal(body.comment, purpose="messages") if body.comment else None
        rule = partial(
            task_work.resolve_by_hand, how=body.how, comment=comment, by=asked.actor.sub, at=clock.now()
        )
        return await _changed(tasks, task_id, rule, asked)


async def _changed(
    tasks: Tasks, task_id: str, rule: Callable[[Task], Decision[Task]], asked: Asked
) -> Response:
    await _demand_reach(tasks, asked.actor, task_id)
    ref = TASKS.ref(task_id, if_version=asked.if_match)
    await fault("task.before_commit")
    answer = await tasks.repository.change(ref, rule, cause=asked.cause, reply=TaskKept.of)
    await fault("task.after_commit")
    return asked.answered(answer)


async def _demand_reach(tasks: Tasks, actor: Actor, task_id: str) -> None:
    """Hide what stands on none of the person's lists; raises NotFound."""
    task = await tasks.repository.get(TASKS.ref(task_id))
    if not actor.has(*task.roles) or not actor.covers(unit=task.care_unit):
        about = (task.patient_ref,) if task.patient_ref else ()
        raise NotFound("Task", task_id, patient_refs=about)


def _units(actor: Actor) -> frozenset[str] | None:
    return None if actor.has(*EVERY_UNIT) else actor.care_units


def _step(step: TaskStep, seals: Seals) -> TaskStepView:
    is_sealed = step.what == "commented" and step.note is not None
    return TaskStepView(
        what=step.what, at=step.at, by=step.by, note=seals.open(step.note or "") if is_sealed else step.note
    )
