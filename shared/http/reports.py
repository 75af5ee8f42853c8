"""A report is one table: a page of its rows, a file for spreadsheets, or a PDF (decision 0148)."""

import re
from codecs import BOM_UTF8
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from fastapi import Response
from fastapi.responses import StreamingResponse

from shared.domain.decision import Refused, Sentence
from shared.domain.tables.csv_table import written
from shared.http.language import Language, said
from shared.http.models import View
from shared.http.prints import printed

LAYOUT = Path(__file__).with_name("reports.typ")
MOST_PRINTED = 1000
"""Rows: some 40 pages."""
ReportForm = Literal["list", "csv", "pdf"]
"""A page of rows with a cursor to the next; or all of it as a file, or printed."""
Rows = AsyncIterator[Sequence[View]]
WORDS: dict[Language, dict[str, str]] = {
    "sv": {"nothing": "Inget att visa.", "printed": "Utskrivet", "page": "Sida", "of": "av"},
    "en": {"nothing": "Nothing to show.", "printed": "Printed", "page": "Page", "of": "of"},
}
A_REPORT: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {"text/csv": {}, "application/pdf": {}},
        "description": "A page of rows; or all of them: UTF-8 with a mark and semicolons, or a PDF",
    }
}


class ReportTooLong(Refused):
    """So many rows are read in a file, and not on paper."""

    rule = "report-too-long"
    sentence = Sentence(
        f"Rapporten har fler än {MOST_PRINTED} rader. Hämta den som fil, eller välj färre.",
        f"The report has more than {MOST_PRINTED} rows. Fetch it as a file, or choose fewer.",
    )


@dataclass(frozen=True)
class Report:
    """What a report is called, and its columns: the field of a row with its title."""

    name: str
    """Of the file."""
    title: Sentence
    columns: tuple[tuple[str, Sentence], ...]


async def report_file(report: Report, rows: Rows, language: Language, *, on: date) -> Response:
    """Give all rows as a file, a page at a time as they are read."""
    name = re.sub(r"[^A-Za-z0-9-]", "-", f"{report.name}-{on}")
    headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{name}.csv"'}
    return StreamingResponse(
        _file(report, rows, language), media_type="text/csv; charset=utf-8", headers=headers
    )


async def report_print(report: Report, rows: Rows, language: Language, *, at: datetime, on: date) -> Response:
    """Print all rows; raises ReportTooLong."""
    table: list[list[str]] = []
    async for page in rows:
        table += [_cells(report, each) for each in page]
        if len(table) > MOST_PRINTED:
            raise ReportTooLong(most=MOST_PRINTED)
    shown = {
        "language": language,
        "words": {**WORDS[language], "title": said(report.title, language)},
        "printed": on.isoformat(),
        "header": _titles(report, language),
        "rows": table,
    }
    return await printed(LAYOUT, shown, language, at=at)


async def _file(report: Report, rows: Rows, language: Language) -> AsyncIterator[bytes]:
    yield BOM_UTF8 + written([_titles(report, language)])
    async for page in rows:
        yield written(_cells(report, each) for each in page)


def _titles(report: Report, language: Language) -> list[str]:
    return [said(title, language) for _, title in report.columns]


def _cells(report: Report, row: View) -> list[str]:
    found = (getattr(row, name) for name, _ in report.columns)
    return ["" if each is None else str(each) for each in found]
