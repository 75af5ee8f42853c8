"""Recalled goods on a shelf are set apart, also those that were promised to orders (Q36, N4)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.inventory.domain.devices.device import Device, device_changed, moved
from services.inventory.domain.goods.balance import Balance, lot_in, recall_lot
from services.inventory.domain.goods.movement import Movement, added
from services.inventory.domain.goods.stock import Stock
from services.inventory.domain.orders.expecting import with_expected
from services.inventory.domain.orders.order import (
    DeviceOrder,
    order_reserved,
    settled,
    told,
    with_line,
)
from services.inventory.domain.recalls.recall import Recall
from shared.domain.days import local_day
from shared.domain.decision import Decision
from shared.events.fact import Fact

Orders = tuple[DeviceOrder, ...]
Devices = tuple[Device, ...]
Balances = tuple[Balance | None, ...]


@dataclass(frozen=True)
class ApartByRecall:
    """An article's recalled pieces in one storeroom; of a lot, or the devices that are marked."""

    movement_no: str
    recall_no: str
    storeroom_no: str
    article_no: str
    articles: tuple[str, ...]
    """Those whose balances were read: the recalled one, and those of the orders."""
    reason: str
    by: str
    at: datetime
    lot: str | None = None


def set_recalled_apart(
    movement: Movement | None,
    balances: Balances,
    devices: Devices,
    orders: Orders,
    *,
    apart: ApartByRecall,
) -> Decision[Movement | None, Balances, Devices, Orders]:
    """Set the pieces apart; orders that they were promised to wait again, the newest order first (N4).

    What cannot be freed, because it is being picked, stays marked on the shelf until the next time.
    """
    stock = Stock.of(apart.storeroom_no, apart.articles, balances)
    here = [each for each in devices if _lies_here(each, apart)]
    wanted = len(here) if apart.lot is None else _on_hand(stock, apart)
    stock, after, facts = _freed(stock, orders, wanted, apart)
    possible = min(wanted, stock.of_article(apart.article_no).available)
    changed: dict[str, Device] = {}
    if apart.lot is None:
        for each in here[:possible]:
            stock = stock.quarantine(apart.article_no, 1, device_no=each.device_no)
            there = moved(each, state="quarantined", storeroom_no=apart.storeroom_no)
            changed[each.device_no] = there
    else:
        stock = _lot_apart(stock, apart, possible)
    facts += [device_changed(each) for each in changed.values()]
    noted = added(movement, _movement(apart, stock)) if stock.moved else movement
    kept = tuple(changed.get(each.device_no, each) for each in devices)
    return noted, stock.balances, kept, after, facts


def unmark_lot(balance: Balance, *, recall: Recall) -> Decision[Balance]:
    """Take the mark of a withdrawn recall off a lot; what is set apart stays so until somebody looks (N4)."""
    found = lot_in(balance, recall.which.lot or "")
    if found is None or found.recall_no != recall.recall_no:
        return balance, []
    return recall_lot(balance, found.lot, recall_no=""), []


def _lies_here(device: Device, apart: ApartByRecall) -> bool:
    return (
        device.state == "in_stock"
        and device.storeroom_no == apart.storeroom_no
        and device.article_no == apart.article_no
        and device.recall_no == apart.recall_no
    )


def _on_hand(stock: Stock, apart: ApartByRecall) -> int:
    found = lot_in(stock.of_article(apart.article_no), apart.lot or "")
    return found.on_hand if found else 0


def _lot_apart(stock: Stock, apart: ApartByRecall, pieces: int) -> Stock:
    lot = apart.lot or ""
    if pieces:
        stock = stock.quarantine(apart.article_no, pieces, lot=lot)
    return stock.recalled(apart.article_no, lot, recall_no=apart.recall_no)


def _freed(
    stock: Stock, orders: Sequence[DeviceOrder], wanted: int, apart: ApartByRecall
) -> tuple[Stock, Orders, list[Fact]]:
    """Let orders wait again, the newest first, until so many pieces are promised to nobody."""
    after, facts = list[DeviceOrder](), list[Fact]()
    for order in orders:
        changed = order
        for line in reversed(order.lines):
            each_set = line.one_set.get(apart.article_no, 0)
            short = wanted - stock.of_article(apart.article_no).available
            if not line.reserved or not each_set or short <= 0:
                continue
            sets = min(line.reserved, -(-short // each_set))
            stock = stock.promise(line.one_set, sets=-sets).await_more(line.one_set, sets=sets)
            waiting = replace(line, reserved=line.reserved - sets)
            changed = with_line(changed, with_expected(waiting, stock, on=local_day(apart.at)))
        if changed != order:
            changed = settled(replace(changed, version=order.version + 1))
            facts += told(changed, order_reserved(changed))
        after.append(changed)
    return stock, tuple(after), facts


def _movement(apart: ApartByRecall, stock: Stock) -> Movement:
    return Movement(
        apart.movement_no,
        apart.storeroom_no,
        "recalled",
        apart.at,
        apart.by,
        stock.moved,
        reason=apart.reason,
    )
