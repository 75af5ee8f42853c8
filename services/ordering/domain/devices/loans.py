"""Ordering's copy of what a patient has on loan, from inventory's facts in any order (Q48, S104)."""

from dataclasses import dataclass, replace
from datetime import date

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
    """None while the patient has it, and when the hand-out was a mistake (Q51)."""


def note_lent(known: Loan | None, *, lent: Loan) -> Decision[Loan]:
    """The patient has the device; one whose end came first stays over."""
    if known is None:
        return lent, []
    ended = replace(lent, is_over=known.is_over, returned_on=known.returned_on)
    return (known if known.article_no else ended), []


def note_ended(
    known: Loan | None, *, loan_id: str, patient_ref: str, returned_on: date | None = None
) -> Decision[Loan]:
    """The device came back, or was never handed out: the loan is over."""
    return replace(known or Loan(loan_id, patient_ref), is_over=True, returned_on=returned_on), []


def newest_first(loans: list[Loan]) -> list[Loan]:
    """Sort by the day on which the patient got the device (S158)."""
    return sorted(loans, key=lambda each: (each.handed_out_on or date.min, each.loan_id), reverse=True)
