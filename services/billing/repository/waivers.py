"""Queries of waivers of a group."""

from services.billing.domain.fees.waiver import Waiver
from services.billing.repository.collections import WAIVERS
from shared.repository import Page, Place, Repository


class WaiverQueries:
    """Waivers, proposed and decided."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    async def get(self, waiver_id: str) -> Waiver:
        """Give a waiver; raises NotFound."""
        return await self._repository.get(WAIVERS.ref(waiver_id))

    async def newest_first(self, *, after: Place | None = None) -> Page[Waiver]:
        """Give a page of the waivers."""
        return await self._repository.page(WAIVERS, {}, sort="-proposed_at", after=after)

    async def decided(self) -> list[Waiver]:
        """List those that are decided and not carried out yet."""
        return await self._repository.whole(WAIVERS, {"state": "decided"})
