"""Reserving for an order, giving it what comes later, annulling it: first come, first served (Q36, Q49)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from types import MappingProxyType

from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.goods.stock import Stock
from services.inventory.domain.orders.expecting import with_expected
from services.inventory.domain.orders.handing import OrderMoved
from services.inventory.domain.orders.order import DeviceOrder, OrderLine, settled, told, with_line
from services.inventory.domain.orders.published import order_reserved
from shared.domain.days import local_day
from shared.domain.decision import Decision
from shared.events.fact import Fact
from shared.events.inventory_goods import DeviceOrderNotReleased, DeviceOrderReleased

Balances = tuple[Balance | None, ...]


def take_order(
    kept: DeviceOrder | None,
    balances: Balances,
    *,
    sent: DeviceOrder,
    at: datetime,
    other_lines: Mapping[int, OrderLine] = MappingProxyType({}),
) -> Decision[DeviceOrder | None, Balances]:
    """Reserve what nobody has or waits for; the rest is waited for. A repeated order changes nothing.

    `other_lines`, by number: what takes the place of a line whose article goes out and is not there (S89).
    """
    if kept is not None and kept.state != "expected":
        return kept, balances, []
    early = kept or DeviceOrder(sent.order_no)
    order = replace(sent, annulment_asked_at=early.annulment_asked_at, split_at=early.split_at, state="open")
    if order.annulment_asked_at is not None:
        return (
            settled(replace(order, state="annulled")),
            balances,
            [DeviceOrderReleased(order_no=order.order_no, released_at=at)],
        )
    stock = Stock.of(order.storeroom_no, articles_of(order, other_lines), balances)
    for ordered in order.lines:
        stock, line = reserved(stock, ordered, other=other_lines.get(ordered.line_no), on=local_day(at))
        order = with_line(order, line)
    order = settled(replace(order, version=1))
    return order, stock.balances, told(order, order_reserved(order))


def articles_of(order: DeviceOrder, other_lines: Mapping[int, OrderLine]) -> tuple[str, ...]:
    """Name every article of an order, and of the lines that may take the place of its own."""
    others = (no for line in other_lines.values() for no in line.one_set)
    return tuple(dict.fromkeys((*order.articles, *others)))


def reserved(
    stock: Stock, line: OrderLine, *, other: OrderLine | None = None, on: date
) -> tuple[Stock, OrderLine]:
    """Reserve a line while its article lasts, else what takes its place (Q50)."""
    if other is not None and stock.sets_for_newcomer(line.one_set) < line.quantity:
        line = other
    sets = min(line.quantity, stock.sets_for_newcomer(line.one_set))
    stock = stock.promise(line.one_set, sets=sets)
    stock = stock.await_more(line.one_set, sets=line.quantity - sets)
    return stock, with_expected(replace(line, reserved=sets), stock, on=on)


def give_to_order(
    order: DeviceOrder, balances: Balances, *, known: Sequence[str]
) -> Decision[DeviceOrder, Balances]:
    """Reserve for an order what it waits for and is there now; called for the oldest order first.

    `known` names the articles whose balances were read; raises OrderMoved when the order has others.
    """
    if order.articles != tuple(known):
        raise OrderMoved(order_no=order.order_no)
    if order.state != "open":
        return order, balances, []
    stock, given = Stock.of(order.storeroom_no, order.articles, balances), 0
    for line in order.lines:
        sets = min(line.waiting, stock.sets_there(line.one_set))
        if sets > 0:
            stock = stock.await_more(line.one_set, sets=-sets).promise(line.one_set, sets=sets)
            order = with_line(order, _less_awaited(replace(line, reserved=line.reserved + sets)))
            given += sets
    if not given:
        return order, balances, []
    order = settled(replace(order, version=order.version + 1))
    return order, stock.balances, told(order, order_reserved(order))


def _less_awaited(line: OrderLine) -> OrderLine:
    return line if line.waiting else replace(line, awaited=())


def annul(
    kept: DeviceOrder | None, balances: Balances, *, order_no: str, known: Sequence[str], at: datetime
) -> Decision[DeviceOrder, Balances]:
    """Free what is reserved, unless a pick list was taken; an annulment may come before its order (Q49).

    `known` names the articles whose balances were read; raises OrderMoved when the order has others.
    """
    order = kept or DeviceOrder(order_no)
    if order.articles != tuple(known):
        raise OrderMoved(order_no=order_no)
    if order.state == "expected":
        return replace(order, annulment_asked_at=order.annulment_asked_at or at), balances, []
    if order.state == "annulled":
        return order, balances, []
    if order.kind == "hand_out" or order.parcels or order.state != "open":
        return order, balances, [_not_released(order, at)]
    annulled, freed = released(order, balances, at=at)
    return annulled, freed, [DeviceOrderReleased(order_no=order_no, released_at=at)]


def released(order: DeviceOrder, balances: Balances, *, at: datetime) -> tuple[DeviceOrder, Balances]:
    """Free what an order has reserved and waits for: it is annulled."""
    stock = Stock.of(order.storeroom_no, order.articles, balances)
    for line in order.lines:
        stock = stock.promise(line.one_set, sets=-line.reserved)
        stock = stock.await_more(line.one_set, sets=-line.waiting)
    lines = tuple(replace(each, reserved=0) for each in order.lines)
    annulled = settled(replace(order, state="annulled", lines=lines, annulment_asked_at=at))
    return annulled, stock.balances


def split(kept: DeviceOrder | None, *, order_no: str, at: datetime) -> Decision[DeviceOrder]:
    """Let what is reserved of a joint delivery leave without the rest (Q55)."""
    order = kept or DeviceOrder(order_no)
    if order.split_at is not None:
        return order, []
    return settled(replace(order, split_at=at)), []


def _not_released(order: DeviceOrder, at: datetime) -> Fact:
    is_picked_now = order.state == "open" and all(
        each.state in {"picking", "given_up"} for each in order.parcels
    )
    why = "picking" if is_picked_now else "despatched"
    return DeviceOrderNotReleased(order_no=order.order_no, refused_at=at, why=why)
