"""Response bodies about baskets of devices: everything before sending, with names and prices (S93)."""

from collections.abc import Mapping
from typing import cast

from services.ordering.api.devices.addresses import WhereView, address_lines, where_shown
from services.ordering.api.devices.line_views import BasketLineView, line_shown
from services.ordering.api.devices.views import (
    ApprovalView,
    DeviceOrderView,
    approval_shown,
)
from services.ordering.domain.devices.basket import Basket
from services.ordering.domain.devices.catalogue import DeviceCatalogue
from services.ordering.domain.devices.delivering import settled
from services.ordering.domain.devices.planned import Planned
from services.ordering.domain.devices.sending_basket import BasketRequest, places_of, warnings
from services.ordering.domain.person import Person
from shared.domain.decision import Refused, Sentence
from shared.domain.money import NOTHING, Money
from shared.http import Language, Preview, View, reasons_of
from shared.http.language import said
from shared.sealed import Seals

WHAT_TO_COMMENT = Sentence(
    "Skriv om hjälpmedlet: inställning, storlek, montering. Önskemål om leveransen skrivs under "
    "leveransuppgifter, och en annan artikel väljs på en egen rad.",
    "Write about the device: settings, size, mounting. Wishes about the delivery belong in the delivery "
    "details, and another article is chosen on a line of its own.",
)
"""Shown at the comment of a line (S88)."""


class BasketKept(View):
    """The answer that is kept: nothing personal stands in it."""

    patient_ref: str
    line_nos: list[int]

    @classmethod
    def of(cls, kept: Basket | None, _: object = None) -> "BasketKept":
        basket = cast("Basket", kept)
        return cls(patient_ref=basket.patient_ref, line_nos=[each.line_no for each in basket.lines])


class SentKept(View):
    """The numbers of the orders that a basket became."""

    order_nos: list[str]


class AddressChoice(View):
    """An address that the register or the patient has given (S100, S42)."""

    label: str | None
    """None: the register's."""
    address: list[str]


class OrderToBeView(View):
    """One of the orders that a basket becomes (Q49)."""

    storeroom_no: str
    storeroom_name: str
    kind: str
    line_nos: list[int]


class BasketView(Preview):
    """A basket with all that sending would give: reasons, warnings, fees and orders (S93, N1)."""

    patient_ref: str
    care_unit: str
    care_unit_name: str
    prescriber: str
    prescriber_name: str | None
    joint: bool
    deliver_to: str
    receiver_name: str | None
    delivery: WhereView | None
    """Where the goods would go; null when nothing may be shown of the patient."""
    address_choices: list[AddressChoice]
    """Addresses of the patient to choose among for a delivery home (S100)."""
    contact_name: str | None
    contact_phone: str | None
    approval: ApprovalView | None
    lines: list[BasketLineView]
    comment_help: str
    """What belongs in the comment of a line, to be shown beside it (S88)."""
    total: str
    orders: list[OrderToBeView]
    warnings: list[str]


class BasketBrief(View):
    """A basket in the list of what a person has begun."""

    patient_ref: str
    care_unit: str
    lines: int


class SentBasket(View):
    """The confirmation: one order for each place, with number, fees and planned delivery (S103)."""

    orders: list[DeviceOrderView]


def basket_shown(
    basket: Basket,
    request: BasketRequest,
    *,
    person: Person | None,
    refused: Refused | None,
    language: Language,
    seals: Seals,
    planned: Mapping[int, Planned],
) -> BasketView:
    """Show a basket to the person whose it is."""
    head, catalogue, prescriber = basket.head, request.catalogue, request.placing.prescriber
    lines = [
        line_shown(each, catalogue, seals, on=request.placing.on, planned=planned.get(each.line_no))
        for each in basket.lines
    ]
    fees = [Money.of(each.price.amount) for each in lines if each.price]
    receiver = head.delivery.receiver_name
    where = _where(basket, request, person, seals)
    return BasketView(
        allowed=refused is None,
        reasons=reasons_of(refused, language),
        patient_ref=basket.patient_ref,
        care_unit=head.care_unit,
        care_unit_name=catalogue.unit_name(head.care_unit),
        prescriber=head.prescriber,
        prescriber_name=prescriber.name if prescriber else None,
        joint=head.joint,
        deliver_to=head.delivery.kind,
        receiver_name=seals.open(receiver) if receiver else None,
        delivery=where,
        address_choices=_choices(person, seals) if head.delivery.kind == "home" else [],
        contact_name=head.delivery.contact_name or (prescriber.name if prescriber else None),
        contact_phone=head.delivery.contact_phone,
        approval=approval_shown(head.approval),
        lines=lines,
        comment_help=said(WHAT_TO_COMMENT, language),
        total=str(sum(fees, NOTHING)),
        orders=_orders(basket, catalogue),
        warnings=[said(each, language) for each in warnings(person, head)],
    )


def _orders(basket: Basket, catalogue: DeviceCatalogue) -> list[OrderToBeView]:
    return [
        OrderToBeView(
            storeroom_no=part[0].storeroom_no or "",
            storeroom_name=catalogue.place_name(part[0].storeroom_no or ""),
            kind="order" if part[0].source == "warehouse" else "hand_out",
            line_nos=[each.line_no for each in part],
        )
        for part in places_of(basket.lines, catalogue)
    ]


def _where(basket: Basket, request: BasketRequest, person: Person | None, seals: Seals) -> WhereView | None:
    """Say where the goods would go; nothing of a protected person (Q18)."""
    if person is None or person.protected:
        return None
    prescriber = request.placing.prescriber
    delivery = settled(
        basket.head.delivery, person=person, prescriber_name=prescriber.name if prescriber else ""
    )
    return where_shown(delivery, request.catalogue, basket.head.care_unit, seals)


def _choices(person: Person | None, seals: Seals) -> list[AddressChoice]:
    if person is None or person.protected:
        return []
    own = (
        [AddressChoice(label=None, address=address_lines(seals.open(person.address)))]
        if person.address
        else []
    )
    saved = [
        AddressChoice(label=seals.open(each.label), address=address_lines(seals.open(each.address)))
        for each in person.saved_addresses
    ]
    return own + saved
