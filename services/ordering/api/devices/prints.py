"""Routes that print the loan agreement and the delivery note, and register that it is signed (S105)."""

import json
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from fastapi import Response

from services.ordering.api.devices.addresses import name_printed, where_shown
from services.ordering.api.devices.forms import SignedForm
from services.ordering.api.devices.views import DeviceOrderKept
from services.ordering.application.devices import DeviceDesk, demand_place
from services.ordering.domain.devices.agreement import on_loan_from_region, sign, with_patient
from services.ordering.domain.devices.catalogue import DeviceCatalogue
from services.ordering.domain.devices.goods import Goods
from services.ordering.domain.devices.order import DeviceOrder
from services.ordering.repository.collections import ALLOWANCES, DEVICE_ORDERS
from shared.http import Ask, Asked, Language, Router
from shared.http.numbers import OrderNo
from shared.http.prints import a_pdf, printed
from shared.sealed import Seals

LAYOUT = Path(__file__).with_name("prints.typ")
AGREEMENTS: dict[str, dict[Language, list[str]]] = json.loads(
    Path(__file__).with_name("loan_agreements.json").read_text()
)
"""The region's own text for each product area; `usual` for the others."""

WORDS: dict[Language, dict[str, str]] = {
    "sv": {
        "agreement": "Låneförbindelse",
        "note": "Följesedel",
        "name": "Patient",
        "order": "Beställning",
        "unit": "Tjänsteställe",
        "prescriber": "Förskrivare",
        "goods": "Hjälpmedel",
        "article": "Artikel",
        "device": "Individnummer",
        "quantity": "Antal",
        "delivered_to": "Levereras till",
        "contact": "Kontakt",
        "signature": "Underskrift",
        "sign_here": "Jag har tagit emot hjälpmedlen och läst villkoren.",
        "signed_on": "Underskriven",
        "registered_by": "registrerat av",
        "date": "Datum",
        "printed": "Utskrivet",
        "page": "Sida",
        "of": "av",
    },
    "en": {
        "agreement": "Loan agreement",
        "note": "Delivery note",
        "name": "Patient",
        "order": "Order",
        "unit": "Care unit",
        "prescriber": "Prescriber",
        "goods": "Devices",
        "article": "Article",
        "device": "Device number",
        "quantity": "Quantity",
        "delivered_to": "Delivered to",
        "contact": "Contact",
        "signature": "Signature",
        "sign_here": "I have received the devices and read the terms.",
        "signed_on": "Signed",
        "registered_by": "registered by",
        "date": "Date",
        "printed": "Printed",
        "page": "Page",
        "of": "of",
    },
}


def routes(desk: DeviceDesk) -> Router:
    router = Router("ordering", prefix="/device-orders", tags=["device orders"])
    _printing(router, desk)
    _signing(router, desk)
    return router


def _printing(router: Router, desk: DeviceDesk) -> None:
    async def shown(order_no: OrderNo, ask: Ask) -> tuple[DeviceOrder, DeviceCatalogue]:
        order = await desk.repository.show(
            DEVICE_ORDERS.ref(order_no), asked=ask, demand=partial(demand_place, ask.actor)
        )
        return order, await desk.catalogue_of((order,))

    async def name_of(order: DeviceOrder) -> str:
        """Open the patient's name; nothing of a protected person (Q18)."""
        known = await desk.repository.get(ALLOWANCES.maybe(order.patient_ref))
        person = known.person if known else None
        return desk.seals.open(person.name) if person and person.name and not person.protected else ""

    @router.post(
        "/{order_no}/loan-agreement", response_class=Response, responses=a_pdf("The loan agreement, printed")
    )
    async def print_loan_agreement(order_no: OrderNo, ask: Ask) -> Response:
        """Print the loan agreement of what the patient got, at the hand-over and afterwards (S105)."""
        order, catalogue = await shown(order_no, ask)
        numbers = [no for each in with_patient(order) for no in each.device_nos]
        goods = on_loan_from_region(order, of_the_unit=await desk.devices.of_the_unit(numbers))
        page = agreement_page(
            order, catalogue, goods, name=await name_of(order), language=ask.language, on=desk.clock.today()
        )
        return await printed(LAYOUT, page, ask.language, at=desk.clock.now())

    @router.post(
        "/{order_no}/delivery-note", response_class=Response, responses=a_pdf("The delivery note, printed")
    )
    async def print_delivery_note(order_no: OrderNo, ask: Ask) -> Response:
        """Print the delivery note of what was sent, with the address and the contact (Q61)."""
        order, catalogue = await shown(order_no, ask)
        page = note_page(
            order,
            catalogue,
            name=await name_of(order),
            address=address_of(order, catalogue, desk.seals),
            language=ask.language,
            on=desk.clock.today(),
        )
        return await printed(LAYOUT, page, ask.language, at=desk.clock.now())


