"""What billing keeps: documents in its database, and the day's files in their folder."""

from services.billing.repository.answers import ACK_FILES, Answers
from services.billing.repository.batches import BATCHES, DEADLINES, Batches, Shape
from services.billing.repository.corrections import CORRECTIONS, Corrections
from services.billing.repository.figures import figures
from services.billing.repository.files import Files
from services.billing.repository.guardians import Guardians
from services.billing.repository.ledger import ACCOUNTS, FEES, PAYERS, STRAYS, Ledger
from services.billing.repository.loans import LOANS, Loans
from services.billing.repository.reconciliations import RECONCILIATIONS, Reconciliations
from services.billing.repository.tariffs import DRAFTS, TARIFFS, Tariffs
from services.billing.repository.waivers import WAIVERS, Waivers
from services.billing.repository.withdrawals import WITHDRAWALS, Withdrawals

COLLECTIONS = (
    ACCOUNTS, ACK_FILES, BATCHES, CORRECTIONS, DEADLINES, DRAFTS, FEES, LOANS, PAYERS, RECONCILIATIONS,
    STRAYS, TARIFFS, WAIVERS, WITHDRAWALS,
)  # fmt: skip

__all__ = [
    "COLLECTIONS",
    "Answers",
    "Batches",
    "Corrections",
    "Files",
    "Guardians",
    "Ledger",
    "Loans",
    "Reconciliations",
    "Shape",
    "Tariffs",
    "Waivers",
    "Withdrawals",
    "figures",
]
