"""Valid examples of a notice, of somebody who can be reached, and of a task."""

from datetime import UTC, datetime

from services.notification.domain.attempts import begin_attempt
from services.notification.domain.contact import Contact
from services.notification.domain.notices import delivery_notice
from services.notification.domain.task import Task
from shared.events.fact import Fact
from shared.events.notification import MessageFailed
from shared.events.tasks import TaskRaised

NOON = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)
EVENING = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
MORNING = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
NOTICE = delivery_notice(
    "B2026-000007-1", patient_ref="p-1", channel="sms", to="sealed:contact:x", language="sv", at=NOON
)
REACHED = Contact("p-1", 1, phone="sealed:p", email="sealed:e", name="sealed:n", address="sealed:a")
CLAIMED, _ = begin_attempt(NOTICE, attempt="a-1", at=NOON)
TASK = Task(
    task_id="fee-rejected:1",
    kind="fee_rejected",
    role="economist",
    care_unit=None,
    patient_ref="p-1",
    subject_no="U2026-000123-4",
    reason="rejected",
    due_at=None,
    raised_at=NOON,
    told_at=NOON,
)


def why(facts: list[Fact]) -> list[str]:
    return [fact.why for fact in facts if isinstance(fact, MessageFailed)]


def tasks(facts: list[Fact]) -> int:
    return sum(isinstance(fact, TaskRaised) for fact in facts)
