"""Goods that waited at the care unit and were never fetched: no loan, no fee, on a shelf again (Q43)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from services.inventory.domain.devices.device import Device, device_changed, moved
from services.inventory.domain.devices.shelving import lying_in, put_in
from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.goods.movement import Movement, added, order_place
from services.inventory.domain.goods.stock import Stock
from services.inventory.domain.orders.goods_in import goods_in
from services.inventory.domain.orders.handing import OrderMoved
from services.inventory.domain.orders.order import DeviceOrder, Goods, ParcelState, told, with_parcel
from services.inventory.domain.orders.published import lines_of
from services.inventory.domain.orders.refusals import NotBackThere, NothingWaits
from services.inventory.domain.orders.swapping import settled_swap, swap_told
from services.inventory.domain.places import Storeroom, StoreroomClosed
from shared.domain.decision import Decision
from shared.events.inventory_goods import DeviceOrderNotFetched

Devices = tuple[Device, ...]
Balances = tuple[Balance | None, ...]


@dataclass(frozen=True)
class NotFetched:
    """Where goods go that nobody fetched, and why."""

    movement_no: str
    storeroom: Storeroom
    reason: str
    by: str
    at: datetime


def end_not_fetched(
    order: DeviceOrder,
    devices: Devices,
    balances: Balances,
    movement: Movement | None,
    *,
    ended: NotFetched,
) -> Decision[DeviceOrder, Devices, Balances, Movement | None]:
    """Put what waits at the unit into its own storeroom, or send it back to the warehouse it came from.

    Raises NothingWaits, NotBackThere, StoreroomClosed and OrderMoved.
    """
    goods = waiting_goods(order, "received")
    if not goods:
        raise NothingWaits(order_no=order.order_no)
    is_sent_back = ended.storeroom.storeroom_no == order.storeroom_no
    if not is_sent_back and order.care_unit not in ended.storeroom.care_units:
        raise NotBackThere(order_no=order.order_no)
    if not is_sent_back and ended.storeroom.kind != "storeroom":
        raise NotBackThere(order_no=order.order_no)
    if not ended.storeroom.active:
        raise StoreroomClosed(storeroom_no=ended.storeroom.storeroom_no)
    fact = DeviceOrderNotFetched(
        order_no=order.order_no,
        storeroom_no=ended.storeroom.storeroom_no,
        ended_at=ended.at,
        lines=lines_of(goods),
        complete=order.state == "despatched",
    )
    if not is_sent_back:
        order, after, balances, noted = _shelved(order, devices, balances, "received", ended)
        facts = [*map(device_changed, after), *told(order, fact)]
        return order, after, balances, added(movement, noted), facts
    sent = tuple(
        moved(each, state="under_way", order_no=order.order_no, care_unit=order.care_unit) for each in devices
    )
    return _sent_back(order), sent, balances, movement, [*map(device_changed, sent), *told(order, fact)]


def take_sent_back(
    order: DeviceOrder,
    devices: Devices,
    balances: Balances,
    movement: Movement | None,
    *,
    ended: NotFetched,
) -> Decision[DeviceOrder, Devices, Balances, Movement | None]:
    """Put what a unit sent back on the shelf of the warehouse. Raises NothingWaits and OrderMoved."""
    if not waiting_goods(order, "sent_back"):
        raise NothingWaits(order_no=order.order_no)
    order, after, balances, noted = _shelved(order, devices, balances, "sent_back", ended)
    order, facts = swap_told(settled_swap(order))
    return order, after, balances, added(movement, noted), [*map(device_changed, after), *facts]


def waiting_goods(order: DeviceOrder, state: ParcelState) -> tuple[Goods, ...]:
    """Give what of the order's parcels at that stage nobody has."""
    parcels = (each for each in order.parcels if each.state == state)
    return tuple(each for parcel in parcels for each in parcel.goods if _waits(each))


def waiting_devices(order: DeviceOrder, state: ParcelState) -> tuple[str, ...]:
    """Name the devices among them."""
    return tuple(
        each.device_no for each in waiting_goods(order, state) if each.device_no and not each.component
    )


def _waits(goods: Goods) -> bool:
    return not goods.handed_over and not goods.returned


def _shelved(
    order: DeviceOrder, devices: Devices, balances: Balances, state: ParcelState, ended: NotFetched
) -> tuple[DeviceOrder, Devices, Balances, Movement]:
    """Put goods and devices on the shelf; components that nobody has used lie beside them again."""
    if tuple(each.device_no for each in devices) != waiting_devices(order, state):
        raise OrderMoved(order_no=order.order_no)
    place = ended.storeroom.storeroom_no
    stock, source = Stock.of(place, order.articles, balances), order_place(order.order_no)
    goods = waiting_goods(order, state)
    for each in goods:
        if each.component or each.device_no is None:
            stock = goods_in(stock, each, source=source)
    for device in devices:
        stock = put_in(stock, device, source=source)
    after = tuple(lying_in(_without(each, goods), place) for each in devices)
    noted = Movement(
        ended.movement_no, place, "not_fetched", ended.at, ended.by, stock.moved,
        order_no=order.order_no, reason=ended.reason,
    )  # fmt: skip
    for parcel in (each for each in order.parcels if each.state == state):
        marked = tuple(replace(each, returned=True) if _waits(each) else each for each in parcel.goods)
        order = with_parcel(order, replace(parcel, goods=marked))
    return order, after, stock.balances, noted


def _sent_back(order: DeviceOrder) -> DeviceOrder:
    """Part what is sent back from what the patient has: it is a parcel of its own on its way."""
    for parcel in (each for each in order.parcels if each.state == "received"):
        left = tuple(each for each in parcel.goods if not _waits(each))
        back = tuple(each for each in parcel.goods if _waits(each))
        if not back:
            continue
        before = sum(each.pick_list_no.startswith(f"{parcel.pick_list_no}.back") for each in order.parcels)
        number = f"{parcel.pick_list_no}.back{before + 1}"
        order = with_parcel(order, replace(parcel, goods=left))
        returned = replace(parcel, pick_list_no=number, parcel_no=None, state="sent_back", goods=back)
        order = replace(order, parcels=(*order.parcels, returned))
    return order


def _without(device: Device, goods: Iterable[Goods]) -> Device:
    """Take off the device what was put on it for this order."""
    added_parts = sum(each.component and each.device_no == device.device_no for each in goods)
    return replace(device, components=device.components[: len(device.components) - added_parts])
