"""Queries of the files for invoicing."""

from datetime import date

from services.billing.domain.files.batch import Batch
from services.billing.repository.collections import BATCHES
from shared.repository import Page, Place, Repository


class BatchQueries:
    """The day's files, as billing stores them."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    async def get(self, batch_id: str) -> Batch:
        """Give a file; raises NotFound."""
        return await self._repository.get(BATCHES.ref(batch_id))

    async def newest_first(self, *, limit: int, after: Place | None = None) -> Page[Batch]:
        """Give a page of the files."""
        return await self._repository.page(BATCHES, {}, sort="-_id", limit=limit, after=after)

    async def unwritten(self) -> list[Batch]:
        """List what is frozen and not written yet, also what a killed process left."""
        return await self._repository.find(BATCHES, {"written": False})

    async def unanswered(self) -> list[Batch]:
        """List what was written and still awaits an answer for one of its entries."""
        return await self._repository.find(BATCHES, {"written": True, "over": False})

    async def latest_of(self, day: date) -> Batch | None:
        """Give the day's newest file, if there is one."""
        found = await self._repository.find(BATCHES, {"day": day.isoformat()}, sort="-_id", limit=1)
        return found[0] if found else None
