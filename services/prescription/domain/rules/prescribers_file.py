"""Parses a file of the register of prescribers: one row for each person and care unit (Q42)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.prescription.domain.rules.prescribers import MOST_PLACES, PlaceOfWork, Registered
from shared.domain.days import Period
from shared.domain.decision import Sentence
from shared.domain.device_areas import DEVICE_AREAS
from shared.domain.subgroups import PRODUCT_AREAS
from shared.domain.tables import cells
from shared.domain.tables.cells import Column
from shared.domain.tables.table import BadRow, TableRow, read_table

MOST_AREAS = 20

_NAMES = {
    **{each.key: each.name.sv for each in PRODUCT_AREAS},
    **{each.key: each.name.sv for each in DEVICE_AREAS},
}
_AREAS = {word: key for key, name in _NAMES.items() for word in (key, name.casefold())}
_area = cells.one_of(_AREAS, said=[*_NAMES])

NO_AREA = Sentence(
    "Cellen är tom. Skriv minst ett produktområde.", "The cell is empty. Name a product area at least."
)
REVERSED = Sentence(
    "Sista dagen är före den första. Rätta den som är fel.",
    "The last day is before the first. Correct the one that is wrong.",
)
OVERLAPS = Sentence(
    "En annan rad gäller samma person, enhet och tid. Ändra dagarna så att de inte överlappar.",
    "Another row is of the same person, unit and time. Change the days so that they do not overlap.",
)
TOO_MANY = Sentence(
    f"Personen har fler än {MOST_PLACES} rader. Ta bort rader som inte gäller längre.",
    f"The person has more than {MOST_PLACES} rows. Remove rows that do not hold any more.",
)


def _last_day(cell: str) -> date | None:
    return cells.day(cell) if cell else None


COLUMNS: tuple[Column, ...] = (
    Column("prescriber", cells.number, required=True, also=("hsa_id", "förskrivare", "id")),
    Column("name", cells.text, required=True, also=("namn",)),
    Column("profession", cells.key, required=True, also=("yrke",)),
    Column("care_unit", cells.number, required=True, also=("vårdenhet", "tjänsteställe")),
    Column("product_areas", cells.several(_area, most=MOST_AREAS), required=True, also=("produktområden",)),
    Column("valid_from", cells.day, required=True, also=("gäller_från", "från")),
    Column("valid_through", _last_day, also=("gäller_till_och_med", "till_och_med")),
)
"""Every column that the file may have; their order is free (docs/prescribers-file.md)."""


@dataclass(frozen=True)
class PrescribersFile:
    """The people of a file, and each row that is bad with its reason."""

    people: tuple[Registered, ...]
    bad: tuple[BadRow, ...]


def read_prescribers(content: bytes) -> PrescribersFile:
    """Read CSV with named columns as a spreadsheet saves it; raises FileUnreadable.

    Rows of one person agree in name and profession, and their days do not overlap at one unit.
    """
    bad: list[BadRow] = []
    rows: dict[str, list[TableRow]] = defaultdict(list)
    for row in read_table(content, COLUMNS):
        wrong = [*row.bad] or [BadRow(row.line, row.number, *each) for each in _against_row(row.values)]
        bad += wrong
        if not wrong:
            rows[row.number].append(row)
    for of_one in rows.values():
        bad += _against_person(of_one)
    return PrescribersFile(tuple(map(_person, rows.values())), tuple(sorted(bad, key=_line)))


def _against_row(said: Mapping[str, Any]) -> Iterator[tuple[str, Sentence]]:
    if not said["product_areas"]:
        yield "product_areas", NO_AREA
    if said["valid_through"] is not None and said["valid_through"] < said["valid_from"]:
        yield "valid_through", REVERSED


def _against_person(rows: list[TableRow]) -> Iterator[BadRow]:
    first = rows[0]
    if len(rows) > MOST_PLACES:
        yield BadRow(first.line, first.number, "prescriber", TOO_MANY)
    for place, row in enumerate(rows):
        for column in ("name", "profession"):
            if row.values[column] != first.values[column]:
                yield BadRow(row.line, row.number, column, _differs(first.line))
        if any(_overlap(row.values, other.values) for other in rows[:place]):
            yield BadRow(row.line, row.number, "valid_from", OVERLAPS)


def _overlap(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    if one["care_unit"] != other["care_unit"]:
        return False
    early, late = sorted((one, other), key=lambda each: each["valid_from"])
    return early["valid_through"] is None or early["valid_through"] >= late["valid_from"]


def _differs(line: int) -> Sentence:
    return Sentence(
        f"Rad {line} säger något annat om samma person. Skriv lika på alla personens rader.",
        f"Line {line} says otherwise of the same person. Write the same in all rows of the person.",
    )


def _person(rows: list[TableRow]) -> Registered:
    said = rows[0].values
    places = tuple(
        PlaceOfWork(
            each.values["care_unit"],
            each.values["product_areas"],
            Period(each.values["valid_from"], each.values["valid_through"]),
        )
        for each in rows
    )
    return Registered(said["prescriber"], said["name"], said["profession"], listed=places)


def _line(bad: BadRow) -> int:
    return bad.line
