"""Queries of what storerooms lack, and of the replenishments that bring it."""

from collections.abc import AsyncIterator, Sequence
from collections.abc import Collection as Several
from datetime import date, datetime
from typing import Any

from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.goods.movement import Movement
from services.inventory.domain.orders.order import DeviceOrder
from services.inventory.domain.replenishing.templates import OrderTemplate
from services.inventory.repository.collections import BALANCES, DEVICE_ORDERS, MOVEMENTS, ORDER_TEMPLATES
from shared.repository import Page, Place, Repository, moment_text

READ_AT_ONCE = 100
LONGEST_LIST = 100


class ReplenishingQueries:
    """Replenishments of storerooms."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    async def to_replenish(self) -> AsyncIterator[Sequence[Balance]]:
        """Go through the balances below their minimum, by storeroom, so many at once."""
        async for page in self._pages(BALANCES, {"to_replenish": True}, sort="storeroom_no"):
            yield page

    async def stopped(self) -> AsyncIterator[Sequence[Balance]]:
        """Go through the balances whose article may not be replenished."""
        async for page in self._pages(BALANCES, {"level.stopped": {"$gt": ""}}, sort="_id"):
            yield page

    async def coming(self) -> AsyncIterator[Sequence[Balance]]:
        """Go through the balances with a minimum that a replenishment brings something to."""
        where = {"level.packages": {"$gte": 1}, "coming.order_no": {"$gt": ""}}
        async for page in self._pages(BALANCES, where, sort="_id"):
            yield page

    async def levels_in(self, storeroom_no: str, *, after: Place | None) -> Page[Balance]:
        """Give a page of the balances of a storeroom that have a minimum, by article number."""
        where = {"storeroom_no": storeroom_no, "level.packages": {"$gte": 1}}
        return await self._repository.page(BALANCES, where, limit=LONGEST_LIST, after=after)

    async def newest_automatic(self, storeroom_no: str) -> DeviceOrder | None:
        """Give the newest replenishment that was ordered by itself for a storeroom."""
        where = {"replenishment.storeroom_no": storeroom_no, "replenishment.source": "automatic"}
        found = await self._repository.find(DEVICE_ORDERS, where, sort="-sent_at", limit=1)
        return found[0] if found else None

    async def replenishments_of(self, storerooms: Several[str], *, after: Place | None) -> Page[DeviceOrder]:
        """Give a page of the replenishments of some storerooms, the newest first."""
        where = {"replenishment.storeroom_no": {"$in": sorted(storerooms)}}
        return await self._repository.page(
            DEVICE_ORDERS, where, sort="-sent_at", limit=LONGEST_LIST, after=after
        )

    async def to_receive(self, storerooms: Several[str], *, after: Place | None) -> Page[DeviceOrder]:
        """Give a page of the replenishments on their way to some storerooms, the oldest first."""
        where = {"to_receive": True, "replenishment.storeroom_no": {"$in": sorted(storerooms)}}
        return await self._repository.page(
            DEVICE_ORDERS, where, sort="sent_at", limit=LONGEST_LIST, after=after
        )

    async def templates_of(self, storerooms: Several[str], *, after: Place | None) -> Page[OrderTemplate]:
        """Give a page of the templates of some storerooms that are in use, by name."""
        where = {"storeroom_no": {"$in": sorted(storerooms)}, "archived": False}
        return await self._repository.page(
            ORDER_TEMPLATES, where, sort="name", limit=LONGEST_LIST, after=after
        )

    async def movements_since(self, storeroom_no: str, *, since: datetime) -> AsyncIterator[Movement]:
        """Go through what moved goods of a storeroom since then, the oldest first."""
        where = {"storeroom_no": storeroom_no, "moved_at": {"$gte": moment_text(since)}}
        async for page in self._pages(MOVEMENTS, where, sort="moved_at"):
            for each in page:
                yield each

    async def first_movement(self, storeroom_no: str) -> Movement | None:
        """Give the first that moved goods of a storeroom."""
        where = {"storeroom_no": storeroom_no}
        found = await self._repository.find(MOVEMENTS, where, sort="moved_at", limit=1)
        return found[0] if found else None

    async def arrived(self, *, on: date) -> AsyncIterator[Sequence[DeviceOrder]]:
        """Go through the replenishments of which a parcel books itself on a day or before."""
        where = {"to_receive": True, "books_on": {"$lte": on.isoformat()}}
        async for page in self._pages(DEVICE_ORDERS, where, sort="_id"):
            yield page

    async def unsearched(self) -> AsyncIterator[Sequence[DeviceOrder]]:
        """Go through the replenishments that the search of orders was never told of."""
        where = {"searched": {"$in": [None, False]}, "replenishment.storeroom_no": {"$gt": ""}}
        async for page in self._pages(DEVICE_ORDERS, where, sort="_id"):
            yield page

    async def waiting_joint(self) -> AsyncIterator[Sequence[DeviceOrder]]:
        """Go through the joint deliveries of which a part is waited for."""
        async for page in self._pages(DEVICE_ORDERS, {"waits_joint": True}, sort="sent_at"):
            yield page

    async def _pages(self, collection: Any, where: dict[str, Any], *, sort: str) -> AsyncIterator[Any]:
        after: Place | None = None
        while True:
            page = await self._repository.page(collection, where, sort=sort, limit=READ_AT_ONCE, after=after)
            if page.states:
                yield page.states
            if page.next is None:
                return
            after = page.next
