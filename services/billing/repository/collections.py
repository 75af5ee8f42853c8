"""Billing's collections and their indexes."""

from services.billing.domain.devices.compensation import Compensation
from services.billing.domain.devices.loan import Loan
from services.billing.domain.devices.order import DeviceOrder
from services.billing.domain.fees.account import (
    Account,
)
from services.billing.domain.fees.acknowledgement import (
    StrayAcknowledgement,
)
from services.billing.domain.fees.article_name import ArticleName
from services.billing.domain.fees.correction import (
    Correction,
)
from services.billing.domain.fees.ledger import Fee
from services.billing.domain.fees.payer import Payer
from services.billing.domain.fees.waiver import (
    Waiver,
)
from services.billing.domain.fees.withdrawal import (
    Withdrawal,
)
from services.billing.domain.files.ack_file import (
    AckFile,
)
from services.billing.domain.files.batch import (
    Batch,
)
from services.billing.domain.files.deadline import Deadline
from services.billing.domain.reconciling.reconciliation import Reconciliation
from services.billing.domain.tariffs.draft import Draft
from services.billing.domain.tariffs.tariff import PublishedTariff
from shared.repository import (
    Collection,
)

SOURCE = (("source_no", "withdrawal_no"),)
"""A fee was for a withdrawal alone before devices: documents of every version have that name (0083)."""
ACCOUNTS = Collection("accounts", Account, stored_as=SOURCE)
FEES = Collection(
    "fees",
    Fee,
    indexes=(
        "patient_ref",
        "withdrawal_no",
        "stage entry.due_on",
        "batch told_at",
        "entry.kind entry.due_on",
        "entry.because _id",
    ),
    stored_as=SOURCE,
)
PAYERS = Collection("payers", Payer, indexes=("merged_at",))
STRAYS = Collection("stray_acknowledgements", StrayAcknowledgement, indexes=("kept_at _id",))
ACK_FILES = Collection("ack_files", AckFile)
ARTICLE_NAMES = Collection("article_names", ArticleName)
COMPENSATIONS = Collection("compensations", Compensation, indexes=("state reported_at", "loan_id"))
BATCHES = Collection("batches", Batch, indexes=("day _id", "written answer", "over"))
DEADLINES = Collection("deadlines", Deadline)
CORRECTIONS = Collection(
    "corrections", Correction, indexes=("state asked_at", "patient_ref"), stored_as=SOURCE
)
DEVICE_ORDERS = Collection("device_orders", DeviceOrder, indexes=("day _id", "settled day"))
LOANS = Collection("loans", Loan, stored_as=SOURCE)
RECONCILIATIONS = Collection("reconciliations", Reconciliation)
TARIFFS = Collection("tariffs", PublishedTariff)
DRAFTS = Collection("tariff_drafts", Draft, indexes=("drafted_at _id",))
WAIVERS = Collection("waivers", Waiver, indexes=("state", "proposed_at _id"))
WITHDRAWALS = Collection("withdrawals", Withdrawal, indexes=("day _id", "settled day", "patient_ref"))

COLLECTIONS = (
    ACCOUNTS,
    ACK_FILES,
    ARTICLE_NAMES,
    BATCHES,
    COMPENSATIONS,
    CORRECTIONS,
    DEADLINES,
    DEVICE_ORDERS,
    DRAFTS,
    FEES,
    LOANS,
    PAYERS,
    RECONCILIATIONS,
    STRAYS,
    TARIFFS,
    WAIVERS,
    WITHDRAWALS,
)
