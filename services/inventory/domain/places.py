"""Care units, and the storerooms and warehouses that goods lie in (S84, S111, Q38)."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Literal

from shared.domain.address import Address
from shared.domain.decision import Decision, Refused, Sentence
from shared.events.inventory_goods import CareUnitChanged, StoreroomChanged

StoreroomKind = Literal["storeroom", "warehouse"]
Replenishment = Literal["automatic", "manual", "template", "supplier", "direct_delivery"]


class StoreroomClosed(Refused):
    """The storeroom was closed: what lies there is counted and set apart, and nothing comes in."""

    rule = "storeroom-closed"
    sentence = Sentence(
        "Förrådet är stängt och tar inte emot något. Välj ett annat förråd.",
        "The storeroom is closed and takes nothing in. Choose another.",
    )


@dataclass(frozen=True)
class CareUnit:
    """Where people work, as tokens name it; version 0 is a row that is not kept yet."""

    id: str
    name: str
    address: Address | None = None
    """Where deliveries to the unit go: a place of work, nobody's home."""
    active: bool = True
    version: int = 0


@dataclass(frozen=True)
class Storeroom:
    """A place with goods in it: a unit's own storeroom, or a central warehouse.

    Who works at a warehouse has its number among the care units of the token (Q59).
    """

    storeroom_no: str
    name: str
    kind: StoreroomKind
    care_units: tuple[str, ...] = ()
    """Of a storeroom: whose it is. Of a warehouse: which units may order from it."""
    supplied_by: tuple[str, ...] = ()
    """The warehouses that refill it."""
    active: bool = True
    receipts: tuple[Replenishment, ...] = ()
    """Deliveries of these kinds are on hand when their goods receipt is made, others when planned (Q47)."""
    collected_only: tuple[str, ...] = ()
    """Product areas whose central main aids are not returned here, but collected (Q45)."""
    version: int = 0


def change_care_unit(care_unit: CareUnit | None, *, row: CareUnit) -> Decision[CareUnit]:
    """Make the care unit what the row says; publish it only when something differs (Q38)."""
    if care_unit is not None and replace(row, version=care_unit.version) == care_unit:
        return care_unit, []
    changed = replace(row, version=care_unit.version + 1 if care_unit else 1)
    return changed, [_care_unit_changed(changed)]


def change_storeroom(storeroom: Storeroom | None, *, row: Storeroom) -> Decision[Storeroom]:
    """Make the storeroom what the row says; publish it only when something differs (Q38)."""
    if storeroom is not None and replace(row, version=storeroom.version) == storeroom:
        return storeroom, []
    changed = replace(row, version=storeroom.version + 1 if storeroom else 1)
    return changed, [_storeroom_changed(changed)]


def change_places(
    kept_units: Sequence[CareUnit | None],
    kept_storerooms: Sequence[Storeroom | None],
    *,
    units: Sequence[CareUnit],
    storerooms: Sequence[Storeroom],
) -> Decision[tuple[CareUnit, ...], tuple[Storeroom, ...]]:
    """Make all places what their rows say, each beside its row."""
    of_units = [change_care_unit(kept, row=row) for kept, row in zip(kept_units, units, strict=True)]
    of_storerooms = [
        change_storeroom(kept, row=row) for kept, row in zip(kept_storerooms, storerooms, strict=True)
    ]
    facts = [fact for _, told in (*of_units, *of_storerooms) for fact in told]
    return tuple(each for each, _ in of_units), tuple(each for each, _ in of_storerooms), facts


def _care_unit_changed(care_unit: CareUnit) -> CareUnitChanged:
    address = care_unit.address
    return CareUnitChanged(
        care_unit=care_unit.id,
        version=care_unit.version,
        name=care_unit.name,
        address=json.dumps(asdict(address), ensure_ascii=False) if address else None,
        active=care_unit.active,
    )


def _storeroom_changed(storeroom: Storeroom) -> StoreroomChanged:
    return StoreroomChanged(
        storeroom_no=storeroom.storeroom_no,
        version=storeroom.version,
        name=storeroom.name,
        kind=storeroom.kind,
        care_units=storeroom.care_units,
        supplied_by=storeroom.supplied_by,
        active=storeroom.active,
    )
