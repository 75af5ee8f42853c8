"""What inventory says of a device order: each fact adds what it says, in whatever order they come."""

from dataclasses import replace
from datetime import datetime

from services.ordering.domain.devices.goods import Goods, HandedOut, NotFetched, Parcel, Refusal
from services.ordering.domain.devices.handing_over import hand_over_task, no_longer_waits
from services.ordering.domain.devices.order import DeviceOrder, Reserved
from shared.domain.decision import Decision
from shared.events.ordering_devices import DeviceOrderOver


def note_reserved(order: DeviceOrder, *, reserved: Reserved) -> Decision[DeviceOrder]:
    """Keep the newest snapshot of what is reserved; an older one that comes late does nothing (Q55)."""
    if order.reserved and order.reserved.version >= reserved.version:
        return order, []
    days = [each.expected_on for each in reserved.lines if each.waiting]
    promised = None if None in days else max((each for each in days if each), default=None)
    return replace(order, reserved=reserved, promised_on=order.promised_on or promised), []


def note_picking(order: DeviceOrder, *, pick_list_no: str, at: datetime) -> Decision[DeviceOrder]:
    """Remember that the pick list was taken (Q49)."""
    return replace(order, pick_list_no=pick_list_no, picking_at=at), []


def note_despatched(
    order: DeviceOrder, *, parcel_no: str, lines: tuple[Goods, ...], at: datetime, complete: bool
) -> Decision[DeviceOrder]:
    """Add a parcel, or complete one whose receipt came first (Q43)."""
    parcel = replace(_parcel(order, parcel_no), lines=lines, despatched_at=at, complete=complete)
    return _told(order, _with(order, parcel).waiting_from())


def note_received(
    order: DeviceOrder, *, parcel_no: str, lines: tuple[Goods, ...], at: datetime
) -> Decision[DeviceOrder]:
    """Remember that a parcel is at the unit; its despatch may come later (Q43)."""
    known = _parcel(order, parcel_no)
    parcel = replace(known, lines=known.lines or lines, received_at=at)
    return _with(order, parcel).waiting_from(), []


def note_released(order: DeviceOrder, *, at: datetime) -> Decision[DeviceOrder]:
    """The order is annulled: nothing is reserved for it any more (Q49)."""
    return _told(order, replace(order, released_at=at))


def note_not_released(order: DeviceOrder, *, why: str, at: datetime) -> Decision[DeviceOrder]:
    """The order stands: it was too late to annul it (Q49)."""
    return replace(order, too_late=why, too_late_at=at), []


def note_handed_out(order: DeviceOrder, *, handed: HandedOut) -> Decision[DeviceOrder]:
    """The patient has goods (Q41, Q43); each fact is published once."""
    if handed in order.handed_out:
        return order, []
    return _told(order, replace(order, handed_out=(*order.handed_out, handed)))


def note_not_fetched(order: DeviceOrder, *, ended: NotFetched) -> Decision[DeviceOrder]:
    """The patient never fetched what waited at the unit: it is no longer for the order (Q43)."""
    if ended in order.not_fetched:
        return order, []
    after = replace(order, not_fetched=(*order.not_fetched, ended)).waiting_from()
    order_after, facts = _told(order, replace(after, is_reminded=False))
    return order_after, [*facts, *no_longer_waits(order, how="not-fetched")]


def note_refused(order: DeviceOrder, *, refusal: Refusal) -> Decision[DeviceOrder]:
    """The hand-out was not made, and nothing was moved (Q41)."""
    return _told(order, replace(order, refusal=refusal))


def note_hand_over_refused(
    order: DeviceOrder, *, hand_over_no: str, refusal: Refusal
) -> Decision[DeviceOrder]:
    """Nothing of a hand-over was made: somebody finds out what the patient has (Q43, N7).

    Who asked for an exchange reads the reason in the answer, and asks again.
    """
    if order.is_answered(hand_over_no):
        return order, []
    known = replace(order.hand_over(hand_over_no), refusal=refusal)
    after = replace(
        order,
        hand_overs=tuple(known if each.hand_over_no == hand_over_no else each for each in order.hand_overs),
    ).waiting_from()
    return after, [] if known.is_exchange else [hand_over_task(order, known)]


def note_not_taken_back(order: DeviceOrder, *, refusal: Refusal) -> Decision[DeviceOrder]:
    """The hand-out stands, and inventory says why (Q48, Q51)."""
    if order.taken_back_at is not None:
        return order, []
    return replace(order, mistake_refusal=refusal), []


def note_taken_back(order: DeviceOrder, *, at: datetime) -> Decision[DeviceOrder]:
    """The hand-out by mistake is undone (Q51)."""
    return _told(order, replace(order, taken_back_at=at))


def _told(before: DeviceOrder, after: DeviceOrder) -> Decision[DeviceOrder]:
    """Publish once that nothing more is waited for, whichever fact came last."""
    if before.is_over or not after.is_over:
        return after, []
    return after, [DeviceOrderOver(order_no=after.order_no, patient_ref=after.patient_ref, how=after.state)]


def _parcel(order: DeviceOrder, parcel_no: str) -> Parcel:
    known = (each for each in order.parcels if each.parcel_no == parcel_no)
    return next(known, Parcel(parcel_no, ()))


def _with(order: DeviceOrder, parcel: Parcel) -> DeviceOrder:
    others = tuple(each for each in order.parcels if each.parcel_no != parcel.parcel_no)
    return replace(order, parcels=(*others, parcel))
