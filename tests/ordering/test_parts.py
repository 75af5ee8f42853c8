"""Partial deliveries and back-orders: the rest is never lost and never delivered twice (T10)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.events.fact import Fact
from shared.events.ordering import OrderDelayed, OrderDelivered, OrderDespatched
from shared.events.tasks import TaskRaised, TaskResolved
from shared.partners import DistributorReply, LineResponse
from tests.ordering.conversation import (
    CANCELLED,
    DESPATCHED,
    UNDELIVERABLE,
    after,
    answer,
    arrived,
    goods,
    kinds,
    left,
    made_of,
)
from tests.ordering.examples import DRINK, LINE, ORDER, SENT, USED

FIRST, LATER_DAY = date(2026, 11, 30), date(2026, 12, 7)


def promised(day: date, **changes: object) -> DistributorReply:
    line = LineResponse(line=1, status="accepted", delivery_date=day).model_copy(update=changes)
    return answer(line)


def delays(told: list[Fact]) -> list[OrderDelayed]:
    return [each for each in told if isinstance(each, OrderDelayed)]


def test_two_equal_parts_under_two_message_ids_are_two_parts() -> None:
    _, _, order, _ = after(left(goods(1, 5)), left(goods(1, 5)), arrived(goods(1, 5)), arrived(goods(1, 5)))

    assert (order.lines[0].despatched, order.lines[0].delivered) == (10, 10)
    assert made_of(order) == ["believed"] * 4


def test_the_same_part_under_the_same_message_id_is_one_part() -> None:
    part = left(goods(1, 5))

    _, _, order, _ = after(part, part, part)

    assert order.lines[0].despatched == 5
    assert [each.copies for each in order.replies] == [3]


def test_a_copy_of_the_first_part_that_comes_after_the_second_is_counted_on_the_first() -> None:
    first = left(goods(1, 5))

    _, _, order, _ = after(first, left(goods(1, 5)), first)

    assert order.lines[0].despatched == 10
    assert [each.copies for each in order.replies] == [2, 1]


def test_a_part_that_there_is_no_room_for_is_taken_for_a_repetition() -> None:
    _, _, order, _ = after(left(goods(1, 6)), left(goods(1, 6)))

    assert order.lines[0].despatched == 6
    assert [each.copies for each in order.replies] == [2]


@pytest.mark.parametrize(
    ("part", "again"),
    [
        (left(goods(1, 5)).model_copy(update={"packages": ("395200000000000013",)}), "x"),
        (arrived(goods(1, 5)).model_copy(update={"proof": "demo-proof-1"}), "x"),
        (left(goods(1, 5)), ""),
    ],
)
def test_the_same_parcel_or_proof_or_no_message_id_at_all_is_a_repetition(
    part: DistributorReply, again: str
) -> None:
    _, _, order, _ = after(part, part.model_copy(update={"message_id": again}))

    assert [each.copies for each in order.replies] == [2]


def test_the_rest_of_a_part_delivery_can_be_called_off_when_nothing_is_under_way() -> None:
    withdrawal, allowance, order, told = after(left(goods(1, 5)), arrived(goods(1, 5)), CANCELLED)

    assert (order.state, withdrawal.state) == ("cancelled", "delivered")
    assert withdrawal.given_back == ()
    assert allowance.on_the_way == ()
    assert TaskResolved in kinds(told)


def test_the_task_of_a_part_delivery_ends_whatever_becomes_of_the_rest() -> None:
    *_, told = after(arrived(goods(1, 5)), UNDELIVERABLE)

    raised = [each for each in told if isinstance(each, TaskRaised)]
    assert [each.kind for each in raised] == ["order_part_delivered", "delivered_short"]
    assert [each.task_id for each in told if isinstance(each, TaskResolved)] == [raised[0].task_id]


def test_a_back_ordered_part_still_comes_and_is_published_with_its_day() -> None:
    later = promised(
        FIRST, status="changed", quantity=6, back_order=4, back_order_date=LATER_DAY, code="back-order"
    )

    withdrawal, allowance, order, told = after(later)

    line = order.lines[0]
    assert (line.expected, line.back_ordered, line.promised_on) == (10, 4, LATER_DAY)
    (delayed,) = delays(told)
    assert (delayed.expected_on, delayed.was_expected_on) == (LATER_DAY, None)
    assert (delayed.line_ids, delayed.notify) == ((LINE.line_id,), ORDER.notify)
    assert allowance.blocks(DRINK.article_no)[0].expected_on == LATER_DAY
    assert withdrawal.history[-1].what == "delayed"


def test_the_rest_of_a_back_order_completes_it() -> None:
    later = promised(FIRST, status="changed", quantity=6, back_order=4, back_order_date=LATER_DAY)
    part = [goods(1, 6), goods(2, 5), goods(3, 5)]

    waiting, allowance, _, _ = after(later, left(*part), arrived(*part))
    withdrawal, _, order, told = after(
        later, left(*part), arrived(*part), left(goods(1, 4)), arrived(goods(1, 4))
    )

    assert waiting.state == "ordered"
    assert allowance.blocks(DRINK.article_no)
    assert (withdrawal.state, order.lines[0].delivered) == ("delivered", 10)
    assert kinds(told).count(OrderDelivered) == 1


def test_a_later_day_than_promised_is_published_once_with_both_days() -> None:
    moved = promised(LATER_DAY)

    *_, told = after(promised(FIRST), moved, moved)

    assert [(each.was_expected_on, each.expected_on) for each in delays(told)] == [(FIRST, LATER_DAY)]


def test_an_earlier_day_or_a_first_promise_is_no_delay() -> None:
    *_, told = after(promised(LATER_DAY), promised(FIRST))

    assert delays(told) == []


def test_a_day_that_is_all_that_was_changed_is_a_delay() -> None:
    *_, told = after(promised(LATER_DAY, status="changed"))

    assert [each.expected_on for each in delays(told)] == [LATER_DAY]


parts = st.lists(st.integers(min_value=1, max_value=10), max_size=6)


@given(parts, st.integers(min_value=1, max_value=3))
def test_however_a_line_is_parted_and_repeated_what_arrives_is_never_more_than_was_ordered(
    quantities: list[int], copies: int
) -> None:
    said = [arrived(goods(1, each)) for each in quantities]

    _, _, order, _ = after(*[each for each in said for _ in range(copies)])

    room, wanted = 10, 0
    for each in quantities:
        if wanted + each <= room:
            wanted += each
    assert order.lines[0].delivered == wanted
    assert sum(each.copies for each in order.replies) == len(quantities) * copies


def test_all_parts_under_ids_of_their_own_make_a_delivery() -> None:
    withdrawal, *_ = after(*[arrived(goods(number, 5)) for number in (1, 1, 2, 3)])

    assert withdrawal.state == "delivered"


def parcels(told: Sequence[Fact]) -> list[tuple[int, str, date | None]]:
    return [(each.parcel, each.part, each.rest_on) for each in told if isinstance(each, OrderDespatched)]


def test_each_parcel_is_published_and_a_part_says_when_the_rest_comes() -> None:
    later = LineResponse(
        line=1, status="changed", quantity=4, back_order=6, back_order_date=date(2026, 12, 6)
    )
    *_, told = after(answer(later), left(goods(1, 4), goods(2, 5), goods(3, 5)), left(goods(1, 6)))

    assert parcels(told) == [(1, "part", date(2026, 12, 6)), (2, "rest", None)]


def test_where_the_goods_are_left_outside_only_the_first_parcel_is_published() -> None:
    outside = replace(SENT.choice.delivery, rule="leave_outside")
    start = (replace(SENT, choice=replace(SENT.choice, delivery=outside)), USED, ORDER)
    *_, told = after(left(goods(1, 10)), left(goods(2, 5), goods(3, 5)), start=start)

    assert parcels(told) == [(1, "part", None)]


def test_all_in_one_parcel_is_no_part() -> None:
    *_, told = after(DESPATCHED)

    assert parcels(told) == [(1, "whole", None)]
