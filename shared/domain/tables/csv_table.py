"""Writes CSV in which no cell is a formula when a spreadsheet opens it."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence

FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")  # noqa: RUF001  wide ones count in East Asian spreadsheets
"""How a text begins that some spreadsheet may carry out (OWASP, CSV injection)."""
AMOUNT = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")


def csv_table(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> bytes:
    """Write a row of names and the rows: semicolons, CRLF, UTF-8 with its mark; other keys are left out.

    A text that could be a formula gets an apostrophe before it, inside the cell. A number never does, also
    below zero: programs read amounts as they are.
    """
    file = io.StringIO(newline="")
    table = csv.DictWriter(file, columns, delimiter=";", lineterminator="\r\n", extrasaction="ignore")
    table.writeheader()
    table.writerows({name: harmless(value) for name, value in row.items()} for row in rows)
    return file.getvalue().encode("utf-8-sig")


def harmless(value: object) -> object:
    """Give a cell that is shown and never carried out."""
    if isinstance(value, str) and FORMULA.match(value.lstrip(" \u00a0")) and not AMOUNT.fullmatch(value):
        return f"'{value}"
    return value


def written(rows: Iterable[Sequence[str]]) -> bytes:
    """Write rows of a table as spreadsheets in Sweden read them: UTF-8, semicolons, CR LF.

    A text that a spreadsheet would calculate gets an apostrophe before it.
    """
    file = io.StringIO()
    csv.writer(file, delimiter=";", lineterminator="\r\n").writerows(map(harmless, row) for row in rows)
    return file.getvalue().encode()
