"""Parses invoicing's answer file: completely or not at all (formats.md section 3, S46)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal, get_args

from services.billing.domain.fees.acknowledgement import Acknowledgement, Status
from services.billing.domain.fees.ledger import Fee, net
from services.billing.domain.files.batch import Batch
from shared import strict_json
from shared.domain.days import EVERY_DAY, NotADay, read_day
from shared.domain.decision import Decision
from shared.events.tasks import TaskRaised, TaskResolved

KIND = re.compile(rb"egenavgift_.*\.ack\.jsonl", re.DOTALL)
"""The names that are meant as answers; one of them that is not a NAME becomes a task."""
NAME = re.compile(r"egenavgift_([0-9]{8}-[0-9]{4})\.ack\.jsonl\Z")
Answer = Literal["accepted", "rejected"]
LONGEST_TEXT = 60


Fault = Literal[
    "answer-has-another-name", "answer-without-head", "answer-head-of-another-file",
    "answer-ends-within-a-line",
    "answer-not-utf-8", "answer-line-no-json", "answer-line-no-object", "answer-with-another-number-of-rows",
    "answer-with-another-hash", "answer-sum-no-text", "answer-with-another-sum", "answer-status-unknown",
    "answer-field-unreadable", "answer-of-no-file-of-ours", "answer-cannot-be-opened", "answer-no-plain-file",
    "answer-too-large",
]  # fmt: skip


class Unreadable(Exception):
    """The file is not what was agreed; says why and in which line, never what stands in it."""

    def __init__(self, fault: Fault, **details: int | str) -> None:
        super().__init__(f"line {details['line']}: {fault}" if "line" in details else fault)
        self.fault = fault
        self.details = {name: str(value) for name, value in details.items()}


@dataclass(frozen=True)
class Trailer:
    """What the last line says of all before it; a sum and a hash are compared when they stand there."""

    rows: int
    total: str | None = None


@dataclass(frozen=True)
class Answered:
    """What a file says: of the batch as a whole, and of each entry; `trailer` when its last line says so."""

    batch_id: str
    head: Answer
    rows: tuple[Acknowledgement, ...]
    trailer: Trailer | None = None


@dataclass(frozen=True)
class AckFile:
    """A file that was looked at, by its name; the newest content counts."""

    name: str
    sha256: str
    looked_at: datetime
    fault: str | None = None
    """Why it could not be read, as a code; before 0.1.0 a sentence."""
    details: Mapping[str, str] = field(default_factory=dict)


def read_ack(name: str, content: bytes, *, at: datetime) -> Answered:
    """Read head, rows and trailer (S46); raises Unreadable.

    A file without a trailer must end with a whole line; whether more comes is the caller's to judge.
    """
    named = NAME.match(name)
    if named is None:
        raise Unreadable("answer-has-another-name")
    lines = _lines(content)
    if not lines:
        raise Unreadable("answer-without-head", line=1)
    (_, head), *rows = lines
    answer: Any = head.get("status", head.get("head"))
    if head.get("rec") != "head" or answer not in get_args(Answer):
        raise Unreadable("answer-without-head", line=1)
    if head.get("batch", named.group(1)) != named.group(1):
        raise Unreadable("answer-head-of-another-file", line=1)
    last = rows.pop() if rows and rows[-1][1].get("rec") == "trailer" else None
    trailer = _trailer(*last, rows=len(rows), content=content) if last else None
    if trailer is None and not content.endswith(b"\n"):
        raise Unreadable("answer-ends-within-a-line")
    return Answered(named.group(1), answer, tuple(_row(*row, at=at) for row in rows), trailer)


def demand_total(answered: Answered, batch: Batch, fees: Sequence[Fee]) -> None:
    """Compare the trailer's sum with that of the entries that the file names, or of all that we wrote (S46).

    Raises Unreadable when it is neither.
    """
    told = answered.trailer.total if answered.trailer else None
    if told is not None and told not in (str(net(fees)), str(batch.total)):
        raise Unreadable("answer-with-another-sum")


def note_ack_file(known: AckFile | None, *, seen: AckFile) -> Decision[AckFile | None]:
    """Remember that a file was looked at; one that cannot be read needs a person, once (S46, N7)."""
    if known and known.sha256 == seen.sha256 and _is_same(known.fault, seen.fault):
        return known, []
    if seen.fault:
        return seen, [_unreadable(seen)]
    mended = known is not None and known.fault is not None
    return replace(seen), [TaskResolved(task_id=_task_id(seen), how="read")] if mended else []


def _lines(content: bytes) -> list[tuple[int, dict[str, Any]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as broken:
        line = content.count(b"\n", 0, broken.start) + 1
        raise Unreadable("answer-not-utf-8", line=line) from broken
    lines = enumerate(text.split("\n"), start=1)
    return [(number, _line(number, each)) for number, each in lines if each.strip()]


def _line(number: int, line: str) -> dict[str, Any]:
    try:
        read = strict_json.loads(line.encode())
    except strict_json.NotJson as broken:
        raise Unreadable("answer-line-no-json", line=number) from broken
    if not isinstance(read, dict):
        raise Unreadable("answer-line-no-object", line=number)
    return read


def _trailer(number: int, line: dict[str, Any], *, rows: int, content: bytes) -> Trailer:
    told = line.get("rows")
    if type(told) is not int or told != rows:
        said = told if type(told) is int else "-"
        raise Unreadable("answer-with-another-number-of-rows", line=number, told=said, rows=rows)
    before = content.rstrip().rpartition(b"\n")[0] + b"\n"
    if "sha256" in line and line["sha256"] != sha256(before).hexdigest():
        raise Unreadable("answer-with-another-hash", line=number)
    total = line.get("sum")
    if total is not None and not isinstance(total, str):
        raise Unreadable("answer-sum-no-text", line=number)
    return Trailer(told, total)


def _row(number: int, row: dict[str, Any], *, at: datetime) -> Acknowledgement:
    try:
        status: Status = row["status"]
        if status not in get_args(Status):
            raise Unreadable("answer-status-unknown", line=number)
        day = row.get("invoice_date")
        return Acknowledgement(
            event_id=_short(row["event_id"]) or "",
            status=status,
            at=at,
            code=_short(row.get("code")),
            invoice_no=_short(row.get("invoice_no")),
            invoice_date=read_day(day, EVERY_DAY) if day else None,
        )
    except (AttributeError, KeyError, TypeError, ValueError, NotADay) as broken:
        raise Unreadable("answer-field-unreadable", line=number) from broken


def _short(text: object) -> str | None:
    if text is None:
        return None
    if not isinstance(text, str) or not 0 < len(text) <= LONGEST_TEXT or not text.isprintable():
        raise ValueError("not a short text on one line")
    return text


def _is_same(known: str | None, now: str | None) -> bool:
    """A sentence from before stands for whatever code it has now: its task was raised then."""
    return known == now or (known is not None and now is not None and " " in known)


def _task_id(file: AckFile) -> str:
    return f"ack-unreadable:{file.name}"


def _unreadable(file: AckFile) -> TaskRaised:
    return TaskRaised(
        task_id=_task_id(file),
        kind="ack_unreadable",
        role="economist",
        subject_no=file.name,
        reason=file.fault or "",
        details=file.details,
    )
