"""Reads a file with named columns into rows; a bad row is named with all its bad columns (S10, T30)."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.domain.decision import Sentence
from shared.domain.tables import table_reasons as reasons
from shared.domain.tables.cells import Column, read_cells
from shared.domain.tables.spreadsheet import FileUnreadable, lines_of

BETWEEN_WORDS = re.compile(r"[\W_]+")

Columns = Sequence[Column]


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be imported: where, the number that it begins with, which column, and why."""

    line: int
    number: str
    column: str
    reason: Sentence


@dataclass(frozen=True)
class TableRow:
    """What a line says, column by column; `bad` names what cannot be read, and then `values` lacks it."""

    line: int
    number: str
    """What its first column says, also of a bad row."""
    values: Mapping[str, Any]
    bad: tuple[BadRow, ...] = ()


def read_table(content: bytes, columns: Columns | Callable[[Sequence[str]], Columns]) -> Iterator[TableRow]:
    """Read CSV with named columns as a spreadsheet saves it; raises FileUnreadable.

    Where a file may have one or another kind of rows, its headings choose the columns.
    """
    lines = lines_of(content)
    _, header = next(lines, (1, []))
    keys = [BETWEEN_WORDS.sub("_", cell.casefold()).strip("_") for cell in header]
    chosen = columns(keys) if callable(columns) else columns
    names = _names(header, keys, chosen)
    for line, cells in lines:
        yield _row(line, names, cells, chosen)


def _names(header: Sequence[str], keys: Sequence[str], columns: Columns) -> list[str]:
    """Give each column its name; one without a heading has none, and its cells must be empty."""
    headings = {heading: column.name for column in columns for heading in (column.name, *column.also)}
    said = [headings.get(key, cell) for key, cell in zip(keys, header, strict=True)]
    missing = [column.name for column in columns if column.required and column.name not in said]
    unknown = [name for name in said if name and name not in headings]
    twice = {name for name in said if name and said.count(name) > 1}
    if missing or unknown or twice:
        raise FileUnreadable(reasons.bad_header(missing, unknown, sorted(twice)))
    return said


def _row(line: int, names: Sequence[str], cells: Sequence[str], columns: Columns) -> TableRow:
    # A spreadsheet leaves out empty cells at the end of a row, or writes more than there are columns.
    named = {name: cell for name, cell in zip(names, cells, strict=False) if name}
    number = named.get(columns[0].name, "")
    headed = [bool(name) for name in names] + [False] * (len(cells) - len(names))
    if any(cell for cell, is_headed in zip(cells, headed, strict=False) if not is_headed):
        return TableRow(
            line, number, {}, (BadRow(line, number, "", reasons.wrong_width(len(cells), sum(headed))),)
        )
    values, bad = read_cells(columns, named)
    return TableRow(line, number, values, tuple(BadRow(line, number, name, why) for name, why in bad.items()))
