"""One withdrawal, several distributors: an order for each, and a state that follows from theirs (Q23)."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ordering.domain.dialogue.ending import state_from
from services.ordering.domain.order import distributors_of
from services.ordering.domain.withdrawal import State
from services.ordering.domain.withdrawing.sending import DraftChangedMeanwhile, send
from shared import partners
from shared.events.fact import Fact
from shared.events.ordering import (
    OrderAnnulled,
    OrderDelivered,
    OrderSent,
    WithdrawalAnnulled,
    WithdrawalSent,
)
from shared.events.tasks import TaskRaised, TaskResolved
from shared.partners import DistributorReply
from tests.ordering.conversation import (
    ACK,
    CANCELLED,
    DELIVERED,
    DESPATCHED,
    REFUSAL,
    UNDELIVERABLE,
    answer,
    kinds,
    rejected,
)
from tests.ordering.examples import (
    ALLOWANCE,
    BREAD_LINE,
    DISPATCH,
    DRINK,
    HOME,
    LINE,
    ORDER_NO,
    OTHER_ORDER_NO,
    WITHDRAWAL_NO,
)
from tests.ordering.several import (
    ELSEWHERE,
    SEVERAL,
    SEVERAL_DISPATCH,
    SEVERAL_DRAFT,
    elsewhere,
    several_sent,
    told_by,
)

BOTH_LINES = (LINE.line_id, BREAD_LINE.line_id)


def given_back(told: list[Fact]) -> list[WithdrawalAnnulled]:
    return [each for each in told if isinstance(each, WithdrawalAnnulled)]


def test_each_distributor_gets_an_order_of_its_own_with_its_own_number() -> None:
    sent, _, orders, told = several_sent()

    messages = [each for each in told if isinstance(each, partners.Order)]
    assert sent.order_nos == (ORDER_NO, OTHER_ORDER_NO)
    assert [(each.order_no, each.distributor) for each in messages] == [
        (ORDER_NO, "demo-a"),
        (OTHER_ORDER_NO, "demo-b"),
    ]
    assert [[(line.line, line.article_no) for line in each.lines] for each in messages] == [
        [(1, "900101"), (2, "900103")],
        [(1, "900102"), (2, "900200")],
    ]
    assert [order.state for order in orders] == ["sent", "sent"]


def test_the_withdrawal_is_published_once_and_each_order_with_its_own_share() -> None:
    *_, told = several_sent()

    assert kinds(told)[:3] == [WithdrawalSent, OrderSent, OrderSent]
    shares = [
        [(line.line_id, line.packages) for line in each.lines] for each in told if isinstance(each, OrderSent)
    ]
    assert shares == [[(LINE.line_id, 15)], [(LINE.line_id, 5), (BREAD_LINE.line_id, 5)]]


def test_a_line_that_comes_in_two_orders_uses_one_withdrawal_and_is_blocked_until_both_arrive() -> None:
    _, sent_allowance, *_ = several_sent()
    _, allowance, *_ = told_by(DELIVERED)

    assert sent_allowance.line(LINE.line_id).used_by == (WITHDRAWAL_NO,)
    assert [each.order_no for each in allowance.blocks(DRINK.article_no)] == [OTHER_ORDER_NO]


def test_a_withdrawal_is_delivered_when_all_its_orders_are() -> None:
    first, *_ = told_by(DESPATCHED, DELIVERED)
    second, _, orders, told = told_by(DELIVERED, elsewhere(DELIVERED))

    assert (first.state, second.state) == ("ordered", "delivered")
    assert [order.state for order in orders] == ["delivered", "delivered"]
    assert kinds(told) == [OrderDelivered, OrderDelivered]


def test_the_door_code_is_kept_until_the_last_order_is_over() -> None:
    first, *_ = told_by(DELIVERED)
    second, *_ = told_by(DELIVERED, elsewhere(CANCELLED))

    assert first.choice.delivery.door_code == HOME.door_code
    assert second.choice.delivery.door_code is None


def test_a_line_is_given_back_only_when_nothing_of_it_comes_from_any_order() -> None:
    refused, _, _, told = told_by(elsewhere(REFUSAL))
    nothing, allowance, _, told_of_both = told_by(elsewhere(REFUSAL), CANCELLED)

    assert refused.given_back == (BREAD_LINE.line_id,)
    assert [(each.line_ids, each.fee_nos) for each in given_back(told)] == [((BREAD_LINE.line_id,), (2,))]
    assert nothing.given_back == (BREAD_LINE.line_id, LINE.line_id)
    assert [each.fee_nos for each in given_back(told_of_both)] == [(2,), (1,)]
    assert nothing.state == "annulled"
    assert allowance.line(LINE.line_id).used_by == ()


def test_what_one_distributor_delivers_is_not_credited_when_the_other_fails() -> None:
    withdrawal, allowance, _, told = told_by(DELIVERED, elsewhere(UNDELIVERABLE))

    assert withdrawal.state == "delivered"
    assert withdrawal.given_back == (BREAD_LINE.line_id,)
    assert [each.fee_nos for each in given_back(told)] == [(2,)]
    assert allowance.line(LINE.line_id).used_by == (WITHDRAWAL_NO,)


def test_a_rejected_share_is_given_back_when_the_other_order_is_cancelled_later() -> None:
    rejected_here = told_by(elsewhere(answer(rejected(1))))
    withdrawal, _, _, told = told_by(CANCELLED, standing=rejected_here)

    assert rejected_here[0].given_back == ()
    assert withdrawal.given_back == (LINE.line_id,)
    assert kinds(told) == [OrderAnnulled, WithdrawalAnnulled, TaskRaised, TaskResolved, TaskResolved]


def test_the_history_says_which_order_each_step_is_about() -> None:
    withdrawal, *_ = told_by(ACK, elsewhere(ACK))

    assert [(step.what, step.order_no) for step in withdrawal.history[1:]] == [
        ("sent", ORDER_NO),
        ("sent", OTHER_ORDER_NO),
        ("acknowledged", ORDER_NO),
        ("acknowledged", OTHER_ORDER_NO),
    ]


def test_a_draft_that_needs_more_orders_than_when_it_was_read_is_read_again() -> None:
    with pytest.raises(DraftChangedMeanwhile):
        send(SEVERAL_DRAFT, ALLOWANCE, (None,), requested=SEVERAL, dispatch=DISPATCH)


def test_a_number_too_many_is_left_unused() -> None:
    spare = replace(SEVERAL_DISPATCH, order_nos=(ORDER_NO, OTHER_ORDER_NO, "B-3"))

    _, _, orders, _ = send(SEVERAL_DRAFT, ALLOWANCE, (None,) * 3, requested=SEVERAL, dispatch=spare)

    assert orders[2] is None


def test_distributors_are_named_in_the_order_the_goods_were_chosen() -> None:
    assert distributors_of(SEVERAL.choice.items, ELSEWHERE) == ("demo-a", "demo-b")


REPLIES: list[DistributorReply] = [
    ACK,
    REFUSAL,
    DESPATCHED,
    DELIVERED,
    UNDELIVERABLE,
    CANCELLED,
    answer(rejected(1)),
    answer(rejected(2)),
]


@given(st.lists(st.sampled_from([*REPLIES, *[elsewhere(each) for each in REPLIES]]), max_size=10))
def test_whatever_two_distributors_say_lines_and_fees_come_back_once_and_only_when_nothing_comes(
    said: list[DistributorReply],
) -> None:
    withdrawal, allowance, orders, told = told_by(*said)

    back = [line_id for each in given_back(told) for line_id in each.line_ids]
    credited = [fee_no for each in given_back(told) for fee_no in each.fee_nos]
    assert len(back) == len(set(back))
    assert len(credited) == len(set(credited))
    for line_id in BOTH_LINES:
        nothing = all(order.brings_nothing_of(line_id) for order in orders)
        assert (line_id in back) is nothing
        assert (WITHDRAWAL_NO in allowance.line(line_id).used_by) is not nothing
    expected: State = state_from(orders)
    assert withdrawal.state == expected
    assert all(order.is_over for order in orders) is (not allowance.on_the_way)
