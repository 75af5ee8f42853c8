"""What may be withdrawn, and how facts in any order build it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ordering.domain.allowance import (
    Allowance,
    AnnulledLine,
    ArticleOnTheWay,
    ExpiredLine,
    OnTheWay,
    UsedUpLine,
    against_line,
    expect,
    give_back,
    note_annulled,
    note_expired,
    note_lines,
    note_person,
    release,
    use,
)
from services.ordering.domain.catalogue import note_article
from services.ordering.domain.person import (
    Deceased,
    NoFixedAddress,
    PersonNotKnownYet,
    ProtectedIdentity,
    against_person,
)
from shared.domain.decision import NotFound, Refused
from tests.ordering.examples import (
    ALLOWANCE,
    BREAD_LINE,
    DRINK,
    LINE,
    ORDER_NO,
    OTHER_ORDER_NO,
    OTHER_WITHDRAWAL_NO,
    PATIENT,
    PERSON,
    SPLIT,
    TODAY,
    USED,
    WITHDRAWAL_NO,
)

NO_ARTICLES: frozenset[str] = frozenset()


def kinds(reasons: list[Refused]) -> list[type[Refused]]:
    return [type(each) for each in reasons]


def against(allowance: Allowance, on: date = TODAY, passed: frozenset[str] = NO_ARTICLES) -> list[Refused]:
    return list(against_line(allowance, allowance.line(LINE.line_id), passed=passed, on=on))


def test_an_active_line_may_be_withdrawn() -> None:
    assert against(ALLOWANCE) == []


def test_a_line_is_valid_through_its_last_day_and_not_the_day_after() -> None:
    assert against(ALLOWANCE, on=LINE.valid_through) == []
    assert kinds(against(ALLOWANCE, on=LINE.valid_through + timedelta(days=1))) == [ExpiredLine]


def test_a_used_up_line_cannot_be_withdrawn() -> None:
    used = replace(ALLOWANCE, lines=(replace(LINE, used_by=("a", "b", "c")),))

    assert kinds(against(used)) == [UsedUpLine]


def test_a_line_annulled_before_it_was_known_is_annulled() -> None:
    early, _ = note_annulled(None, patient_ref=PATIENT, line_id=LINE.line_id)

    allowance, _ = note_lines(early, patient_ref=PATIENT, lines=[LINE])

    assert kinds(against(allowance)) == [AnnulledLine]


def test_a_line_annulled_twice_is_annulled_once() -> None:
    annulled, _ = note_annulled(ALLOWANCE, patient_ref=PATIENT, line_id=LINE.line_id)

    again, told = note_annulled(annulled, patient_ref=PATIENT, line_id=LINE.line_id)

    assert again is annulled
    assert told == []


def test_a_second_annulled_or_expired_line_does_not_open_the_first_again() -> None:
    both, _ = note_annulled(ALLOWANCE, patient_ref=PATIENT, line_id=LINE.line_id)
    both, _ = note_annulled(both, patient_ref=PATIENT, line_id=BREAD_LINE.line_id)
    assert both.annulled_lines == (LINE.line_id, BREAD_LINE.line_id)

    both, _ = note_expired(ALLOWANCE, patient_ref=PATIENT, line_id=LINE.line_id)
    both, _ = note_expired(both, patient_ref=PATIENT, line_id=BREAD_LINE.line_id)
    assert both.expired_lines == (LINE.line_id, BREAD_LINE.line_id)


def test_a_line_that_prescription_ended_for_its_age_cannot_be_withdrawn() -> None:
    ended, _ = note_expired(ALLOWANCE, patient_ref=PATIENT, line_id=LINE.line_id)
    again, _ = note_expired(ended, patient_ref=PATIENT, line_id=LINE.line_id)

    assert kinds(against(ended)) == [ExpiredLine]
    assert again is ended


def test_an_article_on_its_way_is_blocked_in_whatever_prescription() -> None:
    other = replace(LINE, line_id="another-prescription-1", prescription_no="another-prescription")
    allowance, _ = note_lines(USED, patient_ref=PATIENT, lines=[other])

    (reason,) = against_line(allowance, other, passed=NO_ARTICLES, on=TODAY)

    assert isinstance(reason, ArticleOnTheWay)
    assert reason.facts["order_no"] == ORDER_NO


def test_the_block_is_on_the_generic_article_whatever_flavours_are_on_their_way() -> None:
    assert [block.article_no for block in USED.on_the_way] == [DRINK.article_no]


def test_an_article_whose_block_is_passed_is_not_blocked() -> None:
    assert against(USED, passed=frozenset({LINE.article_no})) == []


def test_a_block_says_the_day_when_the_distributor_expects_to_deliver() -> None:
    expected = expect(USED, order_no=ORDER_NO, days={LINE.line_id: date(2026, 12, 1)})

    assert against(expected)[0].facts["next_possible"] == "2026-12-01"


def test_the_expected_day_of_one_order_says_nothing_of_another() -> None:
    assert expect(USED, order_no=OTHER_ORDER_NO, days={LINE.line_id: date(2026, 12, 1)}) == USED


def test_a_withdrawal_uses_each_chosen_line_once_and_remembers_the_choice() -> None:
    used = use(
        ALLOWANCE,
        chosen={LINE.line_id: SPLIT},
        withdrawal_no=WITHDRAWAL_NO,
        orders={ORDER_NO: [LINE.line_id]},
    )

    assert used.line(LINE.line_id).withdrawals_left == 2
    assert used.line(LINE.line_id).last_choice == SPLIT
    assert used.line(BREAD_LINE.line_id) == BREAD_LINE


def test_a_withdrawal_is_given_back_to_exactly_the_lines_that_it_used() -> None:
    given = give_back(USED, line_ids=[LINE.line_id], withdrawal_no=WITHDRAWAL_NO)
    again = give_back(given, line_ids=[LINE.line_id], withdrawal_no=WITHDRAWAL_NO)
    stray = give_back(USED, line_ids=[LINE.line_id], withdrawal_no=OTHER_WITHDRAWAL_NO)

    assert given.line(LINE.line_id).withdrawals_left == 3
    assert again.line(LINE.line_id).withdrawals_left == 3
    assert stray == USED


def test_only_the_order_that_is_over_frees_its_articles() -> None:
    other = OnTheWay(LINE.article_no, LINE.line_id, OTHER_WITHDRAWAL_NO, OTHER_ORDER_NO)
    twice = replace(USED, on_the_way=(*USED.on_the_way, other))

    freed = release(twice, order_no=ORDER_NO, line_ids=[LINE.line_id])

    assert freed.on_the_way == (other,)


def test_a_prescription_consumed_twice_opens_its_lines_once() -> None:
    again, _ = note_lines(ALLOWANCE, patient_ref=PATIENT, lines=[LINE, BREAD_LINE])

    assert again is ALLOWANCE


def test_lines_are_opened_also_before_the_patient_is_known() -> None:
    allowance, _ = note_lines(None, patient_ref=PATIENT, lines=[LINE])

    assert allowance.lines == (LINE,)
    assert kinds(list(against_person(allowance.person))) == [PersonNotKnownYet]


def test_the_newest_snapshot_of_a_patient_wins_in_whatever_order_they_come() -> None:
    newer = replace(PERSON, version=2, opted_out=True)

    first, _ = note_person(None, patient_ref=PATIENT, person=newer)
    late, _ = note_person(first, patient_ref=PATIENT, person=PERSON)
    in_order, _ = note_person(ALLOWANCE, patient_ref=PATIENT, person=newer)

    assert late is first
    assert in_order.person == newer


def test_the_newest_snapshot_of_an_article_wins_in_whatever_order_they_come() -> None:
    newer = replace(DRINK, version=2, name="Demodryck ny (välj smak vid uttag)")

    assert note_article(newer, published=DRINK) == (newer, [])
    assert note_article(DRINK, published=newer) == (newer, [])
    assert note_article(None, published=DRINK) == (DRINK, [])


def test_another_patients_line_is_not_found() -> None:
    with pytest.raises(NotFound):
        ALLOWANCE.line("another-1")


def test_of_an_unknown_person_nothing_can_be_given() -> None:
    with pytest.raises(PersonNotKnownYet):
        _ = Allowance(PATIENT).known_person


def test_a_protected_person_is_refused_and_nothing_more_is_said() -> None:
    person = replace(PERSON, protected=True, no_fixed_address=True, deceased_on=TODAY)

    assert kinds(list(against_person(person))) == [ProtectedIdentity]


def test_the_deceased_and_those_without_a_fixed_address_are_refused() -> None:
    person = replace(PERSON, no_fixed_address=True, deceased_on=TODAY)

    assert kinds(list(against_person(person))) == [Deceased, NoFixedAddress]


@given(st.permutations(["person", "lines", "annulled"]))
def test_facts_in_any_order_give_the_same_allowance(order: list[str]) -> None:
    allowance: Allowance | None = None

    for fact in order:
        if fact == "person":
            allowance, _ = note_person(allowance, patient_ref=PATIENT, person=PERSON)
        elif fact == "lines":
            allowance, _ = note_lines(allowance, patient_ref=PATIENT, lines=[LINE, BREAD_LINE])
        else:
            allowance, _ = note_annulled(allowance, patient_ref=PATIENT, line_id=LINE.line_id)

    assert allowance == replace(ALLOWANCE, annulled_lines=(LINE.line_id,))


@given(st.lists(st.sampled_from(["use", "give back"]), max_size=12))
def test_what_is_left_is_never_negative_and_never_more_than_prescribed(steps: list[str]) -> None:
    allowance = ALLOWANCE

    for running, step in enumerate(steps):
        no = f"U{running}"
        allowance = use(
            allowance, chosen={LINE.line_id: SPLIT}, withdrawal_no=no, orders={ORDER_NO: [LINE.line_id]}
        )
        if step == "give back":
            allowance = give_back(allowance, line_ids=[LINE.line_id], withdrawal_no=no)

    assert 0 <= allowance.line(LINE.line_id).withdrawals_left <= LINE.withdrawals
