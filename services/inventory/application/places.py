"""Which care units, storerooms and warehouses a person works at or may order from (S84, S111, Q59)."""

from collections.abc import Iterable
from typing import Any

from services.inventory.domain.places import CareUnit, Storeroom
from services.inventory.repository.places import PlaceQueries
from shared.auth.actor import Actor
from shared.auth.rule import EVERY_UNIT
from shared.domain.alphabet import alphabetical
from shared.repository import Repository


class PlacesOfPeople:
    """Reads places for the person who asks: those of the token, all for customer service and economists."""

    def __init__(self, repository: Repository) -> None:
        self._places = PlaceQueries(repository)

    async def care_units(self, actor: Actor) -> list[CareUnit]:
        """List care units by name; what the token names and nobody imported is left out."""
        if actor.has(*EVERY_UNIT):
            found = await self._places.care_units()
        else:
            found = await self._places.care_units_named(actor.care_units)
        return sorted(found, key=lambda each: (alphabetical(each.name), each.id))

    async def all_units(self) -> list[CareUnit]:
        """List every care unit by name."""
        return sorted(await self._places.care_units(), key=lambda each: (alphabetical(each.name), each.id))

    async def storerooms(self, actor: Actor) -> list[Storeroom]:
        """List own storerooms first, then warehouses, each by name."""
        if actor.has(*EVERY_UNIT):
            found = await self._places.storerooms()
        else:
            works_at = await self._places.storerooms_named(actor.care_units)
            used = await self._places.storerooms_of(actor.care_units)
            by_number = {each.storeroom_no: each for each in (*used, *works_at)}
            found = list(by_number.values())
        return sorted(found, key=_own_first)

    async def unit_names(self, storerooms: Iterable[Storeroom]) -> dict[str, str]:
        """Give the names of all care units of these storerooms, by their ids."""
        found = await self._places.care_units_named(each for one in storerooms for each in one.care_units)
        return {each.id: each.name for each in found}

    async def names(self, numbers: Iterable[str]) -> dict[str, str]:
        """Give the names of storerooms by their numbers."""
        return {each.storeroom_no: each.name for each in await self._places.storerooms_named(numbers)}


def _own_first(storeroom: Storeroom) -> tuple[Any, ...]:
    return storeroom.kind == "warehouse", alphabetical(storeroom.name), storeroom.storeroom_no
