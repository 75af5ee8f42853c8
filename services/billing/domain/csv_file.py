"""The day's entries as separated values, for receivers that read tables (formats.md section 3)."""

import csv
import io
from collections.abc import Sequence

from services.billing.domain.batch import Batch
from shared.events.partners import FeeEvent

ENDS = ".csv"
COLUMNS = (
    "batch", "event_id", "kind", "reverses", "occurred_at", "bill_not_before", "id_type", "id", "uttag",
    "fee_code", "text", "amount", "currency", "vat_code", "cost_centre", "tariff", "reason",
)  # fmt: skip


def csv_file(batch: Batch, events: Sequence[FeeEvent]) -> bytes:
    """Write one row per entry under a row of names; a credit's amount is positive, its kind tells (S46)."""
    file = io.StringIO(newline="")
    rows = csv.DictWriter(file, COLUMNS, delimiter=";", lineterminator="\r\n", extrasaction="ignore")
    rows.writeheader()
    for event in events:
        fields = event.model_dump(mode="json")
        rows.writerow({**fields, **fields["patient"], "uttag": event.source.uttag, "batch": batch.batch_id})
    return file.getvalue().encode("utf-8-sig")
