"""The marks of recalls: which ones concern a piece, and since when; it is free when none is left (N4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class RecallMark:
    """A recall that concerns a piece."""

    recall_no: str
    since: datetime
    """When it began: what a patient got before that is a fact, whenever it is reported."""


Marks = tuple[RecallMark, ...]


@dataclass(frozen=True)
class RecalledLot:
    """A recall that concerns goods of a balance."""

    recall_no: str
    since: datetime
    lot: str | None = None
    """None: every lot, also what comes later."""


def is_marked_by(marks: Sequence[RecallMark], recall_no: str) -> bool:
    return any(each.recall_no == recall_no for each in marks)


def with_mark(marks: Marks, mark: RecallMark) -> Marks:
    """Add a mark; the same recall marks once."""
    return marks if is_marked_by(marks, mark.recall_no) else (*marks, mark)


def without_mark(marks: Marks, recall_no: str) -> Marks:
    return tuple(each for each in marks if each.recall_no != recall_no)


def stands_at(marks: Sequence[RecallMark], at: datetime) -> bool:
    """Tell whether a recall concerned the piece then."""
    return any(each.since <= at for each in marks)
