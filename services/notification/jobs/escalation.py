"""What waits too long goes on to who is asked next (N7)."""

from services.notification.application.tasks import Tasks
from shared.service.apart import each_for_itself


async def escalate_overdue(tasks: Tasks) -> None:
    """Look at all that is overdue."""
    await each_for_itself(tasks.repository, await tasks.queries.overdue(), tasks.escalate)
