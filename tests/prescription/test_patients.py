"""What is kept and told of a person, and what is not."""

from dataclasses import replace
from datetime import date

import pytest

from services.prescription.domain.patients.patients import (
    AlreadyRegistered,
    AnotherPatientsNumber,
    HomeRegionMissing,
    Identity,
    Patient,
    Person,
    PersonMissing,
    Status,
    change_status,
    demand_served,
    record_patient,
    register_patient,
)
from services.prescription.domain.patients.reachability import Reachability, reachability
from services.prescription.domain.patients.routines import NoFixedAddress, ProtectedIdentity
from shared.domain.customer_service import CALL
from shared.domain.days import Period
from shared.domain.decision import NotFound
from shared.events.prescription import PatientChanged, StatusPeriod
from tests.prescription.examples import ADULT, PATIENT, SERVED, TODAY

KEY = "keyed-hash"
IDENTITY = Identity(KEY, "p-1")
PROTECTED = replace(SERVED, protected=True)
NO_ADDRESS = replace(SERVED, no_fixed_address=True)
HIDDEN = replace(PATIENT, person=None, status=PROTECTED)


def registered(person: Person | None, status: Status) -> tuple[Patient, Identity, PatientChanged]:
    patient, identity, facts = register_patient(
        None, None, patient_ref="p-1", number_key=KEY, person=person, status=status, by="clerk"
    )
    (told,) = facts
    assert isinstance(told, PatientChanged)
    return patient, identity, told


def test_customer_service_registers_a_patient_under_a_random_reference() -> None:
    patient, identity, told = registered(ADULT, SERVED)

    assert patient == Patient("p-1", 1, ADULT, SERVED, registered_by="clerk")
    assert identity == IDENTITY
    assert (told.version, told.name, told.born) == (1, "sealed:name", "sealed:born")


@pytest.mark.parametrize("status", [PROTECTED, NO_ADDRESS])
def test_nothing_of_a_withheld_person_is_kept_or_published(status: Status) -> None:
    patient, _, told = registered(ADULT, status)

    assert patient.person is None
    assert (told.number, told.number_type, told.born) == (None, "withheld", None)
    assert (told.name, told.address, told.phone) == (None, None, None)
    assert (told.protected, told.no_fixed_address) == (status.protected, status.no_fixed_address)


def test_a_number_is_registered_once() -> None:
    with pytest.raises(AlreadyRegistered):
        register_patient(
            None, IDENTITY, patient_ref="p-2", number_key=KEY, person=ADULT, status=SERVED, by="clerk"
        )


def test_a_person_who_is_served_has_name_and_address() -> None:
    with pytest.raises(PersonMissing):
        registered(None, SERVED)


def test_an_asylum_seeker_is_registered_with_the_days_of_the_card() -> None:
    card = Period(date(2026, 1, 1), date(2026, 6, 30))

    _, _, told = registered(ADULT, replace(SERVED, asylum_seeker=card))

    assert told.asylum_seeker == StatusPeriod(valid_from=card.valid_from, valid_through=card.valid_through)


def test_a_home_region_that_pays_is_named() -> None:
    with pytest.raises(HomeRegionMissing):
        registered(ADULT, replace(SERVED, payer="home_region"))

    _, _, told = registered(ADULT, replace(SERVED, payer="home_region", home_region="Grannregionen"))

    assert (told.payer, told.home_region) == ("home_region", "Grannregionen")


def test_a_changed_status_is_a_new_version() -> None:
    patient, facts = change_status(PATIENT, status=replace(SERVED, opted_out=True))

    assert patient.version == 2
    assert [fact.opted_out for fact in facts if isinstance(fact, PatientChanged)] == [True]


def test_the_same_status_again_is_not_published() -> None:
    patient, facts = change_status(PATIENT, status=SERVED)

    assert patient is PATIENT
    assert facts == []


def test_a_person_who_becomes_protected_is_forgotten() -> None:
    patient, facts = change_status(PATIENT, status=PROTECTED)

    assert patient.person is None
    assert [fact.name for fact in facts if isinstance(fact, PatientChanged)] == [None]


def test_when_protection_ends_the_person_is_recorded_anew() -> None:
    with pytest.raises(PersonMissing):
        change_status(HIDDEN, status=SERVED)

    patient, identity, facts = record_patient(HIDDEN, IDENTITY, person=ADULT, status=SERVED)

    assert (patient.person, patient.version, identity) == (ADULT, 2, IDENTITY)
    assert len(facts) == 1


def test_recording_protection_forgets_what_the_form_held() -> None:
    patient, *_ = record_patient(PATIENT, IDENTITY, person=ADULT, status=PROTECTED)

    assert patient.person is None


@pytest.mark.parametrize("identity", [None, Identity(KEY, "p-2")])
def test_a_person_is_not_recorded_under_anothers_number(identity: Identity | None) -> None:
    with pytest.raises(AnotherPatientsNumber):
        record_patient(PATIENT, identity, person=ADULT, status=SERVED)


def test_a_served_person_may_be_shown() -> None:
    assert demand_served(PATIENT) is PATIENT


def test_a_protected_person_is_not_shown_only_the_routine_is() -> None:
    with pytest.raises(ProtectedIdentity) as refused:
        demand_served(HIDDEN)

    assert refused.value.said.sv.endswith(CALL.sv)


def test_a_person_without_a_fixed_address_has_the_manual_routine() -> None:
    with pytest.raises(NoFixedAddress) as refused:
        demand_served(replace(PATIENT, person=None, status=NO_ADDRESS))

    assert "manual routine" in refused.value.said.en


def test_an_unknown_person_is_not_found() -> None:
    with pytest.raises(NotFound):
        demand_served(None)


def test_a_living_person_may_be_told_of_a_delivery() -> None:
    assert reachability(PATIENT) == Reachability(may_be_told=True, why=None)


@pytest.mark.parametrize(
    ("status", "why"),
    [
        (PROTECTED, "protected"),
        (NO_ADDRESS, "no_fixed_address"),
        (replace(SERVED, deceased_on=TODAY), "deceased"),
        (replace(SERVED, opted_out=True), "opted_out"),
    ],
)
def test_nobody_is_told_against_protection_death_or_their_wish(status: Status, why: str) -> None:
    answer = reachability(replace(PATIENT, status=status))

    assert (answer.may_be_told, answer.why) == (False, why)


def test_a_person_we_do_not_know_is_not_told() -> None:
    assert reachability(None) == Reachability(may_be_told=False, why="unknown")
