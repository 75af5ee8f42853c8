"""Two patients were one person: all that hangs on the first moves, once, in any order (S65, S68)."""

from dataclasses import replace

import pytest

from services.ordering.domain.allowance import (
    Allowance,
    note_annulled,
    note_expired,
    note_lines,
    note_person,
)
from services.ordering.domain.merging import merge, move
from shared.domain.decision import NotFound
from tests.ordering.examples import (
    ALLOWANCE,
    BREAD_LINE,
    LINE,
    NOW,
    ORDER,
    PATIENT,
    PERSON,
    SENT,
    USED,
)

KEPT = "patient-2"
GONE = Allowance(PATIENT, merged_into=KEPT)


def test_what_may_be_withdrawn_what_is_used_and_what_is_on_its_way_is_moved() -> None:
    before = replace(USED, annulled_lines=("a",), expired_lines=("e",))

    old, kept, told = merge(before, None, patient_ref=PATIENT, into_ref=KEPT)

    assert old == GONE
    assert (kept.patient_ref, kept.lines, kept.on_the_way) == (KEPT, USED.lines, USED.on_the_way)
    assert (kept.annulled_lines, kept.expired_lines) == (("a",), ("e",))
    assert told == []


def test_a_second_merging_moves_nothing() -> None:
    _, kept, _ = merge(USED, None, patient_ref=PATIENT, into_ref=KEPT)

    assert merge(GONE, kept, patient_ref=PATIENT, into_ref=KEPT) == (GONE, kept, [])


def test_a_merging_that_is_told_again_after_the_kept_person_moved_on_too_changes_nothing() -> None:
    moved_on = Allowance(KEPT, merged_into="patient-3")

    assert merge(GONE, moved_on, patient_ref=PATIENT, into_ref=KEPT) == (GONE, moved_on, [])


def test_whom_a_person_was_merged_into_stays_whatever_is_told_later() -> None:
    other = Allowance("patient-3")

    assert merge(GONE, other, patient_ref=PATIENT, into_ref="patient-3") == (GONE, other, [])


def test_the_kept_person_and_lines_stay_and_no_line_stands_twice() -> None:
    kept = Allowance(KEPT, PERSON, (LINE,))

    _, merged, _ = merge(ALLOWANCE, kept, patient_ref=PATIENT, into_ref=KEPT)

    assert merged.person == PERSON
    assert [line.line_id for line in merged.lines] == [LINE.line_id, BREAD_LINE.line_id]


def test_a_merging_consumed_before_anything_else_leaves_the_way_to_the_one_who_is_kept() -> None:
    old, kept, _ = merge(None, None, patient_ref=PATIENT, into_ref=KEPT)

    assert (old.merged_into, kept) == (KEPT, Allowance(KEPT))


def test_what_is_published_of_a_person_who_was_merged_away_changes_nothing() -> None:
    assert note_person(GONE, patient_ref=PATIENT, person=PERSON) == (GONE, [])


def test_lines_are_never_kept_under_a_reference_that_is_gone() -> None:
    with pytest.raises(NotFound):
        note_lines(GONE, patient_ref=PATIENT, lines=[LINE])
    with pytest.raises(NotFound):
        note_annulled(GONE, patient_ref=PATIENT, line_id=LINE.line_id)
    with pytest.raises(NotFound):
        note_expired(GONE, patient_ref=PATIENT, line_id=LINE.line_id)
    with pytest.raises(NotFound):
        merge(None, GONE, patient_ref="patient-3", into_ref=PATIENT)


def test_a_withdrawal_and_its_orders_are_moved_traceably_and_once() -> None:
    withdrawal, (order,), told = move(SENT, (ORDER,), into_ref=KEPT, at=NOW)

    assert (withdrawal.patient_ref, order.patient_ref, told) == (KEPT, KEPT, [])
    assert (withdrawal.history[-1].what, withdrawal.history[-1].note) == ("merged", PATIENT)
    assert move(withdrawal, (order,), into_ref=KEPT, at=NOW) == (withdrawal, (order,), [])
