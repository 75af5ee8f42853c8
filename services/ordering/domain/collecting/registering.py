"""Registering a collection order, and every reason against one (S135 to S143, Q54)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from services.ordering.domain.allowance import Allowance
from services.ordering.domain.catalogue import ArticleNotKnownYet
from services.ordering.domain.collecting.order import (
    NO_FAULT,
    Collected,
    CollectionOrder,
    Fault,
    Pickup,
    Place,
    published,
)
from services.ordering.domain.collecting.places import CollectionPlaces
from services.ordering.domain.collecting.refusals import (
    AddressOfAnotherPlace,
    CollectedTwice,
    DeviceNotKnownYet,
    FaultNotSaid,
    NoCollectionAddress,
    NoPhone,
    NotCollectedFromUnit,
    NothingToCollect,
    PlaceNotUsed,
    SupplierFormMissing,
)
from services.ordering.domain.devices.copies import DeviceArticle
from services.ordering.domain.devices.judging import OnOpenCollectionOrder
from services.ordering.domain.devices.loans import Loan
from services.ordering.domain.person import Person, PersonNotKnownYet, ProtectedIdentity
from shared.domain.days import local_day
from shared.domain.decision import Decision, Refused, refuse_any
from shared.events.ordering_devices import CollectionOrderRegistered
from shared.events.values import Purpose

Loans = tuple[Loan | None, ...]


@dataclass(frozen=True)
class DeviceWanted:
    """A device that somebody wants collected, and what the purpose asks about it (S142)."""

    device_no: str
    purpose: Purpose
    fault: Fault = NO_FAULT
    is_about_sound: bool = False
    """Of a repair on warranty: the supplier wants its own form for a fault in the sound."""


@dataclass(frozen=True)
class CollectionRequest:
    """What is asked for, and what the rule must know of the articles and the patient; texts are sealed."""

    collection_no: str
    patient_ref: str
    care_unit: str
    place: Place
    devices: tuple[DeviceWanted, ...]
    pickup: Pickup
    by: str
    by_name: str
    at: datetime
    person: Person | None
    articles: Mapping[str, DeviceArticle]
    owners: Mapping[str, str]
    """Whose property each device is (Q44); one that inventory has not published yet is left out."""
    places: CollectionPlaces

    @property
    def on(self) -> date:
        return local_day(self.at)


def register_collection(
    _: CollectionOrder | None, loans: Loans, allowance: Allowance | None, *, request: CollectionRequest
) -> Decision[CollectionOrder, Loans, Allowance | None]:
    """Ask for devices to be collected: each is on one open order at most (S136, S137).

    `loans` stand in the order of the devices; raises every reason against it.
    """
    request = as_known_now(request, allowance)
    refuse_any(against_collection(loans, request))
    order = made(request, loans)
    on_it = tuple(each and replace(each, collection_no=order.collection_no) for each in loans)
    return order, on_it, allowance and allowance.held(), [registered_fact(order)]


def as_known_now(request: CollectionRequest, allowance: Allowance | None) -> CollectionRequest:
    """Ask for it by what is known of the person in the transaction: protection may have begun (Q18)."""
    return replace(request, person=allowance.person if allowance else None)


def made(request: CollectionRequest, loans: Iterable[Loan | None]) -> CollectionOrder:
    """Write the order; its address is the register's where nobody wrote another (S140)."""
    pairs = [(wanted, loan) for wanted, loan in zip(request.devices, loans, strict=True) if loan]
    areas = {request.articles[loan.article_no or ""].product_area for _, loan in pairs}
    return CollectionOrder(
        collection_no=request.collection_no,
        patient_ref=request.patient_ref,
        care_unit=request.care_unit,
        product_areas=tuple(sorted(areas)),
        place=request.place,
        devices=tuple(
            Collected(
                loan_id=loan.loan_id,
                device_no=wanted.device_no,
                article_no=loan.article_no or "",
                purpose=wanted.purpose,
                fault=wanted.fault,
                components=loan.components,
            )
            for wanted, loan in pairs
        ),
        pickup=_pickup(request),
        registered_by=request.by,
        registered_by_name=request.by_name,
        registered_at=request.at,
        registered_on=request.on,
    )


