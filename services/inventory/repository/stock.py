"""Queries of balances over one or several storerooms."""

from collections.abc import Collection as Several
from collections.abc import Sequence
from typing import Any

from services.inventory.domain.devices.device import Device
from services.inventory.domain.goods.balance import Balance
from services.inventory.repository.collections import BALANCES, DEVICES
from shared.repository import Page, Place, Repository

READ_AT_ONCE = 100


class StockQueries:
    """What lies in storerooms."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    async def balances(
        self, storerooms: Several[str], *, articles: Several[str] | None, after: Place | None
    ) -> Page[Balance]:
        """Give a page of the balances of some storerooms, by storeroom and article; None: every article."""
        where: dict[str, Any] = {"storeroom_no": {"$in": sorted(storerooms)}}
        if articles is not None:
            where["article_no"] = {"$in": sorted(articles)}
        return await self._repository.page(BALANCES, where, limit=READ_AT_ONCE, after=after)

    async def is_longer_than(self, storeroom_no: str, most: int) -> bool:
        """Tell whether a storeroom has more balances than this, without reading the rest."""
        found = await self._repository.find(BALANCES, {"storeroom_no": storeroom_no}, limit=most + 1)
        return len(found) > most

    async def devices_of(self, article_nos: Sequence[str], storeroom_no: str) -> list[Device]:
        """List the devices of some articles that lie in a storeroom, by number."""
        where = {"storeroom_no": storeroom_no, "article_no": {"$in": list(article_nos)}}
        return await self._repository.whole(DEVICES, where)
