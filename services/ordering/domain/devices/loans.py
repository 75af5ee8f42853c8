"""Ordering's copy of what a patient has on loan, from inventory's facts in any order (Q48, S104)."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from services.ordering.domain.devices.lines import ChosenComponent
from shared.domain.decision import Decision


@dataclass(frozen=True)
class Loan:
    """A device that a patient has, or had; inventory owns the loan."""

    loan_id: str
    patient_ref: str
    article_no: str | None = None
    """None while only its end is known."""
    device_no: str | None = None
    is_over: bool = False
    order_no: str | None = None
    """None of a loan that was noted before this was kept; the same holds for the rest."""
    product_area: str | None = None
    care_unit: str | None = None
    handed_out_on: date | None = None
    returned_on: date | None = None
    """None while the patient has it, when it never came back, and when the hand-out was a mistake (Q51)."""
    lost_on: date | None = None
    """The day on which it was stolen or lost, which ended the loan (Q57)."""
    lent_at: datetime | None = None
    """When the patient got the device that it is about now: after an exchange, the new one."""
    components: tuple[ChosenComponent, ...] = ()
    """What was coupled to the device; none of a loan that was noted before this was kept (S143)."""
    collection_no: str | None = None
    """The open collection order that the device is on (S137)."""


def note_lent(known: Loan | None, *, lent: Loan) -> Decision[Loan]:
    """The patient has the device; one whose end came first stays over.

    A loan that was exchanged is about the last device and who handed it out, and as old as the first (Q48).
    """
    if known is None or known.article_no is None:
        ended = known or lent
        over = replace(
            lent,
            is_over=ended.is_over,
            returned_on=ended.returned_on,
            lost_on=ended.lost_on,
            collection_no=ended.collection_no,
        )
        return over, []
    first, last = (known, lent) if _moment(known) <= _moment(lent) else (lent, known)
    both = replace(
        first,
        patient_ref=known.patient_ref,
        # A maintenance swap knows nothing of the hand-out.
        order_no=first.order_no or last.order_no,
        handed_out_on=first.handed_out_on or last.handed_out_on,
        article_no=last.article_no,
        device_no=last.device_no,
        product_area=last.product_area,
        care_unit=last.care_unit,
        lent_at=last.lent_at,
        components=last.components,
        # What was exchanged is collected still, and the device that came for it is not.
        collection_no=known.collection_no if last.device_no == known.device_no else None,
        is_over=known.is_over,
        returned_on=known.returned_on,
        lost_on=known.lost_on,
    )
    return both, []


def _moment(loan: Loan) -> datetime:
    """Give when the patient got the device; what an older version kept came first."""
    return loan.lent_at or datetime.min.replace(tzinfo=UTC)


def note_ended(
    known: Loan | None,
    *,
    loan_id: str,
    patient_ref: str,
    returned_on: date | None = None,
    lost_on: date | None = None,
) -> Decision[Loan]:
    """The device came back, was stolen or lost, or was never handed out: the loan is over."""
    loan = known or Loan(loan_id, patient_ref)
    return replace(loan, is_over=True, returned_on=returned_on, lost_on=lost_on, collection_no=None), []


def newest_first(loans: list[Loan]) -> list[Loan]:
    """Sort by the day on which the patient got the device (S158)."""
    return sorted(loans, key=lambda each: (each.handed_out_on or date.min, each.loan_id), reverse=True)
