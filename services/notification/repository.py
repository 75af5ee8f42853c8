"""The messages and tasks that notification keeps."""

from collections.abc import Collection as Several
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from services.notification.domain.message import (
    LOST_AFTER,
    Message,
    begin_attempt,
    break_off,
    end_attempt,
    notify,
    postpone,
    suppress,
)
from services.notification.domain.outcomes import Outcome
from services.notification.domain.task import Task, raise_task, resolve_task
from shared.clock import Clock
from shared.repository import Asking, Cause, Collection, Repository, moment_text

MESSAGES = Collection("messages", Message, indexes=("state", "patient_ref", "order_no"))
TASKS = Collection("tasks", Task, indexes=("role",))

MOST_AT_ONCE = 50
MOST_SHOWN = 500


class Messages:
    """Messages to patients; every step of a sending is a conditional change of state."""

    def __init__(self, repository: Repository, clock: Clock) -> None:
        self._repository = repository
        self._clock = clock

    async def notify(self, notice: Message, *, cause: Cause) -> None:
        rule = partial(notify, notice=notice, at=self._clock.now())
        await self._repository.change(MESSAGES.maybe(notice.message_id), rule, cause=cause)

    async def due(self) -> list[Message]:
        where = {"state": "due", "due_at": {"$lte": moment_text(self._clock.now())}}
        return await self._repository.find(MESSAGES, where, sort="due_at", limit=MOST_AT_ONCE)

    async def lost(self) -> list[Message]:
        """List the attempts that nobody ended: their process was killed, or hangs."""
        before = moment_text(self._clock.now() - LOST_AFTER)
        where = {"state": "attempting", "attempted_at": {"$lte": before}}
        return await self._repository.find(MESSAGES, where, limit=MOST_AT_ONCE)

    async def claim(self, message: Message, *, attempt: str) -> bool:
        """Claim one attempt, committed before anything is sent; False when another process was first."""
        rule = partial(begin_attempt, attempt=attempt, at=self._clock.now())
        cause = Cause.of_job("claim", message.message_id, attempt)
        answer = await self._repository.change(MESSAGES.ref(message.message_id), rule, cause=cause)
        claimed: Message = answer.states[0]
        return claimed.state == "attempting" and claimed.attempt == attempt

    async def end(self, message: Message, *, attempt: str, outcome: Outcome) -> None:
        rule = partial(end_attempt, attempt=attempt, outcome=outcome, at=self._clock.now())
        cause = Cause.of_job("end", message.message_id, attempt)
        await self._repository.change(MESSAGES.ref(message.message_id), rule, cause=cause)

    async def break_off(self, message: Message) -> None:
        now = self._clock.now()
        cause = Cause.of_job("break-off", message.message_id, message.attempt or "", moment_text(now))
        await self._repository.change(
            MESSAGES.ref(message.message_id), partial(break_off, at=now), cause=cause
        )

    async def postpone(self, message: Message, *, why: str) -> None:
        rule = partial(postpone, at=self._clock.now(), why=why)
        await self._repository.change(
            MESSAGES.ref(message.message_id), rule, cause=_cause_now("postpone", message)
        )

    async def suppress(self, message: Message, *, why: str) -> None:
        rule = partial(suppress, at=self._clock.now(), why=why)
        await self._repository.change(
            MESSAGES.ref(message.message_id), rule, cause=_cause_now("suppress", message)
        )

    async def of(self, asked: Asking, *, field: str, value: str) -> list[Message]:
        """List a patient's or an order's messages for a person, audited before the answer leaves."""
        found = await self._repository.find(MESSAGES, {field: value}, limit=MOST_SHOWN)
        await self._repository.note(asked, [message.patient_ref for message in found])
        return found


class Tasks:
    """What staff have to look at, by role."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    async def put(self, task: Task, *, cause: Cause) -> None:
        await self._repository.change(
            TASKS.maybe(task.task_id), partial(raise_task, raised=task), cause=cause
        )

    async def end(self, task_id: str, *, how: str, at: datetime, cause: Cause) -> None:
        rule = partial(resolve_task, task_id=task_id, how=how, at=at)
        await self._repository.change(TASKS.maybe(task_id), rule, cause=cause)

    async def open_for(self, roles: Several[str]) -> Sequence[Task]:
        where = {"is_open": True, "role": {"$in": sorted(roles)}}
        return await self._repository.find(TASKS, where, sort="raised_at", limit=MOST_SHOWN)

    async def note(self, asked: Asking, tasks: Sequence[Task]) -> None:
        """Audit whom the shown tasks are about, before the answer leaves."""
        await self._repository.note(asked, [task.patient_ref for task in tasks if task.patient_ref])


def _cause_now(verb: str, message: Message) -> Cause:
    """Name what is done to the message as it was seen: two processes that saw the same do it once."""
    return Cause.of_job(verb, message.message_id, str(len(message.history)))
