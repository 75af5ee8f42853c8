"""Which care units, storerooms and warehouses a person works at or may order from (S84, S111, Q59)."""

from collections.abc import Iterable
from typing import Any

from services.inventory.domain.places import CareUnit, Storeroom
from services.inventory.repository.collections import CARE_UNITS, STOREROOMS
from shared.auth.actor import Actor
from shared.auth.rule import EVERY_UNIT
from shared.repository import Repository


class PlacesOfPeople:
    """Reads places for the person who asks: those of the token, all for customer service and economists."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    async def care_units(self, actor: Actor) -> list[CareUnit]:
        """List care units by name; what the token names and nobody imported is left out."""
        if actor.has(*EVERY_UNIT):
            found = await self._repository.whole(CARE_UNITS, {})
        else:
            kept = await self._repository.get(CARE_UNITS.maybe_many(sorted(actor.care_units)))
            found = [each for each in kept if each]
        return sorted(found, key=lambda each: (each.name, each.id))

    async def storerooms(self, actor: Actor) -> list[Storeroom]:
        """List own storerooms first, then warehouses, each by name."""
        if actor.has(*EVERY_UNIT):
            found = await self._repository.whole(STOREROOMS, {})
        else:
            own = sorted(actor.care_units)
            works_at = await self._repository.get(STOREROOMS.maybe_many(own))
            used = await self._repository.whole(STOREROOMS, {"care_units": {"$in": own}})
            by_number = {each.storeroom_no: each for each in (*used, *works_at) if each}
            found = list(by_number.values())
        return sorted(found, key=_own_first)

    async def unit_names(self, storerooms: Iterable[Storeroom]) -> dict[str, str]:
        """Give the names of all care units of these storerooms, by their ids."""
        numbers = sorted({each for one in storerooms for each in one.care_units})
        kept = await self._repository.get(CARE_UNITS.maybe_many(numbers))
        return {each.id: each.name for each in kept if each}

    async def names(self, numbers: Iterable[str]) -> dict[str, str]:
        """Give the names of storerooms by their numbers."""
        kept = await self._repository.get(STOREROOMS.maybe_many(sorted(set(numbers))))
        return {each.storeroom_no: each.name for each in kept if each}


def _own_first(storeroom: Storeroom) -> tuple[Any, ...]:
    return storeroom.kind == "warehouse", storeroom.name, storeroom.storeroom_no
