"""Writes the day's entries as CSV (formats.md section 3)."""

from collections.abc import Sequence

from services.billing.domain.files.batch import Batch
from shared.domain.tables.csv_table import csv_table
from shared.partners import FeeEvent

ENDS = ".csv"
COLUMNS = (
    "batch", "event_id", "kind", "reverses", "occurred_at", "bill_not_before", "id_type", "id", "uttag",
    "fee_code", "text", "amount", "currency", "vat_code", "cost_centre", "tariff", "reason",
)  # fmt: skip


def csv_file(batch: Batch, events: Sequence[FeeEvent]) -> bytes:
    """Write one row per entry under a row of names; a credit's amount is positive too (S46)."""
    return csv_table(COLUMNS, [_row(batch, event) for event in events])


def _row(batch: Batch, event: FeeEvent) -> dict[str, object]:
    fields = event.model_dump(mode="json")
    return {**fields, **fields["patient"], "uttag": event.source.uttag, "batch": batch.batch_id}
