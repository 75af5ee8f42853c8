"""Parses a file of care units, storerooms and warehouses, judged with those that are kept (S84, Q38)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from services.inventory.domain import places_reasons as reasons
from services.inventory.domain.places import CareUnit, Storeroom
from shared.domain.address import Address
from shared.domain.decision import Sentence
from shared.domain.tables import cells, table_reasons
from shared.domain.tables.cells import BadCell, Column
from shared.domain.tables.table import BadRow, TableRow, read_table

MOST_UNITS = 2000
MOST_WAREHOUSES = 20
MOST_RECEIPTS = 5
MOST_AREAS = 50

Place = CareUnit | Storeroom

_kind = cells.one_of(
    {
        **{each: each for each in ("care_unit", "storeroom", "warehouse")},
        "vårdenhet": "care_unit",
        "tjänsteställe": "care_unit",
        "förråd": "storeroom",
        "huvudlager": "warehouse",
    }
)


_receipt = cells.one_of(
    {
        **{each: each for each in ("automatic", "manual", "template", "supplier", "direct_delivery")},
        "automatisk": "automatic",
        "manuell": "manual",
        "mall": "template",
        "leverantör": "supplier",
        "direktleverans": "direct_delivery",
    }
)


def _postal_code(cell: str) -> str | None:
    digits = cell.replace(" ", "")
    if cell and not (len(digits) == 5 and digits.isdecimal() and digits.isascii()):  # noqa: PLR2004  as printed
        raise BadCell(reasons.no_postal_code(cell))
    return digits or None


def _active(cell: str) -> bool:
    return cells.yes_or_no(cell) if cell else True


COLUMNS: tuple[Column, ...] = (
    Column("number", cells.number, required=True, also=("nummer", "id", "hsa_id")),
    Column("kind", _kind, required=True, also=("typ",)),
    Column("name", cells.text, required=True, also=("namn",)),
    Column(
        "care_units", cells.several(cells.number, most=MOST_UNITS), also=("vårdenheter", "tjänsteställen")
    ),
    Column("supplied_by", cells.several(cells.number, most=MOST_WAREHOUSES), also=("försörjs_av",)),
    Column("line1", cells.optional_text, also=("adress",)),
    Column("line2", cells.optional_text, also=("adress_2",)),
    Column("postal_code", _postal_code, also=("postnummer",)),
    Column("city", cells.optional_text, also=("ort", "postort")),
    Column("active", _active, also=("aktiv",)),
    Column("receipts", cells.several(_receipt, most=MOST_RECEIPTS), also=("kvitteras", "inleverans")),
    Column("collected_only", cells.several(cells.key, most=MOST_AREAS), also=("bara_hämtorder",)),
)
"""Every column that a file of places may have; their order in the file is free (docs/places-file.md)."""


@dataclass(frozen=True)
class PlaceRow:
    """A place as its line in the file says."""

    line: int
    place: Place


@dataclass(frozen=True)
class PlacesFile:
    """What a file says, before it is compared with what is kept."""

    rows: tuple[PlaceRow, ...]
    bad: tuple[BadRow, ...]


@dataclass(frozen=True)
class Places:
    """The care units and storerooms that are kept, by number."""

    care_units: Mapping[str, CareUnit]
    storerooms: Mapping[str, Storeroom]


def read_places(content: bytes) -> PlacesFile:
    """Read CSV with named columns; raises FileUnreadable. A bad row is named with all its bad columns."""
    rows: list[PlaceRow] = []
    bad: list[BadRow] = []
    for row in read_table(content, COLUMNS):
        wrong = [*row.bad] or [BadRow(row.line, row.number, *each) for each in _against_row(row)]
        bad += wrong
        if not wrong:
            rows.append(PlaceRow(row.line, _place(row)))
    return PlacesFile(tuple(rows), tuple(bad))


def judge_places(file: PlacesFile, *, kept: Places) -> tuple[BadRow, ...]:
    """Give every reason against the file: numbers stand once, and every place that is named is there."""
    care_units = {**kept.care_units, **{each.id: each for each in units_of(file)}}
    storerooms = {**kept.storerooms, **{each.storeroom_no: each for each in storerooms_of(file)}}
    after = Places(care_units, storerooms)
    bad = [*file.bad, *_doubles(file)]
    for row in file.rows:
        bad += (BadRow(row.line, _number(row.place), *each) for each in _against(row.place, kept, after))
    return tuple(sorted(bad, key=_line))


def units_of(file: PlacesFile) -> tuple[CareUnit, ...]:
    """Give the file's care units."""
    return tuple(row.place for row in file.rows if isinstance(row.place, CareUnit))


