"""What people can ask of notification: what was sent to whom, and what is left to do."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, model_validator

from services.notification.domain.message import Message
from services.notification.domain.task import Task
from services.notification.repository import Messages, Tasks
from shared.http import Ask, Request, Router, View


class MessagesAsked(Request):
    """Whose messages, or those about which order: one of the two."""

    patient_ref: Annotated[str, Field(min_length=1, max_length=60)] | None = None
    order_no: Annotated[str, Field(min_length=1, max_length=30)] | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> "MessagesAsked":
        if (self.patient_ref is None) == (self.order_no is None):
            raise ValueError("give patient_ref or order_no")
        return self


class StepView(View):
    """One step of a message's way."""

    what: str
    at: datetime
    note: str | None


class MessageView(View):
    """A message and its way; never the number that it went to."""

    message_id: str
    order_no: str
    channel: str
    language: str
    state: str
    due_at: datetime
    expires_at: datetime
    attempts: int
    history: list[StepView]

    @classmethod
    def of(cls, message: Message) -> "MessageView":
        return cls(
            message_id=message.message_id,
            order_no=message.order_no,
            channel=message.channel,
            language=message.language,
            state=message.state,
            due_at=message.due_at,
            expires_at=message.expires_at,
            attempts=message.attempts,
            history=[StepView(what=step.what, at=step.at, note=step.note) for step in message.history],
        )


class TaskView(View):
    """An open task of one of the reader's lists."""

    task_id: str
    kind: str | None
    role: str | None
    care_unit: str | None
    patient_ref: str | None
    subject_no: str | None
    reason: str | None
    due_at: datetime | None
    raised_at: datetime | None

    @classmethod
    def of(cls, task: Task) -> "TaskView":
        return cls(
            task_id=task.task_id,
            kind=task.kind,
            role=task.role,
            care_unit=task.care_unit,
            patient_ref=task.patient_ref,
            subject_no=task.subject_no,
            reason=task.reason,
            due_at=task.due_at,
            raised_at=task.raised_at,
        )


def message_routes(messages: Messages) -> Router:
    router = Router("notification", prefix="/messages", tags=["messages"])

    @router.post("/search")
    async def search_messages(body: MessagesAsked, ask: Ask) -> list[MessageView]:
        field, value = ("patient_ref", body.patient_ref) if body.patient_ref else ("order_no", body.order_no)
        return [MessageView.of(each) for each in await messages.of(ask, field=field, value=value or "")]

    return router


def task_routes(tasks: Tasks) -> Router:
    router = Router("notification", prefix="/tasks", tags=["tasks"])

    @router.get("")
    async def list_tasks(ask: Ask) -> list[TaskView]:
        found = await tasks.open_for(ask.actor.roles)
        shown = [task for task in found if ask.actor.covers(unit=task.care_unit)]
        await tasks.note(ask, shown)
        return [TaskView.of(task) for task in shown]

    return router
