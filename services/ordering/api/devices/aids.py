"""Routes of a patient's list of aids: has now, ordered, returned; printed with the recipient (S104, S158)."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from fastapi import Response

from services.ordering.api.devices.addresses import name_printed
from services.ordering.application.aids import Aids, AidsOfPatient
from services.ordering.domain.device_states import STATES
from services.ordering.domain.devices.catalogue import DeviceCatalogue
from services.ordering.domain.devices.loans import Loan
from services.ordering.domain.devices.order import DeviceOrder, OrderedLine
from shared.http import Ask, Language, Router, View
from shared.http.ids import PatientRef
from shared.http.language import said
from shared.http.prints import a_pdf, printed

LAYOUT = Path(__file__).with_name("aids.typ")
WORDS: dict[Language, dict[str, str]] = {
    "sv": {
        "title": "Hjälpmedelslista",
        "name": "Patient",
        "has": "Har nu",
        "ordered": "Beställt",
        "returned": "Återlämnat",
        "nothing": "Inget.",
        "article": "Artikel",
        "device": "Individnummer",
        "unit": "Tjänsteställe",
        "since": "Sedan",
        "quantity": "Antal",
        "state": "Läge",
        "planned": "Planerad leverans",
        "returned_on": "Återlämnat den",
        "lost": "stulet eller förkommet",
        "printed": "Utskrivet",
        "page": "Sida",
        "of": "av",
    },
    "en": {
        "title": "List of aids",
        "name": "Patient",
        "has": "Has now",
        "ordered": "Ordered",
        "returned": "Returned",
        "nothing": "Nothing.",
        "article": "Article",
        "device": "Device number",
        "unit": "Care unit",
        "since": "Since",
        "quantity": "Quantity",
        "state": "State",
        "planned": "Planned delivery",
        "returned_on": "Returned on",
        "lost": "stolen or lost",
        "printed": "Printed",
        "page": "Page",
        "of": "of",
    },
}


class AidView(View):
    """A device that the patient has or had."""

    loan_id: str
    device_no: str | None
    label: str | None
    """What stands on its label now (Q12)."""
    article_no: str
    article_name: str
    care_unit: str | None
    care_unit_name: str | None
    order_no: str | None
    handed_out_on: date | None
    returned_on: date | None
    lost_on: date | None
    """The day on which it was stolen or lost: it is listed with what was returned (Q57)."""


class OrderedAidView(View):
    """A line that was ordered and has not reached the patient."""

    order_no: str
    line_no: int
    article_no: str
    article_name: str
    """What comes: a replacement article where one took its place (S89)."""
    quantity: int
    care_unit: str
    care_unit_name: str
    sent_on: date
    state_text: str
    expected_on: date | None


class AidList(View):
    """A patient's aids, as far as the reader may see them: the newest first in each part."""

    patient_ref: str
    has: list[AidView]
    ordered: list[OrderedAidView]
    returned: list[AidView]


def routes(aids: Aids) -> Router:
    router = Router("ordering", tags=["device orders"])

    @router.get("/patients/{patient_ref}/aids")
    async def get_aid_list(patient_ref: PatientRef, ask: Ask) -> AidList:
        """Show what the patient has, has ordered and has returned; a guardian sees a young child's (Q7)."""
        return aid_list(await aids.of_patient(patient_ref, ask), ask.language)

    @router.post(
        "/patients/{patient_ref}/aids/print",
        response_class=Response,
        responses=a_pdf("The list of aids, printed"),
    )
    async def print_aid_list(patient_ref: PatientRef, ask: Ask) -> Response:
        """Print the list of aids with the recipient's name and address (S104)."""
        found = await aids.of_patient(patient_ref, ask)
        page = aids_page(found, language=ask.language, on=aids.clock.today())
        return await printed(LAYOUT, page, ask.language, at=aids.clock.now())

    return router


def aid_list(found: AidsOfPatient, language: Language) -> AidList:
    names = found.names
    return AidList(
        patient_ref=found.patient_ref,
        has=[_aid(each, names) for each in found.loans if not each.is_over],
        ordered=[
            _ordered(order, line, names, language)
            for order in found.ordered
            for line in order.lines
            if order.missing_of(line.line.line_no)
        ],
        returned=[_aid(each, names) for each in found.loans if each.returned_on or each.lost_on],
    )


def aids_page(found: AidsOfPatient, *, language: Language, on: date) -> dict[str, Any]:
    """Put together the printed list."""
    shown = aid_list(found, language)
    return {
        "language": language,
        "words": WORDS[language],
        "printed": on.isoformat(),
        "name": name_printed(found.name, language),
        "address": list(found.address),
        "has": _rows(shown.has, lambda each: [_day(each.handed_out_on)]),
        "ordered": [
            [_article(each), str(each.quantity), each.care_unit_name, each.state_text, _day(each.expected_on)]
            for each in shown.ordered
        ],
        "returned": _rows(shown.returned, lambda each: [_day(each.handed_out_on), _ended(each, language)]),
    }


def _rows(aids: Iterable[AidView], days: Any) -> list[list[str]]:
    return [[_article(each), each.label or "", each.care_unit_name or "", *days(each)] for each in aids]


def _article(aid: AidView | OrderedAidView) -> str:
    return f"{aid.article_name} ({aid.article_no})"


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _ended(aid: AidView, language: Language) -> str:
    """Give the day on which it came back, or on which it was stolen or lost."""
    if aid.lost_on is not None:
        return f"{_day(aid.lost_on)}, {WORDS[language]['lost']}"
    return _day(aid.returned_on)


def _aid(loan: Loan, names: DeviceCatalogue) -> AidView:
    article_no = loan.article_no or ""
    return AidView(
        loan_id=loan.loan_id,
        device_no=loan.device_no,
        label=names.label_of(loan.device_no) if loan.device_no else None,
        article_no=article_no,
        article_name=names.name_of(article_no),
        care_unit=loan.care_unit,
        care_unit_name=names.unit_name(loan.care_unit) if loan.care_unit else None,
        order_no=loan.order_no,
        handed_out_on=loan.handed_out_on,
        returned_on=loan.returned_on,
        lost_on=loan.lost_on,
    )


def _ordered(
    order: DeviceOrder, ordered: OrderedLine, names: DeviceCatalogue, language: Language
) -> OrderedAidView:
    line, progress = ordered.line, order.progress(ordered.line.line_no)
    article_no = progress.article_no or line.article_no
    return OrderedAidView(
        order_no=order.order_no,
        line_no=line.line_no,
        article_no=article_no,
        article_name=names.name_of(article_no),
        quantity=order.missing_of(line.line_no),
        care_unit=order.care_unit,
        care_unit_name=names.unit_name(order.care_unit),
        sent_on=order.sent_on,
        state_text=said(STATES[order.state], language),
        expected_on=progress.expected_on,
    )
