"""Queries of care units, storerooms and warehouses."""

from collections.abc import Collection as Several
from collections.abc import Iterable

from services.inventory.domain.places import CareUnit, Storeroom
from services.inventory.repository.collections import CARE_UNITS, STOREROOMS
from shared.repository import Repository


class PlaceQueries:
    """The places that were imported."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    async def care_units(self) -> list[CareUnit]:
        """List all care units."""
        return await self._repository.whole(CARE_UNITS, {})

    async def storerooms(self) -> list[Storeroom]:
        """List all storerooms and warehouses."""
        return await self._repository.whole(STOREROOMS, {})

    async def storerooms_of(self, care_units: Several[str]) -> list[Storeroom]:
        """List the storerooms that some care units hand out from."""
        return await self._repository.whole(STOREROOMS, {"care_units": {"$in": sorted(care_units)}})

    async def care_units_named(self, numbers: Iterable[str]) -> list[CareUnit]:
        """Give the care units of these ids that were imported."""
        kept = await self._repository.get(CARE_UNITS.maybe_many(sorted(set(numbers))))
        return [each for each in kept if each]

    async def storerooms_named(self, numbers: Iterable[str]) -> list[Storeroom]:
        """Give the storerooms of these numbers that were imported."""
        kept = await self._repository.get(STOREROOMS.maybe_many(sorted(set(numbers))))
        return [each for each in kept if each]
