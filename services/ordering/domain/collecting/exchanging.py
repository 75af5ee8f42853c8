"""An exchange whose old device is collected: one request for both, and inventory decides (Q41, Q48)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from services.ordering.domain.allowance import Allowance
from services.ordering.domain.collecting.order import CollectionOrder
from services.ordering.domain.collecting.refusals import (
    CollectedElsewhere,
    CollectionNotSaid,
    CollectionOver,
    FetchedAlready,
)
from services.ordering.domain.collecting.registering import (
    CollectionRequest,
    against_collection,
    as_known_now,
    made,
    registered_fact,
)
from services.ordering.domain.devices.attaching import hand_out_with_files
from services.ordering.domain.devices.attachments import Attachment
from services.ordering.domain.devices.goods import Refusal
from services.ordering.domain.devices.hand_out import HandOutRequest
from services.ordering.domain.devices.handing_over import HandOverRequest, hand_over
from services.ordering.domain.devices.loans import Loan
from services.ordering.domain.devices.order import DeviceOrder
from shared.domain.decision import Decision, Refused, refuse_any
from shared.events.fact import Fact

Files = tuple[Attachment, ...]
Loans = tuple[Loan | None, ...]


@dataclass(frozen=True)
class OldDevice:
    """The collection order of the old device: an open one, or what shall be registered."""

    device_no: str
    loan_id: str
    collection_no: str
    """Empty where nobody said why it is collected."""
    asked: CollectionRequest | None
    """None where the device is on an open order."""


def exchange_and_collect(
    absent: DeviceOrder | None,
    allowance: Allowance | None,
    files: Files,
    collection: CollectionOrder | None,
    loan: Loan | None,
    *,
    request: HandOutRequest,
    order_no: str,
    old: OldDevice,
) -> Decision[DeviceOrder, Allowance | None, Files, CollectionOrder, Loan | None]:
    """Ask inventory to hand out, and let the old device wait for its collection order.

    Raises every reason against the hand-out, or against the collection order.
    """
    order, allowance, files, facts = hand_out_with_files(
        absent, allowance, files, request=request, order_no=order_no
    )
    unit = request.placing.care_unit
    begun = _begun(collection, loan, allowance, old=old, care_unit=unit, exchange_no=order_no)
    return order, allowance and allowance.held(), files, begun, loan, facts


def hand_over_and_collect(
    order: DeviceOrder,
    collections: tuple[CollectionOrder | None, ...],
    loans: Loans,
    allowance: Allowance | None,
    *,
    request: HandOverRequest,
    olds: tuple[OldDevice, ...],
) -> Decision[DeviceOrder, tuple[CollectionOrder | None, ...], Loans, Allowance | None]:
    """Register a hand-over, and let each old device wait for its collection order (Q43, Q48).

    `collections`: each that `olds` name, once; `loans` in the order of `olds`. Raises every reason against
    the hand-over, or against a collection order.
    """
    after, facts = hand_over(order, request=request)
    number, unit = after.hand_overs[-1].hand_over_no, order.care_unit
    numbers = dict.fromkeys(each.collection_no for each in olds)
    known = dict(zip(numbers, collections, strict=True))
    for old, loan in zip(olds, loans, strict=True):
        collection = known[old.collection_no]
        begun = _begun(collection, loan, allowance, old=old, care_unit=unit, exchange_no=number)
        known[old.collection_no] = begun
    return after, tuple(known.values()), loans, allowance and allowance.held(), facts


def _begun(
    collection: CollectionOrder | None,
    loan: Loan | None,
    allowance: Allowance | None,
    *,
    old: OldDevice,
    care_unit: str,
    exchange_no: str,
) -> CollectionOrder:
    """Let the old device wait for inventory's answer on its collection order; raises what is against it."""
    asked = old.asked and as_known_now(old.asked, allowance)
    refuse_any(
        against_exchange_collection(
            collection, loan, asked=asked, device_no=old.device_no, care_unit=care_unit
        )
    )
    begun = collection or made_in_exchange(asked, loan)
    return _marked(begun, old.device_no, order_no=exchange_no)


def against_exchange_collection(
    collection: CollectionOrder | None,
    loan: Loan | None,
    *,
    asked: CollectionRequest | None,
    device_no: str,
    care_unit: str,
) -> Iterator[Refused]:
    """Say what speaks against the collection order of an exchange at a care unit (N1).

    One that is open already is the unit's own, and is collected there: nobody else's is changed (S137).
    """
    if asked is not None:
        yield from against_collection((loan,), asked)
    elif collection is None:
        yield CollectionNotSaid(device_no=device_no)
    else:
        yield from _against_open(collection, device_no=device_no, care_unit=care_unit)


def _against_open(collection: CollectionOrder, *, device_no: str, care_unit: str) -> Iterator[Refused]:
    number, device = collection.collection_no, collection.device(device_no)
    if device is None or device.ended is not None or device.exchange_no or not collection.is_open:
        yield CollectionOver(collection_no=number)
    elif collection.fetched is not None:
        yield FetchedAlready(device_no=device_no, collection_no=number)
    elif (collection.place, collection.care_unit) != ("care_unit", care_unit):
        yield CollectedElsewhere(device_no=device_no, collection_no=number)


def made_in_exchange(asked: CollectionRequest | None, loan: Loan | None) -> CollectionOrder:
    """Write the order that waits for inventory's answer to the exchange."""
    if asked is None:
        raise CollectionNotSaid
    return replace(made(asked, (loan,)), state="requested")


def note_exchanged(collection: CollectionOrder) -> Decision[CollectionOrder]:
    """The exchange was made: the old device waits at the unit, and its order is registered (Q41)."""
    if collection.state != "requested":
        return collection, []
    registered = replace(collection, state="registered")
    return registered, [registered_fact(registered)]


def note_not_exchanged(
    collection: CollectionOrder, *, order_no: str, refusal: Refusal
) -> Decision[CollectionOrder]:
    """The exchange was not made: inventory's refusal ends both halves (Q41)."""
    facts: list[Fact] = []
    for each in collection.devices:
        if each.exchange_no == order_no:
            collection = collection.with_device(replace(each, exchange_no=None))
    if collection.state == "requested":
        collection = replace(collection, state="refused", refusal=refusal)
    return collection, facts


def _marked(collection: CollectionOrder, device_no: str, *, order_no: str) -> CollectionOrder:
    """Note by which hand-out the patient gets another device."""
    device = collection.device(device_no)
    return collection.with_device(replace(device, exchange_no=order_no)) if device else collection
