"""The tasks that ordering raises and ends (N7)."""

from collections.abc import Mapping

from shared.events.tasks import TaskRaised, TaskResolved

NOT_HANDED_OVER = "order_not_handed_over"


def draft_waits(withdrawal_no: str, *, role: str, unit: str | None, patient_ref: str) -> TaskRaised:
    """Remind the maker's role and unit of a draft that was never sent (S50, N7)."""
    return TaskRaised(
        task_id=_draft(withdrawal_no),
        kind="unsent_draft",
        role=role,
        care_unit=unit,
        patient_ref=patient_ref,
        subject_no=withdrawal_no,
        reason="begun-and-not-sent",
    )


def draft_waits_no_more(withdrawal_no: str) -> TaskResolved:
    """End the reminder (N7)."""
    return TaskResolved(task_id=_draft(withdrawal_no), how="sent-or-annulled")


def order_task(
    order_no: str,
    *,
    patient_ref: str | None,
    kind: str,
    reason: str,
    details: Mapping[str, str] | None = None,
    which: str = "",
    care_unit: str | None = None,
) -> TaskRaised:
    """Ask customer service to look at an order; `which` tells several of a kind apart (N7)."""
    return TaskRaised(
        task_id=order_task_id(order_no, kind=kind, which=which),
        kind=kind,
        role="customer_service",
        care_unit=care_unit,
        patient_ref=patient_ref,
        subject_no=order_no,
        reason=reason,
        details=details or {},
    )


def order_task_over(order_no: str, *, kind: str, how: str) -> TaskResolved:
    """End such a task (N7)."""
    return TaskResolved(task_id=order_task_id(order_no, kind=kind), how=how)


def order_task_id(order_no: str, *, kind: str, which: str = "") -> str:
    """Give the same problem the same id, so that it raises one task (N7).

    The names stay as they always were, with hyphens: a task that was raised under one is ended by it.
    """
    return ":".join(part for part in (kind.replace("_", "-"), order_no, which) if part)


def _draft(withdrawal_no: str) -> str:
    return f"unsent-draft:{withdrawal_no}"
