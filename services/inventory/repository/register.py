"""Queries of the register of devices: by part of a number, what happened to one, and who has what."""

from collections.abc import AsyncIterator, Sequence

from services.inventory.domain.devices.device import Device, Label
from services.inventory.domain.devices.loan import Loan
from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.goods.movement import Movement
from services.inventory.domain.orders.order import DeviceOrder
from services.inventory.repository.collections import (
    BALANCES,
    DEVICE_ORDERS,
    DEVICES,
    LABELS,
    LOANS,
    MOVEMENTS,
)
from shared.repository import Page, Place, Repository

READ_AT_ONCE = 100


class RegisterQueries:
    """Every device that was ever received, and where goods of a lot went."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    async def devices_with(self, runs: Sequence[str], *, after: Place | None) -> Page[Device]:
        """Give a page of the devices in whose numbers all these runs of signs stand, by number."""
        where = {"$and": [{"number_runs": each} for each in runs]}
        return await self._repository.page(DEVICES, where, limit=READ_AT_ONCE, after=after)

    async def devices_with_serial(self, serial_no: str) -> list[Device]:
        """List the devices with this serial number: one for each article at most."""
        return await self._repository.whole(DEVICES, {"serial_no": {"$in": _forms(serial_no)}})

    async def movements_of(self, device_no: str, *, after: Place | None) -> Page[Movement]:
        """Give a page of what moved a device, the newest first."""
        where = {"rows.device_no": device_no}
        return await self._repository.page(
            MOVEMENTS, where, sort="-moved_at", limit=READ_AT_ONCE, after=after
        )

    async def labels_of(self, device_no: str) -> list[Label]:
        """List the numbers that were put on a device after the one that it was received by."""
        return await self._repository.whole(LABELS, {"device_no": device_no})

    async def loans_of_device(self, device_no: str) -> list[Loan]:
        """List the loans of a device, and those under which it was exchanged for another."""
        own = await self._repository.whole(LOANS, {"device_no": device_no}, sort="-handed_out_at")
        before = await self._repository.whole(LOANS, {"exchanged.device_no": device_no})
        return list({each.loan_id: each for each in (*own, *before)}.values())

    async def orders_with_lot(self, lot: str, *, after: Place | None) -> Page[DeviceOrder]:
        """Give a page of the orders for which goods of a lot were taken from a shelf, by number."""
        where = {"parcels.goods.lot": {"$in": _forms(lot)}}
        return await self._repository.page(DEVICE_ORDERS, where, limit=READ_AT_ONCE, after=after)

    async def all_orders_with_lot(self, lot: str) -> AsyncIterator[list[DeviceOrder]]:
        """Go through the orders for which goods of a lot were taken, so many at a time."""
        after: Place | None = None
        while True:
            page = await self.orders_with_lot(lot, after=after)
            yield page.states
            if page.next is None:
                return
            after = page.next

    async def balances_with_lot(self, lot: str) -> list[Balance]:
        """List the balances in which goods of a lot lie."""
        return await self._repository.whole(BALANCES, {"lots.lot": {"$in": _forms(lot)}})


def _forms(number: str) -> list[str]:
    """Give a number as it is kept now, and as a version before may have kept it."""
    return [number, number.lower()]
