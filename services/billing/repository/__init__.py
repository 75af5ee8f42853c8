"""What billing keeps: documents in its database, and the day's files in their folder."""

from services.billing.repository.batches import BATCHES, DEADLINES, Batches
from services.billing.repository.files import Files
from services.billing.repository.ledger import ACCOUNTS, FEES, PAYERS, STRAYS, Ledger
from services.billing.repository.tariffs import TARIFFS, Tariffs

COLLECTIONS = (ACCOUNTS, BATCHES, DEADLINES, FEES, PAYERS, STRAYS, TARIFFS)

__all__ = ["COLLECTIONS", "Batches", "Files", "Ledger", "Tariffs"]
