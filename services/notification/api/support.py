"""Route where somebody at work asks for help: a task of customer service, with a number to call (S178)."""

from functools import partial
from typing import Annotated
from uuid import NAMESPACE_URL, uuid5

from fastapi import Response
from pydantic import Field

from services.notification.api.tasks import TaskKept
from services.notification.domain.task import Task, raise_task
from services.notification.repository.collections import TASKS
from shared.clock import Clock
from shared.fields import Code, MultiLine, Phone
from shared.http import Asked, Request, Router
from shared.repository import Repository
from shared.sealed import Seals

Described = Annotated[MultiLine, Field(max_length=2000)]


class SupportForm(Request):
    """What is the matter; the number of an order or withdrawal, and where to call back."""

    text: Described
    subject_no: Annotated[Code, Field(max_length=40)] | None = None
    call_back: Phone | None = None


def support_routes(repository: Repository, *, clock: Clock, seals: Seals) -> Router:
    router = Router("notification", prefix="/support-requests", tags=["tasks"])

    @router.post("", response_model=TaskKept, status_code=201)
    async def ask_for_support(form: SupportForm, asked: Asked) -> Response:
        """Put it on customer service's list; the words are sealed, for they may name a patient."""
        lines = [form.text, f"{asked.actor.name} {form.call_back or ''}".strip()]
        task = Task(
            task_id=f"support:{uuid5(NAMESPACE_URL, asked.cause.key or '')}",
            kind="support_request",
            role="customer_service",
            care_unit=None,
            patient_ref=None,
            subject_no=form.subject_no,
            reason="somebody-asks-for-help",
            due_at=None,
            raised_at=clock.now(),
        )
        rule = partial(raise_task, raised=task, note=seals.seal("\n".join(lines), purpose="messages"))
        answer = await repository.change(TASKS.maybe(task.task_id), rule, cause=asked.cause, reply=_kept)
        return asked.answered(answer, 201)

    return router


def _kept(task: Task | None) -> TaskKept:
    if task is None:
        raise ValueError("a task that was raised is there")
    return TaskKept.of(task)
