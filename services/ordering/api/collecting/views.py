"""Collection orders as people see them, with the components that come along (S143, S145)."""

from datetime import date, datetime

from services.ordering.api.devices.addresses import address_lines
from services.ordering.api.devices.part_views import ComponentView
from services.ordering.domain.collecting.following import ORDERING
from services.ordering.domain.collecting.order import (
    STATES,
    WHERE,
    Collected,
    CollectionOrder,
    Ended,
    Place,
    Stamp,
    State,
    Where,
)
from services.ordering.domain.devices.catalogue import DeviceCatalogue
from services.ordering.domain.devices.lines import ChosenComponent
from shared.domain.decision import Sentence
from shared.domain.purposes import purpose_said
from shared.events.values import Purpose
from shared.http import Language, View
from shared.http.language import said
from shared.sealed import Seals

BY_ITSELF = Sentence("av sig själv", "by itself")
NOTHING_LEFT = Sentence(
    "Hjälpmedlen kom tillbaka på annat sätt, eller är anmälda som förlorade.",
    "The devices came back another way, or are reported lost.",
)


class CollectionKept(View):
    """The answer that is kept."""

    collection_no: str

    @classmethod
    def of(cls, order: CollectionOrder | None, *_: object) -> "CollectionKept":
        if order is None:
            raise LookupError("an order is kept")
        return cls(collection_no=order.collection_no)


class StampView(View):
    """Who did something with the order, when, and why where that was asked."""

    by: str
    by_name: str
    at: datetime
    on: date
    """The day when it happened, which may be earlier."""
    reason: str | None

    @classmethod
    def of(cls, stamp: Stamp | None, language: Language) -> "StampView | None":
        if stamp is None:
            return None
        name, reason = stamp.by_name, stamp.reason
        if stamp.by == ORDERING:
            name, reason = said(BY_ITSELF, language), said(NOTHING_LEFT, language)
        return cls(by=stamp.by, by_name=name, at=stamp.at, on=stamp.day, reason=reason)


class CollectedView(View):
    """A device of the order, with all that was coupled to it."""

    loan_id: str
    device_no: str
    label: str
    article_no: str
    article_name: str
    purpose: Purpose
    purpose_text: str
    fault: str | None
    """Shown when one order is opened, not in lists."""
    fault_appears: str | None
    form_is_enclosed: bool
    components: list[ComponentView]
    exchange_no: str | None
    """The hand-out by which the patient got another device for it (Q48)."""
    ended: Ended | None


class PickupView(View):
    """Whom the carrier meets, and where."""

    contact_name: str
    contact_phone: str | None
    address: list[str]
    phone: str | None
    mobile: str | None
    information: str | None


class CollectionOrderView(View):
    """A collection order: what, why, from where, and where it is now."""

    collection_no: str
    state: State
    state_text: str
    where: Where
    where_text: str
    patient_ref: str
    care_unit: str
    care_unit_name: str
    place: Place
    registered_by: str
    registered_by_name: str
    registered_at: datetime
    registered_on: date
    handed_in: StampView | None
    fetched: StampView | None
    annulled: StampView | None
    closed_on: date | None
    storeroom_no: str | None
    pickup: PickupView | None
    """Shown when one order is opened, not in lists."""
    devices: list[CollectedView]


def collection_shown(
    order: CollectionOrder, names: DeviceCatalogue, language: Language, *, seals: Seals | None = None
) -> CollectionOrderView:
    """Show an order; with `seals`, what is personal is opened for the person who asks."""
    return CollectionOrderView(
        collection_no=order.collection_no,
        state=order.state,
        state_text=said(STATES[order.state], language),
        where=order.where,
        where_text=said(WHERE[order.where], language),
        patient_ref=order.patient_ref,
        care_unit=order.care_unit,
        care_unit_name=names.unit_name(order.care_unit),
        place=order.place,
        registered_by=order.registered_by,
        registered_by_name=order.registered_by_name,
        registered_at=order.registered_at,
        registered_on=order.registered_on,
        handed_in=StampView.of(order.handed_in, language),
        fetched=StampView.of(order.fetched, language),
        annulled=StampView.of(order.annulled, language),
        closed_on=order.closed_on,
        storeroom_no=order.storeroom_no,
        pickup=pickup_shown(order, names, seals) if seals else None,
        devices=[_device(each, names, language, seals) for each in order.devices],
    )


def pickup_shown(order: CollectionOrder, names: DeviceCatalogue, seals: Seals) -> PickupView:
    """Open whom the carrier meets; at the care unit the address is the unit's (S140)."""
    pickup = order.pickup

    def opened(text: str | None) -> str | None:
        return seals.open(text) if text else None

    unit = names.care_units.get(order.care_unit)
    at_unit = address_lines(unit.address if unit else None)
    return PickupView(
        contact_name=pickup.contact_name,
        contact_phone=pickup.contact_phone,
        address=address_lines(opened(pickup.address)) if order.place == "home" else at_unit,
        phone=opened(pickup.phone),
        mobile=opened(pickup.mobile),
        information=opened(pickup.information),
    )


def components_of(components: tuple[ChosenComponent, ...], names: DeviceCatalogue) -> list[ComponentView]:
    """Show what is coupled to a device (S143)."""
    return [
        ComponentView(article_no=each.article_no, name=names.name_of(each.article_no), quantity=each.quantity)
        for each in components
    ]


def _device(
    each: Collected, names: DeviceCatalogue, language: Language, seals: Seals | None
) -> CollectedView:
    fault = each.fault
    return CollectedView(
        loan_id=each.loan_id,
        device_no=each.device_no,
        label=names.label_of(each.device_no),
        article_no=each.article_no,
        article_name=names.name_of(each.article_no),
        purpose=each.purpose,
        purpose_text=said(purpose_said(each.purpose), language),
        fault=seals.open(fault.what) if seals and fault.what else None,
        fault_appears=seals.open(fault.when) if seals and fault.when else None,
        form_is_enclosed=fault.form_is_enclosed,
        components=components_of(each.components, names),
        exchange_no=each.exchange_no,
        ended=each.ended,
    )
