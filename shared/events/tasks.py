"""Work items for people: any service may raise one; notification keeps the list (N7)."""

from datetime import datetime
from typing import ClassVar

from shared.events.fact import Fact, Sealed


class TaskRaised(Fact):
    """Something needs a person."""

    topic: ClassVar[str] = "tasks.task_raised.v1"
    about: ClassVar[str] = "task_id"

    task_id: str
    """Stable for what it is about, so that the same trouble raises one task."""
    kind: str
    """Such as `unsent_draft`; older facts write some kinds with hyphens, and mean the same."""
    role: str
    """Whose list it belongs on."""
    care_unit: str | None = None
    patient_ref: str | None = None
    subject_no: str | None = None
    """A number to look up: withdrawal, order, article ..."""
    reason: str
    due_at: datetime | None = None
    note: Sealed | None = None
    """What the person wrote who made it necessary; shown as a comment."""


class TaskResolved(Fact):
    """The trouble is over."""

    topic: ClassVar[str] = "tasks.task_resolved.v1"
    about: ClassVar[str] = "task_id"

    task_id: str
    how: str
