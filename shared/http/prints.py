"""Prints: an accessible PDF (PDF/UA-1) of a layout in Typst and what is said on it (decision 0018)."""

import asyncio
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import manimgx_fonts
import manimgx_fonts_cjk
import structlog
import typst
from fastapi import Response

from shared.domain.text import as_one_line
from shared.http.language import Language

log = structlog.get_logger()

ROOT = Path(__file__).parents[2]
"""Layouts import `/shared/http/prints.typ`: fonts, margins and the footer, alike on every print."""
FONTS = typst.Fonts(
    include_system_fonts=False,
    font_paths=[
        str(Path(path)) for package in (manimgx_fonts, manimgx_fonts_cjk) for path in package.__path__
    ],
)
"""The layout names those that it takes, in their order; the machine's own would make pages differ."""


def a_pdf(description: str) -> dict[int | str, dict[str, Any]]:
    """Say in the OpenAPI document of an operation that it answers with a PDF."""
    return {200: {"content": {"application/pdf": {}}, "description": description}}


async def printed(layout: Path, page: dict[str, Any], language: Language, *, at: datetime) -> Response:
    """Answer with the print; no cache keeps it."""
    # typesetting takes the processor: not on the loop that answers the others
    pdf = await asyncio.to_thread(typeset, layout, page, at=at)
    headers = {"Cache-Control": "no-store", "Content-Language": language}
    return Response(pdf, media_type="application/pdf", headers=headers)


def typeset(layout: Path, page: dict[str, Any], *, at: datetime) -> bytes:
    """Set the page as PDF/UA-1: tagged, titled, in its language.

    Where no font has a sign, the page is printed all the same, tagged, and without claiming PDF/UA-1.
    """
    said = json.dumps(_printable(page))
    try:
        return _set(layout, said, at, standards=["ua-1"])
    except typst.TypstError:
        log.warning("a print has signs that no font has")
        return _set(layout, said, at, standards=[])


def _set(layout: Path, said: str, at: datetime, *, standards: list[Any]) -> bytes:
    made: bytes = typst.compile(
        str(layout),
        root=str(ROOT),
        font_paths=FONTS,
        sys_inputs={"page": said},
        pdf_standards=standards,
        timestamp=int(at.timestamp()),
    )
    return made


def _printable(said: Any) -> Any:
    """Give every text as one line: what was kept before names were cleaned is printed too."""
    if isinstance(said, dict):
        return {name: _printable(each) for name, each in said.items()}
    if isinstance(said, list):
        return [_printable(each) for each in said]
    return as_one_line(said) if isinstance(said, str) else said
