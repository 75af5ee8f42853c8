"""Ordering's copies of what others own about devices: the newest version of each counts (decision 0007)."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol, TypeVar

from shared.domain.days import Period
from shared.domain.decision import Decision
from shared.domain.money import Money
from shared.events.fact import Open

SourceKind = Literal["storeroom", "warehouse"]
Assortment = Literal["standard", "other", "earlier", "none"]
ArticleType = Literal["main_aid", "accessory", "spare_part"]


class Versioned(Protocol):
    """A snapshot that its owner counts."""

    @property
    def version(self) -> int: ...


Copy = TypeVar("Copy", bound=Versioned)


def note_newest(known: Copy | None, *, told: Copy) -> Decision[Copy]:
    """Keep the newest version; an older one that comes late does nothing."""
    return (known if known and known.version >= told.version else told), []


@dataclass(frozen=True)
class CareUnit:
    """A care unit, with the name that people know it by (Q38)."""

    care_unit: str
    version: int
    name: str
    address: str | None = None
    """JSON of an address; a place of work."""
    active: bool = True


@dataclass(frozen=True)
class Storeroom:
    """A place that goods are taken from: an own storeroom, or a warehouse that units order from."""

    storeroom_no: str
    version: int
    name: str
    kind: Open[SourceKind]
    """One that only a newer version knows is offered to nobody."""
    care_units: tuple[str, ...]
    active: bool = True

    def serves(self, care_unit: str) -> bool:
        return self.active and care_unit in self.care_units


@dataclass(frozen=True)
class Device:
    """A tracked device as inventory published it last; nothing of patients."""

    device_no: str
    version: int
    article_no: str
    storeroom_no: str | None = None
    former_numbers: tuple[str, ...] = ()
    owner: Open[Literal["care_unit", "central"]] = "central"
    """Whose property it is: for the region's a loan agreement is signed (Q44, S105)."""
    label: str | None = None
    """What stands on its label now, where that is another number (Q12)."""


@dataclass(frozen=True)
class FittingComponent:
    """A counted article that fits a device; a standard one comes with it unless it is taken off (S108)."""

    article_no: str
    quantity: int = 1
    standard: bool = False
    removable: bool = True


@dataclass(frozen=True)
class DeviceArticle:
    """What ordering must know of a device, an accessory or a spare part."""

    article_no: str
    version: int
    name: str
    product_area: str
    iso_code: str
    price: Money
    """Of one base unit."""
    fee_code: str | None = None
    article_type: Open[ArticleType] = "main_aid"
    marked: bool = False
    components: tuple[FittingComponent, ...] = ()
    needs_settings: bool = False
    advanced: bool = False
    bulky: bool | None = None
    """None of an article that was noted before this was kept, until it is published again."""
    assortment: Open[Assortment] = "standard"
    """One that only a newer version knows is treated as `none`: it is not ordered."""
    sources: tuple[Open[Literal["storeroom", "warehouse", "supplier"]], ...] = ("storeroom", "warehouse")
    status: Open[Literal["active", "outgoing", "discontinued"]] = "active"
    replaced_by: str | None = None

    @property
    def standard_components(self) -> tuple[FittingComponent, ...]:
        return tuple(each for each in self.components if each.standard)


def note_article(known: DeviceArticle | None, *, told: DeviceArticle) -> Decision[DeviceArticle]:
    """Keep the newest version, and what an earlier version of this service did not keep of it."""
    if known is not None and known.version == told.version and known.bulky is None:
        return told, []
    return note_newest(known, told=told)


@dataclass(frozen=True)
class PlaceOfWork:
    """Where somebody prescribes, for which product areas, and on which days."""

    care_unit: str
    product_areas: tuple[str, ...]
    period: Period


@dataclass(frozen=True)
class Prescriber:
    """Somebody in the register of prescribers (Q42)."""

    prescriber: str
    version: int
    name: str
    profession: str
    places: tuple[PlaceOfWork, ...] = ()

    def works_at(self, care_unit: str, *, area: str, on: date) -> bool:
        return any(
            each.care_unit == care_unit and area in each.product_areas and each.period.covers(on)
            for each in self.places
        )


@dataclass(frozen=True)
class Right:
    """One row of the rule book: which profession, at which unit, may prescribe a class of devices (S86)."""

    iso_code: str
    product_area: str
    period: Period
    professions: tuple[str, ...] = ()
    care_units: tuple[str, ...] = ()


@dataclass(frozen=True)
class OfferedSources:
    """One row of the rule book: from where an area's devices are taken, at some care units or all (S79)."""

    product_area: str
    sources: tuple[Open[SourceKind], ...]
    period: Period
    care_units: tuple[str, ...] = ()
    """Empty: every care unit that no other row of the area names."""


@dataclass(frozen=True)
class DeviceRules:
    """The part of the rule book about devices, whole (Q42)."""

    version: int
    rights: tuple[Right, ...] = ()
    offered: tuple[OfferedSources, ...] = ()

    def sources_of(self, area: str, *, care_unit: str, on: date) -> tuple[str, ...] | None:
        """Give the sources of an area at a care unit that day; None where no row says any (Q52)."""
        rows = [each for each in self.offered if each.product_area == area and each.period.covers(on)]
        own = [each for each in rows if care_unit in each.care_units]
        fitting = own or [each for each in rows if not each.care_units]
        return fitting[0].sources if fitting else None


@dataclass(frozen=True)
class SourceSetting:
    """From where a person takes devices unless the line says otherwise (S153)."""

    version: int
    source: Open[SourceKind]
