"""A reserve number that becomes a personal number: two patients become one, once and traceably."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.prescription.domain.patients.merging import (
    Merging,
    NotAReserveNumber,
    SamePatient,
    follow_guardian,
    give_number,
    merge_patients,
    move_prescriptions,
)
from services.prescription.domain.patients.patients import AlreadyRegistered, Identity, MergedPatient, Patient
from services.prescription.domain.patients.person import FormerAddress, Guardian, SavedAddress
from services.prescription.domain.patients.routines import ProtectedIdentity
from shared.domain.days import Period
from shared.events.prescription import PatientChanged, PatientsMerged
from tests.prescription.examples import ADULT, PATIENT, PRESCRIPTION, SERVED, TODAY

CARD = Period(date(2026, 1, 1), date(2026, 12, 31))
RESERVE = replace(
    ADULT,
    number_type="skane",
    language="ar",
    lma_number="sealed:lma",
    saved_addresses=(SavedAddress("a-1", "sealed:l", "sealed:a"),),
    former_addresses=(FormerAddress("sealed:f", TODAY, "clerk"),),
    guardians=(Guardian("parent", TODAY, TODAY),),
)
OLD = Patient("old", 3, RESERVE, replace(SERVED, asylum_seeker=CARD, opted_out=True), registered_by="clerk")
INTO = Patient("into", 1, replace(ADULT, phone=None, name="sealed:registered"), SERVED, "register")
IDENTITY = Identity("reserve-key", "old")
OWN = replace(PRESCRIPTION, patient_ref="old")


def merged(old: Patient = OLD, into: Patient = INTO, merging: Merging | None = None, **changes: Any) -> Any:
    given: dict[str, Any] = {"by": "clerk", "on": TODAY, "reason": "got a personal number", **changes}
    return merge_patients((old, into), (IDENTITY,), (OWN,), merging, **given)


def test_numbers_and_prescriptions_move_to_the_other_patient() -> None:
    (old, into), identities, prescriptions, written, facts = merged()

    assert (old.person, old.merged_into, into.version) == (None, "into", 2)
    assert identities == (Identity("reserve-key", "into"),)
    assert [each.patient_ref for each in prescriptions] == ["into"]
    assert written == Merging("old", "into", "clerk", TODAY, "got a personal number", (OWN.prescription_no,))
    assert facts[-1] == PatientsMerged(patient_ref="old", into_ref="into", merged_on=TODAY)


def test_what_the_other_patient_lacks_comes_along_and_what_it_has_stays() -> None:
    (_, into), *_, facts = merged()

    assert (into.person.name, into.person.phone, into.person.language) == (
        "sealed:registered",
        ADULT.phone,
        "ar",
    )
    assert into.person.lma_number == "sealed:lma"
    assert (into.person.saved_addresses, into.person.guardians) == (
        RESERVE.saved_addresses,
        RESERVE.guardians,
    )
    assert (into.status.asylum_seeker, into.status.opted_out) == (CARD, True)
    assert [fact.patient_ref for fact in facts if isinstance(fact, PatientChanged)] == ["into"]


def test_the_language_of_a_patient_with_a_phone_of_its_own_stays() -> None:
    (_, into), *_ = merged(into=replace(INTO, person=replace(ADULT, phone="sealed:own", language="en")))

    assert (into.person.phone, into.person.language) == ("sealed:own", "en")


def test_a_merged_patient_is_not_merged_again() -> None:
    (closed, into), _, _, written, _ = merged()

    with pytest.raises(MergedPatient):
        merged(closed, into, written)
    with pytest.raises(MergedPatient):
        merged(closed, into)


def test_a_patient_is_not_merged_into_itself() -> None:
    with pytest.raises(SamePatient):
        merged(into=OLD)


def test_a_protected_person_is_not_merged() -> None:
    hidden = replace(INTO, person=None, status=replace(SERVED, protected=True))

    with pytest.raises(ProtectedIdentity):
        merged(into=hidden)


def test_two_patients_whose_persons_are_missing_are_merged_by_their_numbers() -> None:
    (_, into), *_ = merged(replace(OLD, person=None), INTO)

    assert into.person == INTO.person


def test_a_personal_number_is_merged_only_when_the_register_says_that_it_was_replaced() -> None:
    personal = replace(OLD, person=replace(RESERVE, number_type="personnummer"))

    with pytest.raises(NotAReserveNumber):
        merged(personal)

    assert merged(personal, same_by_register=True)[0][0].merged_into == "into"


def test_a_prescription_saved_while_two_were_merged_moves_too() -> None:
    (moved,), facts = move_prescriptions((OWN,), into_ref="into")

    assert (moved.patient_ref, facts) == ("into", [])


def test_a_guardian_who_was_merged_is_still_the_guardian() -> None:
    guarded = replace(PATIENT, person=replace(ADULT, guardians=(Guardian("old", TODAY, TODAY),)))

    child, facts = follow_guardian(guarded, old_ref="old", into_ref="into")

    assert child.person is not None
    assert [each.guardian_ref for each in child.person.guardians] == ["into"]
    assert len(facts) == 1
    assert follow_guardian(child, old_ref="old", into_ref="into") == (child, [])
    withheld = replace(PATIENT, person=None)
    assert follow_guardian(withheld, old_ref="old", into_ref="into") == (withheld, [])


def test_a_reserve_number_is_replaced_by_a_number_that_nobody_has() -> None:
    patient, identity, facts = give_number(
        OLD, None, number_key="new-key", number="sealed:new", number_type="personnummer"
    )

    assert (patient.person, identity) == (
        replace(RESERVE, number="sealed:new", number_type="personnummer"),
        Identity("new-key", "old"),
    )
    assert [fact.number_type for fact in facts if isinstance(fact, PatientChanged)] == ["personnummer"]


def test_a_number_that_somebody_has_or_that_replaces_a_personal_number_is_refused() -> None:
    given: dict[str, Any] = {
        "number_key": "key",
        "number": "sealed:new",
        "number_type": "personnummer",
    }

    with pytest.raises(AlreadyRegistered):
        give_number(OLD, Identity("key", "into"), **given)
    with pytest.raises(NotAReserveNumber):
        give_number(PATIENT, None, **given)
    with pytest.raises(NotAReserveNumber):
        give_number(replace(OLD, person=None), None, **given)
