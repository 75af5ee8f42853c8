"""What notification counts for whoever watches it."""

from collections.abc import Sequence
from typing import get_args

from services.notification.domain.message import State
from services.notification.repository.messages import MESSAGES
from services.notification.repository.tasks import TASKS
from shared.metrics import Counts, Figure, Figures, by_state
from shared.repository import Repository


def figures(repository: Repository) -> Figures:
    """Count messages by what became of them, and open tasks by role."""

    async def counted() -> Sequence[Figure]:
        found = await repository.backend.tally(MESSAGES, ("state",))
        states = by_state(get_args(State), {state: count for (state,), (count, _) in found.items()})
        tasks = await repository.backend.tally(TASKS, ("role", "is_open"))
        waiting: Counts = {
            (role,): count for (role, is_open), (count, _) in tasks.items() if is_open == "True"
        }
        return [
            Figure("sesam_messages", "Messages to patients", ("state",), states),
            Figure("sesam_tasks_open", "Tasks that wait for a person", ("role",), waiting),
        ]

    return counted
