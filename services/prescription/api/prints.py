"""Route that makes a patient's active prescriptions an accessible PDF (S71, PDF/UA-1)."""

import asyncio
import json
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import manimgx_fonts
import manimgx_fonts_cjk
import structlog
import typst
from fastapi import Response

from services.prescription.api.reach import seen_by, shown_patient
from services.prescription.domain.patients import Patient, Person
from services.prescription.domain.prescriptions import Line, Prescription
from services.prescription.repository.collections import Prescribing
from shared.clock import Clock
from shared.domain.subgroups import PRODUCT_AREAS
from shared.domain.text import as_one_line
from shared.http import Ask, Language, Router
from shared.http.ids import PatientRef
from shared.http.language import said
from shared.sealed import Seals

log = structlog.get_logger()

LAYOUT = Path(__file__).with_name("prints.typ")
FONTS = typst.Fonts(
    include_system_fonts=False,
    font_paths=[
        str(Path(path)) for package in (manimgx_fonts, manimgx_fonts_cjk) for path in package.__path__
    ],
)
"""The layout names those that it takes, in their order; the machine's own would make pages differ."""

WORDS: dict[Language, dict[str, str]] = {
    "sv": {
        "title": "Aktiva förskrivningar",
        "name": "Namn",
        "number": "Personnummer",
        "coordination": "Samordningsnummer",
        "reserve": "Reservnummer",
        "printed": "Utskrivet",
        "article": "Artikel",
        "quantity": "Mängd per uttag",
        "left": "Uttag kvar",
        "through": "Gäller till och med",
        "prescription": "Förskrivning",
        "unit": "Enhet",
        "packages": "förp.",
        "days": "dagar",
        "nothing": "Det finns inga aktiva förskrivningar.",
        "page": "Sida",
        "of": "av",
    },
    "en": {
        "title": "Active prescriptions",
        "name": "Name",
        "number": "Personal identity number",
        "coordination": "Coordination number",
        "reserve": "Reserve number",
        "printed": "Printed",
        "article": "Article",
        "quantity": "Quantity per withdrawal",
        "left": "Withdrawals left",
        "through": "Valid through",
        "prescription": "Prescription",
        "unit": "Care unit",
        "packages": "packages",
        "days": "days",
        "nothing": "There are no active prescriptions.",
        "page": "Page",
        "of": "of",
    },
}


def routes(prescribing: Prescribing, clock: Clock, seals: Seals) -> Router:
    router = Router("prescription", prefix="/patients", tags=["patients"])

    @router.post(
        "/{patient_ref}/prints",
        response_class=Response,
        responses={200: {"content": {"application/pdf": {}}, "description": "The overview, printed"}},
    )
    async def print_prescriptions(patient_ref: PatientRef, ask: Ask) -> Response:
        patient = await shown_patient(prescribing, patient_ref, ask, on=clock.today())
        seen = await seen_by(ask.actor, prescribing, patient_ref, on=clock.today())
        page = page_of(patient, seen, seals, ask.language, on=clock.today())
        # typesetting takes the processor: not on the loop that answers the others
        pdf = await asyncio.to_thread(typeset, page, at=clock.now())
        headers = {"Cache-Control": "no-store", "Content-Language": ask.language}
        return Response(pdf, media_type="application/pdf", headers=headers)

    return router


def page_of(
    patient: Patient, prescriptions: Iterable[Prescription], seals: Seals, language: Language, *, on: date
) -> dict[str, Any]:
    """Put together what stands on the page: one table for each product area that has active lines."""
    person, listed = patient.person, list(prescriptions)
    sections = [
        {
            "area": said(area.name, language),
            "rows": [
                _row(each, line, language)
                for each in listed
                if each.product_area == area.key and on <= each.valid_through
                for line in each.lines
                if line.state == "active"
            ],
        }
        for area in PRODUCT_AREAS
    ]
    return {
        "language": language,
        "words": {**WORDS[language], "number": _name_of_number(person, language)},
        "name": seals.open(person.name) if person else "",
        "number": seals.open(person.number) if person else "",
        "printed": on.isoformat(),
        "sections": [section for section in sections if section["rows"]],
    }


def _name_of_number(person: Person | None, language: Language) -> str:
    """Name the number as what it is: a reserve number is no personal identity number (S65)."""
    kinds = {"personnummer": "number", "samordningsnummer": "coordination"}
    return WORDS[language][kinds.get(person.number_type, "reserve") if person else "number"]


def typeset(page: dict[str, Any], *, at: datetime) -> bytes:
    """Set the page as PDF/UA-1: tagged, titled, in its language.

    Where no font has a sign, the page is printed all the same, tagged, and without claiming PDF/UA-1.
    """
    said = json.dumps(_printable(page))
    try:
        return _set(said, at, standards=["ua-1"])
    except typst.TypstError:
        log.warning("a print has signs that no font has")
        return _set(said, at, standards=[])


def _set(said: str, at: datetime, *, standards: list[Any]) -> bytes:
    made: bytes = typst.compile(
        str(LAYOUT),
        root=str(LAYOUT.parent),
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


def _row(prescription: Prescription, line: Line, language: Language) -> list[str]:
    words = WORDS[language]
    return [
        f"{line.article_name} ({line.article_no})",
        f"{line.packages} {words['packages']}, {line.days} {words['days']}",
        f"{line.withdrawals_left} {words['of']} {line.withdrawals}",
        prescription.valid_through.isoformat(),
        prescription.prescription_no,
        prescription.care_unit,
    ]
