"""Queries of devices and balances, and of the orders that wait for them."""

from collections.abc import AsyncIterator, Mapping, Sequence
from collections.abc import Collection as Several
from typing import Any, TypeVar

from services.inventory.domain.devices.device import Device
from services.inventory.domain.devices.loan import Loan
from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.orders.order import DeviceOrder
from services.inventory.domain.stocktakes.stocktake import Stocktake
from services.inventory.repository.collections import (
    BALANCES,
    DEVICE_ORDERS,
    DEVICES,
    LABELS,
    LOANS,
    STOCKTAKES,
)
from shared.domain.decision import NotFound
from shared.repository import Collection, Page, Place, Repository

READ_AT_ONCE = 100
LONGEST_LIST = 100
FREE_SHOWN = 20
State = TypeVar("State")


class GoodsQueries:
    """The goods of every storeroom."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    async def device(self, device_no: str) -> Device:
        """Find a device by its number, or by one that it had before (Q12); raises NotFound."""
        device = await self._repository.get(DEVICES.maybe(device_no))
        if device is not None:
            return device
        label = await self._repository.get(LABELS.maybe(device_no))
        if label is not None:
            return await self._repository.get(DEVICES.ref(label.device_no))
        for found in await self._repository.find(DEVICES, {"former_numbers": device_no}, limit=1):
            return found
        raise NotFound(DEVICES.noun, device_no)

    async def devices_in(
        self, storeroom_no: str, *, article_no: str | None = None, after: Place | None
    ) -> Page[Device]:
        """Give a page of the devices that lie in a storeroom, by number; None: of every article."""
        where = {"storeroom_no": storeroom_no, **({"article_no": article_no} if article_no else {})}
        return await self._repository.page(DEVICES, where, limit=LONGEST_LIST, after=after)

    async def devices_of(self, article_no: str, *, storeroom_no: str) -> list[Device]:
        """List all devices of an article that lie in a storeroom, to compare with what was scanned (Q51)."""
        where = {"storeroom_no": storeroom_no, "article_no": article_no, "state": "in_stock"}
        return await self._repository.whole(DEVICES, where)

    async def free_devices(self, article_no: str, *, storeroom_no: str) -> list[Device]:
        """List some devices of an article that lie in a storeroom, as many as are shown to who picks."""
        where = {"storeroom_no": storeroom_no, "article_no": article_no, "state": "in_stock"}
        return await self._repository.find(DEVICES, where, limit=FREE_SHOWN)

    async def balances_in(self, storeroom_no: str, *, after: Place | None) -> Page[Balance]:
        """Give a page of the balances of a storeroom, by article number."""
        where = {"storeroom_no": storeroom_no}
        return await self._repository.page(BALANCES, where, limit=LONGEST_LIST, after=after)

    async def stocktakes_in(self, storeroom_no: str, *, after: Place | None) -> Page[Stocktake]:
        """Give a page of the stocktakes of a storeroom, the newest first."""
        where = {"storeroom_no": storeroom_no}
        return await self._repository.page(
            STOCKTAKES, where, sort="-counted_at", limit=LONGEST_LIST, after=after
        )

    async def loans_of(
        self, patient_refs: Sequence[str], *, product_areas: Several[str] | None, after: Place | None
    ) -> Page[Loan]:
        """Give a page of what a patient has and has returned, the newest first; None means every area."""
        where: dict[str, Any] = {
            "patient_ref": {"$in": list(patient_refs)},
            "state": {"$in": ["on_loan", "returned", "written_off"]},
        }
        if product_areas is not None:
            where["product_area"] = {"$in": sorted(product_areas)}
        return await self._repository.page(
            LOANS, where, sort="-handed_out_at", limit=LONGEST_LIST, after=after
        )

    async def last_loan_of(self, patient_refs: Sequence[str], *, device_no: str) -> Loan | None:
        """Give the newest loan that a patient has had of a device."""
        where = {"patient_ref": {"$in": list(patient_refs)}, "device_no": device_no}
        found = await self._repository.find(LOANS, where, sort="-handed_out_at", limit=1)
        return found[0] if found else None

    async def orders_to_pick(self, storeroom_no: str, *, after: Place | None) -> Page[DeviceOrder]:
        """Give a page of the orders that can be picked, the oldest first."""
        where = {"storeroom_no": storeroom_no, "to_pick": True}
        return await self._repository.page(
            DEVICE_ORDERS, where, sort="sent_at", limit=LONGEST_LIST, after=after
        )

    def orders_waiting_for(self, article_no: str, *, storeroom_no: str) -> AsyncIterator[DeviceOrder]:
        """Go through the orders that wait for an article of a storeroom, the oldest first."""
        waiting = {"waiting_for": article_no, "storeroom_no": storeroom_no}
        return self._each(DEVICE_ORDERS, waiting, sort="sent_at")

    def balances_waited_for(self) -> AsyncIterator[Balance]:
        """Go through the balances of which an order waits for more."""
        return self._each(BALANCES, {"waiting": {"$gt": 0}})

    async def _each(
        self, collection: Collection[State], where: Mapping[str, Any], *, sort: str = "_id"
    ) -> AsyncIterator[State]:
        after: Place | None = None
        while True:
            page = await self._repository.page(collection, where, sort=sort, limit=READ_AT_ONCE, after=after)
            for state in page.states:
                yield state
            if page.next is None:
                return
            after = page.next