def _signing(router: Router, desk: DeviceDesk) -> None:
    @router.post("/{order_no}/loan-agreement/signed", response_model=DeviceOrderKept)
    async def sign_loan_agreement(order_no: OrderNo, form: SignedForm, asked: Asked) -> Response:
        """Register that the patient signed the loan agreement, and on which day (S105)."""
        await desk.order_for(order_no, asked.actor)
        rule = partial(sign, signed_on=form.signed_on, by=asked.actor.sub, at=desk.clock.now())
        answer = await desk.repository.change(
            DEVICE_ORDERS.ref(order_no, if_version=asked.if_match),
            rule,
            cause=asked.cause,
            reply=lambda order: DeviceOrderKept(order_no=order.order_no),
        )
        return asked.answered(answer)


def agreement_page(
    order: DeviceOrder,
    catalogue: DeviceCatalogue,
    goods: tuple[Goods, ...],
    *,
    name: str,
    language: Language,
    on: date,
) -> dict[str, Any]:
    """Put together the loan agreement, with the text of the product area."""
    text = AGREEMENTS.get(order.product_area, AGREEMENTS["usual"])
    return {
        **_page(order, catalogue, goods, name=name, language=language, on=on),
        "words": {**WORDS[language], "title": WORDS[language]["agreement"]},
        "paragraphs": text[language],
        "sign": True,
        "signed_on": order.agreement_signed_on.isoformat() if order.agreement_signed_on else "",
        "signed_by": order.agreement.by if order.agreement else "",
    }


def note_page(
    order: DeviceOrder,
    catalogue: DeviceCatalogue,
    *,
    name: str,
    address: list[str],
    language: Language,
    on: date,
) -> dict[str, Any]:
    """Put together the delivery note: what is in the parcels, or what was ordered while there are none."""
    sent = tuple(goods for each in order.parcels for goods in each.lines)
    asked = tuple(Goods(each.line.line_no, each.line.article_no, each.line.quantity) for each in order.lines)
    return {
        **_page(order, catalogue, sent or asked, name=name, language=language, on=on),
        "words": {**WORDS[language], "title": WORDS[language]["note"]},
        "address": address,
    }


def address_of(order: DeviceOrder, catalogue: DeviceCatalogue, seals: Seals) -> list[str]:
    """Give the lines of the address, with the receiver on top and the patient in c/o (S101)."""
    where = where_shown(order.delivery, catalogue, order.care_unit, seals)
    top = [where.recipient] if where.recipient else []
    return [*top, *([f"c/o {where.co}"] if where.co else []), *where.address]


def _page(
    order: DeviceOrder,
    catalogue: DeviceCatalogue,
    goods: tuple[Goods, ...],
    *,
    name: str,
    language: Language,
    on: date,
) -> dict[str, Any]:
    return {
        "language": language,
        "printed": on.isoformat(),
        "name": name_printed(name, language),
        "order": order.order_no,
        "unit": catalogue.unit_name(order.care_unit),
        "prescriber": order.prescriber_name,
        "contact": order.delivery.contact_name or order.prescriber_name,
        "paragraphs": [],
        "address": [],
        "sign": False,
        "signed_on": "",
        "signed_by": "",
        "rows": [
            [
                f"{catalogue.name_of(each.article_no)} ({each.article_no})",
                ", ".join(map(catalogue.label_of, each.device_nos)),
                str(each.quantity),
            ]
            for each in goods
        ],
    }
