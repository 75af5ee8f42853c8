"""Who may make a withdrawal, and through which channel."""

from dataclasses import replace
from datetime import date

import pytest

from services.ordering.domain.channels import (
    Asker,
    Channel,
    NotYourPatient,
    OwnPrescription,
    against_channel,
    channel_of,
    guardian_may,
)
from shared.domain.decision import Refused
from tests.ordering.examples import CLERK, LINE, ORDER_PLACER, PATIENT

THE_PATIENT = Asker(sub="patient-sub", roles=frozenset({"patient"}), patient_ref=PATIENT)


def against(asker: Asker) -> list[type[Refused]]:
    return [type(each) for each in against_channel(asker, patient_ref=PATIENT, lines=(LINE,))]


@pytest.mark.parametrize(
    ("asker", "channel"),
    [(CLERK, "customer_service"), (ORDER_PLACER, "care_unit"), (THE_PATIENT, "citizen")],
)
def test_each_person_withdraws_through_a_channel_of_their_own(asker: Asker, channel: Channel) -> None:
    assert channel_of(asker, patient_ref=PATIENT, lines=(LINE,)) == channel
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


def test_a_prescriber_employed_elsewhere_may_withdraw_on_an_own_line() -> None:
    elsewhere = replace(ORDER_PLACER, sub=LINE.prescriber, employed_by_region=False)
    line = replace(LINE, prescriber_employed_by_region=False)

    assert list(against_channel(elsewhere, patient_ref=PATIENT, lines=(line,))) == []


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
