"""The effect of invoicing's answer to an entry: accepted, late, or stored for a person to look at (S46)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from services.billing.domain.fees.ledger import Fee
from shared.domain.code import code_of, reference_of
from shared.domain.days import CALENDAR, can_be_expected, local_day
from shared.domain.decision import Decision
from shared.events.billing import FeeInvoiced
from shared.events.tasks import TaskRaised

Status = Literal["accepted", "rejected", "invoiced", "credited"]

WAY = ("told", "accepted", "invoiced", "credited")
"""The way of an entry that is not rejected: answers may skip a stage, overtake each other and come again."""


CLOCKS_DIFFER = timedelta(days=7)
"""A partner's clock may be wrong by so much before it is not believed."""


@dataclass(frozen=True)
class Acknowledgement:
    """One answer about one entry."""

    event_id: str
    status: Status
    at: datetime
    code: str | None = None
    invoice_no: str | None = None
    invoice_date: date | None = None

    @property
    def note(self) -> str | None:
        return self.invoice_no or self.code

    def without_free_text(self) -> "Acknowledgement":
        """Drop all but codes and document numbers: other text could name somebody, and is published (N7)."""
        code = None if self.code is None else code_of(self.code)
        return replace(self, code=code, invoice_no=reference_of(self.invoice_no))


@dataclass(frozen=True)
class StrayAcknowledgement:
    """An answer that cannot be believed, kept as it came."""

    stray_id: str
    acknowledgement: Acknowledgement
    why: Literal["unknown_entry", "contradiction"]
    kept_at: datetime


def stray_id_of(answer: Acknowledgement) -> str:
    """Name a stray answer by what it says, so that the same one is kept once."""
    plain = answer.without_free_text()
    return ":".join((answer.event_id, answer.status, plain.note or "-"))


def naming_no_person(answer: Acknowledgement, hashed: Callable[[str], str]) -> Acknowledgement:
    """Leave the entry's id as invoicing wrote it, or put a hash for what can be none of ours (N7)."""
    return replace(answer, event_id=reference_of(answer.event_id) or hashed(answer.event_id)[:40])


def acknowledge(
    fee: Fee | None,
    stray: StrayAcknowledgement | None,
    *,
    answer: Acknowledgement,
    at: datetime,
    id_is_reused: bool = False,
) -> Decision[Fee | None, StrayAcknowledgement | None]:
    """Follow the entry on its way; a late or repeated answer does nothing, a wrong one is kept (S46).

    A rejected entry is mended by a new entry, never revived: all that comes after it is a contradiction.
    So is what comes under a message id that was used for another answer. `heard` names no person.
    """
    answer = answer.without_free_text()
    if fee is None:
        return _kept(fee, stray, "unknown_entry", answer=answer, at=at)
    if _is_known(fee, answer):
        return fee, stray, []
    if id_is_reused or not _is_believable(fee, answer) or not _can_be_said(answer, at=at):
        return _kept(fee, stray, "contradiction", answer=answer, at=at)
    known = fee.came_to(answer.status, at=answer.at, note=answer.note)
    if answer.status == "rejected":
        return known, stray, [_rejected(fee, answer)]
    return known, stray, [_invoiced(fee, answer)] if answer.status == "invoiced" else []


def _is_known(fee: Fee, answer: Acknowledgement) -> bool:
    said = [step.note for step in fee.progress if step.what == answer.status]
    if answer.status == "invoiced" and said:
        return answer.note in said
    return bool(said) or (answer.status == "accepted" and fee.stage in WAY[2:])


def _can_be_said(answer: Acknowledgement, *, at: datetime) -> bool:
    """Tell whether it can have been said by now, and of a day that can be (decision 0059)."""
    said = answer.at if answer.at.tzinfo else answer.at.replace(tzinfo=UTC)
    day, today = answer.invoice_date, local_day(at)
    can_be = day is None or can_be_expected(day, since=CALENDAR.first, today=today)
    return datetime.combine(CALENDAR.first, time(), UTC) <= said <= at + CLOCKS_DIFFER and can_be


def _is_believable(fee: Fee, answer: Acknowledgement) -> bool:
    if answer.status == "rejected":
        return fee.stage == "told"
    return fee.stage in WAY and WAY.index(fee.stage) < WAY.index(answer.status)


def _kept(
    fee: Fee | None,
    stray: StrayAcknowledgement | None,
    why: Literal["unknown_entry", "contradiction"],
    *,
    answer: Acknowledgement,
    at: datetime,
) -> Decision[Fee | None, StrayAcknowledgement | None]:
    if stray:
        return fee, stray, []
    known = StrayAcknowledgement(stray_id_of(answer), answer, why, kept_at=at)
    return fee, known, [_contradicted(fee, answer) if fee else _unknown(answer)]


def _invoiced(fee: Fee, answer: Acknowledgement) -> FeeInvoiced:
    return FeeInvoiced(
        event_id=fee.event_id,
        withdrawal_no=fee.source_no,
        patient_ref=fee.patient_ref,
        invoice_no=answer.invoice_no,
    )


def _rejected(fee: Fee, answer: Acknowledgement) -> TaskRaised:
    return TaskRaised(
        task_id=f"fee-rejected:{fee.event_id}",
        kind="fee_rejected",
        role="economist",
        patient_ref=fee.patient_ref,
        subject_no=fee.source_no,
        reason="rejected-with-a-code" if answer.code else "rejected-without-a-code",
        details={"code": answer.code} if answer.code else {},
    )


def _contradicted(fee: Fee, answer: Acknowledgement) -> TaskRaised:
    return TaskRaised(
        task_id=f"fee-contradicted:{stray_id_of(answer)}",
        kind="fee_contradicted",
        role="economist",
        patient_ref=fee.patient_ref,
        subject_no=fee.source_no,
        reason="contradicts-the-fee",
        details={"status": answer.status, "stage": fee.stage},
    )


def _unknown(answer: Acknowledgement) -> TaskRaised:
    return TaskRaised(
        task_id=f"fee-unknown:{answer.event_id}",
        kind="fee_unknown",
        role="economist",
        subject_no=answer.event_id,
        reason="fee-never-told",
        details={"status": answer.status},
    )
