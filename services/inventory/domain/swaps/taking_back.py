"""A new device that its patient does not get goes back, or is reserved for nobody (Q56)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from services.inventory.domain.devices.device import Device, moved
from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.goods.stock import Stock
from services.inventory.domain.orders.order import DeviceOrder, Parcel, settled, with_line, with_parcel
from services.inventory.domain.orders.swapping import goods_of
from services.inventory.domain.swaps.refusals import SwapBeingPicked

Balances = tuple[Balance | None, ...]
SENT = frozenset({"despatched", "received"})


@dataclass(frozen=True)
class NewBack:
    """The order without what was for one line, and the devices that are on their way back."""

    order: DeviceOrder
    devices: tuple[Device, ...]
    balances: Balances


def new_back(order: DeviceOrder, line_no: int, devices: Mapping[str, Device], balances: Balances) -> NewBack:
    """Send back what left the warehouse for a line, else free what is reserved for it.

    Raises SwapBeingPicked.
    """
    parcel = next((each for each in order.parcels if _has(each, line_no)), None)
    if parcel is None:
        return _freed(order, line_no, balances)
    if parcel.state not in SENT:
        raise SwapBeingPicked(order_no=order.order_no)
    goods = goods_of(order, line_no)
    numbers = [each.device_no for each in goods if each.device_no and not each.component]
    left = tuple(each for each in parcel.goods if each not in goods)
    order = with_parcel(order, replace(parcel, goods=left))
    number = f"{parcel.pick_list_no}.back{len(order.parcels)}"
    back = replace(parcel, pick_list_no=number, parcel_no=None, state="sent_back", goods=goods)
    under_way = tuple(
        moved(devices[each], state="under_way", order_no=order.order_no, care_unit=order.care_unit)
        for each in numbers
    )
    return NewBack(replace(order, parcels=(*order.parcels, back)), under_way, balances)


def _has(parcel: Parcel, line_no: int) -> bool:
    return any(
        each.line_no == line_no and not each.handed_over and not each.returned for each in parcel.goods
    )


def _freed(order: DeviceOrder, line_no: int, balances: Balances) -> NewBack:
    """Free what is reserved for a line, which waits for nothing more; the last one ends the order."""
    line = order.line(line_no)
    if order.picking is not None and line.reserved:
        raise SwapBeingPicked(order_no=order.order_no)
    stock = Stock.of(order.storeroom_no, order.articles, balances)
    stock = stock.promise(line.one_set, sets=-line.reserved).await_more(line.one_set, sets=-line.waiting)
    order = with_line(order, replace(line, quantity=0, reserved=0, awaited=()))
    if order.state == "open" and not any(each.quantity - each.picked for each in order.lines):
        is_in_parcel = any(each.state in {"picking", "given_up", "packed"} for each in order.parcels)
        order = order if is_in_parcel else replace(order, state="despatched" if order.parcels else "annulled")
    return NewBack(settled(order), (), stock.balances)
