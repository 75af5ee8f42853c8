"""Picking, packing, despatching and receiving an order's parcels (S95, Q43, Q49)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.inventory.domain.devices.device import Device, DeviceState, device_changed, moved
from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.goods.movement import Movement, added, order_place
from services.inventory.domain.goods.stock import Stock
from services.inventory.domain.maintenance.lending import demand_fit
from services.inventory.domain.orders.drawing import draw_device, draw_set
from services.inventory.domain.orders.handing import OrderMoved
from services.inventory.domain.orders.order import (
    DeviceOrder,
    Goods,
    OrderLine,
    Parcel,
    settled,
    told,
    with_line,
    with_parcel,
)
from services.inventory.domain.orders.published import lines_of
from services.inventory.domain.orders.recalled import demand_not_recalled
from services.inventory.domain.orders.refusals import (
    DeliveredElsewhere,
    DeviceElsewhere,
    DeviceNumberMissing,
    JointNotWhole,
    NothingPicked,
    NothingToPick,
    NotOnPickList,
    ParcelNotThere,
    ParcelNumberUsed,
    PickedForAnother,
    PickListNotTaken,
)
from services.inventory.domain.orders.searched import in_search
from services.inventory.domain.orders.swapping import swap_told
from shared.domain.days import local_day
from shared.domain.decision import Decision
from shared.domain.working_days import WorkingDays
from shared.events.inventory_goods import DeviceOrderDespatched, DeviceOrderPicking, DeviceOrderReceived

Balances = tuple[Balance | None, ...]
Devices = tuple[Device, ...]


@dataclass(frozen=True)
class ParcelLabel:
    """Which order has the parcel with this number: no number is used twice."""

    parcel_no: str
    order_no: str


@dataclass(frozen=True)
class Pick:
    """What was scanned: pieces of a lot of an article; of a device its own document says the article."""

    movement_no: str
    picked_by: str
    at: datetime
    article_no: str | None = None
    lot: str | None = None
    """None: of the lots that expire first."""
    quantity: int = 1


def take_pick_list(order: DeviceOrder, *, by: str, at: datetime, by_name: str = "") -> Decision[DeviceOrder]:
    """Take what is reserved to pick it: from now on the order cannot be annulled (Q49)."""
    if not order.to_pick:
        raise NothingToPick(order_no=order.order_no)
    if order.given_up is not None:  # it was published when it was taken first
        return settled(
            with_parcel(order, replace(order.given_up, state="picking", taken_by=by, taken_by_name=by_name))
        ), []
    pick_list_no = f"{order.order_no}.{len(order.parcels) + 1}"
    parcel = Parcel(pick_list_no, "picking", by, at, taken_by_name=by_name)
    taken = replace(order, parcels=(*order.parcels, parcel))
    fact = DeviceOrderPicking(order_no=order.order_no, pick_list_no=pick_list_no, picking_at=at)
    return settled(taken), told(order, fact)


def pick_device(
    order: DeviceOrder,
    balances: Balances,
    device: Device,
    movement: Movement | None,
    *,
    pick: Pick,
) -> Decision[DeviceOrder, Balances, Device, Movement | None]:
    """Put a device, with its components, into the parcel; another order's device is refused."""
    parcel = being_picked(order)
    if device.state == "picked" and device.order_no != order.order_no:
        raise PickedForAnother(device_no=device.device_no)
    if device.state != "in_stock" or device.storeroom_no != order.storeroom_no:
        raise DeviceElsewhere(device_no=device.device_no)
    demand_fit((device,), on=local_day(pick.at))
    line = _line_to_pick(order, device.article_no, 1)
    stock, device, goods = draw_device(
        Stock.of(order.storeroom_no, order.articles, balances), line, device,
        take=Stock.take_reserved, target=order_place(order.order_no),
    )  # fmt: skip
    picked = moved(device, state="picked", order_no=order.order_no)
    order = _put_in(order, parcel, line, goods, sets=1)
    return (
        order,
        stock.balances,
        picked,
        added(movement, _movement(order, stock, pick)),
        [device_changed(picked)],
    )


def pick_counted(
    order: DeviceOrder,
    balances: Balances,
    movement: Movement | None,
    *,
    pick: Pick,
    is_marked: bool,
) -> Decision[DeviceOrder, Balances, Movement | None]:
    """Put counted pieces into the parcel."""
    parcel = being_picked(order)
    if is_marked:
        raise DeviceNumberMissing(article_no=pick.article_no)
    line = _line_to_pick(order, pick.article_no, pick.quantity)
    stock, goods = draw_set(
        Stock.of(order.storeroom_no, order.articles, balances), line, pick.quantity,
        take=Stock.take_reserved, target=order_place(order.order_no), lot=pick.lot,
    )  # fmt: skip
    order = _put_in(order, parcel, line, goods, sets=pick.quantity)
    return order, stock.balances, added(movement, _movement(order, stock, pick)), []


