"""Reads CSV as spreadsheets save it: encoding, separator, and cells without invisible characters (T30)."""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterator

from shared.domain.decision import Refused, Sentence
from shared.domain.tables import table_reasons as reasons
from shared.domain.text import plain

MOST_BYTES = 64_000_000
"""Four times a catalogue of 100,000 articles."""
MOST_LINES = 250_000

WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How a workbook begins that was not saved as CSV: .xlsx or .ods, and .xls."""
SWEDISH = tuple(letter.encode() for letter in "åäöÅÄÖé")
SEPARATORS = ";,\t|"
SEPARATOR_TOLD = re.compile(r'"?sep=(.)"?[;,\t|]*', re.IGNORECASE)
IN_QUOTES = re.compile(r'"[^"]*"')
TEXT_OF_FORMULA = re.compile(r'="(.*)"')


class FileUnreadable(Refused):
    """The file as a whole is no catalogue, so that no row can be judged (T30)."""

    rule = "file-unreadable"
    names_it = False
    sentence = Sentence(
        "Filen är inte läsbar. Spara den som CSV med teckenkodningen UTF-8.",
        "The file cannot be read. Save it as CSV in the encoding UTF-8.",
    )


def lines_of(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Give each line's number and its cells, the header first; raises FileUnreadable.

    UTF-8, UTF-16 or Windows-1252; lines end as on any machine, and a cell in quotes may hold several.
    The separator is named by `sep=`, or is what the header has most of.
    """
    text = _decoded(content)
    told = SEPARATOR_TOLD.fullmatch(next(io.StringIO(text, newline=None), "").rstrip("\n"))
    rows = io.StringIO(text, newline="")
    if told:
        rows.readline()
    yield from _read(rows, delimiter=told.group(1) if told else _most_used(text), skipped=1 if told else 0)


def _read(rows: io.StringIO, *, delimiter: str, skipped: int) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(rows, delimiter=delimiter, strict=True)
    line = skipped + 1
    try:
        for cells in reader:
            if line > MOST_LINES:
                raise FileUnreadable(reasons.TOO_LARGE)
            seen = [cleaned(cell) for cell in cells]
            if any(seen):
                yield line, seen
            line = skipped + reader.line_num + 1
    except csv.Error as wrong:
        raise FileUnreadable(reasons.bad_quotes(line), line=line) from wrong


def cleaned(cell: str) -> str:
    """Take out of a cell what nobody sees: blanks around and doubled, characters without width.

    A text that was written as a formula, so that a spreadsheet keeps its zeros, is that text.
    """
    text = " ".join((cell if cell.isascii() else plain(cell)).split())
    formula = TEXT_OF_FORMULA.fullmatch(text)
    return formula.group(1).strip() if formula else text


def _most_used(text: str) -> str:
    header = IN_QUOTES.sub("", next((line for line in io.StringIO(text, newline=None) if line.strip()), ""))
    return max(SEPARATORS, key=header.count)


def _decoded(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise FileUnreadable(reasons.TOO_LARGE)
    if content.startswith(WORKBOOKS):
        raise FileUnreadable(reasons.WORKBOOK)
    try:
        text = content.decode(_encoding(content))
    except UnicodeDecodeError as wrong:
        raise FileUnreadable from wrong
    if text.count("\n") > MOST_LINES:
        raise FileUnreadable(reasons.TOO_LARGE)
    # A Mac writes å as a and a ring; searching and the words of S54 need one form.
    return unicodedata.normalize("NFC", text)


def _encoding(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if content[1:200:2].strip(b"\0") == b"" != content[1:200:2]:
        return "utf-16-le"
    if content[:200:2].strip(b"\0") == b"" != content[:200:2]:
        return "utf-16-be"
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        if any(letter in content for letter in SWEDISH):
            line = content.count(b"\n", 0, wrong.start) + 1
            raise FileUnreadable(reasons.broken_utf_8(line), line=line) from wrong
        return "cp1252"
    return "utf-8-sig"
