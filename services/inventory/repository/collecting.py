"""Inventory's collection of collection orders, and its query."""

from services.inventory.domain.collecting.order import CollectionOrder
from shared.repository import Collection, Page, Place, Repository

COLLECTION_ORDERS = Collection("collection_orders", CollectionOrder, indexes=("state registered_on",))
ROWS = 100


async def open_collection_orders(
    repository: Repository, *, after: Place | None = None
) -> Page[CollectionOrder]:
    """List what shall come to the warehouse, the oldest first."""
    return await repository.page(
        COLLECTION_ORDERS, {"state": "open"}, sort="registered_on", limit=ROWS, after=after
    )
