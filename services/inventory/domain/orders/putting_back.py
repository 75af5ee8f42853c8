"""What was picked by mistake is put back, and a pick list is given up to another store keeper (S95, Q49)."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from services.inventory.domain.devices.device import Device, device_changed
from services.inventory.domain.devices.shelving import lying_in, put_in
from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.goods.lots import same_piece_number
from services.inventory.domain.goods.movement import Movement, added, order_place
from services.inventory.domain.goods.stock import Stock
from services.inventory.domain.orders.goods_in import goods_in
from services.inventory.domain.orders.order import (
    DeviceOrder,
    Goods,
    OrderLine,
    Parcel,
    settled,
    with_line,
    with_parcel,
)
from services.inventory.domain.orders.picking import Pick, being_picked
from services.inventory.domain.orders.refusals import NotInParcel
from shared.domain.decision import Decision

Balances = tuple[Balance | None, ...]


def put_device_back(
    order: DeviceOrder, balances: Balances, device: Device, movement: Movement | None, *, pick: Pick
) -> Decision[DeviceOrder, Balances, Device, Movement | None]:
    """Put a device on its shelf again, with the components that were picked for it. Raises NotInParcel."""
    parcel = being_picked(order)
    taken = [each for each in parcel.goods if each.device_no == device.device_no]
    main = next((each for each in taken if not each.component), None)
    if main is None:
        raise NotInParcel(order_no=order.order_no, article_no=device.article_no)
    line = order.line(main.line_no)
    order, stock = _put_back(order, balances, parcel, taken, line=line, device=device)
    before = device.components[: len(device.components) - len(taken) + 1]
    back = lying_in(replace(device, components=before), order.storeroom_no)
    noted = added(movement, _movement(order, stock, pick))
    return order, stock.balances, back, noted, [device_changed(back)]


def put_counted_back(
    order: DeviceOrder, balances: Balances, movement: Movement | None, *, pick: Pick
) -> Decision[DeviceOrder, Balances, Movement | None]:
    """Put counted pieces on the shelf again, with what belongs to them. Raises NotInParcel."""
    parcel = being_picked(order)
    for line in (each for each in order.lines if each.article_no == pick.article_no):
        taken = _picked(parcel, line, pick)
        if taken is not None:
            order, stock = _put_back(order, balances, parcel, taken, line=line, sets=pick.quantity)
            return order, stock.balances, added(movement, _movement(order, stock, pick)), []
    raise NotInParcel(order_no=order.order_no, article_no=pick.article_no)


def give_up_pick_list(order: DeviceOrder) -> Decision[DeviceOrder]:
    """Let another store keeper take the pick list, with what lies in the parcel; it still stands (Q49)."""
    return settled(with_parcel(order, replace(being_picked(order), state="given_up"))), []


def _picked(parcel: Parcel, line: OrderLine, pick: Pick) -> list[Goods] | None:
    """Name so many sets of a line in the parcel, of a lot or of any; None when fewer lie there."""

    def is_main(goods: Goods) -> bool:
        return not goods.component and (pick.lot is None or same_piece_number(goods.lot, pick.lot))

    def is_part(article_no: str) -> Callable[[Goods], bool]:
        return lambda goods: goods.component and goods.article_no == article_no

    rows = [each for each in parcel.goods if each.line_no == line.line_no and each.device_no is None]
    found = _so_many(rows, pick.quantity, is_main)
    for article_no, quantity in line.components:
        parts = _so_many(rows, pick.quantity * quantity, is_part(article_no))
        found = found + parts if found is not None and parts is not None else None
    return found


def _so_many(rows: Sequence[Goods], quantity: int, is_meant: Callable[[Goods], bool]) -> list[Goods] | None:
    found: list[Goods] = []
    for each in filter(is_meant, rows):
        part = min(quantity, each.quantity)
        quantity -= part
        if part:
            found.append(replace(each, quantity=part))
    return None if quantity else found


def _put_back(
    order: DeviceOrder,
    balances: Balances,
    parcel: Parcel,
    taken: Sequence[Goods],
    *,
    line: OrderLine,
    sets: int = 1,
    device: Device | None = None,
) -> tuple[DeviceOrder, Stock]:
    """Put goods on the shelf, where they are reserved for the order; for what is stopped it waits again."""
    stock, source = Stock.of(order.storeroom_no, order.articles, balances), order_place(order.order_no)
    for each in taken:
        if each.component or device is None:
            stock = goods_in(stock, each, source=source)
    if device is not None:
        stock = put_in(stock, device, source=source)
    waits = (device is not None and device.is_stopped) or any(
        stock.is_recalled(each.article_no, each.lot) for each in taken
    )
    stock = (stock.await_more if waits else stock.promise)(line.one_set, sets=sets)
    reserved = line.reserved + (0 if waits else sets)
    order = with_line(order, replace(line, reserved=reserved, picked=line.picked - sets))
    return settled(with_parcel(order, replace(parcel, goods=_without(parcel.goods, taken)))), stock


def _without(goods: tuple[Goods, ...], taken: Sequence[Goods]) -> tuple[Goods, ...]:
    left = list(goods)
    for each in taken:
        quantity = each.quantity
        for place, row in enumerate(left):
            part = min(quantity, row.quantity) if replace(row, quantity=each.quantity) == each else 0
            left[place], quantity = replace(row, quantity=row.quantity - part), quantity - part
    return tuple(each for each in left if each.quantity)


def _movement(order: DeviceOrder, stock: Stock, pick: Pick) -> Movement:
    return Movement(
        pick.movement_no, order.storeroom_no, "put_back", pick.at, pick.picked_by, stock.moved,
        order_no=order.order_no,
    )  # fmt: skip