def registered_fact(order: CollectionOrder) -> CollectionOrderRegistered:
    """Tell billing and inventory, without a name or an address (Q61)."""
    return CollectionOrderRegistered(
        collection_no=order.collection_no,
        patient_ref=order.patient_ref,
        place=order.place,
        devices=published(order.devices),
        registered_on=order.registered_on,
        care_unit=order.care_unit,
        product_areas=order.product_areas,
    )


def against_collection(loans: Loans, request: CollectionRequest) -> Iterator[Refused]:
    """Say all that speaks against the order; a patient who has died has devices to collect too."""
    if request.person is None:
        yield PersonNotKnownYet()
        return
    for wanted, loan in zip(request.devices, loans, strict=True):
        yield from _against_device(wanted, loan, request)
    yield from against_pickup(request, request.person)


def against_pickup(request: CollectionRequest, person: Person) -> Iterator[Refused]:
    """Say what speaks against place, address and telephone (S138, S140); of a protected person no more."""
    numbers = [each.device_no for each in request.devices]
    yield from (CollectedTwice(device_no=each) for each in {no for no in numbers if numbers.count(no) > 1})
    if request.place != "home":
        if request.pickup.address is not None:
            yield AddressOfAnotherPlace()
    elif person.protected:
        yield ProtectedIdentity()
        return
    elif request.pickup.address is None and (person.address is None or person.no_fixed_address):
        yield NoCollectionAddress()
    if not person.protected and not _pickup(request).phone and not request.pickup.mobile:
        yield NoPhone()


def _against_device(wanted: DeviceWanted, loan: Loan | None, request: CollectionRequest) -> Iterator[Refused]:
    number = wanted.device_no
    is_theirs = loan is not None and loan.patient_ref == request.patient_ref and not loan.is_over
    if loan is None or not is_theirs or loan.device_no != number:
        yield NothingToCollect(device_no=number)
        return
    if loan.collection_no is not None:
        yield OnOpenCollectionOrder(device_no=number, collection_no=loan.collection_no)
    if number not in request.owners:
        yield DeviceNotKnownYet(device_no=number)
    elif request.owners[number] != "central":
        yield NotCollectedFromUnit(device_no=number)
    article = request.articles.get(loan.article_no or "")
    if article is None:
        yield ArticleNotKnownYet(article_no=loan.article_no)
    elif not request.places.allows(request.place, article, on=request.on):
        yield PlaceNotUsed(device_no=number, place=request.place)
    yield from against_fault(wanted)


def against_fault(wanted: DeviceWanted) -> Iterator[Refused]:
    """Say what the purpose asks and nobody has answered (S142)."""
    is_repair = wanted.purpose in {"repair", "warranty_repair"}
    is_vague = wanted.purpose == "repair" and wanted.fault.when is None
    if is_repair and (wanted.fault.what is None or is_vague):
        yield FaultNotSaid(device_no=wanted.device_no)
    is_on_warranty = wanted.purpose == "warranty_repair"
    if is_on_warranty and wanted.is_about_sound and not wanted.fault.form_is_enclosed:
        yield SupplierFormMissing(device_no=wanted.device_no)


def _pickup(request: CollectionRequest) -> Pickup:
    """Complete what was asked from the register; of a protected person nothing is kept (Q18)."""
    pickup, person = request.pickup, request.person
    if person is None:
        return pickup
    if person.protected:
        return replace(pickup, address=None, phone=None, mobile=None, information=None)
    at_home = request.place == "home"
    phone = pickup.phone or (None if pickup.mobile else person.phone)
    return replace(pickup, address=pickup.address or person.address if at_home else None, phone=phone)
