"""Replenishments that people order, from a list or a template: tried before they are sent (S114, Q55)."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.inventory.domain.article import Article
from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.goods.stock import Stock
from services.inventory.domain.orders.order import DeviceOrder, OrderLine, Replenishment, settled
from services.inventory.domain.orders.reserving import released, reserved
from services.inventory.domain.orders.searched import in_search
from services.inventory.domain.replenishing.automatic import coming
from services.inventory.domain.replenishing.booking import less_coming
from services.inventory.domain.replenishing.judging import WHY_STOPPED, why_not_replenished
from services.inventory.domain.replenishing.refusals import (
    AnnulledTooLate,
    ArticleTwice,
    MayNotBeReplenished,
    ReplenishedByItself,
    TooManyOpen,
    WouldBeOrderedAgain,
)
from services.inventory.domain.replenishing.rights import DeviceRules, Orderer, against_right
from services.inventory.domain.replenishing.waiting import resolved
from shared.domain.days import local_day
from shared.domain.decision import Decision, Refused, refuse_any

Balances = tuple[Balance | None, ...]
MOST_COMING = 50
"""Open replenishments of one article to one storeroom."""
BEING_PICKED = frozenset({"picking", "given_up", "packed"})


@dataclass(frozen=True)
class LineAsked:
    """How many packages of an article are ordered."""

    article_no: str
    packages: int


@dataclass(frozen=True)
class ReplenishmentAsked:
    """What somebody orders to a storeroom."""

    order_no: str
    warehouse_no: str
    terms: Replenishment
    orderer: Orderer
    lines: tuple[LineAsked, ...]
    articles: Mapping[str, Article]
    rules: DeviceRules | None
    at: datetime
    joint: bool = False

    @property
    def article_nos(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(each.article_no for each in self.lines))


def order_replenishment(
    _: DeviceOrder | None, shelves: Balances, of_warehouse: Balances, *, asked: ReplenishmentAsked
) -> Decision[DeviceOrder, Balances, Balances]:
    """Order goods to a storeroom: what is there is reserved. Raises every reason against."""
    refuse_any(against_replenishment(shelves, asked=asked))
    stock, lines = Stock.of(asked.warehouse_no, asked.article_nos, of_warehouse), list[OrderLine]()
    for place, each in enumerate(asked.lines):
        pieces = each.packages * asked.articles[each.article_no].pieces_per_package
        stock, line = reserved(stock, OrderLine(place + 1, each.article_no, pieces), on=local_day(asked.at))
        lines.append(line)
    order = DeviceOrder(
        order_no=asked.order_no,
        kind="replenishment",
        state="open",
        care_unit=asked.orderer.care_unit,
        storeroom_no=asked.warehouse_no,
        joint=asked.joint,
        sent_on=local_day(asked.at),
        sent_at=asked.at,
        lines=tuple(lines),
        replenishment=asked.terms,
    )
    there = Stock.of(asked.terms.storeroom_no, asked.article_nos, shelves).balances
    order, told = in_search(settled(order))
    return order, coming(there, order), stock.balances, told


def against_replenishment(
    shelves: Sequence[Balance | None], *, asked: ReplenishmentAsked
) -> Iterator[Refused]:
    """Give every reason against the lines, each with its article."""
    times = Counter(each.article_no for each in asked.lines)
    for no, balance in zip(asked.article_nos, shelves, strict=True):
        if times[no] > 1:
            yield ArticleTwice(article_no=no)
        yield from against_article(no, balance, asked=asked)


def against_article(
    article_no: str, balance: Balance | None, *, asked: ReplenishmentAsked
) -> Iterator[Refused]:
    """Say why an article is not ordered to the storeroom by this person (Q20, Q50, Q55)."""
    article = asked.articles.get(article_no)
    why = why_not_replenished(article)
    if article is None or why is not None:
        yield MayNotBeReplenished(WHY_STOPPED[why or "not_in_catalogue"], article_no=article_no)
        return
    refused = against_right(article, orderer=asked.orderer, rules=asked.rules, on=local_day(asked.at))
    if refused is not None:
        yield refused
    if balance is not None and len(balance.coming) >= MOST_COMING:
        yield TooManyOpen(article_no=article_no)
    is_overridden = asked.orderer.is_store_keeper and asked.terms.reason is not None
    if balance is not None and balance.level is not None and not is_overridden:
        yield ReplenishedByItself(article_no=article_no)


def annul_replenishment(
    order: DeviceOrder, shelves: Balances, of_warehouse: Balances, *, at: datetime
) -> Decision[DeviceOrder, Balances, Balances]:
    """Free what nobody has begun to pick; what was sent comes all the same (Q49).

    Raises AnnulledTooLate and WouldBeOrderedAgain.
    """
    if order.state != "open" or any(each.state in BEING_PICKED for each in order.parcels):
        raise AnnulledTooLate(order_no=order.order_no)
    left = Counter[str]()
    for line in order.lines:
        left[line.article_no] += line.quantity - line.picked
    after = tuple(each and less_coming(each, order.order_no, left[each.article_no]) for each in shelves)
    is_automatic = order.replenishment is not None and order.replenishment.source == "automatic"
    if is_automatic and any(each and each.to_replenish for each in after):
        raise WouldBeOrderedAgain(order_no=order.order_no)
    annulled, freed = released(order, of_warehouse, at=at)
    if order.parcels:
        sent = tuple(replace(each, quantity=each.picked) for each in annulled.lines)
        annulled = settled(replace(annulled, state="despatched", lines=sent))
    annulled, told = in_search(annulled)
    return annulled, after, freed, resolved(order, how="annulled") + told
