"""Queries of devices and balances, and of the orders that wait for them."""

from collections.abc import AsyncIterator, Mapping
from typing import Any, TypeVar

from services.inventory.domain.devices.device import Device
from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.orders.order import DeviceOrder
from services.inventory.repository.collections import BALANCES, DEVICE_ORDERS, DEVICES
from shared.domain.decision import NotFound
from shared.repository import Collection, Place, Repository

READ_AT_ONCE = 100
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
        for found in await self._repository.find(DEVICES, {"former_numbers": device_no}, limit=1):
            return found
        raise NotFound(DEVICES.noun, device_no)

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
