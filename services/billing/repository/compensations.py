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
