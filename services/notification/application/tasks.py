"""Changes of tasks: raised, ended, escalated when late."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from services.notification.domain.task import Task, raise_task, resolve_task
from services.notification.domain.task_work import escalate
from services.notification.repository.collections import TASKS
from services.notification.repository.tasks import TaskQueries
from shared.clock import Clock
from shared.fault import fault
from shared.repository import Asking, Cause, Repository, moment_text

MOST_AT_ONCE = 200
NOBODY = "None"


class Tasks:
    """What staff have to look at."""

    def __init__(self, repository: Repository, clock: Clock) -> None:
        self.repository = repository
        self._clock = clock
        self.queries = TaskQueries(repository, clock)

    async def put(self, task: Task, *, cause: Cause, note: str | None = None) -> None:
        """Store a task that a service raised, in whatever order its facts come (N7)."""
        rule = partial(raise_task, raised=task, note=note)
        await self.repository.change(TASKS.maybe(task.task_id), rule, cause=cause)

    async def end(self, task_id: str, *, how: str, told_at: datetime | None, cause: Cause) -> None:
        """End a task that a service resolved, in whatever order its facts come (N7)."""
        rule = partial(resolve_task, task_id=task_id, how=how, at=self._clock.now(), told_at=told_at)
        await self.repository.change(TASKS.maybe(task_id), rule, cause=cause)

    async def escalate(self, task: Task) -> None:
        """Pass a late task on to who is asked next (N7)."""
        when = [each and moment_text(each) for each in (task.raised_at, task.due_at)]
        cause = Cause.of_job("escalate", task.task_id, str(when))
        rule = partial(escalate, at=self._clock.now())
        await fault("escalate.before_commit")
        await self.repository.change(TASKS.ref(task.task_id), rule, cause=cause)
        await fault("escalate.after_commit")

    async def note(self, asked: Asking, tasks: Sequence[Task]) -> None:
        """Audit whom the shown tasks are about, before the answer leaves."""
        await self.repository.note(asked, [task.patient_ref for task in tasks if task.patient_ref])
