"""Recalled goods on a shelf are set apart, also those that were promised to orders (Q36, N4)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.inventory.domain.devices.device import Device, device_changed, moved
from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.goods.marks import is_marked_by
from services.inventory.domain.goods.movement import Movement, added
from services.inventory.domain.goods.stock import Stock
from services.inventory.domain.orders.expecting import with_expected
from services.inventory.domain.orders.order import DeviceOrder, settled, told, with_line
from services.inventory.domain.orders.published import order_reserved
from services.inventory.domain.recalls.recall import Recall, mark_made
from shared.domain.days import local_day
from shared.domain.decision import Decision
from shared.events.fact import Fact

Orders = tuple[DeviceOrder, ...]
Devices = tuple[Device, ...]
Balances = tuple[Balance | None, ...]


@dataclass(frozen=True)
class ApartByRecall:
    """An article's recalled pieces in one storeroom."""

    movement_no: str
    storeroom_no: str
    article_no: str
    articles: tuple[str, ...]
    """Those whose balances were read: the recalled one, and those of the orders."""
    at: datetime


def set_devices_apart(
    recall: Recall,
    movement: Movement | None,
    balances: Balances,
    devices: Devices,
    orders: Orders,
    *,
    apart: ApartByRecall,
) -> Decision[Recall, Movement | None, Balances, Devices, Orders]:
    """Set devices apart; orders that they were promised to wait again, the newest order first (N4).

    What cannot be freed, because it is being picked, stays marked on the shelf until the next time.
    """
    stock, no = Stock.of(apart.storeroom_no, apart.articles, balances), apart.article_no
    here = [each for each in devices if _lies_here(each, recall, apart)]
    stock, after, facts = _freed(
        stock, orders, apart, short=lambda now: len(here) - now.of_article(no).available
    )
    changed: dict[str, Device] = {}
    for each in here[: max(0, stock.of_article(no).available)]:
        stock = stock.quarantine(no, 1, device_no=each.device_no)
        changed[each.device_no] = moved(each, state="quarantined", storeroom_no=apart.storeroom_no)
    facts += [device_changed(each) for each in changed.values()]
    kept = tuple(changed.get(each.device_no, each) for each in devices)
    return recall, _noted(movement, recall, stock, apart), stock.balances, kept, after, facts


def set_goods_apart_by_recall(
    recall: Recall,
    movement: Movement | None,
    balances: Balances,
    orders: Orders,
    *,
    apart: ApartByRecall,
) -> Decision[Recall, Movement | None, Balances, Orders]:
    """Mark the counted goods of one storeroom, and set apart what is not promised to who picks it now.

    Raises RecallEnded (N4).
    """
    stock, no = Stock.of(apart.storeroom_no, apart.articles, balances), apart.article_no
    stock = stock.recalled(no, recall.recalled_lot)
    stock, after, facts = _freed(stock, orders, apart, short=lambda now: now.of_article(no).promised_in_vain)
    for lot in stock.of_article(no).lots:
        now = stock.of_article(no)
        pieces = min(lot.on_hand, now.on_hand - now.reserved) if recall.which.means(no, lot.lot) else 0
        if pieces:
            stock = stock.quarantine(no, pieces, lot=lot.lot)
    return mark_made(recall), _noted(movement, recall, stock, apart), stock.balances, after, facts


def is_to_set_apart(balance: Balance, recall: Recall) -> bool:
    """Tell whether the recall has something to do with the balance yet."""
    if recall.recalled_lot not in balance.recalls:
        return True
    return any(each.on_hand and recall.which.means(balance.article_no, each.lot) for each in balance.lots)


def _lies_here(device: Device, recall: Recall, apart: ApartByRecall) -> bool:
    return (
        device.state == "in_stock"
        and device.storeroom_no == apart.storeroom_no
        and device.article_no == apart.article_no
        and is_marked_by(device.recalls, recall.recall_no)
    )


def _freed(
    stock: Stock, orders: Sequence[DeviceOrder], apart: ApartByRecall, *, short: Callable[[Stock], int]
) -> tuple[Stock, Orders, list[Fact]]:
    """Let orders wait again, the newest first, until nothing is short."""
    after, facts = list[DeviceOrder](), list[Fact]()
    for order in orders:
        changed = order
        for line in reversed(order.lines):
            each_set, lacking = line.one_set.get(apart.article_no, 0), short(stock)
            if not line.reserved or not each_set or lacking <= 0:
                continue
            sets = min(line.reserved, -(-lacking // each_set))
            stock = stock.promise(line.one_set, sets=-sets).await_more(line.one_set, sets=sets)
            waiting = replace(line, reserved=line.reserved - sets)
            changed = with_line(changed, with_expected(waiting, stock, on=local_day(apart.at)))
        if changed != order:
            changed = settled(replace(changed, version=order.version + 1))
            facts += told(changed, order_reserved(changed))
        after.append(changed)
    return stock, tuple(after), facts


def _noted(movement: Movement | None, recall: Recall, stock: Stock, apart: ApartByRecall) -> Movement | None:
    if not stock.moved:
        return movement
    made = Movement(
        apart.movement_no, apart.storeroom_no, "recalled", apart.at, recall.started_by, stock.moved,
        reason=recall.reason,
    )  # fmt: skip
    return added(movement, made)
