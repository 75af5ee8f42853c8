"""Ordering's copy of what a patient has on loan, from inventory's facts in any order (Q48)."""

from dataclasses import dataclass, replace

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


def note_lent(known: Loan | None, *, lent: Loan) -> Decision[Loan]:
    """The patient has the device; one whose end came first stays over."""
    if known is None:
        return lent, []
    return (known if known.article_no else replace(lent, is_over=known.is_over)), []


def note_ended(known: Loan | None, *, loan_id: str, patient_ref: str) -> Decision[Loan]:
    """The device came back, or was never handed out: the loan is over."""
    return replace(known or Loan(loan_id, patient_ref), is_over=True), []
