"""Job that escalates tasks that wait too long (N7)."""

from services.notification.application.tasks import Tasks


class Escalation:
    """One run looks at all that is overdue."""

    def __init__(self, tasks: Tasks) -> None:
        self._tasks = tasks

    async def run(self) -> None:
        for task in await self._tasks.queries.overdue():
            await self._tasks.escalate(task)