def pack(
    order: DeviceOrder, label: ParcelLabel | None, *, parcel_no: str, at: datetime
) -> Decision[DeviceOrder, ParcelLabel | None]:
    """Close the parcel under its number; what is reserved and was not picked gets a pick list of its own.

    Raises PickListNotTaken, ParcelNumberUsed, NothingPicked, JointNotWhole, DeviceRecalled and LotRecalled.
    """
    parcel = being_picked(order)
    if label is not None:
        raise ParcelNumberUsed(parcel_no=parcel_no)
    if not parcel.goods:
        raise NothingPicked(order_no=order.order_no)
    demand_not_recalled(parcel.goods, at=at)
    if order.joint and order.split_at is None and any(each.reserved for each in order.lines):
        raise JointNotWhole(order_no=order.order_no)
    packed = with_parcel(order, replace(parcel, state="packed", parcel_no=parcel_no))
    return settled(packed), ParcelLabel(parcel_no, order.order_no), []


def despatch(
    order: DeviceOrder, devices: Devices, *, parcel_no: str, at: datetime, carried: WorkingDays
) -> Decision[DeviceOrder, Devices]:
    """Hand the parcel to the carrier; the order is complete when nothing more will come.

    `carried`: the days of the warehouse's own transports; on the next one a replenishment arrives (Q47).
    """
    parcel = parcel_in(order, parcel_no, states=("packed",))
    demand_not_recalled(parcel.goods, at=at)
    arrives_on = carried.after(local_day(at)) if order.replenishment else None
    order = with_parcel(order, replace(parcel, state="despatched", despatched_at=at, arrives_on=arrives_on))
    complete = not any(each.waiting or each.reserved for each in order.lines) and not any(
        each.state in {"picking", "given_up", "packed"} for each in order.parcels
    )
    if complete:
        order = replace(order, state="despatched")
    sent = _moved(order, devices, parcel, state="under_way")
    order, swap_facts = swap_told(settled(order))
    fact = DeviceOrderDespatched(
        order_no=order.order_no,
        parcel_no=parcel_no,
        despatched_at=at,
        lines=lines_of(parcel.goods),
        complete=complete,
    )
    order, searched = in_search(order)
    return order, sent, [*map(device_changed, sent), *told(order, fact), *swap_facts, *searched]


def receive(
    order: DeviceOrder, devices: Devices, *, parcel_no: str, at: datetime
) -> Decision[DeviceOrder, Devices]:
    """Receive the parcel at the unit: it waits for the patient in nobody's stock (Q43)."""
    if order.deliver_to == "home" or order.replenishment:
        raise DeliveredElsewhere(order_no=order.order_no)
    parcel = parcel_in(order, parcel_no, states=("despatched",))
    order = with_parcel(order, replace(parcel, state="received", received_at=at))
    waiting = _moved(order, devices, parcel, state="at_unit")
    fact = DeviceOrderReceived(
        order_no=order.order_no,
        parcel_no=parcel_no,
        care_unit=order.care_unit,
        received_at=at,
        lines=lines_of(parcel.goods),
    )
    return order, waiting, [*map(device_changed, waiting), *told(order, fact)]


def parcel_in(order: DeviceOrder, parcel_no: str, *, states: Sequence[str]) -> Parcel:
    """Give the parcel when it is at one of these stages; raises ParcelNotThere."""
    for each in order.parcels:
        if each.parcel_no == parcel_no and each.state in states:
            return each
    raise ParcelNotThere(parcel_no=parcel_no)


def devices_in(parcel: Parcel) -> tuple[str, ...]:
    """Name the devices in a parcel."""
    return tuple(each.device_no for each in parcel.goods if each.device_no and not each.component)


def _moved(order: DeviceOrder, devices: Devices, parcel: Parcel, *, state: DeviceState) -> Devices:
    if tuple(each.device_no for each in devices) != devices_in(parcel):
        raise OrderMoved(order_no=order.order_no)
    return tuple(
        moved(each, state=state, order_no=order.order_no, care_unit=order.care_unit) for each in devices
    )


def being_picked(order: DeviceOrder) -> Parcel:
    """Give the pick list that somebody has taken; raises PickListNotTaken."""
    if order.picking is None:
        raise PickListNotTaken(order_no=order.order_no)
    return order.picking


def _line_to_pick(order: DeviceOrder, article_no: str | None, sets: int) -> OrderLine:
    for each in order.lines:
        if each.article_no == article_no and each.reserved >= sets:
            return each
    raise NotOnPickList(order_no=order.order_no, article_no=article_no)


def _put_in(
    order: DeviceOrder, parcel: Parcel, line: OrderLine, goods: tuple[Goods, ...], *, sets: int
) -> DeviceOrder:
    order = with_line(order, replace(line, reserved=line.reserved - sets, picked=line.picked + sets))
    return settled(with_parcel(order, replace(parcel, goods=(*parcel.goods, *goods))))


def _movement(order: DeviceOrder, stock: Stock, pick: Pick) -> Movement:
    return Movement(
        pick.movement_no, order.storeroom_no, "picked", pick.at, pick.picked_by, stock.moved,
        order_no=order.order_no,
    )  # fmt: skip
