"""Invoicing's answer as a file: read line by line, wholly or not at all (formats.md section 3, S46)."""

import json
import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal, get_args

from services.billing.domain.acknowledgement import Acknowledgement, Status
from shared.domain.decision import Decision
from shared.events.tasks import TaskRaised, TaskResolved

NAME = re.compile(r"egenavgift_([0-9]{8}-[0-9]{4})\.ack\.jsonl\Z")
Answer = Literal["accepted", "rejected"]
LONGEST_TEXT = 60


class Unreadable(Exception):
    """The file is not what was agreed; says which line, never what stands in it."""


@dataclass(frozen=True)
class Answered:
    """What a file says: of the batch as a whole, and of each entry."""

    batch_id: str
    head: Answer
    rows: tuple[Acknowledgement, ...]


@dataclass(frozen=True)
class AckFile:
    """A file that was looked at, by its name; the newest content counts."""

    name: str
    sha256: str
    looked_at: datetime
    fault: str | None = None


def read_ack(name: str, content: bytes, *, at: datetime) -> Answered:
    """Read head and rows (S46); raises Unreadable."""
    named = NAME.match(name)
    lines = [_line(number, each) for number, each in enumerate(content.splitlines(), start=1) if each.strip()]
    if named is None or not lines:
        raise Unreadable("line 1: no head")
    head, *rows = lines
    answer: Any = head.get("status", head.get("head"))
    if head.get("rec") != "head" or answer not in get_args(Answer):
        raise Unreadable("line 1: no head that says accepted or rejected")
    if head.get("batch", named.group(1)) != named.group(1):
        raise Unreadable("line 1: the head names another batch than the file")
    entries = [(number, row) for number, row in enumerate(rows, start=2) if row.get("rec") != "trailer"]
    return Answered(named.group(1), answer, tuple(_row(number, row, at=at) for number, row in entries))


def note_ack_file(known: AckFile | None, *, seen: AckFile) -> Decision[AckFile | None]:
    """Remember that a file was looked at; one that cannot be read needs a person, once (S46, N7)."""
    if known and known.sha256 == seen.sha256:
        return known, []
    if seen.fault:
        return seen, [_unreadable(seen)]
    mended = known is not None and known.fault is not None
    return replace(seen), [TaskResolved(task_id=_task_id(seen), how="read")] if mended else []


def _line(number: int, line: bytes) -> dict[str, Any]:
    try:
        read = json.loads(line)
    except ValueError as broken:
        raise Unreadable(f"line {number}: no JSON") from broken
    if not isinstance(read, dict):
        raise Unreadable(f"line {number}: no object")
    return read


def _row(number: int, row: dict[str, Any], *, at: datetime) -> Acknowledgement:
    try:
        status: Status = row["status"]
        if status not in get_args(Status):
            raise Unreadable(f"line {number}: no status that we know")
        day = row.get("invoice_date")
        return Acknowledgement(
            event_id=_short(row["event_id"]) or "",
            status=status,
            at=at,
            code=_short(row.get("code")),
            invoice_no=_short(row.get("invoice_no")),
            invoice_date=date.fromisoformat(day) if day else None,
        )
    except (KeyError, TypeError, ValueError) as broken:
        raise Unreadable(f"line {number}: {type(broken).__name__}") from broken


def _short(text: object) -> str | None:
    if text is None:
        return None
    if not isinstance(text, str) or not 0 < len(text) <= LONGEST_TEXT:
        raise ValueError("not a short text")
    return text


def _task_id(file: AckFile) -> str:
    return f"ack-unreadable:{file.name}"


def _unreadable(file: AckFile) -> TaskRaised:
    return TaskRaised(
        task_id=_task_id(file),
        kind="ack_unreadable",
        role="economist",
        subject_no=file.name,
        reason=f"Invoicing's answer cannot be read ({file.fault}). Ask invoicing for the file again.",
    )
