"""Queries of recalls: the goods that one concerns, and what is open."""

from collections.abc import AsyncIterator, Mapping
from datetime import date
from typing import Any, TypeVar

from services.inventory.domain.article import Article
from services.inventory.domain.devices.device import Device
from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.orders.order import DeviceOrder
from services.inventory.domain.recalls.distributed import DistributedOrder
from services.inventory.domain.recalls.notices import RecallNotice
from services.inventory.domain.recalls.recall import Recall
from services.inventory.repository.collections import (
    ARTICLES,
    BALANCES,
    DEVICE_ORDERS,
    DEVICES,
    DISTRIBUTED_ORDERS,
    RECALL_NOTICES,
    RECALLS,
)
from services.inventory.repository.maintenance import EVER
from shared.repository import Collection, Page, Place, Repository

READ_AT_ONCE = 100
MOST_ORDERS = 20
"""Orders whose promised goods one change sets apart."""
State = TypeVar("State")


class RecallQueries:
    """Recalls and what they concern."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    async def articles_of(self, supplier: str, *, most: int) -> list[Article]:
        """List the articles that a supplier sells, some more than so many at most."""
        return await self._repository.find(ARTICLES, {"device.supplier": supplier}, limit=most + 1)

    def devices_of(self, article_no: str, *, since: date | None = None) -> AsyncIterator[list[Device]]:
        """Go through the devices of an article, or those that were received since a day."""
        where: dict[str, Any] = {"article_no": article_no}
        if since is not None:
            where["received_on"] = {"$gte": since.isoformat()}
        return self._each(DEVICES, where, sort="received_on")

    def on_shelves(self, recall_no: str) -> AsyncIterator[list[Device]]:
        """Go through the devices that a recall marked and that lie on a shelf."""
        return self._each(DEVICES, {"recalls.recall_no": recall_no, "state": "in_stock"})

    def devices_in(self, recall_no: str) -> AsyncIterator[list[Device]]:
        """Go through the devices that a recall marked, by number."""
        return self._each(DEVICES, {"recalls.recall_no": recall_no})

    async def page_of_devices(self, recall_no: str, *, after: Place | None) -> Page[Device]:
        """Give a page of the devices that a recall marked, by number."""
        where = {"recalls.recall_no": recall_no}
        return await self._repository.page(DEVICES, where, limit=READ_AT_ONCE, after=after)

    async def orders_to_free(self, storeroom_no: str, article_no: str, pieces: int) -> list[DeviceOrder]:
        """List the newest orders that so many pieces of an article are promised to: some at most."""
        found, promised = list[DeviceOrder](), 0
        where = {"storeroom_no": storeroom_no, "to_pick": True}
        async for page in self._each(DEVICE_ORDERS, where, sort="-sent_at"):
            for order in page:
                theirs = sum(each.reserved * each.one_set.get(article_no, 0) for each in order.lines)
                if theirs:
                    found.append(order)
                    promised += theirs
                if promised >= pieces or len(found) == MOST_ORDERS:
                    return found
        return found

    async def balances_of(self, article_no: str) -> list[Balance]:
        """List the balances of an article: one for each storeroom that had it."""
        return await self._repository.whole(BALANCES, {"article_no": article_no})

    def marked_balances(self, recall_no: str) -> AsyncIterator[list[Balance]]:
        """Go through the balances that a recall marked."""
        return self._each(BALANCES, {"recalls.recall_no": recall_no})

    def orders_with(self, article_no: str) -> AsyncIterator[list[DeviceOrder]]:
        """Go through the orders for which goods of an article were taken from a shelf."""
        return self._each(DEVICE_ORDERS, {"parcels.goods.article_no": article_no})

    def marked_orders(self, recall_no: str) -> AsyncIterator[list[DeviceOrder]]:
        """Go through the orders whose goods a recall marked."""
        return self._each(DEVICE_ORDERS, {"parcels.goods.recalls.recall_no": recall_no})

    async def page_of_orders(self, recall_no: str, *, after: Place | None) -> Page[DeviceOrder]:
        """Give a page of the orders whose goods a recall marked, by number."""
        where = {"parcels.goods.recalls.recall_no": recall_no}
        return await self._repository.page(DEVICE_ORDERS, where, limit=READ_AT_ONCE, after=after)

    def orders_to_notice(self) -> AsyncIterator[list[DeviceOrder]]:
        """Go through the orders whose recalled goods reached somebody who was not told."""
        return self._each(DEVICE_ORDERS, {"to_notice": True})

    def devices_to_notice(self) -> AsyncIterator[list[Device]]:
        """Go through the recalled devices that somebody has who was not told."""
        return self._each(DEVICES, {"to_notice": True})

    def distributed_with(self, lot: str) -> AsyncIterator[list[DistributedOrder]]:
        """Go through the distributors' orders of which a lot was sent."""
        return self._each(DISTRIBUTED_ORDERS, {"goods.lot": lot})

    def distributed_of(
        self, article_no: str, first: date | None, last: date | None
    ) -> AsyncIterator[list[DistributedOrder]]:
        """Go through the distributors' orders of which an article was sent in a period."""
        days = {"$gte": (first or date.min).isoformat(), "$lte": (last or date.max).isoformat()}
        where = {"article_nos": article_no, "first_on": days}
        return self._each(DISTRIBUTED_ORDERS, where, sort="first_on")

    async def recalls(self, *, after: Place | None) -> Page[Recall]:
        """Give a page of the recalls, the newest first."""
        return await self._repository.page(
            RECALLS, {"started_at": EVER}, sort="-started_at", limit=READ_AT_ONCE, after=after
        )

    async def followed(self) -> list[Recall]:
        """List the recalls of which something may be left to do: some at most."""
        return await self._repository.whole(
            RECALLS, {"is_followed": True, "started_at": EVER}, sort="started_at"
        )

    def open_notices(self, recall_no: str) -> AsyncIterator[list[RecallNotice]]:
        """Go through the notices of a recall that are open."""
        return self._each(RECALL_NOTICES, {"recall_no": recall_no, "is_open": True})

    async def notices(self, recall_no: str, *, after: Place | None) -> Page[RecallNotice]:
        """Give a page of the notices of a recall."""
        where = {"recall_no": recall_no}
        return await self._repository.page(RECALL_NOTICES, where, limit=READ_AT_ONCE, after=after)

    async def _each(
        self, collection: Collection[State], where: Mapping[str, Any], *, sort: str = "_id"
    ) -> AsyncIterator[list[State]]:
        after: Place | None = None
        while True:
            page = await self._repository.page(collection, where, sort=sort, limit=READ_AT_ONCE, after=after)
            yield page.states
            if page.next is None:
                return
            after = page.next
