"""What becomes of a collection order: handed in, fetched, annulled, closed by what came (S145, Q48, Q54)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from services.ordering.domain.collecting.order import CollectionOrder, Ended, Stamp, published
from services.ordering.domain.collecting.refusals import (
    AfterClosing,
    BeforeCollectionOrder,
    CollectionOver,
    ExchangedIsCollected,
    FetchedAlready,
    HandedInBefore,
    LateStampNeedsReason,
)
from services.ordering.domain.devices.loans import Loan
from shared.domain.days import DayToCome, local_day
from shared.domain.decision import Decision, Refused, refuse_any
from shared.events.fact import Fact
from shared.events.ordering_devices import (
    CollectionOrderAnnulled,
    CollectionOrderClosed,
    CollectionOrderFetched,
)

Loans = tuple[Loan | None, ...]
ORDERING = "ordering"


@dataclass(frozen=True)
class Received:
    """What inventory says that came to the warehouse."""

    storeroom_no: str
    on: date
    at: datetime
    came: frozenset[str]
    """Numbers of devices."""


def hand_in(order: CollectionOrder, *, stamp: Stamp) -> Decision[CollectionOrder]:
    """Stamp that the devices wait at the care unit: the patient answers for them no longer (Q54)."""
    _demand_open(order)
    if order.handed_in is not None or order.fetched is not None:
        raise HandedInBefore(collection_no=order.collection_no)
    refuse_any(_against_day(order, stamp))
    return replace(order, handed_in=stamp), [_fetched_fact(order, stamp)]


def fetch(order: CollectionOrder, *, stamp: Stamp) -> Decision[CollectionOrder]:
    """Stamp that the carrier has the devices (Q54); at home, that day counts for the fee (Q10).

    What came to the warehouse before anybody wrote it down was fetched too, by the day when it came.
    """
    if order.state != "closed":
        _demand_open(order)
    if order.fetched is not None:
        raise HandedInBefore(collection_no=order.collection_no)
    refuse_any(_against_day(order, stamp))
    is_first = order.handed_in is None
    return replace(order, fetched=stamp), [_fetched_fact(order, stamp)] if is_first else []


def annul(order: CollectionOrder, loans: Loans, *, stamp: Stamp) -> Decision[CollectionOrder, Loans]:
    """Annul what was not fetched: loans and fees continue (S145, Q10).

    Raises CollectionOver, FetchedAlready and ExchangedIsCollected.
    """
    _demand_open(order)
    if order.fetched is not None:
        raise FetchedAlready(collection_no=order.collection_no)
    if any(each.exchange_no for each in order.devices):
        raise ExchangedIsCollected(collection_no=order.collection_no)
    return _annulled(order, stamp), freed(order, loans), [_annulled_fact(order, stamp)]


def note_received(
    order: CollectionOrder, loans: Loans, *, received: Received
) -> Decision[CollectionOrder, Loans]:
    """Close the order with what came; of one that was annulled meanwhile the return of the loan counts."""
    if not order.is_open:
        return order, loans, []
    for each in order.waited_for:
        ended: Ended = "came" if each.device_no in received.came else "not_there"
        order = order.with_device(replace(each, ended=ended))
    closed = replace(
        order,
        state="closed",
        closed_on=received.on,
        closed_at=received.at,
        storeroom_no=received.storeroom_no,
    )
    return closed, freed(order, loans), [_closed_fact(closed)]


def note_loan_over(
    order: CollectionOrder | None, *, loan_id: str, ended: Ended, at: datetime
) -> tuple[CollectionOrder | None, list[Fact]]:
    """Wait no more for a device whose loan ended another way; when none is left the order is annulled."""
    if order is None or not order.is_open:
        return order, []
    for each in order.waited_for:
        if each.loan_id == loan_id and each.exchange_no is None:
            order = order.with_device(replace(each, ended=ended))
    if order.waited_for:
        return order, []
    stamp = Stamp(ORDERING, "", at)
    return _annulled(order, stamp), [_annulled_fact(order, stamp)]


def freed(order: CollectionOrder, loans: Iterable[Loan | None]) -> Loans:
    """Let the devices be asked for anew."""
    number = order.collection_no
    return tuple(
        replace(each, collection_no=None) if each and each.collection_no == number else each for each in loans
    )


def move_collection(order: CollectionOrder, *, into_ref: str) -> Decision[CollectionOrder]:
    """Write an order on the person it belongs to now (S65)."""
    return (order if order.patient_ref == into_ref else replace(order, patient_ref=into_ref)), []


def forget_pickup(order: CollectionOrder) -> Decision[CollectionOrder]:
    """Forget where a person lives who became protected (Q18)."""
    pickup = replace(order.pickup, address=None, phone=None, mobile=None, information=None)
    return (order if pickup == order.pickup else replace(order, pickup=pickup)), []


def _against_day(order: CollectionOrder, stamp: Stamp) -> Iterator[Refused]:
    today = local_day(stamp.at)
    if stamp.day > today:
        yield DayToCome(day=stamp.day.isoformat())
    elif stamp.day < today and stamp.reason is None:
        yield LateStampNeedsReason()
    earliest = order.handed_in.day if order.handed_in else order.registered_on
    if stamp.day < earliest:
        yield BeforeCollectionOrder(day=earliest.isoformat())
    if order.closed_on is not None and stamp.day > order.closed_on:
        yield AfterClosing(day=order.closed_on.isoformat())


def _demand_open(order: CollectionOrder) -> None:
    if order.state != "registered":
        raise CollectionOver(collection_no=order.collection_no)


def _annulled(order: CollectionOrder, stamp: Stamp) -> CollectionOrder:
    return replace(order, state="annulled", annulled=stamp)


def _annulled_fact(order: CollectionOrder, stamp: Stamp) -> CollectionOrderAnnulled:
    return CollectionOrderAnnulled(
        collection_no=order.collection_no,
        patient_ref=order.patient_ref,
        devices=published(order.devices),
        annulled_on=local_day(stamp.at),
    )


def _fetched_fact(order: CollectionOrder, stamp: Stamp) -> CollectionOrderFetched:
    """Publish what the patient gave away, and when: billing need not wait for the warehouse (Q10)."""
    return CollectionOrderFetched(
        collection_no=order.collection_no,
        patient_ref=order.patient_ref,
        devices=published(tuple(each for each in order.devices if each.ended in {None, "came"})),
        fetched_on=stamp.day,
    )


def _closed_fact(order: CollectionOrder) -> CollectionOrderClosed:
    """Publish what came, on the day when the patient gave it away: the carrier's or the unit's (Q10)."""
    given = [each.day for each in (order.handed_in, order.fetched) if each]
    return CollectionOrderClosed(
        collection_no=order.collection_no,
        patient_ref=order.patient_ref,
        devices=published(tuple(each for each in order.devices if each.ended == "came")),
        closed_on=min([*given, order.closed_on or date.max]),
        not_collected=published(tuple(each for each in order.devices if each.ended != "came")),
    )
