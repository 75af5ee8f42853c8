"""The demo's patients are official test persons, and nobody else."""

import json
import re
from datetime import date
from pathlib import Path

import pytest

from shared.domain.days import age
from shared.domain.person_id import parse
from tools.demo.patients import demo_patients, is_reserve
from tools.demo.people import PEOPLE
from tools.demo.test_numbers import DEMO_NUMBERS, NotATestPerson

TODAY = date(2026, 11, 23)
PATIENTS = demo_patients()


def test_every_demo_patient_is_an_official_test_person() -> None:
    persons = [patient for patient in PATIENTS if not is_reserve(patient.form)]

    assert {patient.number for patient in persons} <= DEMO_NUMBERS
    assert all(parse(patient.number, TODAY) for patient in persons)


def test_one_patient_has_a_reserve_number_of_the_regions_form() -> None:
    (reserve,) = (patient for patient in PATIENTS if is_reserve(patient.form))

    assert parse(reserve.number, TODAY, number_type="skane").is_reserve
    assert reserve.form["born"] == "1985-04-17"


def test_the_guardians_children_are_under_13_and_from_13_to_17() -> None:
    numbers = {patient.key: patient.number for patient in PATIENTS}
    born = [parse(numbers[child], TODAY).born for child in PEOPLE["guardian"].children]

    assert [age(each, TODAY) for each in born if each] == [4, 15]


def test_a_number_that_may_be_a_living_persons_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "patients.json"
    file.write_text(json.dumps([{"key": "x", "is": "somebody", "number": "191212121212"}]))

    with pytest.raises(NotATestPerson):
        demo_patients(file)


def test_no_two_patients_share_a_number_a_key_or_a_phone() -> None:
    phones = [patient.form["phone"] for patient in PATIENTS if patient.served]

    assert len({patient.number for patient in PATIENTS}) == len(PATIENTS)
    assert len({patient.key for patient in PATIENTS}) == len(PATIENTS)
    assert len(set(phones)) == len(phones)


def test_names_are_invented_and_phones_lie_in_the_fiction_series() -> None:
    for patient in PATIENTS:
        if patient.served:
            assert patient.form["protected"] is False
            assert patient.form["name"].endswith(" Testsson")
            assert re.fullmatch(r"070-17406(0[5-9]|[1-9][0-9])", patient.form["phone"])


def test_nothing_is_written_down_about_the_protected_person_but_the_number() -> None:
    (protected,) = (patient for patient in PATIENTS if patient.form.get("protected"))

    assert set(protected.form) == {"number", "protected"}


def test_one_patient_is_fifteen_years_old() -> None:
    (child,) = (patient for patient in PATIENTS if patient.key == "child_15")
    born = parse(child.number, TODAY).born

    assert born is not None
    assert age(born, TODAY) == 15
