"""What a distributor's reply does to the order, the withdrawal and the allowance."""

from datetime import date

import pytest

from services.ordering.domain.order import State
from services.ordering.domain.withdrawal import STATES
from shared.events.ordering import (
    OrderAnnulled,
    OrderDelivered,
    OrderDespatched,
    OrderUndeliverable,
    WithdrawalAnnulled,
)
from shared.events.tasks import TaskRaised, TaskResolved
from shared.partners import DistributorReply, LineResponse
from tests.ordering.conversation import (
    ACK,
    CANCELLED,
    DELIVERED,
    DESPATCHED,
    LATER,
    REFUSAL,
    UNDELIVERABLE,
    after,
    after_both,
    answer,
    arrived,
    goods,
    kinds,
    left,
    made_of,
    rejected,
)
from tests.ordering.examples import BREAD_LINE, DRINK, HOME, LINE, ORDER, WITHDRAWAL_NO


def test_an_order_goes_from_acknowledged_over_confirmed_and_despatched_to_delivered() -> None:
    everything = answer(*(LineResponse(line=each, status="accepted") for each in (1, 2, 3)))

    withdrawal, allowance, order, told = after(ACK, everything, DESPATCHED, DELIVERED)

    assert order.state == "delivered"
    assert made_of(order) == ["believed"] * 4
    assert withdrawal.state == "delivered"
    assert [step.what for step in withdrawal.history[2:]] == [
        "acknowledged",
        "confirmed",
        "despatched",
        "delivered",
    ]
    assert {step.by for step in withdrawal.history[2:]} == {"distributor:demo-a"}
    assert kinds(told) == [OrderDespatched, OrderDelivered]
    assert allowance.on_the_way == ()


def test_until_it_is_delivered_an_article_stays_blocked() -> None:
    _, allowance, _, _ = after(ACK, DESPATCHED)

    assert allowance.blocks(DRINK.article_no)


def test_the_door_code_is_forgotten_when_the_order_is_over() -> None:
    despatched, *_ = after(ACK, DESPATCHED)
    delivered, *_ = after(ACK, DESPATCHED, DELIVERED)
    cancelled, *_ = after(CANCELLED)

    assert despatched.choice.delivery.door_code == HOME.door_code
    assert delivered.choice.delivery.door_code is None
    assert cancelled.choice.delivery.door_code is None


def test_despatched_says_how_the_receiver_wants_to_be_notified() -> None:
    *_, told = after(DESPATCHED)

    assert isinstance(told[0], OrderDespatched)
    assert told[0].notify == ORDER.notify
    assert told[0].despatched_at == LATER


@pytest.mark.parametrize("overtaken", [[DESPATCHED], [DELIVERED], [DESPATCHED, DELIVERED]])
def test_what_overtakes_the_acknowledgement_is_believed_and_the_late_one_does_no_harm(
    overtaken: list[DistributorReply],
) -> None:
    _, _, before, _ = after(*overtaken)
    _, _, order, told = after(*overtaken, ACK)

    assert order.state == before.state
    assert made_of(order) == ["believed"] * len(overtaken) + ["late"]
    assert TaskRaised not in kinds(told)


def test_a_moment_without_a_time_zone_is_taken_as_utc() -> None:
    naive = DESPATCHED.model_copy(update={"at": LATER.replace(tzinfo=None)})

    _, _, order, _ = after(naive)

    assert order.despatched_at == LATER


@pytest.mark.parametrize(
    ("reply", "state", "why"), [(REFUSAL, "refused", "refused"), (CANCELLED, "cancelled", "cancelled")]
)
def test_a_refused_or_cancelled_order_gives_everything_back_and_credits_every_fee(
    reply: DistributorReply, state: State, why: str
) -> None:
    withdrawal, allowance, order, told = after_both(reply)

    assert order.state == state
    assert (withdrawal.state, withdrawal.shown_state) == ("annulled", state)
    assert kinds(told) == [OrderAnnulled, WithdrawalAnnulled, TaskRaised]
    annulled = told[1]
    assert isinstance(annulled, WithdrawalAnnulled)
    assert annulled.line_ids == (LINE.line_id, BREAD_LINE.line_id)
    assert (annulled.fee_nos, annulled.why) == ((1, 2), why)
    assert allowance.line(LINE.line_id).withdrawals_left == LINE.withdrawals
    assert allowance.on_the_way == ()


def test_an_undeliverable_order_is_given_back_and_credited() -> None:
    withdrawal, allowance, order, told = after(ACK, DESPATCHED, UNDELIVERABLE)

    assert order.state == "undeliverable"
    assert STATES[withdrawal.shown_state].sv == "kunde inte levereras"
    assert kinds(told) == [OrderDespatched, OrderUndeliverable, WithdrawalAnnulled, TaskRaised]
    assert isinstance(told[1], OrderUndeliverable)
    assert told[1].reason == "NOT-HOME"
    assert allowance.line(LINE.line_id).withdrawals_left == LINE.withdrawals


def test_a_rejected_line_is_given_back_with_its_fee_and_the_others_come() -> None:
    withdrawal, allowance, order, told = after_both(ACK, answer(rejected(4)))

    assert order.state == "confirmed"
    assert [type(each).__name__ for each in told] == ["WithdrawalAnnulled", "TaskRaised"]
    assert isinstance(told[0], WithdrawalAnnulled)
    assert told[0].line_ids == (BREAD_LINE.line_id,)
    assert told[0].fee_nos == (2,)
    assert allowance.blocks("900200") == ()
    assert allowance.blocks("900100")
    assert withdrawal.state == "ordered"
    assert "line_rejected" in [step.what for step in withdrawal.history]


