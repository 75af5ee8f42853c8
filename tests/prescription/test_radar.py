"""The renewal radar, and what happens by itself on its deadline."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.prescription.domain.patients.patients import Patient
from services.prescription.domain.prescriptions.lines import annul_line, give_back, note_withdrawal
from services.prescription.domain.prescriptions.prescriptions import Prescription
from services.prescription.domain.prescriptions.radar import (
    Stretch,
    meet_deadline,
    renewals,
    renewed_articles,
)
from services.prescription.jobs.deadlines import date_earlier_prescriptions, meet_deadlines
from services.prescription.repository.collections import PRESCRIPTIONS
from services.prescription.repository.prescriptions import Prescribing
from shared.domain.days import begins_at
from shared.events.fact import Fact
from shared.events.prescription import LineEnded, RenewalDue
from shared.repository import Cause
from tests.prescription.conftest import LINE as LINE_FORM
from tests.prescription.conftest import form
from tests.prescription.examples import FIRST, LINE, NUMBER, PATIENT, PRESCRIPTION, SECOND, TODAY
from tests.support import InMemory

LAST_DAY = PRESCRIPTION.valid_through
NOTICE = LAST_DAY - timedelta(days=30)
AFTER = LAST_DAY + timedelta(days=1)


def met(
    prescription: Prescription, on: date, *, patient: Patient | None = PATIENT, renewed: Any = ()
) -> tuple[Prescription, list[Fact]]:
    after, _, facts = meet_deadline(prescription, patient, renewed=renewed, on=on)
    return after, list(facts)


def used_up(on: date = TODAY) -> Prescription:
    prescription = PRESCRIPTION
    for number in ("U1", "U2"):
        prescription, _ = note_withdrawal(prescription, withdrawal_no=number, line_ids=[FIRST], on=on)
    return prescription


def test_a_prescription_keeps_its_next_deadline() -> None:
    told, _ = met(PRESCRIPTION, NOTICE)
    ended, _ = met(told, AFTER)

    assert PRESCRIPTION.due_at == begins_at(NOTICE)
    assert told.due_at == begins_at(AFTER)
    assert ended.due_at is None


def test_the_patient_is_told_30_days_before_a_line_ends_and_once() -> None:
    early, nothing = met(PRESCRIPTION, NOTICE - timedelta(days=1))
    told, facts = met(PRESCRIPTION, NOTICE)
    again, no_more = met(told, NOTICE + timedelta(days=1))

    assert (early, nothing, no_more) == (PRESCRIPTION, [], [])
    assert again is told
    assert facts == [
        RenewalDue(
            line_id=FIRST,
            prescription_no=NUMBER,
            patient_ref="p-1",
            why="ends",
            on=LAST_DAY,
            notify="sealed:phone",
        )
    ]


def test_who_used_the_last_withdrawal_is_told_before_the_goods_run_out() -> None:
    prescription = used_up()

    _, facts = met(prescription, TODAY)

    assert prescription.due_at == begins_at(TODAY)
    assert [(fact.why, fact.on) for fact in facts if isinstance(fact, RenewalDue)] == [
        ("last_withdrawal_used", TODAY + timedelta(days=30))
    ]


def test_a_withdrawal_that_is_given_back_changes_the_deadline_back() -> None:
    active, _ = give_back(used_up(), withdrawal_no="U2", line_ids=[FIRST], on=TODAY)

    assert active.due_at == begins_at(NOTICE)


def test_each_reason_is_published_once_even_when_a_withdrawal_came_back_between() -> None:
    told, _ = met(used_up(), TODAY)
    active, _ = give_back(told, withdrawal_no="U2", line_ids=[FIRST], on=TODAY)

    again, _ = note_withdrawal(active, withdrawal_no="U3", line_ids=[FIRST], on=TODAY)

    assert again.line(FIRST).state == "used_up"
    assert again.due_at is None


def test_an_annulled_line_needs_no_renewal_and_has_no_deadline() -> None:
    annulled, _ = annul_line(PRESCRIPTION, line_id=FIRST, reason="wrong", by="doctor", on=TODAY)

    assert (annulled.due_at, annulled.line(FIRST).renew_on) == (None, None)
    assert list(renewals(annulled, renewed=(), within=Stretch(TODAY, LAST_DAY))) == []


def test_nothing_is_published_of_what_is_renewed_already() -> None:
    told, facts = met(PRESCRIPTION, NOTICE, renewed={"900001"})

    assert facts == []
    assert told.due_at == begins_at(AFTER)


@pytest.mark.parametrize(
    "patient",
    [
        None,
        replace(PATIENT, person=None, status=replace(PATIENT.status, protected=True)),
        replace(PATIENT, status=replace(PATIENT.status, deceased_on=TODAY)),
    ],
)
def test_nothing_is_published_about_who_is_withheld_unknown_or_dead(patient: Patient | None) -> None:
    after, facts = met(PRESCRIPTION, NOTICE, patient=patient)

    assert facts == []
    assert after.due_at == begins_at(AFTER)


def test_nobody_is_told_after_the_goods_ran_out() -> None:
    after, facts = met(used_up(), TODAY + timedelta(days=31))

    assert (facts, after.due_at) == ([], None)


def test_a_deadline_that_was_missed_for_long_ends_the_line_and_publishes_no_renewal() -> None:
    after, facts = met(PRESCRIPTION, AFTER + timedelta(days=100))

    assert [type(fact) for fact in facts] == [LineEnded]
    assert after.due_at is None


def test_a_region_may_do_without_notices() -> None:
    silent = replace(PRESCRIPTION, notice_days=None).dated()

    assert silent.due_at == begins_at(AFTER)
    assert met(silent, NOTICE)[1] == []


@given(st.dates(date(2025, 1, 1), date(2035, 12, 31)), st.integers(1, 365), st.integers(0, 400))
def test_meeting_a_deadline_always_moves_it_past_the_day(on: date, days: int, later: int) -> None:
    line = replace(LINE, days=days, state="used_up", ended_on=on)
    valid_through = on + timedelta(days=365)
    prescription = replace(
        PRESCRIPTION,
        registered_on=on,
        valid_through=valid_through,
        lines=(line, replace(LINE, line_id=SECOND, noticed=())),
    ).dated()
    day = on + timedelta(days=later)

    after, _ = met(prescription, day)

    assert after.due_at is None or after.due_at > begins_at(day)
    assert met(after, day) == (after, [])


def test_the_radar_shows_what_ends_or_runs_out_within_the_days() -> None:
    (ends,) = renewals(PRESCRIPTION, renewed=(), within=Stretch(NOTICE, LAST_DAY))
    (runs_out,) = renewals(used_up(), renewed=(), within=Stretch(TODAY, TODAY + timedelta(days=30)))

    assert (ends.why, ends.on) == ("ends", LAST_DAY)
    assert (runs_out.why, runs_out.on) == ("last_withdrawal_used", TODAY + timedelta(days=30))
    assert list(renewals(PRESCRIPTION, renewed=(), within=Stretch(TODAY, LAST_DAY - timedelta(days=1)))) == []
    assert list(renewals(PRESCRIPTION, renewed={"900001"}, within=Stretch(TODAY, LAST_DAY))) == []


def test_what_another_prescription_has_is_renewed() -> None:
    other = replace(PRESCRIPTION, prescription_no="F2026-000124-2")

    assert renewed_articles([PRESCRIPTION], apart_from=NUMBER) == frozenset()
    assert renewed_articles([PRESCRIPTION, other], apart_from=NUMBER) == {"900001"}


async def at(service: InMemory, day: str) -> None:
    service.clock.set(begins_at(date.fromisoformat(day)))
    await service.run_jobs()


async def test_the_notice_and_the_end_come_by_themselves_each_once(
    service: InMemory, prescribed: dict[str, Any]
) -> None:
    for day in ("2027-10-23", "2027-10-24", "2027-10-24", "2027-11-23", "2027-11-24", "2027-11-25"):
        await at(service, day)

    (told,) = service.told_of(RenewalDue)
    assert (told.why, told.on, told.line_id) == (
        "ends",
        date(2027, 11, 23),
        f"{prescribed['prescription_no']}-1",
    )
    assert service.seals.open(told.notify) == "+46701740605"
    assert [fact.why for fact in service.told_of(LineEnded)] == ["expired"]


async def test_two_processes_that_see_the_same_deadline_meet_it_once(
    service: InMemory, prescribed: dict[str, Any]
) -> None:
    service.clock.set(datetime(2027, 11, 24, 12, tzinfo=UTC))
    prescribing = Prescribing(service.repository)

    await asyncio.gather(*(meet_deadlines(prescribing, service.clock) for _ in range(5)))

    assert len(service.told_of(LineEnded)) == 1


async def test_one_deadline_that_fails_does_not_keep_the_others_waiting(
    service: InMemory, adult: str, prescribed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    body = form(adult, lines=[{**LINE_FORM, "withdrawals": 2}])
    await service.client.post("/prescriptions", json=body, headers=service.once("dietitian"))
    service.clock.set(datetime(2027, 11, 24, 12, tzinfo=UTC))
    change = service.repository.change
    failed: list[Any] = []

    async def fail_once(*args: Any, **more: Any) -> Any:
        if not failed:
            failed.append(args)
            raise ConnectionError
        return await change(*args, **more)

    monkeypatch.setattr(service.repository, "change", fail_once)
    prescribing = Prescribing(service.repository)
    with pytest.raises(ConnectionError):
        await meet_deadlines(prescribing, service.clock)
    after_the_failure = len(service.told_of(LineEnded))
    await meet_deadlines(prescribing, service.clock)

    assert after_the_failure == 1
    assert len(service.told_of(LineEnded)) == 2


async def test_prescriptions_from_before_deadlines_were_kept_get_theirs(service: InMemory) -> None:
    old = replace(PRESCRIPTION, due_at=None, lines=(replace(LINE, renew_on=None),))
    await service.repository.change(
        PRESCRIPTIONS.maybe(NUMBER), lambda _: (old, []), cause=Cause.of_job("seed", NUMBER)
    )

    await date_earlier_prescriptions(Prescribing(service.repository))

    kept = await service.repository.get(PRESCRIPTIONS.ref(NUMBER))
    assert (kept.due_at, kept.line(FIRST).renew_on) == (begins_at(NOTICE), LAST_DAY)


async def test_a_patient_with_a_new_prescription_is_not_told_of_the_old_one(
    service: InMemory, adult: str, prescribed: dict[str, Any]
) -> None:
    service.clock.set(datetime(2027, 10, 1, 12, tzinfo=UTC))
    await service.client.post("/prescriptions", json=form(adult), headers=service.once("dietitian"))

    await at(service, "2027-10-25")

    assert service.told_of(RenewalDue) == []
