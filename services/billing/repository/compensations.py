"""Queries of compensations."""

from services.billing.domain.devices.compensation import Compensation
from services.billing.repository.collections import COMPENSATIONS
from shared.repository import Page, Place, Repository

PAGE = 100


class CompensationQueries:
    """What waits for economists."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    async def waiting(self, *, after: Place | None = None) -> Page[Compensation]:
        """List what is not decided, the oldest first (Q57)."""
        where = {"state": {"$in": ["proposed", "reported"]}}
        return await self._repository.page(COMPENSATIONS, where, sort="reported_at", limit=PAGE, after=after)

    async def of_device(self, case: Compensation) -> list[Compensation]:
        """List the other reports about the same device on the same loan, such as a damage before a theft."""
        where = {"loan_id": case.loan_id, "device_no": case.device_no}
        found = await self._repository.find(COMPENSATIONS, where, limit=PAGE)
        return [each for each in found if each.loss_no != case.loss_no]
