"""The register of prescribers: imported by file, learned from tokens, dated (Q42)."""

from dataclasses import replace
from datetime import date

import pytest

from services.prescription.domain.rules.prescribers import (
    MOST_PLACES,
    PlaceOfWork,
    Registered,
    SignedIn,
    learn_prescriber,
    list_prescriber,
)
from services.prescription.domain.rules.prescribers_file import read_prescribers
from shared.domain.days import Period
from shared.events.prescription import PrescriberChanged
from tools.demo.load import PRESCRIBERS
from tools.demo.people import PEOPLE

MONDAY, TUESDAY, WEDNESDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25)
NURSE = SignedIn("hsa-1", "Disa Demo", "nurse", ("DEMO-101",), ("cpap",))
HEADER = "HSA-id;namn;yrke;vårdenhet;produktområden;gäller från;till och med"
ROW = 'hsa-1;Disa Demo;nurse;DEMO-101;"CPAP, Andning";2026-01-01;'
OTHER_UNIT = "hsa-1;Disa Demo;nurse;DEMO-102;cpap;2026-02-01;2026-06-30"


def file_of(*rows: str) -> bytes:
    return "\n".join((HEADER, *rows)).encode("utf-8-sig")


def learned(*told: tuple[SignedIn, date]) -> Registered:
    known: Registered | None = None
    for each, on in told:
        known, _ = learn_prescriber(known, signed_in=each, on=on)
    assert known
    return known


def test_a_prescriber_who_signs_in_is_published_with_the_unit_from_that_day() -> None:
    known, (told,) = learn_prescriber(None, signed_in=NURSE, on=MONDAY)

    assert isinstance(told, PrescriberChanged)
    assert (told.prescriber, told.name, told.profession, told.version) == ("hsa-1", "Disa Demo", "nurse", 1)
    assert [(each.care_unit, each.product_areas, each.valid_from) for each in told.units] == [
        ("DEMO-101", ("cpap",), MONDAY)
    ]
    assert learn_prescriber(known, signed_in=NURSE, on=TUESDAY) == (known, [])


def test_who_is_no_prescriber_is_not_kept() -> None:
    assert learn_prescriber(None, signed_in=replace(NURSE, care_units=()), on=MONDAY) == (None, [])


def test_a_unit_that_the_token_does_not_name_any_more_ends_the_day_before() -> None:
    moved = replace(NURSE, care_units=("DEMO-102",))

    known = learned((NURSE, MONDAY), (moved, WEDNESDAY))

    assert known.areas_at("DEMO-101", on=TUESDAY) == ("cpap",)
    assert known.areas_at("DEMO-101", on=WEDNESDAY) == ()
    assert known.areas_at("DEMO-102", on=WEDNESDAY) == ("cpap",)
    assert known.areas_at("DEMO-102", on=TUESDAY) == ()


def test_an_area_that_was_taken_away_ends_and_another_begins() -> None:
    known = learned((NURSE, MONDAY), (replace(NURSE, product_areas=("tens",)), TUESDAY))

    assert known.areas_at("DEMO-101", on=MONDAY) == ("cpap",)
    assert known.areas_at("DEMO-101", on=TUESDAY) == ("tens",)


def test_a_place_of_the_same_day_was_never_true_and_an_earlier_one_stays_as_it_ended() -> None:
    elsewhere = replace(NURSE, care_units=("DEMO-102",))

    known = learned((NURSE, MONDAY), (elsewhere, TUESDAY), (NURSE, TUESDAY), (NURSE, WEDNESDAY))

    assert [(each.care_unit, each.holds) for each in known.places] == [
        ("DEMO-101", Period(MONDAY, MONDAY)),
        ("DEMO-101", Period(TUESDAY)),
    ]


def test_who_is_no_prescriber_any_more_works_nowhere() -> None:
    known = learned((NURSE, MONDAY), (replace(NURSE, care_units=(), product_areas=()), TUESDAY))

    assert known.areas_at("DEMO-101", on=TUESDAY) == ()


def test_of_a_unit_that_the_file_names_the_file_alone_decides() -> None:
    (row,) = read_prescribers(file_of(OTHER_UNIT)).people
    known, _ = list_prescriber(None, row=row)

    known_now, facts = learn_prescriber(
        known, signed_in=replace(NURSE, care_units=("DEMO-101", "DEMO-102")), on=MONDAY
    )

    assert known_now
    assert len(facts) == 1
    assert known_now.areas_at("DEMO-102", on=MONDAY) == ()
    assert known_now.areas_at("DEMO-101", on=MONDAY) == ("cpap",)


def test_the_file_ends_nothing_that_was_learned_of_other_units() -> None:
    (row,) = read_prescribers(file_of(OTHER_UNIT)).people

    known, (told,) = list_prescriber(learned((NURSE, MONDAY)), row=row)

    assert known.areas_at("DEMO-101", on=MONDAY) == ("cpap",)
    assert isinstance(told, PrescriberChanged)
    assert [each.care_unit for each in told.units] == ["DEMO-102", "DEMO-101"]
    assert list_prescriber(known, row=row) == (known, [])


def test_rows_of_one_person_become_one_prescriber_with_every_unit() -> None:
    file = read_prescribers(file_of(ROW, OTHER_UNIT))

    assert file.bad == ()
    (person,) = file.people
    assert person.listed == (
        PlaceOfWork("DEMO-101", ("cpap", "respiration"), Period(date(2026, 1, 1))),
        PlaceOfWork("DEMO-102", ("cpap",), Period(date(2026, 2, 1), date(2026, 6, 30))),
    )


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (ROW.replace("DEMO-101", ""), "care_unit"),
        (ROW.replace("DEMO-101", "Mottagning 1"), "care_unit"),
        (ROW.replace("CPAP, Andning", "Bilar"), "product_areas"),
        (ROW.replace("CPAP, Andning", ""), "product_areas"),
        (ROW.replace("2026-01-01", "45292"), "valid_from"),
        (ROW + "2025-12-31", "valid_through"),
        (ROW.replace("DEMO-101", "DEMO-102"), "valid_from"),
        (ROW.replace("nurse", "physician"), "profession"),
        (ROW.replace("Disa Demo", "Disa D"), "name"),
    ],
)
def test_a_row_that_contradicts_itself_or_another_is_bad(row: str, column: str) -> None:
    (bad,) = read_prescribers(file_of(OTHER_UNIT, row)).bad

    assert (bad.line, bad.column) == (3, column)
    assert bad.reason.sv.endswith(".")


def test_the_demos_prescribers_are_people_of_the_demo() -> None:
    file = read_prescribers(PRESCRIBERS.read_bytes())

    names = {each.sub: (each.name, each.profession) for each in PEOPLE.values()}
    assert file.bad == ()
    assert {each.prescriber: (each.name, each.profession) for each in file.people}.items() <= names.items()


def test_one_person_has_so_many_rows_and_no_more() -> None:
    rows = [ROW.replace("DEMO-101", f"U{number}") for number in range(MOST_PLACES + 1)]

    assert read_prescribers(file_of(*rows[:-1])).bad == ()
    (bad,) = read_prescribers(file_of(*rows)).bad
    assert (bad.line, bad.column) == (2, "prescriber")
