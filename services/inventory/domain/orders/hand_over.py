"""Goods that left the warehouse reach the patient: handed over at the unit, or delivered home (Q43)."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from services.inventory.domain.devices.device import Device
from services.inventory.domain.devices.loan import Loan
from services.inventory.domain.devices.receiving import NumberTwice
from services.inventory.domain.orders.handing import (
    Handing,
    OrderMoved,
    facts_of,
    lend,
    loans_of,
    on_loan,
)
from services.inventory.domain.orders.order import DeviceOrder, Exchange, Goods, Parcel, with_parcel
from services.inventory.domain.orders.picking import parcel_in
from services.inventory.domain.orders.recalled import demand_not_recalled
from services.inventory.domain.orders.refusals import DayNotYet, DeliveredElsewhere, NotAtUnitNow
from shared.domain.days import local_day
from shared.domain.decision import Decision
from shared.events.fact import Fact

Devices = tuple[Device | None, ...]
Loans = tuple[Loan | None, ...]


@dataclass(frozen=True)
class LineHanded:
    """How much of a line was handed to the patient, which devices, and for which one that came back."""

    line_no: int
    quantity: int
    device_nos: tuple[str, ...] = ()
    exchange: Exchange | None = None


def taken_over(
    order: DeviceOrder, lines: Sequence[LineHanded], handing: Handing, *, continued: Mapping[str, str]
) -> tuple[DeviceOrder, tuple[Goods, ...]]:
    """Mark as handed over what is named and has left the warehouse; raises NotAtUnitNow unless all is there.

    Raises NumberTwice too: one device is handed over once, and continues one loan. Raises LotRecalled (N4).
    `continued`: the loans that continue with a device, by its number (Q48).
    """
    _demand_each_once(lines)
    handed: tuple[Goods, ...] = ()
    for parcel in order.parcels:
        if parcel.state in {"despatched", "received"}:
            kept, chosen = _chosen(parcel, lines, done=handed)
            demand_not_recalled(chosen, at=handing.at)
            chosen = lend(chosen, handing, continued=continued)
            handed = (*handed, *chosen)
            order = with_parcel(order, replace(parcel, goods=(*kept, *chosen))) if chosen else order
    for line_no, quantity in _by_line(lines).items():
        found = [each for each in handed if each.line_no == line_no and not each.component]
        if sum(each.quantity for each in found) < quantity:
            raise NotAtUnitNow(order_no=order.order_no, line_no=line_no)
    return order, handed


def deliver(
    order: DeviceOrder, devices: Devices, loans: Loans, *, parcel_no: str, handing: Handing
) -> Decision[DeviceOrder, Devices, Loans]:
    """Register that a parcel was delivered to the patient's home on a day (S99)."""
    if order.deliver_to != "home":
        raise DeliveredElsewhere(order_no=order.order_no)
    parcel = parcel_in(order, parcel_no, states=("despatched",))
    left_at = parcel.despatched_at
    if left_at is None or not local_day(left_at) <= handing.on <= local_day(handing.at):
        raise DayNotYet(parcel_no=parcel_no)
    goods = lend(parcel.goods, handing)
    after = with_parcel(order, replace(parcel, state="delivered", goods=goods, received_at=handing.at))
    changed, kept, facts = begun(order, devices, loans, handed=goods, handing=handing)
    return after, changed, kept, facts


def begun(
    before: DeviceOrder,
    devices: Devices,
    loans: Loans,
    *,
    handed: tuple[Goods, ...],
    handing: Handing,
    exchanged: AbstractSet[str] = frozenset(),
) -> tuple[Devices, Loans, list[Fact]]:
    """Begin the loans of devices that were handed; raises OrderMoved where one was not read.

    `exchanged`: devices that continue another loan; theirs is left as it is (Q48).
    """
    began = (each for each in handed if each.device_no not in exchanged)
    opened = {each.device_no: each for each in loans_of(before, began, handing)}
    found = {each.device_no: each for each in devices if each}
    if not opened.keys() <= found.keys():
        raise OrderMoved(order_no=before.order_no)
    lent = {no: on_loan(found[no], loan) for no, loan in opened.items()}
    changed = tuple(lent.get(each.device_no, each) if each else None for each in devices)
    kept = tuple(
        opened.get(device.device_no, loan) if device else loan
        for device, loan in zip(devices, loans, strict=True)
    )
    return changed, kept, facts_of(before, lent.values(), handed, handing, exchanged=exchanged)


def _chosen(
    parcel: Parcel, lines: Sequence[LineHanded], *, done: Sequence[Goods]
) -> tuple[tuple[Goods, ...], tuple[Goods, ...]]:
    """Part the goods of a parcel into those that stay and those that are handed over."""
    named = {no for line in lines for no in line.device_nos}
    left = {
        line_no: quantity
        - sum(each.quantity for each in done if each.line_no == line_no and not each.component)
        for line_no, quantity in _by_line(lines).items()
    }
    kept: list[Goods] = []
    chosen: list[Goods] = []
    for each in parcel.goods:
        if each.handed_over or each.returned or (each.device_no and each.device_no not in named):
            kept.append(each)
        elif each.device_no or (each.component and each.line_no in left):
            chosen.append(each)
        else:
            part = max(0, min(each.quantity, left.get(each.line_no, 0)))
            left[each.line_no] = left.get(each.line_no, 0) - part
            chosen.extend(_part(each, part))
            kept.extend(_part(each, each.quantity - part))
    return tuple(kept), tuple(chosen)


def _by_line(lines: Sequence[LineHanded]) -> dict[int, int]:
    """Add up what is handed over of each line: two devices of one may be handed over for two others."""
    quantities: dict[int, int] = {}
    for each in lines:
        quantities[each.line_no] = quantities.get(each.line_no, 0) + each.quantity
    return quantities


def _demand_each_once(lines: Sequence[LineHanded]) -> None:
    numbers = [no for each in lines for no in each.device_nos]
    for each in numbers:
        if numbers.count(each) > 1:
            raise NumberTwice(number=each)


def _part(goods: Goods, quantity: int) -> Iterator[Goods]:
    if quantity:
        yield replace(goods, quantity=quantity)
