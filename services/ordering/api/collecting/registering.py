"""Routes that say what may be collected from where, and register a collection order (S135 to S143)."""

from functools import partial

from fastapi import Response

from services.ordering.api.collecting.forms import CollectionForm, WhoseDevicesForm
from services.ordering.api.collecting.views import (
    CollectionKept,
    CollectionOrderView,
    collection_shown,
    components_of,
)
from services.ordering.api.devices.part_views import ComponentView
from services.ordering.application.collecting import Collecting, Offered
from services.ordering.domain.collecting.order import PLACES, Place
from services.ordering.domain.collecting.registering import register_collection
from services.ordering.domain.devices.loans import Loan
from services.ordering.repository.collections import ALLOWANCES, COLLECTION_ORDERS, DEVICE_LOANS
from shared.domain.address import Address
from shared.domain.purposes import PURPOSES
from shared.http import Ask, Asked, Language, Router, View
from shared.http.language import said


class PlaceOffered(View):
    """Where a device may be collected, and the text that explains it (S139)."""

    place: Place
    is_used: bool
    """Whether this device may be collected there."""
    text: str


class DeviceOffered(View):
    """A device that may be collected, with the components that come along (S143)."""

    loan_id: str
    device_no: str
    label: str
    article_no: str
    article_name: str
    components: list[ComponentView]
    places: list[PlaceOffered]


class PurposeOffered(View):
    """A purpose, and which questions it asks (S142)."""

    purpose: str
    text: str
    asks: list[str]
    """Names of fields."""


class CollectionOffered(View):
    """What may be collected from a patient, the open orders, and what the form is filled with."""

    patient_ref: str
    devices: list[DeviceOffered]
    open_orders: list[CollectionOrderView]
    """Each says that there is an open collection order already (S137)."""
    purposes: list[PurposeOffered]
    address: list[str]
    """The patient's, from the register."""
    phone: str | None
    contact_name: str


ASKS = {
    "repair": ["fault", "fault_appears"],
    "warranty_repair": ["fault", "is_about_sound", "form_is_enclosed"],
}


def routes(collecting: Collecting) -> Router:
    router = Router("ordering", prefix="/collection-orders", tags=["collection orders"])
    desk = collecting.desk

    @router.post("/offered")
    async def offer_collection_of_devices(form: WhoseDevicesForm, ask: Ask) -> CollectionOffered:
        """Show which of a patient's devices may be collected, from where and why (S135, S137, S139)."""
        found = await collecting.offered(form.patient_ref, form.care_unit, ask)
        return _offered(collecting, found, ask.language, contact=ask.actor.name)

    @router.post("", response_model=CollectionKept, status_code=201)
    async def register_collection_order(form: CollectionForm, asked: Asked) -> Response:
        """Register a collection order: each device is on one open order at most (S136, Q54)."""
        number = await desk.repository.next_number("H", year=desk.clock.today().year)
        wish = form.wish(desk.seals, registered_by=asked.actor.name)
        request, loans = await collecting.read(wish, asked.actor, collection_no=number)
        refs = (
            COLLECTION_ORDERS.maybe(number)
            & DEVICE_LOANS.maybe_many(loans)
            & ALLOWANCES.maybe(request.patient_ref)
        )
        rule = partial(register_collection, request=request)
        answer = await desk.repository.change(refs, rule, cause=asked.cause, reply=CollectionKept.of)
        return asked.answered(answer, 201)

    return router


def _offered(
    collecting: Collecting, found: Offered, language: Language, *, contact: str
) -> CollectionOffered:
    names, register = found.names, found.register
    return CollectionOffered(
        patient_ref=found.patient_ref,
        devices=[_device(collecting, found, each, language) for each in found.loans],
        open_orders=[collection_shown(each, names, language) for each in found.open_orders],
        purposes=[
            PurposeOffered(purpose=key, text=said(each, language), asks=ASKS.get(key, []))
            for key, each in PURPOSES.items()
        ],
        address=_lines(register.address),
        phone=register.phone,
        contact_name=contact,
    )


def _device(collecting: Collecting, found: Offered, loan: Loan, language: Language) -> DeviceOffered:
    article = found.articles[loan.article_no or ""]
    on, places = collecting.desk.clock.today(), collecting.places
    rows = [(place, places.row(place, area=article.product_area, on=on)) for place in PLACES]
    return DeviceOffered(
        loan_id=loan.loan_id,
        device_no=loan.device_no or "",
        label=found.names.label_of(loan.device_no or ""),
        article_no=article.article_no,
        article_name=article.name,
        components=components_of(loan.components, found.names),
        places=[
            PlaceOffered(
                place=place, is_used=places.allows(place, article, on=on), text=said(row.text, language)
            )
            for place, row in rows
            if row is not None
        ],
    )


def _lines(address: Address | None) -> list[str]:
    if address is None:
        return []
    lines = (address.line1, address.line2, f"{address.postal_code} {address.city}")
    return [each for each in lines if each]
