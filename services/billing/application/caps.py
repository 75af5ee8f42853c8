"""Reads the caps of tariffs for booking a fee."""

from collections.abc import Iterable

from services.billing.domain.cap import Caps
from services.billing.repository.collections import TARIFFS
from shared.repository import Repository

MOST_TARIFFS = 1000


class CapsKept:
    """Looks up which tariffs have a cap for the patient."""

    def __init__(self, repository: Repository) -> None:
        self._tariffs = repository.remembered(TARIFFS)

    async def of(self, tariffs: Iterable[str]) -> Caps:
        """Give the caps of these tariffs, by their names (T5)."""
        wanted = set(tariffs)
        return {tariff: cap for tariff, cap in (await self.all()).items() if tariff in wanted}

    async def all(self) -> Caps:
        """Give the caps of all tariffs, by their names (T5)."""
        kept = await self._tariffs.find({}, limit=MOST_TARIFFS)
        return {
            each.tariff: each.published.cap
            for each in kept
            if each.published.cap and each.published.cap.scope == "patient"
        }
