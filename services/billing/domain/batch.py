"""The day's file: a frozen list of entries, and the bytes that follow from it alone (S46)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Any, Literal

from services.billing.domain.ledger import Fee, net
from shared.domain.days import STOCKHOLM, local_day
from shared.domain.decision import Decision, Refused, Sentence
from shared.domain.money import Money
from shared.events.partners import FeeEvent
from shared.events.tasks import TaskRaised

MOST_ENTRIES = 500
CLOSES_AT = time(18)


class NothingToClose(Refused):
    """No told entry waits for a file, or somebody else takes them at this moment."""

    rule = "nothing-to-close"
    sentence = Sentence(
        "Det finns inga avgifter som väntar på en fil. Se listan över filer.",
        "No fees wait for a file. See the list of files.",
    )


class FileDiffers(Refused):
    """The file that a batch gives today is not the one that was written."""

    rule = "batch-file-differs"
    sentence = Sentence(
        "Filen blir inte densamma som den som skrevs. Skicka ingenting; kontakta driften.",
        "The file is not the same as the one that was written. Send nothing; contact operations.",
    )


@dataclass(frozen=True)
class Batch:
    """The entries of one file, in order, and their control totals; never changed once frozen."""

    batch_id: str
    day: date
    created_at: datetime
    event_ids: tuple[str, ...]
    total: Money
    written: bool = False
    sha256: str | None = None
    written_at: datetime | None = None
    answer: Literal["accepted", "rejected"] | None = None
    answered_at: datetime | None = None

    @property
    def file_name(self) -> str:
        return f"egenavgift_{self.batch_id}.jsonl"


@dataclass(frozen=True)
class Rendered:
    """The bytes of a file; the hash covers all lines before the trailer, which it stands in."""

    content: bytes
    sha256: str


def batch_id_of(day: date, running: int) -> str:
    return f"{day:%Y%m%d}-{running:04d}"


def freeze(
    batch: Batch | None, fees: tuple[Fee, ...], *, batch_id: str, at: datetime
) -> Decision[Batch | None, tuple[Fee, ...]]:
    """Put told entries that are in no file yet into a new batch (S46); raises NothingToClose.

    An id that another process took meanwhile is left alone.
    """
    chosen = tuple(fee for fee in fees if fee.told_at and fee.batch is None)
    if batch or not chosen:
        raise NothingToClose
    frozen = Batch(
        batch_id=batch_id,
        day=local_day(at),
        created_at=at,
        event_ids=tuple(fee.event_id for fee in sorted(chosen, key=_place)),
        total=net(chosen),
    )
    return frozen, tuple(fee.put_in(batch_id, at=at) if fee in chosen else fee for fee in fees), []


def render(batch: Batch, events: Sequence[FeeEvent]) -> Rendered:
    """Write head, one row per entry, and trailer, as JSON Lines (formats.md section 3, S46)."""
    created = batch.created_at.astimezone(STOCKHOLM).isoformat()
    head = {"rec": "head", "batch": batch.batch_id, "created": created, "system": "lmn"}
    lines = [_json(head), *(event.model_dump_json() for event in events)]
    body = "".join(f"{line}\n" for line in lines).encode()
    checked = sha256(body).hexdigest()
    trailer = {"rec": "trailer", "rows": len(events), "sum": str(batch.total), "sha256": checked}
    return Rendered(body + f"{_json(trailer)}\n".encode(), checked)


def mark_written(batch: Batch, *, rendered: Rendered, at: datetime) -> Decision[Batch]:
    """Note that the file lies there; raises FileDiffers when another one was written before (S46)."""
    if batch.written:
        if batch.sha256 != rendered.sha256:
            raise FileDiffers(batch=batch.batch_id)
        return batch, []
    return replace(batch, written=True, sha256=rendered.sha256, written_at=at), []


def answer_batch(batch: Batch, *, answer: Literal["accepted", "rejected"], at: datetime) -> Decision[Batch]:
    """Keep invoicing's answer about the whole file; a rejected file needs a person (S46)."""
    if batch.answer == answer:
        return batch, []
    answered = replace(batch, answer=answer, answered_at=at)
    return answered, [_rejected(batch)] if answer == "rejected" else []


def next_closing(after: datetime) -> datetime:
    """Give the first 18:00 in Stockholm after a moment, whatever summer time does (S46)."""
    today = datetime.combine(local_day(after), CLOSES_AT, STOCKHOLM)
    if today > after:
        return today
    return datetime.combine(local_day(after) + timedelta(days=1), CLOSES_AT, STOCKHOLM)


def _place(fee: Fee) -> tuple[datetime | None, str, int, str]:
    """A charge stands before the credit that was booked at the same moment."""
    return fee.told_at, fee.withdrawal_no, fee.entry.fee_no, fee.entry.kind


def _json(line: dict[str, Any]) -> str:
    return json.dumps(line, ensure_ascii=False, separators=(",", ":"))


def _rejected(batch: Batch) -> TaskRaised:
    return TaskRaised(
        task_id=f"batch-rejected:{batch.batch_id}",
        kind="batch_rejected",
        role="economist",
        subject_no=batch.batch_id,
        reason="Invoicing rejected the whole file. Find out why, and send the same file again.",
    )
