"""A patient, a form and a dietitian's exemptions do not grow with everything that is done again and again."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from services.prescription.domain.patients.guardians import MOST_GUARDIANS, TooManyGuardians, give_guardian
from services.prescription.domain.patients.patients import record_patient
from services.prescription.domain.patients.person import MOST_FORMER_ADDRESSES, Guardian
from services.prescription.domain.prescriptions.attachments import MOST_EARLIER, FilledTooOften
from services.prescription.domain.prescriptions.many_lines import (
    MOST_LINES_A_YEAR,
    TooManyLines,
    against_many_lines,
)
from services.prescription.domain.rules.exemptions import MOST_GRANTED, TooManyExemptions, end_exemption
from services.prescription.repository.collections import PRESCRIPTIONS
from shared.repository import Cause
from tests.prescription.conftest import form
from tests.prescription.examples import ADULT, LINE, PATIENT, PRESCRIPTION, SERVED, TODAY
from tests.prescription.test_attachments import filled
from tests.prescription.test_patient_guardians import CHILD, PARENT, reasons
from tests.prescription.test_patients import IDENTITY
from tests.prescription.test_rights_exemptions import granted
from tests.support import InMemory

FULL = replace(PRESCRIPTION, lines=(LINE,) * MOST_LINES_A_YEAR)


def test_a_form_is_filled_in_fifty_times_anew_and_not_more() -> None:
    attachment = filled()
    for _ in range(MOST_EARLIER):
        attachment = filled(attachment)

    with pytest.raises(FilledTooOften):
        filled(attachment)


def test_a_dietitian_is_given_a_hundred_exemptions_and_not_more() -> None:
    exemptions = granted()
    while len(exemptions.granted) < MOST_GRANTED:
        ended, _ = end_exemption(
            exemptions, exemption_id=exemptions.granted[-1].exemption_id, by="clerk", on=TODAY
        )
        exemptions = granted(known=ended)
    ended, _ = end_exemption(
        exemptions, exemption_id=exemptions.granted[-1].exemption_id, by="clerk", on=TODAY
    )

    with pytest.raises(TooManyExemptions):
        granted(known=ended)


def guarded(through: date) -> Any:
    noted = tuple(Guardian(f"g-{each}", TODAY - timedelta(days=9), through) for each in range(MOST_GUARDIANS))
    return replace(CHILD, person=replace(CHILD.person or ADULT, guardians=noted))


def test_a_child_has_ten_guardians_at_most_and_those_of_before_make_room() -> None:
    assert reasons(guarded(TODAY), PARENT) == [TooManyGuardians]

    past = guarded(TODAY - timedelta(days=1))
    child, *_ = give_guardian(past, PARENT, valid_from=TODAY, valid_through=None, on=TODAY)
    assert child.person
    assert len(child.person.guardians) == MOST_GUARDIANS + 1


def test_of_guardians_of_before_the_last_ten_are_remembered() -> None:
    known = guarded(TODAY - timedelta(days=1))
    many = replace(known.person, guardians=(*known.person.guardians, Guardian("g-last", TODAY, TODAY)))

    child, *_ = give_guardian(
        replace(known, person=many),
        PARENT,
        valid_from=TODAY,
        valid_through=None,
        on=TODAY + timedelta(days=1),
    )

    assert child.person
    refs = [each.guardian_ref for each in child.person.guardians]
    assert refs == [*(f"g-{each}" for each in range(1, MOST_GUARDIANS)), "g-last", PARENT.patient_ref]


def test_of_the_addresses_where_a_person_lived_the_last_fifty_are_remembered() -> None:
    patient = PATIENT
    for each in range(MOST_FORMER_ADDRESSES + 5):
        moved = replace(ADULT, address=f"sealed:contact:{each}", address_key=f"key-{each}")
        patient, *_ = record_patient(
            patient, IDENTITY, person=moved, status=SERVED, by="clerk", on=TODAY + timedelta(days=each)
        )

    assert patient.person
    assert len(patient.person.former_addresses) == MOST_FORMER_ADDRESSES
    assert patient.person.former_addresses[-1].address == f"sealed:contact:{MOST_FORMER_ADDRESSES + 3}"


@pytest.mark.parametrize(("days_ago", "wanted", "refused"), [(0, 1, True), (364, 1, True), (365, 1, False)])
def test_a_patient_is_given_so_many_lines_within_a_year(days_ago: int, wanted: int, refused: bool) -> None:
    earlier = replace(FULL, registered_on=TODAY - timedelta(days=days_ago))

    found = list(against_many_lines([earlier], wanted=wanted, on=TODAY))

    assert [type(each) for each in found] == ([TooManyLines] if refused else [])


def test_the_last_line_of_the_year_may_be_given() -> None:
    almost = replace(FULL, lines=FULL.lines[1:])

    assert list(against_many_lines([almost], wanted=1, on=TODAY)) == []
    assert list(against_many_lines([almost], wanted=2, on=TODAY)) != []


async def test_trying_and_saving_say_that_a_patient_has_too_many_lines(service: InMemory, adult: str) -> None:
    full = replace(FULL, patient_ref=adult, registered_on=service.clock.today())
    await service.repository.change(
        PRESCRIPTIONS.maybe(full.prescription_no), lambda _: (full, []), cause=Cause(key=None)
    )

    tried = await service.client.post(
        "/prescriptions/preview", json=form(adult), headers=service.token("dietitian")
    )
    saved = await service.client.post("/prescriptions", json=form(adult), headers=service.once("dietitian"))

    assert [each["rule"] for each in tried.json()["reasons"]] == ["too-many-lines"]
    assert (saved.status_code, saved.json()["rule"]) == (422, "too-many-lines")
