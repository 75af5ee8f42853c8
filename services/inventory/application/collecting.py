"""Reads what the rule about closing a collection order decides about (S145, Q34, Q54)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from services.inventory.application.returns import article_nos
from services.inventory.application.warehouse import Warehouse
from services.inventory.domain.article import Article
from services.inventory.domain.collecting.lending_again import again_ids
from services.inventory.domain.collecting.order import CollectionOrder
from services.inventory.domain.collecting.scanned import Closing, OtherGoods, Scanned
from services.inventory.domain.collecting.unpacking import dispositions_of
from services.inventory.domain.devices.device import Device
from services.inventory.domain.devices.loan import Loan
from services.inventory.domain.devices.receiving import NumberTwice
from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.goods.movement import Movement
from services.inventory.domain.goods.stock import balance_ids
from services.inventory.domain.orders.order import DeviceOrder
from services.inventory.domain.places import CareUnit, Storeroom
from services.inventory.domain.returns.disposing import Articles, usual
from services.inventory.repository.collecting import COLLECTION_ORDERS, open_collection_orders
from services.inventory.repository.collections import (
    ARTICLES,
    BALANCES,
    CARE_UNITS,
    DEVICE_ORDERS,
    DEVICES,
    LOANS,
    MOVEMENTS,
)
from shared.domain.decision import NotFound
from shared.repository import Page, Place, Refs

Closed = Refs[
    CollectionOrder,
    tuple[Device | None, ...],
    tuple[Loan | None, ...],
    tuple[Loan | None, ...],
    tuple[DeviceOrder, ...],
    tuple[Balance | None, ...],
    Movement | None,
]


@dataclass(frozen=True)
class Shown:
    """Collection orders with what their devices are now, and the names that they are shown with."""

    orders: tuple[CollectionOrder, ...]
    devices: Mapping[str, Device]
    articles: Mapping[str, Article]
    care_units: Mapping[str, CareUnit]


class Collecting:
    """What comes back to the warehouses."""

    def __init__(self, warehouse: Warehouse) -> None:
        self.warehouse = warehouse
        self.repository = warehouse.repository

    async def waited_for(self, after: Place | None) -> Page[CollectionOrder]:
        """Give a page of what shall come, the oldest first."""
        return await open_collection_orders(self.repository, after=after)

    async def shown(self, orders: Sequence[CollectionOrder]) -> Shown:
        """Read devices, articles and care units of collection orders (Q38)."""
        numbers = sorted({row.device_no for each in orders for row in each.devices})
        devices = [each for each in await self.repository.get(DEVICES.maybe_many(numbers)) if each]
        units = sorted({each.care_unit for each in orders if each.care_unit})
        kept = await self.repository.get(CARE_UNITS.maybe_many(units))
        return Shown(
            orders=tuple(orders),
            devices={each.device_no: each for each in devices},
            articles=await self._articles(sorted(article_nos(devices))),
            care_units={each.id: each for each in kept if each},
        )

    async def read(
        self,
        collection_no: str,
        storeroom: Storeroom,
        scanned: Sequence[Scanned],
        others: tuple[OtherGoods, ...],
        *,
        by: str,
    ) -> tuple[Closing, Closed]:
        """Give the closing with all that it changes; raises NotFound and NumberTwice."""
        order = await self.repository.get(COLLECTION_ORDERS.ref(collection_no))
        known = tuple([replace(each, device_no=await self._number(each.device_no)) for each in scanned])
        _demand_once([each.device_no for each in known])
        named = [*(each.device_no for each in order.devices), *(each.device_no for each in known)]
        numbers = tuple(dict.fromkeys(named))
        devices = await self.repository.get(DEVICES.maybe_many(numbers))
        loose = {each.article_no for each in others}
        loose |= {part.article_no for each in known for part in each.components or ()}
        articles = await self._articles(sorted(article_nos(devices) | loose))
        closing = Closing(
            storeroom=storeroom,
            on=self.warehouse.clock.today(),
            at=self.warehouse.clock.now(),
            by=by,
            scanned=known,
            others=others,
            device_nos=numbers,
            articles=articles,
            put_back=put_back_articles(devices, known, articles),
        )
        return closing, self._refs(order, closing, devices)

    def _refs(self, order: CollectionOrder, closing: Closing, devices: Sequence[Device | None]) -> Closed:
        came_with = dict.fromkeys(each.order_no for each in devices if each and each.order_no)
        return (
            COLLECTION_ORDERS.ref(order.collection_no)
            & DEVICES.maybe_many(closing.device_nos)
            & LOANS.maybe_many([each.loan_id for each in order.devices])
            & LOANS.maybe_many(again_ids(order))
            & DEVICE_ORDERS.many([each for each in came_with if each])
            & BALANCES.maybe_many(balance_ids(closing.storeroom.storeroom_no, closing.put_back))
            & MOVEMENTS.maybe(order.collection_no)
        )

    async def _number(self, device_no: str) -> str:
        """Give the number that a device is known by; of one that nobody knows, what was scanned (Q12)."""
        try:
            return (await self.warehouse.device(device_no)).device_no
        except NotFound:
            return device_no

    async def _articles(self, numbers: Sequence[str]) -> Mapping[str, Article]:
        found = await self.repository.get(ARTICLES.maybe_many(numbers))
        return {each.article_no: each for each in found if each}


def put_back_articles(
    devices: Sequence[Device | None], scanned: Sequence[Scanned], articles: Articles
) -> tuple[str, ...]:
    """Name the articles that come to lie in the warehouse."""
    by_number = {each.device_no: each for each in devices if each}
    found: list[str] = []
    for each in scanned:
        device = by_number.get(each.device_no)
        if device is None:
            continue
        if each.disposition != "scrap":
            found.append(device.article_no)
        said = dispositions_of(each)
        found += (
            no
            for no in dict.fromkeys(coupled.article_no for coupled in device.components)
            if (said.get(no) or usual(articles.get(no))) == "return"
        )
    return tuple(dict.fromkeys(found))


def _demand_once(numbers: list[str]) -> None:
    for each in numbers:
        if numbers.count(each) > 1:
            raise NumberTwice(number=each)
