"""What is kept of the population register's answers, and for how long it may be relied on."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.prescription.domain.patients.copies import (
    BY_REGISTER,
    Copied,
    Copy,
    CopyTooOld,
    RegisterSaysOtherwise,
    against_copy,
    against_lifting,
    keep_copy,
    put_off,
)
from services.prescription.domain.patients.patients import (
    AlreadyRegistered,
    AnotherPatientsNumber,
    Identity,
    Patient,
    Status,
)
from services.prescription.domain.patients.person import SavedAddress
from services.prescription.domain.patients.recording import record_copied, register_copied
from shared.events.fact import Fact
from shared.events.prescription import PatientChanged
from shared.events.tasks import TaskRaised
from tests.prescription.examples import ADULT, PATIENT, SERVED

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
KEY, OLD_KEY = "key", "old-key"
SAID = Copied(
    person=replace(ADULT, phone=None, name="sealed:registered", address="sealed:registered"),
    protected=False,
    no_fixed_address=False,
    deceased_on=None,
    county="12",
    digest="digest-1",
    taken_at=NOW,
)
PROTECTED = replace(SAID, person=None, protected=True, county=None, digest="digest-2")
COPY = Copy(
    patient_ref="p-1",
    taken_at=NOW - timedelta(days=1),
    due_at=NOW,
    digest="digest-1",
    protected=False,
    no_fixed_address=False,
    deceased_on=None,
    county="12",
)
IDENTITIES = (Identity(KEY, "p-1"),)


def kept(patient: Patient | None, copy: Copy | None, said: Copied, **changes: Any) -> tuple[Any, ...]:
    given: dict[str, Any] = {"patient_ref": "p-1", "number_keys": [KEY], "own_county": "12"}
    identities = changes.pop("identities", IDENTITIES if patient else (None,))
    return keep_copy(patient, copy, identities, said=said, **{**given, **changes})


def told(facts: list[Fact]) -> list[PatientChanged]:
    return [fact for fact in facts if isinstance(fact, PatientChanged)]


def tasks(facts: list[Fact]) -> list[str]:
    return [fact.kind for fact in facts if isinstance(fact, TaskRaised)]


def test_a_person_found_in_the_register_is_kept_with_the_moment_of_the_copy() -> None:
    patient, copy, identities, facts = kept(None, None, SAID)

    assert patient == Patient("p-1", 1, SAID.person, Status(protected=False), BY_REGISTER)
    assert (copy.taken_at, copy.due_at, copy.county) == (NOW, NOW + timedelta(hours=12), "12")
    assert identities == IDENTITIES
    assert [fact.version for fact in told(facts)] == [1]


def test_a_protected_person_found_in_the_register_leaves_nothing_personal_behind() -> None:
    patient, copy, _, facts = kept(None, None, replace(PROTECTED, person=SAID.person, county="12"))

    assert (patient.person, copy.county) == (None, None)
    assert [(fact.name, fact.protected) for fact in told(facts)] == [(None, True)]


def test_a_patient_kept_by_somebody_else_at_the_same_moment_is_left_alone() -> None:
    patient, copy, identities, facts = kept(None, None, SAID, identities=(Identity(KEY, "p-2"),))

    assert (patient, copy, facts) == (None, None, [])
    assert identities == (Identity(KEY, "p-2"),)


def test_the_same_answer_again_only_moves_the_date_of_the_copy() -> None:
    resealed = replace(SAID.person or ADULT, name="sealed:again")

    patient, copy, identities, facts = kept(PATIENT, COPY, replace(SAID, person=resealed))

    assert patient is PATIENT
    assert copy.taken_at == NOW
    assert (identities, facts) == (IDENTITIES, [])


def test_a_change_in_the_register_becomes_a_fact_and_leaves_contact_data_alone() -> None:
    summer = SavedAddress("a-1", "sealed:label", "sealed:summer")
    patient = replace(PATIENT, person=replace(ADULT, language="en", saved_addresses=(summer,)))

    newer, _, _, facts = kept(patient, COPY, replace(SAID, digest="digest-9"))

    assert (newer.person.address, newer.person.phone, newer.person.language) == (
        "sealed:registered",
        ADULT.phone,
        "en",
    )
    assert newer.person.saved_addresses == (summer,)
    assert [fact.version for fact in told(facts)] == [2]


def test_a_person_who_becomes_protected_in_the_register_is_forgotten() -> None:
    patient, copy, _, facts = kept(PATIENT, COPY, PROTECTED)

    assert (patient.person, patient.status.protected, copy.protected) == (None, True, True)
    assert [fact.protected for fact in told(facts)] == [True]


def test_a_person_whose_protection_ended_in_the_register_is_there_again() -> None:
    hidden, copy, *_ = kept(PATIENT, COPY, PROTECTED)

    patient, *_ = kept(hidden, copy, SAID)

    assert (patient.person, patient.status.protected) == (SAID.person, False)


def test_protection_set_by_hand_is_not_lifted_by_the_register() -> None:
    by_hand = replace(PATIENT, person=None, status=Status(protected=True, no_fixed_address=True))

    patient, *_ = kept(by_hand, COPY, SAID)

    assert (patient.person, patient.status.protected, patient.status.no_fixed_address) == (None, True, True)


def test_a_death_in_the_register_is_published_and_taken_back_when_it_was_wrong() -> None:
    died = date(2026, 3, 1)
    dead, copy, _, facts = kept(PATIENT, COPY, replace(SAID, deceased_on=died, digest="digest-3"))

    alive, *_ = kept(dead, copy, SAID)

    assert [fact.deceased_on for fact in told(facts)] == [died]
    assert alive.status.deceased_on is None


def test_a_death_recorded_by_hand_stays() -> None:
    dead = replace(PATIENT, status=replace(SERVED, deceased_on=date(2026, 3, 1)))

    patient, *_ = kept(dead, COPY, SAID)

    assert patient.status.deceased_on == date(2026, 3, 1)


def test_a_number_that_changed_hands_finds_the_same_patient_by_both_numbers() -> None:
    _, _, identities, facts = kept(
        PATIENT, COPY, SAID, number_keys=[KEY, OLD_KEY], identities=(None, Identity(OLD_KEY, "p-1"))
    )

    assert identities == (Identity(KEY, "p-1"), Identity(OLD_KEY, "p-1"))
    assert facts == []


def test_two_patients_with_numbers_of_one_person_become_a_task_for_customer_service() -> None:
    _, _, identities, facts = kept(
        PATIENT, COPY, SAID, number_keys=[KEY, OLD_KEY], identities=(*IDENTITIES, Identity(OLD_KEY, "p-0"))
    )

    assert identities[1].patient_ref == "p-0"
    assert tasks(facts) == ["patients_are_one_person"]


@pytest.mark.parametrize("other", ["p-0", "p-2"])
def test_the_task_about_two_patients_has_one_name_whichever_is_looked_up(other: str) -> None:
    *_, facts = kept(
        PATIENT, COPY, SAID, number_keys=[KEY, OLD_KEY], identities=(*IDENTITIES, Identity(OLD_KEY, other))
    )

    (task,) = (each for each in facts if isinstance(each, TaskRaised))
    assert task.task_id == f"same-person:{min(other, 'p-1')}:{max(other, 'p-1')}"
    assert (task.patient_ref, task.subject_no) == ("p-1", other)


def test_a_patient_who_moves_to_another_region_becomes_a_task() -> None:
    moved = replace(SAID, county="07", digest="digest-7")

    *_, facts = kept(PATIENT, COPY, moved)

    assert tasks(facts) == ["moved_out_of_region"]


def test_a_person_registered_by_hand_is_no_task_when_the_register_knows_the_county() -> None:
    *_, facts = kept(PATIENT, None, replace(SAID, county="07"))

    assert tasks(facts) == []


@pytest.mark.parametrize(
    ("hours", "seconds", "refused"), [(0, 0, False), (23, 0, False), (24, 0, False), (24, 1, True)]
)
def test_a_copy_may_be_prescribed_by_for_24_hours(hours: int, seconds: int, refused: bool) -> None:
    at = COPY.taken_at + timedelta(hours=hours, seconds=seconds)

    reasons = list(against_copy(COPY, at=at))

    assert [type(reason) for reason in reasons] == ([CopyTooOld] if refused else [])


def test_a_person_registered_by_hand_has_no_copy_to_grow_old() -> None:
    assert list(against_copy(None, at=NOW)) == []


def test_a_copy_is_fresh_for_a_minute() -> None:
    assert COPY.is_fresh(COPY.taken_at + timedelta(minutes=1))
    assert not COPY.is_fresh(COPY.taken_at + timedelta(minutes=2))


def test_a_silent_register_is_asked_again_and_the_date_of_the_copy_stays() -> None:
    later, facts = put_off(COPY, at=NOW + timedelta(minutes=15))

    assert (later.taken_at, later.due_at) == (COPY.taken_at, NOW + timedelta(minutes=15))
    assert facts == []


@pytest.mark.parametrize(
    "copy",
    [
        replace(COPY, protected=True),
        replace(COPY, no_fixed_address=True),
        replace(COPY, deceased_on=date(2026, 3, 1)),
    ],
)
def test_what_the_register_says_is_not_lifted_by_hand(copy: Copy) -> None:
    assert [type(reason) for reason in against_lifting(copy, SERVED)] == [RegisterSaysOtherwise]
    assert list(against_lifting(COPY, replace(SERVED, protected=True))) == []
    assert list(against_lifting(None, SERVED)) == []


def test_a_person_whom_the_register_knows_is_registered_by_hand_with_its_name_and_protection() -> None:
    patient, copy, identities, facts = register_copied(
        None,
        None,
        (None, None),
        patient_ref="p-1",
        number_keys=[KEY, OLD_KEY],
        said=replace(SAID, deceased_on=date(2026, 3, 1)),
        status=SERVED,
        by="clerk",
    )

    assert (patient.person, patient.registered_by) == (SAID.person, "clerk")
    assert patient.status.deceased_on == date(2026, 3, 1)
    assert (copy.taken_at, identities) == (NOW, (Identity(KEY, "p-1"), Identity(OLD_KEY, "p-1")))
    assert len(facts) == 1


def test_a_number_of_somebody_else_is_not_registered_by_hand_again() -> None:
    with pytest.raises(AlreadyRegistered):
        register_copied(
            None,
            None,
            (Identity(KEY, "p-2"),),
            patient_ref="p-1",
            number_keys=[KEY],
            said=SAID,
            status=SERVED,
            by="clerk",
        )


def test_what_the_register_says_of_protection_stands_when_a_person_is_recorded_anew() -> None:
    patient, copy, identities, _ = record_copied(
        PATIENT, COPY, (*IDENTITIES, None), number_keys=[KEY, OLD_KEY], said=PROTECTED, status=SERVED
    )

    assert (patient.person, patient.status.protected, copy.protected) == (None, True, True)
    assert identities == (Identity(KEY, "p-1"), Identity(OLD_KEY, "p-1"))


def test_nobody_is_recorded_anew_under_a_number_of_somebody_else() -> None:
    with pytest.raises(AnotherPatientsNumber):
        record_copied(PATIENT, COPY, (Identity(KEY, "p-2"),), number_keys=[KEY], said=SAID, status=SERVED)
