"""How lines end, and what brings one back."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.prescription.domain.prescriptions.lines import (
    LineNotActive,
    annul_line,
    expire_lines,
    give_back,
    note_withdrawal,
)
from services.prescription.domain.prescriptions.prescriptions import (
    Annulment,
    Prescription,
    line_id,
    prescription_of,
)
from shared.domain.decision import NotFound
from shared.events.prescription import LineAnnulled, LineEnded
from tests.prescription.examples import FIRST, LINE, NUMBER, PRESCRIPTION, SECOND, TODAY

LAST_DAY = PRESCRIPTION.valid_through
AFTER = LAST_DAY + timedelta(days=1)
TWO_LINES = replace(PRESCRIPTION, lines=(LINE, replace(LINE, line_id=SECOND)))


def withdrawn(prescription: Prescription, *withdrawal_nos: str) -> Prescription:
    for each in withdrawal_nos:
        prescription, _ = note_withdrawal(prescription, withdrawal_no=each, line_ids=[FIRST], on=TODAY)
    return prescription


USED_UP = withdrawn(PRESCRIPTION, "U1", "U2")
ANNULLED, _ = annul_line(PRESCRIPTION, line_id=FIRST, reason="slip of the pen", by="doctor", on=TODAY)


def test_a_line_knows_its_prescription() -> None:
    assert line_id(NUMBER, 1) == FIRST
    assert prescription_of(FIRST) == NUMBER


def test_a_line_counts_its_withdrawals() -> None:
    assert PRESCRIPTION.line(FIRST).withdrawals_left == 2
    assert withdrawn(PRESCRIPTION, "U1").line(FIRST).withdrawals_left == 1


def test_a_line_ends_when_its_last_withdrawal_is_sent() -> None:
    once = withdrawn(PRESCRIPTION, "U1")

    after, facts = note_withdrawal(once, withdrawal_no="U2", line_ids=[FIRST], on=TODAY)

    assert (after.line(FIRST).state, after.line(FIRST).ended_on) == ("used_up", TODAY)
    assert facts == [
        LineEnded(line_id=FIRST, prescription_no=NUMBER, patient_ref="p-1", ended_on=TODAY, why="used_up")
    ]


def test_a_withdrawal_that_is_consumed_again_counts_once() -> None:
    once = withdrawn(PRESCRIPTION, "U1")

    again, facts = note_withdrawal(once, withdrawal_no="U1", line_ids=[FIRST], on=TODAY)

    assert again is once
    assert facts == []


def test_a_withdrawal_touches_only_its_own_lines() -> None:
    after, _ = note_withdrawal(TWO_LINES, withdrawal_no="U1", line_ids=[SECOND], on=TODAY)

    assert after.line(FIRST) == LINE
    assert after.line(SECOND).used == ("U1",)


def test_a_withdrawal_of_a_line_that_is_not_ours_is_loud() -> None:
    with pytest.raises(NotFound):
        note_withdrawal(PRESCRIPTION, withdrawal_no="U1", line_ids=["F2026-000123-4-9"], on=TODAY)


def test_an_annulled_withdrawal_makes_a_used_up_line_active_again() -> None:
    after, facts = give_back(USED_UP, withdrawal_no="U2", line_ids=[FIRST], on=TODAY)

    assert (after.line(FIRST).state, after.line(FIRST).ended_on) == ("active", None)
    assert after.line(FIRST).used == ("U1",)
    assert facts == []


def test_an_annulment_that_is_consumed_again_gives_back_once() -> None:
    once, _ = give_back(USED_UP, withdrawal_no="U2", line_ids=[FIRST], on=TODAY)

    again, _ = give_back(once, withdrawal_no="U2", line_ids=[FIRST], on=TODAY)

    assert again is once


def test_the_annulment_of_a_withdrawal_that_was_never_sent_gives_nothing_back() -> None:
    after, facts = give_back(USED_UP, withdrawal_no="U9", line_ids=[FIRST], on=TODAY)

    assert after.line(FIRST).state == "used_up"
    assert after.line(FIRST).used == ("U1", "U2")
    assert facts == []


def test_an_annulment_may_be_consumed_before_the_withdrawal() -> None:
    early, _ = give_back(withdrawn(PRESCRIPTION, "U1"), withdrawal_no="U2", line_ids=[FIRST], on=TODAY)

    after, facts = note_withdrawal(early, withdrawal_no="U2", line_ids=[FIRST], on=TODAY)

    assert (after.line(FIRST).state, after.line(FIRST).used) == ("active", ("U1",))
    assert facts == []


@settings(deadline=None)  # up to 120 orders in one example
@given(st.lists(st.sampled_from(["U1", "U2", "U3"]), max_size=3))
def test_facts_in_any_order_come_to_the_same(given_back: list[str]) -> None:
    heard = [(note_withdrawal, "U1"), (note_withdrawal, "U2"), *((give_back, each) for each in given_back)]
    outcomes = set()
    for order in permutations(heard):
        prescription = PRESCRIPTION
        for rule, number in order:
            prescription, _ = rule(prescription, withdrawal_no=number, line_ids=[FIRST], on=TODAY)
        line = prescription.line(FIRST)
        outcomes.add((line.state, frozenset(line.used)))

    assert len(outcomes) == 1


def test_a_withdrawal_given_back_after_the_last_day_leaves_the_line_expired() -> None:
    after, facts = give_back(USED_UP, withdrawal_no="U2", line_ids=[FIRST], on=AFTER)

    assert after.line(FIRST).state == "expired"
    assert [fact.why for fact in facts if isinstance(fact, LineEnded)] == ["expired"]


def test_a_line_can_be_annulled_through_the_last_day_of_the_prescription_and_not_after() -> None:
    last = PRESCRIPTION.valid_through

    after, _ = annul_line(PRESCRIPTION, line_id=FIRST, reason="wrong", by="doctor", on=last)
    assert after.line(FIRST).state == "annulled"
    with pytest.raises(LineNotActive):
        annul_line(PRESCRIPTION, line_id=FIRST, reason="wrong", by="doctor", on=last + timedelta(days=1))


def test_a_line_is_annulled_with_reason_and_name() -> None:
    after, facts = annul_line(PRESCRIPTION, line_id=FIRST, reason="wrong flavour", by="doctor", on=TODAY)

    assert after.line(FIRST).annulment == Annulment("doctor", TODAY, "wrong flavour")
    assert facts == [
        LineAnnulled(line_id=FIRST, prescription_no=NUMBER, patient_ref="p-1", annulled_on=TODAY)
    ]


def test_annulling_one_line_leaves_the_others() -> None:
    after, _ = annul_line(TWO_LINES, line_id=SECOND, reason="wrong", by="doctor", on=TODAY)

    assert [line.state for line in after.lines] == ["active", "annulled"]


@pytest.mark.parametrize(
    ("prescription", "on", "state"),
    [(ANNULLED, TODAY, "annulled"), (USED_UP, TODAY, "used_up"), (PRESCRIPTION, AFTER, "expired")],
)
def test_only_an_active_line_is_annulled(prescription: Prescription, on: date, state: str) -> None:
    with pytest.raises(LineNotActive) as refused:
        annul_line(prescription, line_id=FIRST, reason="again", by="doctor", on=on)

    assert refused.value.facts == {"line_id": FIRST, "state": state}


def test_a_withdrawal_sent_before_the_annulment_was_consumed_stands_on_the_line() -> None:
    after, facts = note_withdrawal(ANNULLED, withdrawal_no="U1", line_ids=[FIRST], on=TODAY)

    assert (after.line(FIRST).state, after.line(FIRST).used) == ("annulled", ("U1",))
    assert facts == []


def test_an_annulled_line_never_comes_back() -> None:
    with_withdrawals = withdrawn(ANNULLED, "U1", "U2")

    after, _ = give_back(with_withdrawals, withdrawal_no="U2", line_ids=[FIRST], on=TODAY)

    assert after.line(FIRST).state == "annulled"


def test_a_line_is_valid_through_its_last_day() -> None:
    after, facts = expire_lines(PRESCRIPTION, on=LAST_DAY)

    assert after is PRESCRIPTION
    assert facts == []


def test_a_line_ends_by_itself_from_day_366() -> None:
    after, facts = expire_lines(PRESCRIPTION, on=AFTER)

    assert (after.line(FIRST).state, after.line(FIRST).withdrawals_left) == ("expired", 0)
    assert facts == [
        LineEnded(line_id=FIRST, prescription_no=NUMBER, patient_ref="p-1", ended_on=AFTER, why="expired")
    ]


def test_a_line_expires_once() -> None:
    expired, _ = expire_lines(PRESCRIPTION, on=AFTER)

    assert expire_lines(expired, on=AFTER) == (expired, [])


@pytest.mark.parametrize("ended", [ANNULLED, USED_UP])
def test_what_has_ended_does_not_expire(ended: Prescription) -> None:
    assert expire_lines(ended, on=AFTER) == (ended, [])
