"""Ordering by itself what has fallen below its minimum: once, bundled per storeroom and warehouse (S115)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.inventory.domain.article import Article, name_of
from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.goods.levels import Coming, Level, Stopped, Undershot
from services.inventory.domain.goods.stock import Stock
from services.inventory.domain.orders.handing import OrderMoved
from services.inventory.domain.orders.order import DeviceOrder, OrderLine, Replenishment, settled
from services.inventory.domain.orders.reserving import reserved
from services.inventory.domain.orders.searched import in_search
from services.inventory.domain.places import Storeroom
from services.inventory.domain.replenishing.judging import why_not_replenished
from services.inventory.domain.replenishing.levels import resolved, task_of_stop
from shared.domain.days import local_day
from shared.domain.decision import Decision
from shared.events.fact import Fact
from shared.events.tasks import TaskRaised

Shelves = tuple[Balance | None, ...]
BY_ITSELF = "inventory"


@dataclass(frozen=True)
class Need:
    """Which articles of a storeroom may be below their minimum, and from where they come."""

    order_no: str
    storeroom: Storeroom
    warehouse_no: str
    article_nos: tuple[str, ...]
    articles: Mapping[str, Article]
    at: datetime


def replenish(
    kept: DeviceOrder | None, shelves: Shelves, of_warehouse: Shelves, *, need: Need
) -> Decision[DeviceOrder | None, Shelves, Shelves]:
    """Order what is below its minimum, unless it is on its way; a second look orders nothing (Q19).

    What may not be replenished any more is stopped with a task instead, also while an order of it
    waits (Q50). New lines join an order that nobody picks yet. `kept` is the order of that number;
    raises OrderMoved when it takes no more lines.
    """
    stopped, facts = _judged(shelves, need)
    lacking = tuple(each for each in stopped if each is not None and each.to_replenish)
    if not lacking:
        return kept, stopped, of_warehouse, facts
    order = kept or _new(need)
    if not takes_lines(order):
        raise OrderMoved(order_no=order.order_no)
    stock = Stock.of(need.warehouse_no, need.article_nos, of_warehouse)
    for line in _lines(lacking, need, first=len(order.lines) + 1):
        stock, line = reserved(stock, line, on=local_day(need.at))  # noqa: PLW2901  the line with its goods
        order = replace(order, lines=(*order.lines, line))
    order, told = in_search(settled(order))
    return order, coming(stopped, order), stock.balances, facts + told


def takes_lines(order: DeviceOrder) -> bool:
    """Tell whether more may be put into it: an automatic one that nobody has begun to pick.

    What waits keeps its place in the queue: a line that joined it would pass older orders (Q36).
    """
    is_automatic = order.replenishment is not None and order.replenishment.source == "automatic"
    return is_automatic and order.state == "open" and not order.parcels and not order.waiting_for


def coming(shelves: Shelves, order: DeviceOrder) -> Shelves:
    """Note on each balance what the order brings of its article."""
    return tuple(each and _expecting(each, order) for each in shelves)


def _expecting(balance: Balance, order: DeviceOrder) -> Balance:
    others = tuple(each for each in balance.coming if each.order_no != order.order_no)
    pieces = sum(each.quantity for each in order.lines if each.article_no == balance.article_no)
    return replace(balance, coming=(*others, Coming(order.order_no, pieces)) if pieces else others)


def _judged(shelves: Shelves, need: Need) -> tuple[Shelves, list[Fact]]:
    """Stop the levels of what may not be replenished, and begin again where it may."""
    after, facts = list(shelves), list[Fact]()
    for place, balance in enumerate(shelves):
        level = balance.level if balance else None
        if balance is None or level is None or not (balance.to_replenish or level.stopped or balance.coming):
            continue
        why = why_not_replenished(need.articles.get(balance.article_no))
        if why == level.stopped:
            continue
        after[place] = replace(balance, level=replace(level, stopped=why))
        facts += [_stopped(balance, why, need)] if why else resolved(balance, how="replenished-again")
    return tuple(after), facts


def _stopped(balance: Balance, why: Stopped, need: Need) -> TaskRaised:
    return TaskRaised(
        task_id=task_of_stop(balance),
        kind="replenishment_stopped",
        role="order_placer",
        care_unit=need.storeroom.care_units[0],
        subject_no=balance.article_no,
        reason=f"not-replenished-{why.replace('_', '-')}",
        details={
            "article_no": balance.article_no,
            "article_name": name_of(need.articles.get(balance.article_no)),
            "storeroom": need.storeroom.name,
        },
    )


def _new(need: Need) -> DeviceOrder:
    place = need.storeroom
    return DeviceOrder(
        order_no=need.order_no,
        kind="replenishment",
        state="open",
        care_unit=place.care_units[0],
        storeroom_no=need.warehouse_no,
        sent_on=local_day(need.at),
        sent_at=need.at,
        replenishment=Replenishment(
            place.storeroom_no, "automatic", BY_ITSELF, receipt="automatic" in place.receipts
        ),
    )


def _lines(lacking: Sequence[Balance], need: Need, *, first: int) -> list[OrderLine]:
    return [
        OrderLine(
            line_no=first + place,
            article_no=each.article_no,
            quantity=_level(each).packages * need.articles[each.article_no].pieces_per_package,
            undershot=Undershot(each.on_hand, each.reserved, each.on_order, _level(each).minimum),
        )
        for place, each in enumerate(lacking)
    ]


def _level(balance: Balance) -> Level:
    if balance.level is None:
        raise ValueError(f"{balance.article_no} has no minimum in {balance.storeroom_no}")
    return balance.level
