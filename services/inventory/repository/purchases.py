"""Purchases, and the queries of them."""

from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import Any

from services.inventory.domain.purchasing.purchase import Purchase
from shared.repository import Collection, Page, Partial, Place, Repository

PURCHASES = Collection(
    "purchases",
    Purchase,
    indexes=(
        "warehouse_no proposed_at",
        Partial("warehouse_no proposed_at", field="is_open", value=True),
        "watched_on",
    ),
)
LONGEST_LIST = 100


class PurchaseQueries:
    """Purchases of warehouses."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    async def of_warehouses(
        self, warehouses: Sequence[str], *, only_open: bool, after: Place | None
    ) -> Page[Purchase]:
        """Give a page of the purchases of some warehouses, the newest first."""
        where: dict[str, Any] = {"warehouse_no": {"$in": sorted(warehouses)}}
        if only_open:
            where["is_open"] = True
        return await self._repository.page(
            PURCHASES, where, sort="-proposed_at", limit=LONGEST_LIST, after=after
        )

    async def newest_proposal(self, warehouse_no: str, supplier: str) -> Purchase | None:
        """Give the newest proposal of a supplier's articles that nobody has approved."""
        where = {"warehouse_no": warehouse_no, "is_open": True, "supplier": supplier, "state": "proposed"}
        found = await self._repository.find(PURCHASES, where, sort="-proposed_at", limit=1)
        return found[0] if found else None

    async def watched(self, *, before: date) -> AsyncIterator[Sequence[Purchase]]:
        """Go through the purchases that should have been answered, or have come, before a day."""
        where = {"watched_on": {"$gt": "", "$lt": before.isoformat()}}
        after: Place | None = None
        while True:
            page = await self._repository.page(
                PURCHASES, where, sort="watched_on", limit=LONGEST_LIST, after=after
            )
            if page.states:
                yield page.states
            if page.next is None:
                return
            after = page.next
