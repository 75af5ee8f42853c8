"""A draft, a line and a withdrawal do not grow with everything that somebody does again and again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.ordering.domain.again import MOST_ORDERS, RestOrderedTooOften, order_rest
from services.ordering.domain.allowance import (
    MOST_GIVEN_BACK,
    Allowance,
    GivenBackTooOften,
    against_line,
    give_back,
    use,
)
from services.ordering.domain.withdrawal import MOST_CHANGES
from services.ordering.domain.withdrawing.drafting import change
from tests.ordering.examples import ABSENT, ALLOWANCE, DRAFT, DRAWN, LINE, NOW, ORDER_NO, SPLIT, TODAY
from tests.ordering.test_what_came import LATER_DISPATCH, came_half


def given_back(times: int) -> Allowance:
    allowance = ALLOWANCE
    for each in range(times):
        chosen, withdrawal_no = {LINE.line_id: SPLIT}, f"U2026-{each:06}-0"
        used = use(allowance, chosen=chosen, withdrawal_no=withdrawal_no, orders={})
        allowance = give_back(used, line_ids=[LINE.line_id], withdrawal_no=withdrawal_no)
    return allowance


def against(allowance: Allowance) -> list[type]:
    found = against_line(allowance, allowance.line(LINE.line_id), passed=frozenset(), on=TODAY)
    return [type(each) for each in found]


def test_a_line_is_ordered_and_annulled_fifty_times_and_not_more() -> None:
    assert against(given_back(MOST_GIVEN_BACK - 1)) == []
    assert against(given_back(MOST_GIVEN_BACK)) == [GivenBackTooOften]


def test_what_is_given_back_twice_counts_once() -> None:
    once = given_back(1)

    again = give_back(once, line_ids=[LINE.line_id], withdrawal_no="U2026-000000-0")

    assert again.line(LINE.line_id).given_back == 1


def test_of_the_changes_of_a_draft_the_newest_stand_in_its_history() -> None:
    draft, last = DRAFT, NOW
    for minute in range(MOST_CHANGES + 7):
        last = NOW + timedelta(minutes=minute)
        draft, *_ = change(draft, ALLOWANCE, requested=DRAWN, at=last)

    steps = [step.what for step in draft.history]
    assert steps.count("changed") == MOST_CHANGES
    assert steps[: len(DRAFT.history)] == [step.what for step in DRAFT.history]
    assert draft.history[-1].at == last


def test_the_rest_of_a_withdrawal_is_ordered_so_often_and_then_a_new_one_is_made() -> None:
    withdrawal, allowance, order = came_half()
    many = replace(withdrawal, order_nos=(ORDER_NO,) * MOST_ORDERS)

    with pytest.raises(RestOrderedTooOften):
        order_rest(
            many, allowance, (order,) * MOST_ORDERS, ABSENT, requested=DRAWN, dispatch=LATER_DISPATCH
        )  # fmt: skip