def test_a_line_of_which_one_flavour_comes_is_used_whole_and_its_fee_stays() -> None:
    _, allowance, _, told = after(answer(rejected(1), rejected(2)))

    (task,) = told
    assert isinstance(task, TaskRaised)
    assert (task.kind, task.care_unit, task.reason) == ("delivered_short", "DEMO-101", "OUT-OF-STOCK")
    assert allowance.line(LINE.line_id).used_by == (WITHDRAWAL_NO,)


def test_an_order_with_every_line_rejected_is_refused() -> None:
    withdrawal, _, order, told = after(answer(rejected(1), rejected(2), rejected(3)))

    assert order.state == "refused"
    assert STATES[withdrawal.shown_state].sv == "avvisad av distributören"
    assert kinds(told) == [OrderAnnulled, WithdrawalAnnulled, TaskRaised]


def test_a_fee_is_credited_once_when_a_line_was_rejected_and_the_rest_cancelled() -> None:
    withdrawal, _, _, told = after_both(answer(rejected(4)), CANCELLED)

    annulled = [each for each in told if isinstance(each, WithdrawalAnnulled)]
    assert [each.fee_nos for each in annulled] == [(2,), (1,)]
    assert withdrawal.credited == (2, 1)


def test_fewer_packages_are_noted_as_a_deviation_and_complete_the_order() -> None:
    fewer = answer(LineResponse(line=1, status="changed", quantity=8, delivery_date=date(2026, 12, 1)))

    withdrawal, allowance, order, _ = after(fewer)
    delivered, *_ = after(fewer, DESPATCHED, DELIVERED)

    assert order.lines[0].expected == 8
    assert withdrawal.history[-1].note == "900101: 8/10"
    assert allowance.on_the_way[0].expected_on == date(2026, 12, 1)
    assert delivered.state == "delivered"


def test_a_line_changed_to_no_packages_is_a_rejected_line() -> None:
    _, _, order, _ = after(answer(LineResponse(line=1, status="changed", quantity=0)))

    assert order.lines[0].answer == "rejected"


def test_a_replacement_is_kept_and_a_person_looks_at_it() -> None:
    other = LineResponse(line=1, status="accepted", replacement_article_no="900105")

    _, _, order, told = after(answer(other))

    assert order.lines[0].replacement_article_no == "900105"
    assert [each.kind for each in told if isinstance(each, TaskRaised)] == ["article_replaced"]


def test_while_a_part_is_on_back_order_the_article_stays_blocked_and_a_person_looks() -> None:
    withdrawal, allowance, order, told = after(DESPATCHED, arrived(goods(1, 10), goods(2, 5)))

    assert order.state == "despatched"
    assert withdrawal.state == "ordered"
    assert allowance.blocks(DRINK.article_no)
    assert [each.kind for each in told if isinstance(each, TaskRaised)] == ["order_part_delivered"]


def test_the_rest_of_a_part_delivery_completes_the_order_and_ends_the_task() -> None:
    withdrawal, allowance, order, told = after(
        left(goods(1, 10)), arrived(goods(1, 10)), left(goods(2, 5), goods(3, 5)), DELIVERED
    )

    assert order.state == "delivered"
    assert withdrawal.state == "delivered"
    assert allowance.on_the_way == ()
    assert kinds(told) == [OrderDespatched, TaskRaised, OrderDespatched, TaskResolved, OrderDelivered]


def test_a_line_that_came_whole_is_free_while_another_is_still_on_its_way() -> None:
    _, allowance, _, _ = after_both(arrived(goods(4, 5)))

    assert allowance.blocks("900200") == ()
    assert allowance.blocks("900100")


def test_a_delivery_without_lines_means_all_that_was_under_way() -> None:
    _, _, order, _ = after(left(goods(1, 10)), DELIVERED)

    assert [line.delivered for line in order.lines] == [10, 0, 0]


def test_an_order_is_complete_when_the_rest_is_rejected_after_a_part_came() -> None:
    withdrawal, _, order, told = after_both(
        arrived(goods(1, 10), goods(2, 5), goods(3, 5)), answer(rejected(4))
    )

    assert order.state == "delivered"
    assert withdrawal.given_back == (BREAD_LINE.line_id,)
    assert kinds(told)[-1] is OrderDelivered


def test_what_came_before_the_rest_was_undeliverable_is_not_given_back() -> None:
    withdrawal, _, order, told = after_both(DESPATCHED, arrived(goods(4, 5)), UNDELIVERABLE)

    assert order.state == "undeliverable"
    assert withdrawal.state == "delivered"
    assert withdrawal.given_back == (LINE.line_id,)
    annulled = [each for each in told if isinstance(each, WithdrawalAnnulled)]
    assert [each.fee_nos for each in annulled] == [(1,)]


def test_nothing_is_given_back_when_something_of_every_line_came() -> None:
    withdrawal, _, _, told = after(DESPATCHED, arrived(goods(1, 1)), UNDELIVERABLE)

    assert withdrawal.given_back == ()
    assert WithdrawalAnnulled not in kinds(told)


def test_an_answer_that_comes_after_the_goods_left_is_still_noted() -> None:
    _, _, order, _ = after(left(goods(1, 10)), answer(rejected(2)))

    assert order.state == "despatched"
    assert order.lines[1].answer == "rejected"
    assert made_of(order) == ["believed", "believed"]
