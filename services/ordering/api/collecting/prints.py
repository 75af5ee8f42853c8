"""The route that prints a collection order, with the components that the guide leaves out (S143, S144)."""

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from fastapi import Response

from services.ordering.api.collecting.views import CollectedView, CollectionOrderView, collection_shown
from services.ordering.api.devices.addresses import name_printed
from services.ordering.application.collecting import Collecting, demand_collection
from services.ordering.domain.collecting.order import CollectionOrder
from services.ordering.repository.collections import ALLOWANCES, COLLECTION_ORDERS
from shared.http import Ask, Language, Router
from shared.http.language import said
from shared.http.numbers import CollectionNo
from shared.http.prints import a_pdf, printed

LAYOUT = Path(__file__).with_name("collection.typ")
WORDS: dict[Language, dict[str, str]] = {
    "sv": {
        "title": "Hämtorder",
        "name": "Patient",
        "unit": "Tjänsteställe",
        "registered": "Registrerad",
        "state": "Läge",
        "devices": "Hjälpmedel",
        "article": "Artikel",
        "device": "Individnummer",
        "purpose": "Syfte",
        "components": "Följer med",
        "address": "Hämtas på",
        "phone": "Telefon",
        "contact": "Kontakt",
        "information": "Ytterligare information",
        "printed": "Utskrivet",
        "page": "Sida",
        "of": "av",
    },
    "en": {
        "title": "Collection order",
        "name": "Patient",
        "unit": "Care unit",
        "registered": "Registered",
        "state": "State",
        "devices": "Devices",
        "article": "Article",
        "device": "Device number",
        "purpose": "Purpose",
        "components": "Comes along",
        "address": "Collected at",
        "phone": "Telephone",
        "contact": "Contact",
        "information": "More information",
        "printed": "Printed",
        "page": "Page",
        "of": "of",
    },
}


def routes(collecting: Collecting) -> Router:
    router = Router("ordering", prefix="/collection-orders", tags=["collection orders"])
    desk = collecting.desk

    async def name_of(order: CollectionOrder) -> str:
        """Open the patient's name; nothing of a protected person (Q18)."""
        known = await desk.repository.get(ALLOWANCES.maybe(order.patient_ref))
        person = known.person if known else None
        return desk.seals.open(person.name) if person and person.name and not person.protected else ""

    @router.post(
        "/{collection_no}/print", response_class=Response, responses=a_pdf("The collection order, printed")
    )
    async def print_collection_order(collection_no: CollectionNo, ask: Ask) -> Response:
        """Print a collection order when it is made, and again later (S144)."""
        order = await desk.repository.show(
            COLLECTION_ORDERS.ref(collection_no), asked=ask, demand=partial(demand_collection, ask.actor)
        )
        view = collection_shown(order, await collecting.names([order]), ask.language, seals=desk.seals)
        place = collecting.places.row(order.place, area=order.product_areas[0], on=order.registered_on)
        page = collection_page(
            view,
            name=await name_of(order),
            place=said(place.text, ask.language) if place else "",
            language=ask.language,
            on=desk.clock.today(),
        )
        return await printed(LAYOUT, page, ask.language, at=desk.clock.now())

    return router


def collection_page(
    view: CollectionOrderView, *, name: str, place: str, language: Language, on: date
) -> dict[str, Any]:
    """Put together the printed order."""
    pickup = view.pickup
    phones = [each for each in (pickup.phone, pickup.mobile) if each] if pickup else []
    contact = [each for each in (pickup.contact_name, pickup.contact_phone) if each] if pickup else []
    return {
        "language": language,
        "words": WORDS[language],
        "printed": on.isoformat(),
        "number": view.collection_no,
        "name": name_printed(name, language),
        "unit": view.care_unit_name,
        "registered": f"{view.registered_on.isoformat()}, {view.registered_by_name}",
        "state": f"{view.state_text}, {view.where_text}",
        "place": place,
        "address": pickup.address if pickup else [],
        "phone": ", ".join(phones),
        "contact": ", ".join(contact),
        "information": (pickup.information or "") if pickup else "",
        "rows": [_row(each) for each in view.devices],
    }


def _row(each: CollectedView) -> list[str]:
    said_of_it = [text for text in (each.purpose_text, each.fault, each.fault_appears) if text]
    parts = [f"{part.quantity} {part.name} ({part.article_no})" for part in each.components]
    return [f"{each.article_name} ({each.article_no})", each.label, ". ".join(said_of_it), ", ".join(parts)]
