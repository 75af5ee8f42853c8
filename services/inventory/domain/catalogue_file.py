"""A file of articles: its text becomes rows, each with the line that it stood on."""

import csv
import io
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from services.inventory.domain import reasons
from services.inventory.domain.article import Article
from services.inventory.domain.cells import COLUMNS, read_cells
from shared.domain.decision import Refused, Sentence
from shared.domain.subgroups import area_of, type_of

NAMES = tuple(column.name for column in COLUMNS)
REQUIRED = tuple(column.name for column in COLUMNS if column.required)


class FileUnreadable(Refused):
    """The file as a whole is no catalogue, so that no row can be judged (T30)."""

    rule = "file-unreadable"
    sentence = Sentence(
        "Filen är inte läsbar. Spara den som CSV med teckenkodningen UTF-8.",
        "The file cannot be read. Save it as CSV in the encoding UTF-8.",
    )


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be imported: where, which column, and why."""

    line: int
    article_no: str
    column: str
    reason: Sentence


@dataclass(frozen=True)
class FileRow:
    """An article as its line in the file says."""

    line: int
    article: Article


@dataclass(frozen=True)
class CatalogueFile:
    """What a file says, before its rows are compared with one another and with the catalogue."""

    rows: tuple[FileRow, ...]
    bad: tuple[BadRow, ...]

    @property
    def article_nos(self) -> frozenset[str]:
        """Give every number that the file names, those of bad rows too."""
        return frozenset(
            (*(row.article.article_no for row in self.rows), *(bad.article_no for bad in self.bad))
        )


def read_catalogue(content: bytes) -> CatalogueFile:
    """Read CSV with named columns, semicolon or comma, in UTF-8 with or without BOM.

    Raises FileUnreadable; a row that is bad by itself is named with all its bad columns (S10).
    """
    lines = _lines(_text(content))
    _, header = next(lines, (1, []))
    names = _names(header)
    rows: list[FileRow] = []
    bad: list[BadRow] = []
    for line, cells in lines:
        if any(cells):
            found, wrong = _row(line, names, cells)
            rows += found
            bad += wrong
    return CatalogueFile(tuple(rows), tuple(bad))


def _text(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise FileUnreadable from wrong
    # A Mac writes å as a and a ring; searching and the words of S54 need one form.
    return unicodedata.normalize("NFC", text)


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    header = text.partition("\n")[0]
    delimiter = max(";,", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, [" ".join(cell.split()) for cell in cells]
            line = reader.line_num + 1
    except csv.Error as wrong:
        raise FileUnreadable(reasons.bad_quotes(line), line=line) from wrong


def _names(header: list[str]) -> list[str]:
    missing = [name for name in REQUIRED if name not in header]
    unknown = [name for name in header if name not in NAMES]
    twice = {name for name in header if header.count(name) > 1}
    if missing or unknown or twice:
        raise FileUnreadable(reasons.bad_header(missing, unknown, sorted(twice)))
    return header


def _row(line: int, names: list[str], cells: list[str]) -> tuple[list[FileRow], list[BadRow]]:
    named = dict(zip(names, cells, strict=False))
    article_no = named.get("article_no", "")
    if len(cells) != len(names):
        return [], [BadRow(line, article_no, "", reasons.wrong_width(len(cells), len(names)))]
    values, bad = read_cells(named)
    if not bad:
        article = Article(**cast("dict[str, Any]", values))
        bad = dict(_against_article(article))
        if not bad:
            return [FileRow(line, article)], []
    return [], [BadRow(line, article_no, column, reason) for column, reason in bad.items()]


def _against_article(article: Article) -> Iterator[tuple[str, Sentence]]:
    area = area_of(type_of(article.subgroup)).key
    if article.product_area != area:
        yield "product_area", reasons.another_area(article.subgroup, area)
    if (article.variant_of is None) != (article.variant_name is None):
        yield "variant_name", reasons.HALF_A_VARIANT
    if article.variant_of is not None and article.is_generic:
        yield "variant_of", reasons.GENERIC_VARIANT
    if article.replaced_by is not None and (
        article.status == "active" or article.replaced_by == article.article_no
    ):
        yield "replaced_by", reasons.NEEDLESSLY_REPLACED
