"""The facts about tasks for people: any service may raise one; notification keeps the list (N7)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import BeforeValidator

from shared.events.fact import Fact, Sealed


def _texts(details: object) -> object:
    """Leave out what a newer publisher may add that is not text: our sentences contain texts only."""
    if not isinstance(details, Mapping):
        return details
    return {name: value for name, value in details.items() if isinstance(value, str)}


class TaskRaised(Fact):
    """Something needs a person."""

    topic: ClassVar[str] = "tasks.task_raised.v1"
    about: ClassVar[str] = "task_id"

    task_id: str
    """Stable for what it is about, so that the same problem raises one task."""
    kind: str
    """Such as `unsent_draft`; older facts write some kinds with hyphens, and mean the same."""
    role: str
    """Whose list it belongs on."""
    care_unit: str | None = None
    patient_ref: str | None = None
    subject_no: str | None = None
    """A number to look up: withdrawal, order, article ..."""
    reason: str
    """A code that says why; facts from before may hold a sentence."""
    details: Annotated[Mapping[str, str], BeforeValidator(_texts)] = {}
    """What the reason's sentence names: numbers, amounts, days and codes. Nothing personal."""
    due_at: datetime | None = None
    note: Sealed | None = None
    """What the person wrote who made it necessary; shown as a comment."""


class TaskResolved(Fact):
    """The problem is solved."""

    topic: ClassVar[str] = "tasks.task_resolved.v1"
    about: ClassVar[str] = "task_id"

    task_id: str
    how: str
