"""Who may prescribe to whom, at what age."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.prescription.domain.patients.patients import Patient
from services.prescription.domain.prescriptions.prescribing import PrescriptionRequest
from services.prescription.domain.prescriptions.quantity import LineRequest
from tests.prescription.examples import (
    ADULT,
    DIETITIAN,
    FIFTEEN,
    FORMULA,
    PATIENT,
    PHYSICIAN,
    TODAY,
    reasons,
)

FOR_FORMULA = PrescriptionRequest(
    "infant_formula", "SE-UNIT-1", (LineRequest("900050", days=30, withdrawals=4, packages=10),)
)


def born_16_years_before(day: date) -> Patient:
    return replace(PATIENT, person=replace(ADULT, born=day.replace(year=day.year - 16)))


def test_physicians_prescribe_until_the_day_before_the_16th_birthday() -> None:
    patient = born_16_years_before(TODAY)

    assert reasons(patient, by=PHYSICIAN, on=TODAY - timedelta(days=1)) == []
    assert reasons(patient, by=PHYSICIAN, on=TODAY) == [("physician-only-under-16", None)]


def test_dietitians_prescribe_from_the_16th_birthday() -> None:
    patient = born_16_years_before(TODAY)

    assert reasons(patient, on=TODAY - timedelta(days=1)) == [("dietitian-only-from-16", None)]
    assert reasons(patient, on=TODAY) == []


def test_a_child_of_a_leap_day_turns_16_on_the_leap_day() -> None:
    patient = born_16_years_before(date(2024, 2, 29))

    assert reasons(patient, on=date(2024, 2, 28)) == [("dietitian-only-from-16", None)]
    assert reasons(patient, on=date(2024, 2, 29)) == []


@given(st.dates(date(2005, 1, 1), date(2015, 12, 31)), st.dates(date(2024, 1, 1), date(2030, 12, 31)))
def test_exactly_one_profession_may_prescribe_at_any_age(born: date, on: date) -> None:
    patient = replace(PATIENT, person=replace(ADULT, born=born))

    allowed = [by.profession for by in (PHYSICIAN, DIETITIAN) if not reasons(patient, by=by, on=on)]

    assert len(allowed) == 1


def test_infant_formula_is_prescribed_to_a_child() -> None:
    assert reasons(FIFTEEN, FORMULA, wanted=FOR_FORMULA, by=PHYSICIAN) == []


def test_infant_formula_is_refused_from_the_16th_birthday() -> None:
    patient = born_16_years_before(TODAY)

    assert reasons(patient, FORMULA, wanted=FOR_FORMULA) == [("infant-formula-not-from-16", None)]
    assert reasons(patient, FORMULA, wanted=FOR_FORMULA, by=PHYSICIAN, on=TODAY - timedelta(days=1)) == []


def test_a_person_without_a_known_birth_date_waits_for_customer_service() -> None:
    unknown = replace(PATIENT, person=replace(ADULT, born=None))

    assert reasons(unknown) == [("birth-date-unknown", None)]


def test_a_person_with_protected_identity_is_not_prescribed_to() -> None:
    hidden = replace(PATIENT, person=None, status=replace(PATIENT.status, protected=True))

    assert reasons(hidden) == [("protected-identity", None)]


def test_a_person_without_a_fixed_address_is_not_prescribed_to() -> None:
    homeless = replace(PATIENT, person=None, status=replace(PATIENT.status, no_fixed_address=True))

    assert reasons(homeless) == [("no-fixed-address", None)]


def test_nothing_is_prescribed_to_the_dead() -> None:
    deceased = replace(PATIENT, status=replace(PATIENT.status, deceased_on=TODAY))

    assert reasons(deceased) == [("deceased", None)]
