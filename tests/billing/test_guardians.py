"""A guardian at the statement: a young child's fees, and customer service from 13 on (S70, Q7)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.billing.domain.fees.guardians import guardian_sees
from services.billing.domain.fees.payer import Guardian, Payer
from services.billing.repository.collections import PAYERS
from shared.domain.days import birthday
from shared.events.prescription import Guardianship, PatientsMerged
from tests.billing.examples import PAYER
from tests.billing.in_memory import SENT, TODAY, Billing
from tests.doors.matrix import OF_A_CHILD

PARENT = "p-9"
BORN = date(2016, 7, 3)
LEAP_CHILD = date(2016, 2, 29)
GUARDIAN = Guardian(PARENT, date(2020, 1, 1), date(2034, 7, 2))
CHILD = replace(PAYER, protected=False, guardians=(GUARDIAN,))


@pytest.mark.parametrize(
    ("on", "seeing"),
    [
        (date(2029, 7, 2), "alone"),
        (date(2029, 7, 3), "through_customer_service"),
        (date(2034, 7, 2), "through_customer_service"),
        (date(2034, 7, 3), "not"),
    ],
)
def test_a_guardian_sees_alone_until_13_and_through_customer_service_until_18(on: date, seeing: str) -> None:
    lasting = replace(CHILD, guardians=(replace(GUARDIAN, valid_through=date(2040, 1, 1)),))

    assert guardian_sees(lasting, PARENT, born=BORN, on=on) == seeing


@pytest.mark.parametrize(("on", "seeing"), [(date(2029, 2, 28), "alone"), (date(2029, 3, 1), "through")])
def test_a_child_of_a_leap_day_turns_13_on_the_first_of_march(on: date, seeing: str) -> None:
    assert guardian_sees(CHILD, PARENT, born=LEAP_CHILD, on=on).startswith(seeing)


@pytest.mark.parametrize(
    ("child", "born"),
    [
        (None, BORN),
        (replace(CHILD, protected=True), BORN),
        (CHILD, None),
        (replace(CHILD, guardians=()), BORN),
        (replace(CHILD, guardians=(replace(GUARDIAN, guardian_ref="p-8"),)), BORN),
        (replace(CHILD, guardians=(replace(GUARDIAN, valid_from=TODAY + timedelta(days=1)),)), BORN),
        (replace(CHILD, guardians=(replace(GUARDIAN, valid_through=TODAY - timedelta(days=1)),)), BORN),
    ],
    ids=["unknown", "protected", "of no known age", "without", "another's", "not yet", "no longer"],
)
def test_of_whom_one_is_no_guardian_today_one_sees_nothing(child: Payer | None, born: date | None) -> None:
    assert guardian_sees(child, PARENT, born=born, on=TODAY) == "not"


@given(born=some.dates(date(2000, 1, 1), date(2026, 1, 1)), on=some.dates(date(2020, 1, 1), date(2034, 7, 2)))
def test_who_may_see_changes_on_the_birthdays_only(born: date, on: date) -> None:
    seeing = guardian_sees(CHILD, PARENT, born=born, on=on)

    young, minor = on < birthday(born, 13), on < birthday(born, 18)
    assert seeing == ("alone" if young else "through_customer_service" if minor else "not")


def test_the_statement_stands_in_the_table_of_what_a_guardian_may_try() -> None:
    assert {each for each in OF_A_CHILD if each.startswith("billing.")} == {"billing.search_fees"}


async def child_with_fees(billing: Billing, *, born: date, **changes: Any) -> None:
    guardian = Guardianship(guardian_ref=PARENT, valid_from=date(2010, 1, 1), valid_through=date(2040, 1, 1))
    sealed = billing.service.seals.seal(born.isoformat(), purpose="identity")
    child = billing.patient(version=changes.pop("version", 1))
    told = {"born": sealed, "guardians": (guardian,), **changes}
    await billing.hear(child.model_copy(update=told), SENT)


async def test_a_guardian_reads_the_statement_of_a_child_below_13(billing: Billing) -> None:
    await child_with_fees(billing, born=date(2016, 7, 3))

    by_parent = await billing.statement("patient", patient_ref="p-1", patient=PARENT)
    by_stranger = await billing.statement("patient", patient_ref="p-1", patient="p-8")
    without = await billing.statement("patient", patient_ref="p-1", patient=None)

    assert (by_parent.status_code, by_stranger.status_code, without.status_code) == (200, 403, 403)
    assert (by_parent.json()["net"], len(by_parent.json()["fees"])) == ("330.00", 2)


async def test_reading_a_childs_statement_leaves_a_row_in_the_access_log_of_the_child(
    billing: Billing,
) -> None:
    await child_with_fees(billing, born=date(2016, 7, 3))
    await billing.statement("patient", patient_ref="p-1", patient=PARENT)

    rows = await billing.service.repository.access_log("p-1", limit=5)

    assert "patient-1" in {row["actor"] for row in rows}


@pytest.mark.parametrize("born", [date(2013, 11, 23), date(2008, 11, 24)])
async def test_from_13_a_guardian_is_told_to_call_customer_service(billing: Billing, born: date) -> None:
    await child_with_fees(billing, born=born)

    answer = await billing.statement("patient", patient_ref="p-1", patient=PARENT)

    assert (answer.status_code, answer.json()["rule"]) == (403, "guardian-calls-customer-service")
    assert "Ring kundservice på 040-628 04 00." in answer.json()["detail"]


@pytest.mark.parametrize(
    ("born", "changes"), [(date(2008, 11, 23), {}), (date(2016, 7, 3), {"protected": True, "number": None})]
)
async def test_of_an_adult_or_a_protected_child_a_guardian_learns_nothing(
    billing: Billing, born: date, changes: dict[str, Any]
) -> None:
    await child_with_fees(billing, born=born, **changes)

    answer = await billing.statement("patient", patient_ref="p-1", patient=PARENT)

    assert (answer.status_code, answer.json()["rule"]) == (403, "forbidden")


async def test_a_child_that_became_protected_is_shown_to_no_guardian_any_more(billing: Billing) -> None:
    await child_with_fees(billing, born=date(2016, 7, 3))
    await child_with_fees(billing, born=date(2016, 7, 3), version=2, protected=True)

    assert (await billing.statement("patient", patient_ref="p-1", patient=PARENT)).status_code == 403


async def test_by_a_withdrawals_number_a_citizen_finds_own_fees_only(billing: Billing) -> None:
    await child_with_fees(billing, born=date(2016, 7, 3))

    by_parent = await billing.statement("patient", withdrawal_no=SENT.withdrawal_no, patient=PARENT)

    assert by_parent.json()["fees"] == []


async def test_a_guardian_finds_the_fees_of_a_child_that_was_merged(billing: Billing) -> None:
    await child_with_fees(billing, born=date(2016, 7, 3), patient_ref="p-2", version=3)
    await billing.hear(PatientsMerged(patient_ref="p-1", into_ref="p-2", merged_on=TODAY))

    answer = await billing.statement("patient", patient_ref="p-1", patient=PARENT)

    assert (answer.status_code, len(answer.json()["fees"])) == (200, 2)


async def test_a_birth_date_lies_sealed_with_billing(billing: Billing) -> None:
    await child_with_fees(billing, born=date(2016, 7, 3))

    kept = await billing.service.repository.get(PAYERS.ref("p-1"))

    assert kept.born
    assert kept.born.startswith("sealed:")
