"""A person is what the register says and what people told: neither answer drops a field of the other."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.prescription.domain.patients.copies import Copied, person_after
from services.prescription.domain.patients.merging import joined
from services.prescription.domain.patients.patients import with_contact
from services.prescription.domain.patients.person import (
    Contact,
    FormerAddress,
    Guardian,
    Person,
    Registered,
    SavedAddress,
)
from services.prescription.repository.collections import PATIENTS
from shared.repository.codec import from_document, to_document
from shared.repository.refs import Loaded
from tests.prescription.examples import ADULT, PATIENT, TODAY

TOLD: dict[str, Any] = {
    "phone": "sealed:phone",
    "language": "fi",
    "email": "sealed:email",
    "other_phones": ("sealed:other",),
    "lma_number": "sealed:lma",
    "former_addresses": (FormerAddress("sealed:before", date(2025, 1, 1), "clerk"),),
    "saved_addresses": (SavedAddress("a-1", "sealed:label", "sealed:saved"),),
    "guardians": (Guardian("parent", TODAY, TODAY),),
}
FULL = replace(ADULT, **TOLD)
ANEW = Person(
    number="sealed:new",
    number_type="personnummer",
    born=date(1990, 7, 6),
    sealed_born="sealed:new-born",
    name="sealed:new-name",
    address="sealed:new-address",
    name_keys=("k",),
    indexed_as=2,
    address_key="key",
)


SAID = Copied(ANEW, False, False, None, "12", "another", datetime(2026, 11, 23, 8, tzinfo=UTC))


@pytest.mark.parametrize("field", [each.name for each in fields(Contact)])
def test_a_changed_answer_of_the_register_drops_nothing_that_people_said(field: str) -> None:
    after = person_after(FULL, None, SAID)

    assert after is not None
    assert getattr(after, field) == TOLD[field]


@pytest.mark.parametrize("field", [each.name for each in fields(Registered)])
def test_a_changed_answer_of_the_register_replaces_all_that_the_register_said(field: str) -> None:
    after = person_after(FULL, None, SAID)

    assert after is not None
    assert getattr(after, field) == getattr(ANEW, field)


@pytest.mark.parametrize("field", [each.name for each in fields(Contact)])
def test_of_two_who_are_one_person_nothing_that_people_said_is_lost(field: str) -> None:
    assert getattr(joined(Contact(), FULL.contact), field) == TOLD[field]
    assert getattr(joined(FULL.contact, Contact()), field) == TOLD[field]


def test_a_person_recorded_anew_is_reached_as_the_form_says() -> None:
    after = with_contact(replace(ANEW, phone="sealed:new-phone", language="en"), FULL)

    assert (after.phone, after.language, after.email) == ("sealed:new-phone", "en", "sealed:email")
    assert (after.guardians, after.name) == (FULL.guardians, "sealed:new-name")


def test_every_field_of_a_person_belongs_to_one_half() -> None:
    halves = [each.name for half in (Registered, Contact) for each in fields(half)]

    assert sorted(halves) == sorted(each.name for each in fields(Person))
    assert Person.of(FULL.registered, FULL.contact) == FULL


def test_a_person_is_kept_in_one_document_as_ever() -> None:
    """What the version before kept is read, and the version before reads what is kept."""
    document = to_document(PATIENTS, "p-1", Loaded(replace(PATIENT, person=FULL), 1))

    assert set(document["person"]) == {each.name for each in fields(Person)}
    assert document["person"]["name_keys"] == []
    assert document["person"]["guardians"][0]["guardian_ref"] == "parent"
    assert from_document(PATIENTS, document).state == replace(PATIENT, person=FULL)
