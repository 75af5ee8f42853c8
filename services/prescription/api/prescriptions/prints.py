"""Route that makes a patient's active prescriptions an accessible PDF (S71, PDF/UA-1)."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from fastapi import Response

from services.prescription.api.reach import seen_by, shown_patient
from services.prescription.domain.patients.patients import Patient, Person
from services.prescription.domain.prescriptions.prescriptions import Line, Prescription
from services.prescription.repository.prescriptions import Prescribing
from shared.clock import Clock
from shared.domain.subgroups import PRODUCT_AREAS
from shared.http import Ask, Language, Router
from shared.http.ids import PatientRef
from shared.http.language import said
from shared.http.prints import a_pdf, printed
from shared.sealed import Seals

LAYOUT = Path(__file__).with_name("prints.typ")

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
        responses=a_pdf("The overview, printed"),
    )
    async def print_prescriptions(patient_ref: PatientRef, ask: Ask) -> Response:
        patient = await shown_patient(prescribing, patient_ref, ask, on=clock.today())
        seen = await seen_by(ask.actor, prescribing, patient_ref, on=clock.today())
        page = page_of(patient, seen, seals, ask.language, on=clock.today())
        return await printed(LAYOUT, page, ask.language, at=clock.now())

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
