"""The query of maintenance swaps: those of which something is missing."""

from collections.abc import Collection as Several
from typing import Literal

from services.inventory.domain.orders.order import DeviceOrder
from services.inventory.repository.collections import DEVICE_ORDERS
from shared.repository import Page, Place, Repository

ROWS = 100
Of = Literal["storeroom_no", "care_unit"]


async def open_swaps(
    repository: Repository,
    of: Of,
    numbers: Several[str],
    *,
    after: Place | None,
) -> Page[DeviceOrder]:
    """Give a page of the open swaps from some warehouses, or of some care units, the oldest first."""
    where = {"swap.is_open": True, of: {"$in": sorted(numbers)}}
    return await repository.page(DEVICE_ORDERS, where, sort="sent_at", limit=ROWS, after=after)
