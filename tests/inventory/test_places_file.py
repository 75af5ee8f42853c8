"""What a file of care units, storerooms and warehouses may say, and how a bad row is named."""

import pytest

from services.inventory.domain.places_file import Places, judge_places, read_places, storerooms_of, units_of
from shared.domain.tables.table import BadRow
from tests.inventory.devices import CLINIC, OWN_STOREROOM, WAREHOUSE

HEADER = "nummer;typ;namn;vårdenheter;försörjs av;adress;postnummer;ort;aktiv"
UNIT = "DEMO-101;vårdenhet;Sömnmottagningen Demostad;;;Demogatan 1;123 45;Demostad;"
OTHER_UNIT = "DEMO-102;vårdenhet;Barnmottagningen;;;;;;"
STOREROOM = "DEMO-S1;förråd;Sömnmottagningens förråd;DEMO-101;DEMO-W1;;;;"
CENTRAL = 'DEMO-W1;huvudlager;Centrallagret Demostad;"DEMO-101; DEMO-102";;;;;'
ALL = (UNIT, OTHER_UNIT, STOREROOM, CENTRAL)
NOTHING = Places({}, {})
KEPT = Places({"DEMO-101": CLINIC}, {"DEMO-S1": OWN_STOREROOM, "DEMO-W1": WAREHOUSE})


def file_of(*rows: str) -> bytes:
    return "\r\n".join((HEADER, *rows)).encode("cp1252")


def against(*rows: str, kept: Places = NOTHING) -> tuple[BadRow, ...]:
    return judge_places(read_places(file_of(*rows)), kept=kept)


def test_a_file_as_a_spreadsheet_saves_it_becomes_places() -> None:
    file = read_places(file_of(*ALL))

    assert judge_places(file, kept=NOTHING) == ()
    assert units_of(file)[0] == CLINIC
    assert storerooms_of(file) == (OWN_STOREROOM, WAREHOUSE)


@pytest.mark.parametrize(
    ("row", "column", "says"),
    [
        (OTHER_UNIT.replace("vårdenhet", "mottagning"), "kind", "cannot be chosen"),
        (OTHER_UNIT.replace("Barnmottagningen", ""), "name", "Fill it in"),
        (
            OTHER_UNIT.replace("Barnmottagningen;", "Barnmottagningen;DEMO-101"),
            "care_units",
            "has no care units",
        ),
        (UNIT.replace("Demostad;", ";").replace("DEMO-101", "DEMO-102"), "line1", "all three"),
        (UNIT.replace("123 45", "12345-6").replace("DEMO-101", "DEMO-102"), "postal_code", "five digits"),
        (STOREROOM.replace(";DEMO-101;", ";;"), "care_units", "Name the care units"),
        (STOREROOM.replace("W1;;", "W1;Gatan 1;"), "line1", "care unit's address"),
        (STOREROOM.replace("förråd;S", "huvudlager;S"), "supplied_by", "refilled by suppliers"),
        (STOREROOM.replace("DEMO-101", "DEMO-109"), "care_units", "DEMO-109 does not exist"),
        (STOREROOM.replace("DEMO-W1", "DEMO-W9"), "supplied_by", "DEMO-W9 does not exist"),
        (STOREROOM.replace("DEMO-W1", "+".join(f"W{each}" for each in range(21))), "supplied_by", "20"),
        (STOREROOM.replace("DEMO-S1", "#SAKNAS!"), "number", "error of the spreadsheet"),
    ],
)
def test_a_row_that_contradicts_itself_or_names_no_place_is_bad(row: str, column: str, says: str) -> None:
    others = [each for each in ALL if each.split(";")[0] != row.split(";", maxsplit=1)[0]]
    others = [each for each in others if not (row.startswith("#") and each == STOREROOM)]

    found = [each for each in against(*others, row) if each.line == len(others) + 2]

    assert (column, True) in [(each.column, says in each.reason.en) for each in found]


def test_a_number_stands_once_whatever_kind_of_place_it_is() -> None:
    twice = against(*ALL, STOREROOM.replace("DEMO-S1", "DEMO-101"))

    assert [(each.line, each.column) for each in twice] == [(2, "number"), (6, "number")]
    (taken,) = against("DEMO-S1;vårdenhet;Mottagningen;;;;;;", kept=KEPT)
    assert "another kind" in taken.reason.en
    (unit,) = against("DEMO-101;huvudlager;Lagret;DEMO-101;;;;;", kept=KEPT)
    assert "another kind" in unit.reason.en


def test_a_storeroom_never_becomes_a_warehouse() -> None:
    (bad,) = against("DEMO-S1;huvudlager;Förrådet;DEMO-101;;;;;", kept=KEPT)

    assert bad.column == "kind"


def test_a_care_unit_is_closed_only_together_with_its_storerooms() -> None:
    closed = UNIT.removesuffix(";") + ";nej"

    bad = against(closed, kept=KEPT)
    both = against(
        closed,
        STOREROOM.removesuffix(";") + ";nej",
        CENTRAL.removesuffix(";") + ";nej",
        OTHER_UNIT,
        kept=KEPT,
    )

    assert [each.column for each in bad] == ["active", "active"]
    assert both == ()


def test_a_place_that_the_file_does_not_name_is_found_among_those_that_are_kept() -> None:
    assert against(STOREROOM, kept=KEPT) == ()


def test_a_storeroom_says_which_deliveries_are_on_hand_only_when_they_are_received() -> None:
    content = f'{HEADER};kvitteras\n{STOREROOM};"manuell, leverantör"\n{UNIT};manuell\n'.encode()

    file = read_places(content)

    assert storerooms_of(file)[0].receipts == ("manual", "supplier")
    assert [(each.line, each.column) for each in file.bad] == [(3, "receipts")]
