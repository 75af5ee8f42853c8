"""Parses a catalogue file into rows, each with its line number."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.inventory.domain import reasons
from services.inventory.domain.article import Article
from services.inventory.domain.cells import COLUMNS, read_cells
from services.inventory.domain.spreadsheet import FileUnreadable, lines_of
from shared.domain.decision import Sentence
from shared.domain.subgroups import area_of, type_of

__all__ = ["BadRow", "CatalogueFile", "FileRow", "FileUnreadable", "read_catalogue"]

REQUIRED = tuple(column.name for column in COLUMNS if column.required)
HEADINGS = {heading: column.name for column in COLUMNS for heading in (column.name, *column.also)}
"""What a column may be called in the header, in small letters with _ between words."""
BETWEEN_WORDS = re.compile(r"[\W_]+")


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
    """Read CSV with named columns as a spreadsheet saves it (docs/catalogue-file.md).

    Raises FileUnreadable; a row that is bad by itself is named with all its bad columns (S10).
    """
    lines = lines_of(content)
    _, header = next(lines, (1, []))
    names = _names(header)
    rows: list[FileRow] = []
    bad: list[BadRow] = []
    for line, cells in lines:
        found, wrong = _row(line, names, cells)
        rows += found
        bad += wrong
    return CatalogueFile(tuple(rows), tuple(bad))


def _names(header: Sequence[str]) -> list[str]:
    """Give each column its name; one without a heading has none, and its cells must be empty."""
    said = [HEADINGS.get(BETWEEN_WORDS.sub("_", cell.casefold()).strip("_"), cell) for cell in header]
    missing = [name for name in REQUIRED if name not in said]
    unknown = [name for name in said if name and name not in HEADINGS]
    twice = {name for name in said if name and said.count(name) > 1}
    if missing or unknown or twice:
        raise FileUnreadable(reasons.bad_header(missing, unknown, sorted(twice)))
    return said


def _row(line: int, names: Sequence[str], cells: Sequence[str]) -> tuple[list[FileRow], list[BadRow]]:
    # A spreadsheet leaves out empty cells at the end of a row, or writes more than there are columns.
    named = {name: cell for name, cell in zip(names, cells, strict=False) if name}
    article_no = named.get("article_no", "")
    headed = [bool(name) for name in names] + [False] * (len(cells) - len(names))
    if any(cell for cell, is_headed in zip(cells, headed, strict=False) if not is_headed):
        return [], [BadRow(line, article_no, "", reasons.wrong_width(len(cells), sum(headed)))]
    values, bad = read_cells(named)
    if not bad:
        article = Article(**values)
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
