"""Queries of tariffs, their caps, and drafts of new ones."""

from collections.abc import Iterable

from services.billing.domain.fees.cap import Caps
from services.billing.domain.tariffs.draft import Draft
from services.billing.repository.collections import DRAFTS, TARIFFS
from shared.events.billing import TariffPublished
from shared.repository import Page, Place, Repository

MOST_TARIFFS = 1000


class TariffQueries:
    """Published tariffs, and drafts that wait."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._remembered = repository.remembered(TARIFFS)

    async def draft(self, draft_id: str) -> Draft:
        """Give a draft; raises NotFound."""
        return await self._repository.get(DRAFTS.ref(draft_id))

    async def drafts(self, *, after: Place | None = None) -> Page[Draft]:
        """Give a page of the drafts, the newest first."""
        return await self._repository.page(DRAFTS, {}, sort="-drafted_at", after=after)

    async def newest_first(self) -> list[TariffPublished]:
        """List all tariffs."""
        kept = await self._repository.whole(TARIFFS, {}, sort="-_id")
        return [tariff.published for tariff in kept]

    async def is_any_published(self) -> bool:
        return bool(await self._repository.find(TARIFFS, {}, limit=1))

    async def caps_of(self, tariffs: Iterable[str]) -> Caps:
        """Give the caps of these tariffs for the patient, by their names (T5)."""
        wanted = set(tariffs)
        return {tariff: cap for tariff, cap in (await self.caps()).items() if tariff in wanted}

    async def caps(self) -> Caps:
        """Give the caps of all tariffs for the patient, by their names (T5)."""
        kept = await self._remembered.find({}, limit=MOST_TARIFFS)
        return {
            each.tariff: each.published.cap
            for each in kept
            if each.published.cap and each.published.cap.scope == "patient"
        }
