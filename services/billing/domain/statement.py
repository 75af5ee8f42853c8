"""What a person reads about a fee: whether it is still to be invoiced (S64, S159)."""

from services.billing.domain.ledger import Fee
from shared.domain.decision import Sentence

NO_FEE = Sentence("Ingen avgift", "No fee")
TO_INVOICE = Sentence("Ska faktureras", "To be invoiced")
LATER = Sentence(
    "Faktureras senare, om hjälpmedlet inte lämnas tillbaka",
    "To be invoiced later, unless the device is returned",
)
INVOICED = Sentence("Fakturerad", "Invoiced")
TO_CREDIT = Sentence("Ska krediteras", "To be credited")
CREDITED = Sentence("Krediterad", "Credited")
ON_HOLD = Sentence("Pausad tills vidare", "On hold")
REMOVED = Sentence("Borttagen", "Removed")


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
