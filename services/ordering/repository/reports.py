"""Queries of the reports about orders of devices and collection orders."""

from collections.abc import AsyncIterator, Sequence
from collections.abc import Collection as Several
from datetime import UTC, datetime
from typing import Any

from services.ordering.domain.collecting.order import CollectionOrder
from services.ordering.domain.devices.order import DeviceOrder
from services.ordering.repository.collections import COLLECTION_ORDERS, DEVICE_ORDERS
from shared.repository import Page, Place, Repository, moment_text

ROWS = 100
EVER = datetime(2000, 1, 1, tzinfo=UTC)


async def orders_sent(
    repository: Repository, care_units: Several[str] | None, *, since: datetime, before: datetime
) -> AsyncIterator[Sequence[DeviceOrder]]:
    """Go through the orders from warehouses of some care units, or of all, that were sent in a period."""
    where: dict[str, Any] = {
        "kind": "order",
        "sent_at": {"$gte": moment_text(since), "$lt": moment_text(before)},
    }
    if care_units is not None:
        where["care_unit"] = {"$in": sorted(care_units)}
    after: Place | None = None
    while True:
        page = await repository.page(DEVICE_ORDERS, where, sort="sent_at", limit=ROWS, after=after)
        yield page.states
        if page.next is None:
            return
        after = page.next


async def collections_open_since(
    repository: Repository,
    care_units: Several[str] | None,
    product_areas: Several[str] | None,
    *,
    before: datetime,
    after: Place | None,
) -> Page[CollectionOrder]:
    """Give a page of the open collection orders that were registered before a moment, the oldest first."""
    where: dict[str, Any] = {"state": "registered", "registered_at": {"$lt": moment_text(before)}}
    if care_units is not None:
        where["care_unit"] = {"$in": sorted(care_units)}
    if product_areas is not None:
        where["product_areas"] = {"$in": sorted(product_areas)}
    return await repository.page(COLLECTION_ORDERS, where, sort="registered_at", limit=ROWS, after=after)


async def orders_waiting_at(
    repository: Repository, care_units: Several[str] | None, *, after: Place | None
) -> Page[DeviceOrder]:
    """Give a page of the orders whose goods wait at some care units, or at all, the longest first (Q43)."""
    where: dict[str, Any] = {"waits_since": {"$gte": moment_text(EVER)}}
    if care_units is not None:
        where["care_unit"] = {"$in": sorted(care_units)}
    return await repository.page(DEVICE_ORDERS, where, sort="waits_since", limit=ROWS, after=after)
