"""Contact data, delivery addresses that are used again, and a manual person's earlier addresses."""

from dataclasses import replace

import pytest

from services.prescription.domain.patients.contact import (
    MOST_SAVED_ADDRESSES,
    TooManyAddresses,
    change_contact,
    forget_address,
    keep_address,
    save_address,
)
from services.prescription.domain.patients.patients import (
    Identity,
    MergedPatient,
    Patient,
    PersonMissing,
    record_patient,
)
from services.prescription.domain.patients.person import FormerAddress, SavedAddress
from services.prescription.domain.patients.routines import ProtectedIdentity
from shared.domain.decision import NotFound
from shared.events.prescription import PatientChanged
from tests.prescription.examples import ADULT, PATIENT, SERVED, TODAY

SUMMER = SavedAddress("a-1", "sealed:summer-house", "sealed:summer")
HIDDEN = replace(PATIENT, person=None, status=replace(SERVED, protected=True))
WITH_SUMMER = replace(PATIENT, person=replace(ADULT, saved_addresses=(SUMMER,)))


def saved(patient: Patient) -> tuple[SavedAddress, ...]:
    return patient.person.saved_addresses if patient.person else ()


def test_contact_data_is_changed_and_published() -> None:
    patient, facts = change_contact(
        PATIENT, phone="sealed:new", other_phones=("sealed:work",), email="sealed:mail", language="en"
    )

    assert patient.version == 2
    assert [
        (fact.phone, fact.email, fact.language) for fact in facts if isinstance(fact, PatientChanged)
    ] == [("sealed:new", "sealed:mail", "en")]


def test_nothing_is_kept_of_how_to_reach_a_protected_person() -> None:
    with pytest.raises(ProtectedIdentity):
        change_contact(HIDDEN, phone="sealed:new", other_phones=(), email=None, language="sv")


def test_a_merged_patient_has_no_contact_data_of_its_own() -> None:
    with pytest.raises(MergedPatient) as refused:
        save_address(
            replace(PATIENT, merged_into="p-2"), address_id="a", label="sealed:l", address="sealed:a"
        )

    assert refused.value.facts == {"into": "p-2"}


def test_a_patient_whose_person_is_missing_is_recorded_first() -> None:
    with pytest.raises(PersonMissing):
        save_address(replace(PATIENT, person=None), address_id="a", label="sealed:l", address="sealed:a")


def test_an_address_is_saved_for_later_withdrawals_and_published_sealed() -> None:
    patient, facts = save_address(PATIENT, address_id="a-1", label=SUMMER.label, address=SUMMER.address)

    assert saved(patient) == (SUMMER,)
    assert [fact.saved_addresses[0].label for fact in facts if isinstance(fact, PatientChanged)] == [
        "sealed:summer-house"
    ]


def test_the_same_address_again_only_gets_the_new_name() -> None:
    patient, _ = save_address(WITH_SUMMER, address_id="a-1", label="sealed:grandma", address=SUMMER.address)

    assert [each.label for each in saved(patient)] == ["sealed:grandma"]


def test_there_is_an_end_to_saved_addresses() -> None:
    many = tuple(replace(SUMMER, address_id=str(each)) for each in range(MOST_SAVED_ADDRESSES))
    full = replace(PATIENT, person=replace(ADULT, saved_addresses=many))

    with pytest.raises(TooManyAddresses):
        save_address(full, address_id="a-1", label="sealed:l", address="sealed:a")
    assert keep_address(full, address_id="a-1", label="sealed:l", address="sealed:a") == (full, [])


def test_an_address_of_a_withdrawal_is_kept_once() -> None:
    once, facts = keep_address(PATIENT, address_id="a-1", label=SUMMER.label, address=SUMMER.address)

    again = keep_address(once, address_id="a-1", label="sealed:resealed", address="sealed:resealed")

    assert (len(facts), again) == (1, (once, []))


@pytest.mark.parametrize("patient", [None, HIDDEN])
def test_an_address_of_who_is_withheld_by_now_is_let_go(patient: Patient | None) -> None:
    assert keep_address(patient, address_id="a", label="sealed:l", address="sealed:a") == (patient, [])


def test_a_saved_address_is_taken_away_once() -> None:
    patient, _ = forget_address(WITH_SUMMER, address_id="a-1")

    assert saved(patient) == ()
    with pytest.raises(NotFound):
        forget_address(patient, address_id="a-1")


def test_the_address_of_a_person_registered_by_hand_is_edited_with_history() -> None:
    before = replace(PATIENT, person=replace(ADULT, address_key="old", saved_addresses=(SUMMER,)))
    moved = replace(ADULT, address="sealed:new", address_key="new")

    patient, *_ = record_patient(
        before, Identity("key", "p-1"), person=moved, status=SERVED, by="clerk", on=TODAY
    )

    assert patient.person is not None
    assert patient.person.former_addresses == (FormerAddress("sealed:address", TODAY, "clerk"),)
    assert saved(patient) == (SUMMER,)


def test_recording_the_same_address_again_makes_no_history() -> None:
    before = replace(PATIENT, person=replace(ADULT, address_key="same"))
    again = replace(ADULT, address="sealed:resealed", address_key="same")

    patient, *_ = record_patient(
        before, Identity("key", "p-1"), person=again, status=SERVED, by="clerk", on=TODAY
    )

    assert patient.person is not None
    assert patient.person.former_addresses == ()