def storerooms_of(file: PlacesFile) -> tuple[Storeroom, ...]:
    """Give the file's storerooms and warehouses."""
    return tuple(row.place for row in file.rows if isinstance(row.place, Storeroom))


def _against_row(row: TableRow) -> Iterator[tuple[str, Sentence]]:
    said = row.values
    if said["kind"] == "care_unit":
        of_storerooms = ("care_units", "supplied_by", "receipts", "collected_only")
        yield from ((name, reasons.NO_STOREROOM) for name in of_storerooms if said[name])
        address = [said[name] for name in ("line1", "postal_code", "city")]
        if any(address) and not all(address):
            yield "line1", reasons.HALF_AN_ADDRESS
    else:
        if any(said[name] for name in ("line1", "line2", "postal_code", "city")):
            yield "line1", reasons.ADDRESS_OF_UNIT
        if not said["care_units"]:
            yield "care_units", reasons.NOBODYS
        if said["kind"] == "warehouse" and said["supplied_by"]:
            yield "supplied_by", reasons.WAREHOUSE_SUPPLIED


def _place(row: TableRow) -> Place:
    said = row.values
    if said["kind"] == "care_unit":
        named = {name: said[name] for name in ("line1", "postal_code", "city", "line2")}
        return CareUnit(
            said["number"], said["name"], Address(**named) if named["line1"] else None, said["active"]
        )
    return Storeroom(
        said["number"].upper(),
        said["name"],
        said["kind"],
        care_units=said["care_units"],
        supplied_by=tuple(each.upper() for each in said["supplied_by"]),
        active=said["active"],
        receipts=said["receipts"],
        collected_only=said["collected_only"],
    )


def _against(place: Place, kept: Places, after: Places) -> Iterator[tuple[str, Sentence]]:
    number = _number(place)
    if isinstance(place, CareUnit):
        if number in kept.storerooms:
            yield "number", reasons.NUMBER_TAKEN
        if not place.active:
            users = (each for each in after.storerooms.values() if number in each.care_units)
            yield from (("active", reasons.still_used(each.storeroom_no)) for each in users if each.active)
        return
    if number in kept.care_units:
        yield "number", reasons.NUMBER_TAKEN
    before = kept.storerooms.get(number)
    if before is not None and before.kind != place.kind:
        yield "kind", reasons.OTHER_KIND
    if place.active:
        yield from (("care_units", reasons.no_unit(each)) for each in _closed_units(place, after))
        yield from (("supplied_by", reasons.no_warehouse(each)) for each in _no_warehouses(place, after))


def _closed_units(storeroom: Storeroom, after: Places) -> Iterable[str]:
    known = after.care_units
    return (each for each in storeroom.care_units if each not in known or not known[each].active)


def _no_warehouses(storeroom: Storeroom, after: Places) -> Iterator[str]:
    for number in storeroom.supplied_by:
        found = after.storerooms.get(number)
        if found is None or found.kind != "warehouse" or not found.active:
            yield number


def _doubles(file: PlacesFile) -> Iterator[BadRow]:
    lines: dict[str, list[int]] = defaultdict(list)
    for row in file.rows:
        lines[_number(row.place)].append(row.line)
    for row in file.rows:
        others = [each for each in lines[_number(row.place)] if each != row.line]
        if others:
            yield BadRow(row.line, _number(row.place), "number", table_reasons.doubled(others))


def _number(place: Place) -> str:
    return place.id if isinstance(place, CareUnit) else place.storeroom_no


def _line(bad: BadRow) -> int:
    return bad.line
