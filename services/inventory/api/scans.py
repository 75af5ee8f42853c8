"""Routes that say what was scanned and what may be done with it, and that print own labels (T18)."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from fastapi import Response
from pydantic import Field

from services.inventory.api.device_views import DeviceView
from services.inventory.api.forms import ScannedCode
from services.inventory.application.register import Register
from services.inventory.application.scanning import Kind, Scanning, Thing
from services.inventory.domain.scanning.acts import Act, ActName
from services.inventory.domain.scanning.reading import read
from services.inventory.gateways.barcodes import data_matrix
from shared.http import Ask, Request, Router, View
from shared.http.ids import DeviceNo
from shared.http.language import Language, said
from shared.http.prints import a_pdf, printed

LAYOUT = Path(__file__).with_name("labels.typ")
MOST_LABELS = 100
WORDS: dict[Language, dict[str, str]] = {
    "sv": {"title": "Etiketter", "code": "Kod med individnumret"},
    "en": {"title": "Labels", "code": "Code of the device number"},
}


class ScanForm(Request):
    """What the scanner sent, with all that it puts around the code."""

    code: ScannedCode


class ActView(View):
    """Something that this person may do now."""

    act: ActName
    order_no: str | None
    parcel_no: str | None


class OnShelf(View):
    """How much of a scanned article lies in a storeroom where the person works."""

    storeroom_no: str
    storeroom_name: str
    on_hand: int
    available: int


class ThingView(View):
    """What was scanned, and what this person may do with it now."""

    kind: Kind
    read: str
    """The code without what the scanner put around it."""
    gtin: str | None
    serial_no: str | None
    lot: str | None
    best_before: date | None
    article_no: str | None
    article_name: str | None
    device: DeviceView | None
    parcel_no: str | None
    shelves: list[OnShelf]
    acts: list[ActView]
    why_nothing: str | None
    """Why there is nothing to do."""


class LabelsForm(Request):
    """The devices, or numbers that devices are to get, whose labels are printed."""

    device_nos: Annotated[list[DeviceNo], Field(min_length=1, max_length=MOST_LABELS)]


def routes(register: Register) -> Router:
    router = Router("inventory", tags=["scanning"])
    scanning, clock = Scanning(register), register.warehouse.clock

    @router.post("/scans")
    async def identify_scan(form: ScanForm, ask: Ask) -> ThingView:
        """Say what a thing is by the code on it, and what may be done with it now; nothing is changed."""
        return _shown(await scanning.thing(read(form.code), ask.actor), ask.language)

    @router.post("/labels/print", response_class=Response, responses=a_pdf("Labels, one on each page"))
    async def print_labels(form: LabelsForm, ask: Ask) -> Response:
        """Print labels with a DataMatrix, the number in text, and the article where the number has one."""
        numbers = list(dict.fromkeys(form.device_nos))
        page = labels_page(await scanning.labels(numbers, ask.actor), ask.language)
        return await printed(LAYOUT, page, ask.language, at=clock.now())

    return router


def labels_page(labels: Sequence[tuple[str, str]], language: Language) -> dict[str, Any]:
    """Put together the printed labels of these numbers, each with the name of its article."""
    return {
        "language": language,
        "words": WORDS[language],
        "labels": [
            {"number": number, "code": data_matrix(number), "article": name} for number, name in labels
        ],
    }


def _shown(thing: Thing, language: Language) -> ThingView:
    reading, article = thing.reading, thing.article
    return ThingView(
        kind=thing.kind,
        read=reading.text,
        gtin=reading.gtin,
        serial_no=reading.serial_no,
        lot=reading.lot,
        best_before=reading.best_before,
        article_no=article.article_no if article else None,
        article_name=article.name if article else None,
        device=DeviceView.of(thing.device, language) if thing.device else None,
        parcel_no=thing.parcel_no,
        shelves=[
            OnShelf(
                storeroom_no=place.storeroom_no,
                storeroom_name=place.name,
                on_hand=balance.on_hand,
                available=balance.available,
            )
            for place, balance in thing.shelves
        ],
        acts=[_act_shown(each) for each in thing.acts],
        why_nothing=said(thing.why_nothing, language) if thing.why_nothing else None,
    )


def _act_shown(act: Act) -> ActView:
    return ActView(act=act.name, order_no=act.order_no, parcel_no=act.parcel_no)
