"""The state of a gateway: paused after several failures, so that fewer outcomes are unknown (Q24, N7)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.notification.domain.message import Channel
from services.notification.domain.outcomes import Accepted, Outcome, Rejected
from shared.domain.decision import Decision
from shared.events.tasks import TaskRaised, TaskResolved

TROUBLES_IN_A_ROW = 3
REST = timedelta(minutes=5)
AT_ONCE = 16


@dataclass(frozen=True)
class Health:
    """A gateway's failures in a row, and until when it is paused."""

    channel: Channel
    in_a_row: int = 0
    rests_until: datetime | None = None
    is_troubled: bool = False


def how_many_at_once(health: Health | None, *, at: datetime) -> int:
    """Give how many messages may be tried side by side: none while it rests, one while in doubt (Q24)."""
    if health and health.rests_until and at < health.rests_until:
        return 0
    return 1 if health and health.in_a_row else AT_ONCE


def note_outcome(
    health: Health | None, *, channel: Channel, outcome: Outcome, at: datetime
) -> Decision[Health | None]:
    """Count failures in a row; the third pauses the gateway with a task, a good answer ends both (N7)."""
    known = health or Health(channel)
    if isinstance(outcome, Accepted | Rejected):
        if known == Health(channel):
            return health, []
        well = [TaskResolved(task_id=_task_id(channel), how="it-answers-again")]
        return Health(channel), well if known.is_troubled else []
    in_a_row = known.in_a_row + 1
    if in_a_row < TROUBLES_IN_A_ROW:
        return replace(known, in_a_row=in_a_row), []
    resting = Health(channel, in_a_row, rests_until=at + REST, is_troubled=True)
    return resting, [] if known.is_troubled else [_trouble(channel)]


def _trouble(channel: Channel) -> TaskRaised:
    return TaskRaised(
        task_id=_task_id(channel),
        kind="gateway_out_of_order",
        role="operator",
        reason=f"{channel}-gateway-does-not-answer-well",
    )


def _task_id(channel: Channel) -> str:
    return f"gateway:{channel}"
