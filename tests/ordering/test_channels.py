"""Who may make a withdrawal, and through which channel."""

from dataclasses import replace
from datetime import date

import pytest

from services.ordering.domain.channels import (
    AskedBy,
    Asker,
    Channel,
    GuardianOfAdult,
    NotYourPatient,
    OwnPrescription,
    against_asking,
    against_channel,
    channel_of,
    guardian_may,
)
from services.ordering.domain.person import Guardian, Person
from shared.domain.days import Period
from shared.domain.decision import Refused
from shared.domain.guardianship import GuardianCallsCustomerService
from tests.ordering.examples import CLERK, LINE, ORDER_PLACER, PATIENT, PERSON, TODAY

THE_PATIENT = Asker(sub="patient-sub", roles=frozenset({"patient"}), patient_ref=PATIENT)


def against(asker: Asker, person: Person = PERSON, on: date = TODAY) -> list[type[Refused]]:
    return [
        type(each)
        for each in against_channel(asker, patient_ref=PATIENT, lines=(LINE,), person=person, on=on)
    ]


@pytest.mark.parametrize(
    ("asker", "channel"),
    [(CLERK, "customer_service"), (ORDER_PLACER, "care_unit"), (THE_PATIENT, "citizen")],
)
def test_each_person_withdraws_through_a_channel_of_their_own(asker: Asker, channel: Channel) -> None:
    assert channel_of(asker, patient_ref=PATIENT, lines=(LINE,), person=PERSON, on=TODAY) == channel
    assert against(asker) == []


def test_a_prescriber_withdraws_for_the_patients_of_the_own_unit() -> None:
    colleague = replace(ORDER_PLACER, sub="dietitian-2", roles=frozenset({"prescriber"}))

    assert against(colleague) == []


@pytest.mark.parametrize(
    "asker",
    [
        replace(ORDER_PLACER, care_units=frozenset({"DEMO-102"})),
        replace(ORDER_PLACER, product_areas=frozenset({"diabetes"})),
        replace(THE_PATIENT, patient_ref="patient-2"),
        Asker(sub="keeper-1", roles=frozenset({"store_keeper"}), care_units=frozenset({"DEMO-101"})),
    ],
)
def test_nobody_withdraws_for_another_units_or_persons_patients(asker: Asker) -> None:
    assert against(asker) == [NotYourPatient]


@pytest.mark.parametrize("roles", [{"prescriber"}, {"customer_service"}, {"prescriber", "order_placer"}])
def test_a_region_employed_prescriber_never_withdraws_on_an_own_line(
    roles: set[str],
) -> None:
    prescriber = replace(ORDER_PLACER, sub=LINE.prescriber, roles=frozenset(roles), employed_by_region=True)

    assert against(prescriber) == [OwnPrescription]


def test_of_two_own_lines_each_is_named_with_its_prescription() -> None:
    prescriber = replace(ORDER_PLACER, sub=LINE.prescriber, employed_by_region=True)
    lines = (LINE, replace(LINE, line_id="F2026-000009-1-1", prescription_no="F2026-000009-1"))

    reasons = against_channel(prescriber, patient_ref=PATIENT, lines=lines, person=PERSON, on=TODAY)

    assert [each.facts for each in reasons] == [
        {"line_id": each.line_id, "prescription_no": each.prescription_no} for each in lines
    ]


def test_a_prescriber_employed_elsewhere_may_withdraw_on_an_own_line() -> None:
    elsewhere = replace(ORDER_PLACER, sub=LINE.prescriber, employed_by_region=False)
    line = replace(LINE, prescriber_employed_by_region=False)

    assert list(against_channel(elsewhere, patient_ref=PATIENT, lines=(line,), person=PERSON, on=TODAY)) == []


@pytest.mark.parametrize(
    ("on", "channel", "may"),
    [
        (date(2024, 1, 6), "citizen", True),
        (date(2024, 1, 7), "citizen", False),
        (date(2029, 1, 6), "customer_service", True),
        (date(2029, 1, 7), "customer_service", False),
        (date(2020, 1, 7), "care_unit", False),
    ],
)
def test_a_guardian_may_as_a_citizen_until_13_and_through_customer_service_until_18(
    on: date, channel: Channel, may: bool
) -> None:
    assert guardian_may(date(2011, 1, 7), channel=channel, on=on) is may


PARENT = replace(THE_PATIENT, sub="parent-sub", patient_ref="patient-9")
CHILD_OF_TWELVE = replace(
    PERSON,
    born=date(2014, 7, 3),
    guardians=(Guardian("patient-9", Period(date(2014, 7, 3), date(2032, 7, 2))),),
)


def test_a_guardian_withdraws_as_a_citizen_for_a_child_under_13() -> None:
    channel = channel_of(PARENT, patient_ref=PATIENT, lines=(LINE,), person=CHILD_OF_TWELVE, on=TODAY)

    assert channel == "citizen"
    assert against(PARENT, CHILD_OF_TWELVE) == []


def test_from_13_a_guardian_is_told_to_call_customer_service() -> None:
    assert against(PARENT, CHILD_OF_TWELVE, date(2027, 7, 2)) == []
    assert against(PARENT, CHILD_OF_TWELVE, date(2027, 7, 3)) == [GuardianCallsCustomerService]


@pytest.mark.parametrize(
    "person",
    [
        PERSON,
        None,
        replace(CHILD_OF_TWELVE, guardians=(Guardian("patient-9", Period(TODAY, TODAY)),)),
    ],
)
def test_who_is_no_guardian_that_day_is_a_stranger(person: Person | None) -> None:
    tomorrow = date(2026, 11, 24)

    reasons = against_channel(PARENT, patient_ref=PATIENT, lines=(LINE,), person=person, on=tomorrow)

    assert [type(each) for each in reasons] == [NotYourPatient]


def test_a_child_of_unknown_age_has_no_guardian_as_a_citizen() -> None:
    unknown = replace(CHILD_OF_TWELVE, born=None)

    assert against(PARENT, unknown) == [NotYourPatient]


def test_staff_with_a_parents_reference_are_no_guardians() -> None:
    keeper = replace(PARENT, roles=frozenset({"store_keeper"}))

    assert against(keeper, CHILD_OF_TWELVE) == [NotYourPatient]


@pytest.mark.parametrize(
    ("asked_by", "born", "refused"),
    [
        ("patient", date(1990, 7, 5), []),
        ("care_unit", None, []),
        ("guardian", date(2008, 11, 24), []),
        ("guardian", date(2008, 11, 23), [GuardianOfAdult]),
        ("guardian", None, [GuardianOfAdult]),
    ],
)
def test_customer_service_withdraws_for_a_guardian_until_the_patient_is_18(
    asked_by: AskedBy, born: date | None, refused: list[type[Refused]]
) -> None:
    reasons = against_asking(asked_by, person=replace(PERSON, born=born), on=TODAY)

    assert [type(each) for each in reasons] == refused
