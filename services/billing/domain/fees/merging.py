"""Two patients who are one person, and what both together have paid above a cap (S65, S68, T5)."""

from collections.abc import Sequence
from datetime import datetime

from services.billing.domain.fees.cap import Caps, beyond_cap
from services.billing.domain.fees.payer import Payer, Spent, note_merged
from shared.domain.decision import Decision
from shared.domain.money import NOTHING
from shared.events.fact import Fact
from shared.events.tasks import TaskRaised, TaskResolved


def merge_payers(
    payer: Payer | None, into: Payer | None, *, patient_ref: str, into_ref: str, at: datetime, caps: Caps
) -> Decision[Payer | None, Payer | None]:
    """Count both together, and let a person decide about what is booked beyond a cap (T5, N7).

    Nothing is credited by itself: a fee stands as it was booked until an economist corrects it.
    """
    gone, other, _ = note_merged(payer, into, patient_ref=patient_ref, into_ref=into_ref, at=at)
    if other is None or other is into:
        return gone, other, []
    facts: list[Fact] = []
    if payer and beyond_cap(payer, caps=caps):  # asked about already, under the other name
        facts.append(TaskResolved(task_id=_task_id(patient_ref), how="merged-into-another"))
    beyond = beyond_cap(other, caps=caps)
    return gone, other, [*facts, *([_booked_beyond(into_ref, beyond)] if beyond else [])]


def _task_id(patient_ref: str) -> str:
    return f"fees-beyond-cap:{patient_ref}"


def _booked_beyond(patient_ref: str, beyond: Sequence[Spent]) -> TaskRaised:
    total = sum((each.amount for each in beyond), NOTHING)
    return TaskRaised(
        task_id=_task_id(patient_ref),
        kind="fees_beyond_cap",
        role="economist",
        patient_ref=patient_ref,
        reason="booked-beyond-the-cap",
        details={
            "total": str(total),
            "first": min(each.day for each in beyond).isoformat(),
            "last": max(each.day for each in beyond).isoformat(),
        },
    )
