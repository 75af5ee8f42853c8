"""Counts messages and tasks for the metrics."""

from collections.abc import Sequence
from typing import get_args

from services.notification.domain.message import State
from services.notification.repository.collections import MESSAGES, TASKS
from shared.repository import Repository
from shared.service.counting import by_states
from shared.service.metrics import Counts, Figure, Figures

OVER = {"sent", "delivered", "suppressed", "expired", "by_hand"}
"""States that nothing alerts about, and of which there are ever more."""


def figures(repository: Repository) -> Figures:
    """Count messages by what became of them, and open tasks by role."""

    async def counted() -> Sequence[Figure]:
        states = await by_states(repository, MESSAGES, get_args(State), moving=set(get_args(State)) - OVER)
        tasks = await repository.backend.tally(TASKS, ("role",), where={"is_open": True})
        waiting: Counts = {role: count for role, (count, _) in tasks.items()}
        return [
            Figure("sesam_messages", "Messages to patients", ("state",), states),
            Figure("sesam_tasks_open", "Tasks that wait for a person", ("role",), waiting),
        ]

    return counted
