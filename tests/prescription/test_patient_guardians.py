"""Who acts for a minor, and until when."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.prescription.domain.patients.guardians import (
    DaysTurned,
    NoGuardianForAnAdult,
    OwnGuardian,
    acts_alone_for,
    against_guardian,
    end_guardian,
    give_guardian,
    is_guardian_of,
)
from services.prescription.domain.patients.patients import Patient
from services.prescription.domain.patients.person import Guardian
from services.prescription.domain.patients.routines import ProtectedIdentity
from shared.domain.decision import NotFound
from shared.events.prescription import PatientChanged
from tests.prescription.examples import ADULT, PATIENT, SERVED, TODAY

PARENT = replace(PATIENT, patient_ref="parent")
CHILD = replace(PATIENT, patient_ref="child", person=replace(ADULT, born=date(2016, 3, 2)))
LAST = date(2034, 3, 1)
NOTED = Guardian("parent", TODAY, LAST)
GUARDED = replace(CHILD, person=replace(CHILD.person or ADULT, guardians=(NOTED,)))
HIDDEN = replace(PARENT, person=None, status=replace(SERVED, protected=True))


def reasons(child: Patient, guardian: Patient, *, through: date | None = None) -> list[type]:
    found = against_guardian(child, guardian, valid_from=TODAY, valid_through=through, on=TODAY)
    return [type(reason) for reason in found]


def test_a_guardian_acts_until_the_day_before_the_18th_birthday() -> None:
    child, parent, facts = give_guardian(CHILD, PARENT, valid_from=TODAY, valid_through=None, on=TODAY)

    assert child.person is not None
    assert child.person.guardians == (NOTED,)
    assert parent is PARENT
    assert [fact.guardians[0].valid_through for fact in facts if isinstance(fact, PatientChanged)] == [LAST]


def test_the_same_guardian_again_gets_the_new_days() -> None:
    child, *_ = give_guardian(GUARDED, PARENT, valid_from=TODAY, valid_through=TODAY, on=TODAY)

    assert child.person is not None
    assert child.person.guardians == (Guardian("parent", TODAY, TODAY),)


def test_an_adult_or_a_person_of_unknown_age_has_no_guardian() -> None:
    unborn = replace(CHILD, person=replace(ADULT, born=None))

    assert reasons(replace(PATIENT, patient_ref="adult"), PARENT) == [NoGuardianForAnAdult]
    assert reasons(unborn, PARENT) == [NoGuardianForAnAdult]


def test_a_child_is_nobodys_guardian_and_nobody_the_own() -> None:
    assert reasons(CHILD, replace(CHILD, patient_ref="brother")) == [OwnGuardian]
    assert reasons(CHILD, CHILD) == [OwnGuardian]


def test_a_guardian_of_unknown_age_is_believed() -> None:
    assert reasons(CHILD, replace(PARENT, person=replace(ADULT, born=None))) == []


def test_the_last_day_is_not_before_the_first() -> None:
    assert reasons(CHILD, PARENT, through=TODAY - timedelta(days=1)) == [DaysTurned]


def test_nothing_is_noted_of_a_protected_guardian() -> None:
    with pytest.raises(ProtectedIdentity):
        give_guardian(CHILD, HIDDEN, valid_from=TODAY, valid_through=None, on=TODAY)


def test_a_guardian_ends_with_the_day_before() -> None:
    on = TODAY + timedelta(days=10)

    child, _ = end_guardian(GUARDED, guardian_ref="parent", on=on)

    assert child.person is not None
    assert child.person.guardians == (Guardian("parent", TODAY, on - timedelta(days=1)),)
    assert end_guardian(child, guardian_ref="parent", on=on) == (child, [])


def test_a_guardian_who_was_noted_by_mistake_today_is_gone() -> None:
    child, _ = end_guardian(GUARDED, guardian_ref="parent", on=TODAY)

    assert child.person is not None
    assert child.person.guardians == ()


def test_a_guardian_of_one_day_is_kept() -> None:
    child, _ = end_guardian(GUARDED, guardian_ref="parent", on=TODAY + timedelta(days=1))

    assert child.person is not None
    assert child.person.guardians == (Guardian("parent", TODAY, TODAY),)


@pytest.mark.parametrize("child", [CHILD, replace(CHILD, person=None)])
def test_who_is_no_guardian_is_not_ended(child: Patient) -> None:
    with pytest.raises(NotFound):
        end_guardian(child, guardian_ref="parent", on=TODAY)


@given(st.dates(TODAY - timedelta(days=400), LAST + timedelta(days=400)))
def test_a_guardian_acts_alone_until_the_child_turns_13(day: date) -> None:
    expected = TODAY <= day < date(2029, 3, 2)

    assert acts_alone_for(GUARDED, "parent", on=day) is expected
    assert not acts_alone_for(GUARDED, "somebody", on=day)


@given(st.dates(TODAY - timedelta(days=400), LAST + timedelta(days=400)))
def test_a_guardian_is_one_until_the_child_turns_18(day: date) -> None:
    assert is_guardian_of(GUARDED, "parent", on=day) is (TODAY <= day <= LAST)
    assert not is_guardian_of(GUARDED, "somebody", on=day)


@pytest.mark.parametrize("child", [HIDDEN, replace(GUARDED, person=replace(ADULT, guardians=(NOTED,)))])
def test_nobody_acts_for_who_is_withheld_or_grown_up_whatever_is_noted(child: Patient) -> None:
    assert not acts_alone_for(child, "parent", on=TODAY)
    assert not is_guardian_of(child, "parent", on=TODAY)


def test_on_the_18th_birthday_nobody_is_guardian_however_long_was_noted() -> None:
    noted = replace(NOTED, valid_through=LAST + timedelta(days=400))
    child = replace(CHILD, person=replace(CHILD.person or ADULT, guardians=(noted,)))

    assert is_guardian_of(child, "parent", on=LAST)
    assert not is_guardian_of(child, "parent", on=LAST + timedelta(days=1))
