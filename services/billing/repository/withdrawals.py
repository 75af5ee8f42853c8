"""Queries of what billing knows of withdrawals and of orders of devices, day by day."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any, TypeVar

from services.billing.domain.devices.order import DeviceOrder
from services.billing.domain.fees.withdrawal import Withdrawal
from services.billing.domain.reconciling.reconciliation import Reconciliation
from services.billing.repository.collections import DEVICE_ORDERS, RECONCILIATIONS, WITHDRAWALS
from shared.repository import Collection, Page, Place, Repository

PAGE = 500
MOST_OF_ONE_PATIENT = 1000
Row = TypeVar("Row", Withdrawal, DeviceOrder)


class WithdrawalQueries:
    """Withdrawals, orders of devices, and the days that were added up from them."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    async def of_patient(self, patient_ref: str) -> list[Withdrawal]:
        """List a patient's withdrawals."""
        return await self._repository.find(
            WITHDRAWALS, {"patient_ref": patient_ref}, limit=MOST_OF_ONE_PATIENT
        )

    async def sent_within(self, first: date, last: date) -> AsyncIterator[list[Withdrawal]]:
        """Go through what was sent within some days, a page at a time."""
        for number in range((last - first).days + 1):
            of_day = {"heard": True, "day": (first + timedelta(days=number)).isoformat()}
            async for page in self._rows(WITHDRAWALS, of_day):
                yield page

    def of_day(self, day: date) -> AsyncIterator[list[Withdrawal]]:
        """Go through the withdrawals of a day, a page at a time."""
        return self._rows(WITHDRAWALS, {"day": day.isoformat()})

    def device_orders_of_day(self, day: date) -> AsyncIterator[list[DeviceOrder]]:
        """Go through the orders of devices of a day, a page at a time."""
        return self._rows(DEVICE_ORDERS, {"day": day.isoformat()})

    async def unsettled_day(self, *, after: date, before: date) -> date | None:
        """Give the first day between two others on which something is not settled."""
        where = {"settled": False, "day": {"$gt": after.isoformat(), "$lt": before.isoformat()}}
        rows = await self._repository.find(WITHDRAWALS, where, sort="day", limit=1)
        orders = await self._repository.find(DEVICE_ORDERS, where, sort="day", limit=1)
        found = [each.day for each in rows] + [each.day for each in orders if each.day]
        return min(found, default=None)

    async def reconciliation_of(self, day: date) -> Reconciliation:
        """Give how a day was added up; raises NotFound."""
        return await self._repository.get(RECONCILIATIONS.ref(day.isoformat()))

    async def reconciliations(self, *, limit: int, after: Place | None = None) -> Page[Reconciliation]:
        """Give a page of the days that were added up, the newest first."""
        return await self._repository.page(RECONCILIATIONS, {}, sort="-_id", limit=limit, after=after)

    async def _rows(self, collection: Collection[Row], where: dict[str, Any]) -> AsyncIterator[list[Row]]:
        after: str | None = None
        while found := await self._repository.find(collection, where, limit=PAGE, after=after):
            yield found
            after = found[-1].number
