"""What the transport brings back of a swap: every old device judged by itself, what lacks is a task (Q56)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from services.inventory.domain.collecting.scanned import Scanned
from services.inventory.domain.collecting.unpacking import (
    disposition_of,
    is_restocked_used,
    taken_in,
    unpacked,
)
from services.inventory.domain.devices.device import Device, device_changed, moved
from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.goods.movement import COUNTED, SCRAPPED, Movement, added, order_place
from services.inventory.domain.goods.stock import Stock
from services.inventory.domain.orders.handing import OrderMoved
from services.inventory.domain.orders.order import DeviceOrder
from services.inventory.domain.orders.swap import CameAs, SwapRow, with_row
from services.inventory.domain.orders.swapping import swap_told, with_swap
from services.inventory.domain.returns.disposing import Articles
from services.inventory.domain.returns.refusals import UsedIsScrapped
from services.inventory.domain.returns.returning import mark_returned
from services.inventory.domain.swaps.refusals import NotInSwap
from services.inventory.domain.swaps.results import swap_of
from services.inventory.domain.swaps.tasks import component_task, missing_task
from shared.domain.decision import Decision, Refused, refuse_any
from shared.events.fact import Fact

Devices = tuple[Device | None, ...]
Orders = tuple[DeviceOrder, ...]
Balances = tuple[Balance | None, ...]


@dataclass(frozen=True)
class SwapCame:
    """What was scanned, and whether the transport brings nothing more."""

    movement_no: str
    scanned: tuple[Scanned, ...]
    nothing_more: bool
    on: date
    at: datetime
    by: str
    articles: Articles
    put_back: tuple[str, ...]
    """The articles whose balances were read."""


def receive_swapped(
    orders: Orders, devices: Devices, balances: Balances, movement: Movement | None, *, came: SwapCame
) -> Decision[Orders, Devices, Balances, Movement | None]:
    """Take in what came; where nothing more comes, the rest is missing and a task.

    `orders`: the swap, and those that its old devices came with. `devices`: its old devices. Raises NotInSwap
    and UsedIsScrapped, and OrderMoved when something changed since it was read.
    """
    swap, *before = orders
    waiting = _waiting(swap, devices)
    refuse_any(_against(waiting, came))
    stock = Stock.of(swap.storeroom_no, came.put_back, balances)
    after, facts = dict[str, Device](), list[Fact]()
    rows = list[SwapRow]()
    for scanned in came.scanned:
        row, device = waiting.pop(scanned.device_no)
        unpack = unpacked(stock, device, scanned, came.articles)
        stock = unpack.stock
        after[device.device_no] = taken_in(device, scanned, swap.storeroom_no)
        rows.append(_came(row, disposition_of(device, scanned), came))
        facts += (component_task(swap, device.device_no, no, count) for no, count in unpack.lacking.items())
    for row, device in waiting.values() if came.nothing_more else ():
        stock = _missing(stock, device)
        after[device.device_no] = moved(replace(device, components=()), state="missing")
        rows.append(_came(row, "missing", came))
        facts.append(missing_task(swap, device.device_no))
    _demand_read(after, devices, before)
    marked = tuple(mark_returned(tuple(before), set(after)))
    kept = _noted(swap, rows)
    kept, told = swap_told(kept)
    known = tuple(after.get(each.device_no, each) if each else None for each in devices)
    noted = added(movement, _movement(swap, stock, came)) if stock.moved else movement
    facts = [*map(device_changed, after.values()), *facts, *told]
    return (kept, *marked), known, stock.balances, noted, facts


def _waiting(swap: DeviceOrder, devices: Devices) -> dict[str, tuple[SwapRow, Device]]:
    """Give the old devices that are with the transport."""
    known = {each.device_no: each for each in devices if each}
    return {
        row.device_no: (row, device)
        for row in swap_of(swap).rows
        if (device := known.get(row.device_no)) is not None
        and row.result == "swapped"
        and row.came_as is None
        and device.state == "to_collect"
        and device.swap_no == swap.order_no
    }


def _against(waiting: Mapping[str, tuple[SwapRow, Device]], came: SwapCame) -> Iterator[Refused]:
    for scanned in came.scanned:
        if scanned.device_no not in waiting:
            yield NotInSwap(device_no=scanned.device_no)
        for each in scanned.components or ():
            if is_restocked_used(each, came.articles):
                yield UsedIsScrapped(device_no=scanned.device_no, article_no=each.article_no)


def _came(row: SwapRow, came_as: CameAs, came: SwapCame) -> SwapRow:
    return replace(row, came_as=came_as, came_on=came.on)


def _missing(stock: Stock, device: Device) -> Stock:
    """Let it be where stocktakes put what they miss; one that finds it brings it back."""
    source = order_place(device.order_no or "")
    stock = stock.pass_by(device.article_no, 1, source=source, target=COUNTED, device_no=device.device_no)
    for each in device.components:
        stock = stock.pass_by(each.article_no, each.quantity, source=source, target=SCRAPPED, lot=each.lot)
    return stock


def _demand_read(after: Mapping[str, Device], devices: Devices, before: list[DeviceOrder]) -> None:
    """Demand that the order was read that each device came with; raises OrderMoved."""
    read = {each.order_no for each in before}
    for each in devices:
        if each is not None and each.device_no in after and each.order_no not in read:
            raise OrderMoved(order_no=each.order_no)


def _noted(swap: DeviceOrder, rows: list[SwapRow]) -> DeviceOrder:
    kept = swap_of(swap)
    for each in rows:
        kept = with_row(kept, each)
    return with_swap(swap, kept)


def _movement(swap: DeviceOrder, stock: Stock, came: SwapCame) -> Movement:
    return Movement(
        came.movement_no, swap.storeroom_no, "collected", came.at, came.by, stock.moved,
        order_no=swap.order_no,
    )  # fmt: skip
