"""The day's file: a closed list of entries, and the bytes that follow from it alone (S46)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Any, Literal

from services.billing.domain.fees.ledger import Fee, event_of, net
from shared.domain.days import STOCKHOLM, local_day
from shared.domain.decision import Decision, Refused, Sentence
from shared.domain.money import Money
from shared.events.fact import Fact
from shared.events.tasks import TaskRaised, TaskResolved
from shared.partners import FeeEvent

MOST_ENTRIES = 500
MOST_SENT_AGAIN = 50
CLOSES_AT = time(18)
ANSWER_WITHIN = timedelta(hours=24)


class NothingToClose(Refused):
    """No sent entry waits for a file, or another process takes them at this moment."""

    rule = "nothing-to-close"
    sentence = Sentence(
        "Det finns inga avgifter som väntar på en fil. Se listan över filer.",
        "No fees wait for a file. See the list of files.",
    )


class NotWritten(Refused):
    """The file is not written yet: there is nothing to send again."""

    rule = "batch-not-written"
    sentence = Sentence(
        "Filen är inte skriven ännu. Vänta någon minut och försök igen.",
        "The file is not written yet. Wait a minute and try again.",
    )


class SentTooOften(Refused):
    """Somebody sends the same again and again to a receiver that does not answer (S46)."""

    rule = "batch-sent-too-often"
    sentence = Sentence(
        f"Filen har redan skickats om {MOST_SENT_AGAIN} gånger. Ring mottagaren och fråga efter svaret.",
        f"The file has been sent again {MOST_SENT_AGAIN} times already. "
        "Call the receiver and ask why there is no answer.",
    )


class FileDiffers(Refused):
    """The file that a batch gives today is not the one that was written."""

    rule = "batch-file-differs"
    sentence = Sentence(
        "Den nya filen skiljer sig från den som skrevs. Skicka ingenting; kontakta driften.",
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
    sent_again_at: tuple[datetime, ...] = ()
    alarmed_at: datetime | None = None
    copies: tuple[tuple[str, str], ...] = ()
    """The same entries in other shapes: how each file ends, and its hash."""
    over: bool = False
    """Answered as a whole, or entry by entry: no answer is awaited any more."""

    @property
    def file_name(self) -> str:
        return self.name_of(".jsonl")

    def name_of(self, ends: str) -> str:
        return f"egenavgift_{self.batch_id}{ends}"

    @property
    def sent_at(self) -> datetime | None:
        """When it was last sent: an answer is due 24 hours after that."""
        return self.sent_again_at[-1] if self.sent_again_at else self.written_at


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
    """Put sent entries that are in no file yet into a new batch (S46); raises NothingToClose.

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


def hashes_of(copies: Mapping[str, bytes]) -> tuple[tuple[str, str], ...]:
    """Name the other shapes of a file by how they end, each with its hash (S46)."""
    return tuple((ends, sha256(content).hexdigest()) for ends, content in sorted(copies.items()))


def mark_written(
    batch: Batch,
    *,
    rendered: Rendered,
    copies: tuple[tuple[str, str], ...],
    unfit: Mapping[str, Refused],
    at: datetime,
) -> Decision[Batch]:
    """Note that the file lies there; raises FileDiffers when another one was written before (S46).

    A shape that is `unfit` was refused whole, and needs a person.
    """
    if batch.written:
        if batch.sha256 != rendered.sha256 or not set(batch.copies) <= set(copies):
            raise FileDiffers(batch=batch.batch_id)
        return batch, []
    written = replace(batch, written=True, sha256=rendered.sha256, copies=copies, written_at=at)
    return written, [_unfit(batch, ends, refused) for ends, refused in unfit.items()]


