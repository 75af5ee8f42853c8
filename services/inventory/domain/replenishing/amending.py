"""Deviations that are found after a replenishment was booked, for some days (Q47)."""

from dataclasses import replace
from datetime import timedelta

from services.inventory.domain.devices.device import Device, device_changed, moved
from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.goods.movement import COUNTED, Movement, added
from services.inventory.domain.goods.stock import Stock
from services.inventory.domain.orders.order import Deviation, DeviceOrder, with_parcel
from services.inventory.domain.orders.picking import parcel_in
from services.inventory.domain.orders.refusals import DeviceElsewhere
from services.inventory.domain.replenishing.booking import (
    Booking,
    against_deviations,
    in_rows,
    of_only_lot,
    with_more,
)
from services.inventory.domain.replenishing.refusals import DeviationTooLate
from services.inventory.domain.replenishing.tasks import task_of
from shared.domain.decision import Decision

REPORTED_WITHIN_DAYS = 14

Balances = tuple[Balance | None, ...]
Devices = tuple[Device, ...]


def report_deviations(
    order: DeviceOrder,
    devices: Devices,
    balances: Balances,
    movement: Movement | None,
    *,
    booking: Booking,
) -> Decision[DeviceOrder, Devices, Balances, Movement | None]:
    """Take what was missing from the shelf again, and set apart what was damaged or wrong.

    `devices` are those of the parcel that the report names. Raises ParcelNotThere, DeviationTooLate,
    NotInDelivery, InDelivery, NumberOfDeviceMissing, DeviceElsewhere, TooFewInStock and LotNotThere.
    """
    parcel = parcel_in(order, booking.parcel_no, states=("booked",))
    if parcel.received_at is None or booking.at - parcel.received_at > timedelta(days=REPORTED_WITHIN_DAYS):
        raise DeviationTooLate(parcel_no=booking.parcel_no)
    rows = in_rows(parcel)
    new = tuple(of_only_lot(rows, each) for each in booking.deviations)
    known = (*parcel.deviations, *new)
    against_deviations(rows, replace(booking, deviations=known))
    stock = Stock.of(booking.storeroom_no, booking.article_nos, balances)
    read = {each.device_no: each for each in devices}
    for each in new:
        stock = _taken(stock, each, read.get(each.device_no or ""))
    stock = with_more(stock, rows, new)
    after = tuple(_device(each, new, booking) for each in devices)
    order = with_parcel(order, replace(parcel, deviations=known))
    noted = Movement(
        booking.movement_no, booking.storeroom_no, "counted", booking.at, booking.by or "inventory",
        stock.moved, order_no=order.order_no, reason=new[0].reason,
    )  # fmt: skip
    first = len(parcel.deviations)
    facts = [
        *map(device_changed, after),
        *(
            task_of(
                order, booking.parcel_no, first + place, each, name=booking.names.get(each.article_no, "")
            )
            for place, each in enumerate(new)
        ),
    ]
    return order, after, stock.balances, added(movement, noted), facts


def _taken(stock: Stock, deviation: Deviation, device: Device | None) -> Stock:
    """Take it from where it was put: what was recalled, or is stopped, lies in quarantine (Q36, N4)."""
    no, pieces, lot, number = (
        deviation.article_no, deviation.quantity, deviation.lot, deviation.device_no,
    )  # fmt: skip
    is_apart = device.state == "quarantined" if device else stock.is_recalled(no, lot)
    if deviation.kind == "missing" and is_apart:
        return stock.take_quarantined(no, pieces, target=COUNTED, lot=lot, device_no=number)
    if deviation.kind == "missing":
        return stock.take_free(no, pieces, target=COUNTED, lot=lot, device_no=number)
    if deviation.kind == "damaged" and not is_apart:
        return stock.quarantine(no, pieces, lot=lot, device_no=number)
    return stock


def _device(device: Device, deviations: tuple[Deviation, ...], booking: Booking) -> Device:
    if device.state not in {"in_stock", "quarantined"} or device.storeroom_no != booking.storeroom_no:
        raise DeviceElsewhere(device_no=device.device_no)
    kinds = {each.kind for each in deviations if each.device_no == device.device_no}
    if "missing" in kinds:
        return moved(device, state="missing")
    return moved(device, state="quarantined", storeroom_no=booking.storeroom_no)
