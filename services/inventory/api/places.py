"""Routes that list care units, storerooms and warehouses with their names (S84, Q38, Q59)."""

from collections.abc import Container, Mapping

from services.inventory.application.places import PlacesOfPeople
from services.inventory.domain.places import CareUnit, Replenishment, Storeroom, StoreroomKind
from shared.auth.rule import EVERY_UNIT
from shared.domain.address import Address
from shared.http import Ask, Router, View


class AddressView(View):
    """Where deliveries to a care unit go."""

    line1: str
    line2: str | None
    postal_code: str
    city: str


class CareUnitView(View):
    """A care unit where the person works."""

    care_unit: str
    name: str
    address: AddressView | None
    active: bool


class NamedUnit(View):
    """A care unit by its number and name."""

    care_unit: str
    name: str


class NamedStoreroom(View):
    """A storeroom or warehouse by its number and name."""

    storeroom_no: str
    name: str


class StoreroomView(View):
    """A storeroom of the person's care units, or a warehouse that these may order from."""

    storeroom_no: str
    name: str
    kind: StoreroomKind
    care_units: list[NamedUnit]
    """Of its care units, those of the person; all of them for who works here."""
    supplied_by: list[NamedStoreroom]
    works_here: bool
    """The person picks, packs, receives or maintains here: it is among the places of the token."""
    receipts: list[Replenishment]
    """Deliveries of these kinds are on hand when their goods receipt is made (Q47)."""
    collected_only: list[str]
    """Product areas whose central main aids are not returned here, but collected (Q45)."""
    active: bool


def routes(places: PlacesOfPeople) -> Router:
    router = Router("inventory", tags=["places"])

    @router.get("/care-units")
    async def list_care_units(ask: Ask) -> list[CareUnitView]:
        """List the care units where the person works, by name; all of them for who works for all."""
        return [_unit_shown(each) for each in await places.care_units(ask.actor)]

    @router.get("/care-units/names")
    async def list_unit_names() -> list[NamedUnit]:
        """Name every care unit: each answer that has one's number can be read by whoever gets it (Q38)."""
        return [NamedUnit(care_unit=each.id, name=each.name) for each in await places.all_units()]

    @router.get("/storerooms")
    async def list_storerooms(ask: Ask) -> list[StoreroomView]:
        """List the storerooms of the person's care units, and the warehouses that these may order from."""
        storerooms = await places.storerooms(ask.actor)
        units = await places.unit_names(storerooms)
        own = units if ask.actor.has(*EVERY_UNIT) else ask.actor.care_units
        names = await places.names({each for one in storerooms for each in one.supplied_by})
        return [
            _shown(each, units, names, own=own, works_here=each.storeroom_no in ask.actor.care_units)
            for each in storerooms
        ]

    return router


def _unit_shown(unit: CareUnit) -> CareUnitView:
    return CareUnitView(
        care_unit=unit.id, name=unit.name, address=address_shown(unit.address), active=unit.active
    )


def address_shown(address: Address | None) -> AddressView | None:
    if address is None:
        return None
    return AddressView(
        line1=address.line1, line2=address.line2, postal_code=address.postal_code, city=address.city
    )


def _shown(
    storeroom: Storeroom,
    units: Mapping[str, str],
    names: Mapping[str, str],
    *,
    own: Container[str],
    works_here: bool,
) -> StoreroomView:
    return StoreroomView(
        storeroom_no=storeroom.storeroom_no,
        name=storeroom.name,
        kind=storeroom.kind,
        care_units=[
            NamedUnit(care_unit=each, name=units[each])
            for each in storeroom.care_units
            if each in units and (works_here or each in own)
        ],
        supplied_by=[
            NamedStoreroom(storeroom_no=each, name=names.get(each, each)) for each in storeroom.supplied_by
        ],
        works_here=works_here,
        receipts=list(storeroom.receipts),
        collected_only=list(storeroom.collected_only),
        active=storeroom.active,
    )