def answer_batch(batch: Batch, *, answer: Literal["accepted", "rejected"], at: datetime) -> Decision[Batch]:
    """Keep invoicing's answer about the whole file; a rejected file needs a person (S46)."""
    if batch.answer == answer and batch.over:
        return batch, []
    answered = replace(batch, answer=answer, answered_at=at, over=True)
    facts = _came(batch)
    if answer == "rejected":
        return answered, [*facts, _rejected(batch)]
    mended = batch.answer == "rejected"
    return answered, [
        *facts,
        *([TaskResolved(task_id=_rejection_id(batch), how="accepted")] if mended else []),
    ]


def send_again(batch: Batch, fees: tuple[Fee, ...], *, at: datetime) -> Decision[Batch, tuple[Fee, ...]]:
    """Tell every entry again that has no answer, under the name it had: the receiver knows it by that (S46).

    Raises NotWritten and SentTooOften.
    """
    if not batch.written:
        raise NotWritten(batch=batch.batch_id)
    if len(batch.sent_again_at) >= MOST_SENT_AGAIN:
        raise SentTooOften(batch=batch.batch_id)
    again = replace(batch, sent_again_at=(*batch.sent_again_at, at), over=False)
    return again, fees, [event_of(fee) for fee in fees if fee.stage == "told"]


def watch_batch(batch: Batch, fees: tuple[Fee, ...], *, at: datetime) -> Decision[Batch, tuple[Fee, ...]]:
    """Raise a task when nobody answered a file or its entries for 24 hours; end it when they do (S46, N7)."""
    if batch.over or batch.sent_at is None:
        return batch, fees, []
    if all(fee.stage != "told" for fee in fees):
        return replace(batch, over=True), fees, _came(batch)
    if batch.alarmed_at is None and at - batch.sent_at >= ANSWER_WITHIN:
        return replace(batch, alarmed_at=at), fees, [_unanswered(batch)]
    return batch, fees, []


def next_at(local: time, after: datetime) -> datetime:
    """Give the first such time of day in Stockholm after a moment, whatever summer time does (S46)."""
    today = datetime.combine(local_day(after), local, STOCKHOLM)
    if today > after:
        return today
    return datetime.combine(local_day(after) + timedelta(days=1), local, STOCKHOLM)


def last_closing(before: datetime) -> datetime:
    """Give the last 18:00 in Stockholm up to a moment (S46, N11)."""
    today = datetime.combine(local_day(before), CLOSES_AT, STOCKHOLM)
    if today <= before:
        return today
    return datetime.combine(local_day(before) - timedelta(days=1), CLOSES_AT, STOCKHOLM)


def _place(fee: Fee) -> tuple[datetime | None, str, int, str]:
    """A charge stands before the credit that was booked at the same moment."""
    return fee.told_at, fee.source_no, fee.entry.fee_no, fee.entry.kind


def _json(line: dict[str, Any]) -> str:
    return json.dumps(line, ensure_ascii=False, separators=(",", ":"))


def _rejected(batch: Batch) -> TaskRaised:
    return TaskRaised(
        task_id=_rejection_id(batch),
        kind="batch_rejected",
        role="economist",
        subject_no=batch.batch_id,
        reason="file-rejected",
    )


def _came(batch: Batch) -> list[Fact]:
    return [TaskResolved(task_id=_alarm_id(batch), how="answered")] if batch.alarmed_at else []


def _rejection_id(batch: Batch) -> str:
    return f"batch-rejected:{batch.batch_id}"


def _alarm_id(batch: Batch) -> str:
    return f"batch-unanswered:{batch.batch_id}"


def _unanswered(batch: Batch) -> TaskRaised:
    return TaskRaised(
        task_id=_alarm_id(batch),
        kind="batch_unanswered",
        role="economist",
        subject_no=batch.batch_id,
        reason="file-unanswered",
    )


def _unfit(batch: Batch, ends: str, refused: Refused) -> TaskRaised:
    return TaskRaised(
        task_id=f"batch-unfit:{batch.batch_id}:{ends}",
        kind="batch_unfit",
        role="economist",
        subject_no=batch.batch_id,
        reason=refused.rule,
        details={"copy": ends},
    )
