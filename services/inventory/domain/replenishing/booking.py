"""Receiving a replenishment: what came lies there, what did not is in no stock and a task (Q47)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from services.inventory.domain.devices.device import Device, device_changed, moved
from services.inventory.domain.devices.shelving import lying_in, put_in
from services.inventory.domain.goods.balance import Balance, Lot
from services.inventory.domain.goods.levels import Coming
from services.inventory.domain.goods.lots import same_piece_number
from services.inventory.domain.goods.movement import COUNTED, Movement, added, order_place
from services.inventory.domain.goods.stock import Stock
from services.inventory.domain.orders.goods_in import goods_in
from services.inventory.domain.orders.handing import OrderMoved
from services.inventory.domain.orders.order import (
    Deviation,
    DeviceOrder,
    Goods,
    Parcel,
    settled,
    with_parcel,
)
from services.inventory.domain.orders.picking import devices_in, parcel_in
from services.inventory.domain.orders.searched import in_search
from services.inventory.domain.replenishing.refusals import (
    InDelivery,
    NotInDelivery,
    NumberOfDeviceMissing,
    TooManyDeviations,
)
from services.inventory.domain.replenishing.tasks import task_of
from shared.domain.decision import Decision

Balances = tuple[Balance | None, ...]
Devices = tuple[Device, ...]
MOST_DEVIATIONS = 200
"""Of one parcel."""


@dataclass(frozen=True)
class Booking:
    """Which parcel is received into which storeroom, by whom, and what was not as its list says."""

    movement_no: str
    parcel_no: str
    storeroom_no: str
    article_nos: tuple[str, ...]
    """Of the parcel, and of what came by mistake."""
    marked: frozenset[str]
    """The articles each piece of which is a tracked device."""
    at: datetime
    on: date
    by: str | None
    """None: the planned day books it."""
    deviations: tuple[Deviation, ...] = ()
    by_name: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    """Of the articles."""


def book(
    order: DeviceOrder,
    devices: Devices,
    balances: Balances,
    movement: Movement | None,
    *,
    booking: Booking,
) -> Decision[DeviceOrder, Devices, Balances, Movement | None]:
    """Put what came into the storeroom; damaged, wrong and recalled goods lie in quarantine.

    Each deviation is a task.
    Raises ParcelNotThere, NotInDelivery, InDelivery, NumberOfDeviceMissing and OrderMoved.
    """
    parcel = parcel_in(order, booking.parcel_no, states=("despatched",))
    if tuple(each.device_no for each in devices) != devices_in(parcel):
        raise OrderMoved(order_no=order.order_no)
    rows = in_rows(parcel)
    booking = replace(booking, deviations=tuple(of_only_lot(rows, each) for each in booking.deviations))
    against_deviations(rows, booking)
    stock = Stock.of(booking.storeroom_no, booking.article_nos, balances)
    stock = _put(stock, order, rows, booking, known={each.device_no: each for each in devices})
    after = tuple(_device(each, booking) for each in devices)
    order = with_parcel(order, _booked(parcel, booking))
    noted = Movement(
        booking.movement_no, booking.storeroom_no, "received", booking.at, booking.by or "inventory",
        stock.moved, order_no=order.order_no,
    )  # fmt: skip
    order, searched = in_search(settled(order))
    facts = [
        *searched,
        *map(device_changed, after),
        *(
            task_of(order, booking.parcel_no, place, each, name=booking.names.get(each.article_no, ""))
            for place, each in enumerate(booking.deviations)
        ),
    ]
    return order, after, _come(stock.balances, order, parcel), added(movement, noted), facts


def in_rows(parcel: Parcel) -> tuple[Goods, ...]:
    """Put the goods of a parcel together by article, lot and device, however they were scanned."""
    rows: dict[tuple[str, str, str | None], Goods] = {}
    for each in parcel.goods:
        key = each.article_no, each.lot, each.device_no
        before = rows[key].quantity if key in rows else 0
        rows[key] = replace(each, quantity=before + each.quantity)
    return tuple(rows.values())


def of_only_lot(rows: Sequence[Goods], deviation: Deviation) -> Deviation:
    """Read a report that names no lot as of the only one that was in the parcel."""
    lots = {each.lot for each in rows if each.article_no == deviation.article_no}
    return replace(deviation, lot=lots.pop()) if not deviation.lot and len(lots) == 1 else deviation


def against_deviations(rows: Sequence[Goods], booking: Booking) -> None:
    """Demand that the deviations are about this parcel: what was in it, or what came besides."""
    if len(booking.deviations) > MOST_DEVIATIONS:
        raise TooManyDeviations(parcel_no=booking.parcel_no)
    articles = {each.article_no for each in rows}
    numbers = {each.device_no for each in rows} - {None}
    for each in booking.deviations:
        if each.kind in {"too_many", "wrong"} and each.device_no in numbers:
            raise InDelivery(article_no=each.article_no)
        if each.article_no in booking.marked and each.device_no is None:
            raise NumberOfDeviceMissing(article_no=each.article_no)
        if each.kind == "wrong" and each.article_no in articles:
            raise InDelivery(article_no=each.article_no)
        if each.kind == "too_many" and each.article_no not in articles:
            raise NotInDelivery(article_no=each.article_no)
        if each.kind in {"missing", "damaged"} and not any(_is_about(each, row) for row in rows):
            raise NotInDelivery(article_no=each.article_no)
    for row in rows:
        if _of_row(row, booking.deviations) > row.quantity:
            raise NotInDelivery(article_no=row.article_no)


def _of_row(goods: Goods, deviations: Sequence[Deviation]) -> int:
    return sum(
        each.quantity for each in deviations if each.kind in {"missing", "damaged"} and _is_about(each, goods)
    )


def _is_about(deviation: Deviation, goods: Goods) -> bool:
    """Tell whether it is about this row: the device, or the article and lot."""
    if deviation.article_no != goods.article_no or deviation.device_no != goods.device_no:
        return False
    return same_piece_number(deviation.lot, goods.lot)


def _put(
    stock: Stock,
    order: DeviceOrder,
    rows: Sequence[Goods],
    booking: Booking,
    *,
    known: Mapping[str | None, Device],
) -> Stock:
    source = order_place(order.order_no)
    for goods in rows:
        missing, damaged = (_pieces(goods, booking.deviations, kind) for kind in ("missing", "damaged"))
        number, device = goods.device_no, known.get(goods.device_no)
        came = goods.quantity - missing
        if came and device is not None:
            stock = put_in(stock, device, source=source)
        elif came:
            stock = goods_in(stock, goods, source=source, quantity=came)
        is_apart = device.is_stopped if device else stock.is_recalled(goods.article_no, goods.lot)
        if damaged and not is_apart:
            stock = stock.quarantine(goods.article_no, damaged, lot=goods.lot, device_no=number)
        if missing:
            stock = stock.pass_by(
                goods.article_no, missing, source=source, target=COUNTED, lot=goods.lot, device_no=number
            )
    return with_more(stock, rows, booking.deviations)


def with_more(stock: Stock, rows: Sequence[Goods], deviations: Iterable[Deviation]) -> Stock:
    """Put counted goods that came besides; a device that the register has elsewhere waits for its task."""
    for each in deviations:
        if each.kind not in {"too_many", "wrong"} or each.device_no is not None:
            continue
        days = (one.best_before for one in rows if _is_about(each, one))
        lot = Lot(each.lot, next(days, None))
        put = stock.put_apart if each.kind == "wrong" else stock.put
        stock = put(each.article_no, each.quantity, source=COUNTED, lot=lot)
    return stock


def _pieces(goods: Goods, deviations: Iterable[Deviation], kind: str) -> int:
    return sum(each.quantity for each in deviations if each.kind == kind and _is_about(each, goods))


def _device(device: Device, booking: Booking) -> Device:
    kinds = {each.kind for each in booking.deviations if each.device_no == device.device_no}
    if "missing" in kinds:
        return moved(device, state="missing")
    if "damaged" in kinds:
        return moved(device, state="quarantined", storeroom_no=booking.storeroom_no)
    return lying_in(device, booking.storeroom_no)


def _booked(parcel: Parcel, booking: Booking) -> Parcel:
    return replace(
        parcel,
        state="booked",
        goods=tuple(replace(each, returned=True) for each in parcel.goods),
        received_at=booking.at,
        received_by=booking.by,
        received_by_name=booking.by_name,
        deviations=booking.deviations,
    )


def _come(balances: tuple[Balance, ...], order: DeviceOrder, parcel: Parcel) -> Balances:
    """Take from what is coming what the parcel brought, or was to bring."""
    return tuple(
        less_coming(
            each,
            order.order_no,
            sum(one.quantity for one in parcel.goods if one.article_no == each.article_no),
        )
        for each in balances
    )


def less_coming(balance: Balance, order_no: str, pieces: int) -> Balance:
    """Take so many pieces from what an order brings."""
    left = (
        Coming(order_no, each.quantity - pieces) if each.order_no == order_no else each
        for each in balance.coming
    )
    return replace(balance, coming=tuple(each for each in left if each.quantity > 0))
