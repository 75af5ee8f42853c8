"""Reads what the rules about a stocktake decide about: balances and devices of the articles (Q51)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.inventory.application.warehouse import Warehouse
from services.inventory.domain.article import Article
from services.inventory.domain.devices.counting_devices import MOST_SCANNED, TooManyToScan
from services.inventory.domain.devices.device import Device
from services.inventory.domain.devices.receiving import NotMarked, NumberTwice
from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.goods.counting import CountedByNumber
from services.inventory.domain.goods.stock import balance_ids
from services.inventory.domain.stocktakes.stocktake import Counted, Stocktake
from services.inventory.repository.collections import BALANCES, DEVICES, STOCKTAKES
from shared.auth.actor import Actor
from shared.repository import Ref


@dataclass(frozen=True)
class Count:
    """What was counted, as it was sent: device numbers may be former ones."""

    counted: Counted
    scanned: tuple[str, ...] | None = None


class Stocktakes:
    """Counts of storerooms, and what became of them."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse

    async def read(
        self, storeroom_no: str, counts: Sequence[Count]
    ) -> tuple[list[Counted], dict[str, Article], Ref[tuple[Device, ...]]]:
        """Give what was counted by present numbers, the articles, and the devices that it is about.

        Raises NumberTwice, CountedByNumber, NotMarked, TooManyToScan and NotFound.
        """
        _demand_once(counts)
        articles: dict[str, Article] = {}
        counted: list[Counted] = []
        devices: set[str] = set()
        for each in counts:
            article_no = each.counted.article_no
            articles[article_no] = await self._warehouse.article(article_no)
            _demand_kind(articles[article_no], each)
            if each.scanned is None:
                counted.append(each.counted)
                continue
            known, unknown = await self._warehouse.devices(each.scanned)
            there = await self._warehouse.queries.devices_of(article_no, storeroom_no=storeroom_no)
            if len(there) > MOST_SCANNED:
                raise TooManyToScan(article_no=article_no, most=MOST_SCANNED)
            devices |= {*known, *(device.device_no for device in there)}
            counted.append(replace(each.counted, device_nos=frozenset(known), unknown=tuple(unknown)))
        return counted, articles, DEVICES.many(sorted(devices))

    async def stocktake_for(self, stocktake_no: str, actor: Actor) -> Stocktake:
        """Give a stocktake to who works at its storeroom; raises NotFound."""
        stocktake = await self._warehouse.repository.get(STOCKTAKES.ref(stocktake_no))
        await self._warehouse.storeroom_for(stocktake.storeroom_no, actor)
        return stocktake

    def balances(self, storeroom_no: str, articles: Sequence[str]) -> Ref[tuple[Balance | None, ...]]:
        return BALANCES.maybe_many(balance_ids(storeroom_no, articles))


def _demand_once(counts: Sequence[Count]) -> None:
    seen: set[tuple[str, str]] = set()
    for each in counts:
        named = each.counted.article_no, each.counted.lot
        if named in seen:
            raise NumberTwice(number=each.counted.article_no)
        seen.add(named)


def _demand_kind(article: Article, count: Count) -> None:
    is_marked = bool(article.device and article.device.marked)
    if is_marked and count.scanned is None:
        raise CountedByNumber(article_no=article.article_no)
    if not is_marked and count.scanned is not None:
        raise NotMarked(article_no=article.article_no)
