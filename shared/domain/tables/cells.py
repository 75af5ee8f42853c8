"""Parses the cells of a file: what each kind of column may hold (S10, T30)."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from shared.domain.days import CALENDAR, ImpossibleDay, possible
from shared.domain.decision import Refused, Sentence
from shared.domain.tables import table_reasons as reasons

_KEY = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]{0,39}")
_COUNT = re.compile(r"([1-9](?: ?[0-9]{3})|[1-9][0-9]{0,2})(?:[.,]0{1,2})?")
"""A whole number to 9999, as a spreadsheet may show it: with a blank, or with zeros behind it."""
_DAY = re.compile(
    r"(?:([0-9]{4})([0-9]{2})([0-9]{2})|([0-9]{4})([-/.])([0-9]{1,2})\5([0-9]{1,2}))(?: 0?0:00(?::00)?)?"
)
"""As spreadsheets write a day: with a separator or none, and with midnight where it was a moment."""
_SPREADSHEETS_ERROR = re.compile(r"#+|#[A-ZÅÄÖ][A-ZÅÄÖ0-9/]*[!?]?")
_SHORTENED = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?E\+[0-9]+", re.IGNORECASE)
_BETWEEN = re.compile(r"[;,+|]")
"""What stands between several in one cell; each of these may be the separator of the file."""
_YES = {
    **dict.fromkeys(("ja", "j", "yes", "y", "x", "1", "sant", "true"), True),
    **dict.fromkeys(("", "nej", "n", "no", "0", "falskt", "false"), False),
}


class BadCell(Refused):
    """A cell cannot be what its column says (S10)."""

    rule = "bad-cell"
    sentence = Sentence(
        "Cellen passar inte i sin kolumn. Orsaken och raden står i svaret.",
        "The cell does not fit its column. The answer names the row and the reason.",
    )


Reader = Callable[[str], object]


@dataclass(frozen=True)
class Column:
    """A column by its name in the header; one that is not required may be left out, its cells empty."""

    name: str
    read: Reader
    required: bool = False
    also: tuple[str, ...] = ()
    """What else the heading may be, in small letters with _ between words."""


def read_cells(
    columns: Sequence[Column], cells: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, Sentence]]:
    """Read every cell of a row: the values, and for each column that is bad the reason."""
    values: dict[str, Any] = {}
    bad: dict[str, Sentence] = {}
    for column in columns:
        try:
            values[column.name] = column.read(_seen(cells.get(column.name, "")))
        except BadCell as refused:
            bad[column.name] = refused.said
    return values, bad


def _seen(cell: str) -> str:
    """Refuse what no person wrote: a spreadsheet's error, a number it shortened, a character nobody sees."""
    if _SPREADSHEETS_ERROR.fullmatch(cell):
        raise BadCell(reasons.spreadsheets_error(cell))
    if _SHORTENED.fullmatch(cell):
        raise BadCell(reasons.shortened(cell))
    hidden = next((each for each in cell if not each.isprintable()), None)
    if hidden:
        raise BadCell(reasons.hidden_character(hidden))
    return cell


def text(cell: str) -> str:
    """Read what must be there, at most 200 characters; raises BadCell."""
    if not cell:
        raise BadCell(reasons.EMPTY)
    if len(cell) > reasons.LONGEST_TEXT:
        raise BadCell(reasons.TOO_LONG)
    return cell


def optional_text(cell: str) -> str | None:
    """Read what may be left empty; raises BadCell."""
    return text(cell) if cell else None


def key(cell: str) -> str:
    """Read a key of ours, written in small letters; raises BadCell."""
    if not _KEY.fullmatch(text(cell).lower()) or not cell.isascii():
        raise BadCell(reasons.no_key(cell))
    return cell.lower()


def number(cell: str) -> str:
    """Read an id as it is written, such as an HSA-id; raises BadCell."""
    if not _NUMBER.fullmatch(text(cell)):
        raise BadCell(reasons.no_number(cell))
    return cell


def count(cell: str) -> int:
    """Read a whole number from 1 to 9999; raises BadCell."""
    counted = _COUNT.fullmatch(text(cell))
    if not counted:
        raise BadCell(reasons.no_count(cell))
    return int(counted.group(1).replace(" ", ""))


def yes_or_no(cell: str) -> bool:
    """Read yes or no, no when empty; raises BadCell."""
    return bool(one_of(_YES, said=("ja", "nej"))(cell))


def day(cell: str) -> date:
    """Read a day, year first: 2026-11-30, 20261130, 2026/11/30, also with midnight; raises BadCell.

    It is among the days that doors take too (decision 0059): spreadsheets write an empty date as 1899-12-30.
    """
    written = _DAY.fullmatch(text(cell))
    figures = [int(each) for each in written.groups() if each and each.isdecimal()] if written else []
    try:
        return possible(date(*figures), CALENDAR)
    except ImpossibleDay as wrong:
        raise BadCell(reasons.impossible_day(cell)) from wrong
    except (TypeError, ValueError) as wrong:
        raise BadCell(reasons.no_day(cell)) from wrong


def one_of(words: Mapping[str, Any], *, said: Sequence[str] = ()) -> Callable[[str], Any]:
    """Read one of these words in any case; an empty one among them is what an empty cell means."""

    def read(cell: str) -> Any:
        if cell.casefold() not in words:
            raise BadCell(reasons.no_word(cell, said or [each for each in words if each]))
        return words[cell.casefold()]

    return read


def several(read: Callable[[str], Any], *, most: int) -> Callable[[str], tuple[Any, ...]]:
    """Read any number of one kind, separated by a semicolon, comma or plus, each once in their order."""

    def read_each(cell: str) -> tuple[Any, ...]:
        found = tuple(dict.fromkeys(read(each.strip()) for each in _BETWEEN.split(cell) if each.strip()))
        if len(found) > most:
            raise BadCell(reasons.too_many(most))
        return found

    return read_each
