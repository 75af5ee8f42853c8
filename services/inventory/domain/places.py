"""Care units, and the storerooms and warehouses that goods lie in (S84, S111, Q38)."""

from dataclasses import dataclass
from typing import Literal

from shared.domain.address import Address

StoreroomKind = Literal["storeroom", "warehouse"]


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
    version: int = 0
