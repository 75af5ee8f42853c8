"""What a person reads about a fee: whether it is still to be invoiced (S64, S159)."""

from datetime import date, timedelta

from services.billing.domain.fees.ledger import Fee
from shared.domain.decision import Sentence

NO_FEE = Sentence("Ingen avgift", "No fee")
TO_INVOICE = Sentence("Ska faktureras", "To be invoiced")
LATER = Sentence(
    "Ska faktureras, om hjälpmedlet inte lämnas tillbaka i tid",
    "To be invoiced, unless the device is returned in time",
)
INVOICED = Sentence("Fakturerad", "Invoiced")
TO_CREDIT = Sentence("Ska krediteras", "To be credited")
CREDITED = Sentence("Krediterad", "Credited")
ON_HOLD = Sentence("Pausad tills vidare", "On hold")
REMOVED = Sentence("Borttagen", "Removed")


def deferred_through(fee: Fee) -> date | None:
    """Give the last day on which a return removes a deferred fee; None for any other (Q10, S159)."""
    return fee.entry.due_on - timedelta(days=1) if fee.stage == "deferred" else None


def status_of(fee: Fee) -> Sentence:
    """Say `Ska faktureras` until invoicing says that the fee stands on an invoice (S64, S159)."""
    if fee.stage == "nothing_due":
        return NO_FEE
    if fee.stage == "removed":
        return REMOVED
    if fee.hold:
        return ON_HOLD
    if fee.stage == "deferred":
        return LATER
    settled = fee.stage in ("invoiced", "credited")
    if fee.entry.kind == "credit":
        return CREDITED if settled else TO_CREDIT
    return INVOICED if settled else TO_INVOICE
