"""A loan that ended while a collection order was open (Q34, Q48)."""

from dataclasses import dataclass
from datetime import date, datetime

from services.ordering.domain.collecting.following import note_loan_over
from services.ordering.domain.collecting.order import CollectionOrder, Ended
from services.ordering.domain.devices.loans import Loan, note_ended
from shared.domain.decision import Decision, Refused, Sentence
from shared.events.fact import Fact


class LoanMoved(Refused):
    """The loan has come on a collection order, or off one, since it was read."""

    rule = "loan-moved"
    sentence = Sentence(
        "Lånet ändrades samtidigt. Försök igen.", "The loan changed at the same time. Try again."
    )


@dataclass(frozen=True)
class LoanOver:
    """What inventory says of the end of a loan, and the collection order that the device was on."""

    loan_id: str
    patient_ref: str
    returned_on: date | None
    lost_on: date | None
    collection_no: str | None
    at: datetime
    is_collected: bool
    """It ended because the device came by that collection order."""


def end_loan(
    known: Loan | None, collections: tuple[CollectionOrder, ...], *, over: LoanOver
) -> Decision[Loan, tuple[CollectionOrder, ...]]:
    """The device came back, was stolen or lost, or was never handed out; raises LoanMoved."""
    if known is not None and known.collection_no != over.collection_no:
        raise LoanMoved(loan_id=over.loan_id)
    loan, facts = note_ended(
        known,
        loan_id=over.loan_id,
        patient_ref=over.patient_ref,
        returned_on=over.returned_on,
        lost_on=over.lost_on,
    )
    if over.is_collected:
        return loan, collections, facts
    ended: Ended = "lost" if over.lost_on else "returned"
    changed = [note_loan_over(each, loan_id=over.loan_id, ended=ended, at=over.at) for each in collections]
    more: list[Fact] = [fact for _, told in changed for fact in told]
    return loan, tuple(order for order, _ in changed if order), [*facts, *more]
