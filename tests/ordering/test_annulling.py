"""Annulling: a draft at once; what was sent when the distributor says so (Q22)."""

from dataclasses import replace

import pytest

from services.ordering.domain.allowance import Allowance
from services.ordering.domain.order import Order
from services.ordering.domain.withdrawal import AlreadyAnnulled, Withdrawal
from services.ordering.domain.withdrawing.annulling import (
    AnnulmentAsked,
    AnnulmentTooLate,
    NothingToStop,
    SentMeanwhile,
    annul,
)
from shared.domain.decision import Refused
from shared.events.fact import Fact
from shared.events.ordering import OrderAnnulled, OrderDelivered, WithdrawalAnnulled
from shared.events.tasks import TaskRaised, TaskResolved
from shared.partners import DistributorReply, OrderCancelRequest, OrderTooLateReply
from tests.ordering.conversation import (
    ACK,
    CANCELLED,
    DELIVERED,
    DESPATCHED,
    LATER,
    REFUSAL,
    UNDELIVERABLE,
    Told,
    after,
    kinds,
    made_of,
)
from tests.ordering.examples import DRAFT, DRINK, LINE, ORDER, ORDER_NO, OTHER_ORDER_NO, SENT, USED
from tests.ordering.several import elsewhere, told_by

TOO_LATE = OrderTooLateReply(
    type="order.too_late.v1", message_id="too-late", order_no=ORDER_NO, at=LATER, reason="already-packed"
)


Annulled = tuple[Withdrawal, tuple[Order, ...], list[Fact]]


def annulled(withdrawal: Withdrawal, *orders: Order) -> Annulled:
    changed, standing, told = annul(withdrawal, orders, by="clerk-1", at=LATER)
    return changed, standing, list(told)


def asked() -> tuple[Withdrawal, Allowance, Order]:
    withdrawal, (order,), _ = annulled(SENT, ORDER)
    return withdrawal, USED, order


def after_asking(*replies: DistributorReply) -> Told:
    return after(*replies, start=asked())


def test_a_draft_is_annulled_at_once_and_no_distributor_gets_anything() -> None:
    withdrawal, orders, told = annulled(DRAFT)

    assert withdrawal.state == "annulled"
    assert (orders, told) == ((), [])


def test_a_sent_withdrawal_is_neither_ordered_nor_annulled_until_the_distributor_answers() -> None:
    withdrawal, (order,), told = annulled(SENT, ORDER)

    (request,) = told
    assert isinstance(request, OrderCancelRequest)
    assert (request.order_no, request.routing_key) == (ORDER_NO, "distributor.demo-a.orders")
    assert (withdrawal.state, order.state, order.cancelling) == ("ordered", "sent", "asked")
    assert order.said_state.sv == "makulering begärd, distributören har inte svarat"
    assert [(step.what, step.by) for step in withdrawal.history[-1:]] == [("annulment_asked", "clerk-1")]
    assert USED.blocks(DRINK.article_no)


def test_when_the_distributor_cancels_the_withdrawal_is_annulled_given_back_and_credited() -> None:
    withdrawal, allowance, order, told = after_asking(CANCELLED)

    assert (withdrawal.state, order.state, order.cancelling) == ("annulled", "cancelled", None)
    assert withdrawal.history[-1].what == "annulled"
    assert kinds(told) == [OrderAnnulled, WithdrawalAnnulled]
    assert [each.why for each in told if isinstance(each, OrderAnnulled | WithdrawalAnnulled)] == [
        "annulled"
    ] * 2
    assert allowance.line(LINE.line_id).used_by == ()
    assert allowance.on_the_way == ()


def test_when_it_is_too_late_the_order_goes_on_and_a_person_tells_the_patient() -> None:
    withdrawal, allowance, order, told = after_asking(ACK, TOO_LATE, DESPATCHED)

    assert (withdrawal.state, order.state, order.cancelling) == ("ordered", "despatched", "too_late")
    assert "annulment_too_late" in [step.what for step in withdrawal.history]
    assert [each.kind for each in told if isinstance(each, TaskRaised)] == ["annulment_too_late"]
    assert allowance.blocks(DRINK.article_no)


def test_the_task_of_a_late_annulment_ends_with_the_order() -> None:
    *_, told = after_asking(TOO_LATE, DELIVERED)

    raised = [each.task_id for each in told if isinstance(each, TaskRaised)]
    assert [each.task_id for each in told if isinstance(each, TaskResolved)] == raised


def test_goods_that_arrive_before_the_answer_were_too_late_to_stop() -> None:
    withdrawal, _, order, told = after_asking(DELIVERED)
    _, _, later, told_later = after_asking(DELIVERED, TOO_LATE)

    assert (withdrawal.state, order.cancelling) == ("delivered", "too_late")
    assert kinds(told) == [OrderDelivered]
    assert made_of(later) == ["believed", "late"]
    assert kinds(told_later) == [OrderDelivered]


def test_a_cancellation_that_crosses_the_despatch_is_looked_at_by_a_person() -> None:
    _, _, order, told = after_asking(DESPATCHED, CANCELLED)

    assert order.state == "despatched"
    assert order.replies[-1].why == "cancelled-after-despatched"
    assert TaskRaised in kinds(told)


def test_a_distributor_that_was_too_late_and_still_stopped_it_has_annulled_it() -> None:
    withdrawal, _, _, told = after_asking(TOO_LATE, CANCELLED)

    assert withdrawal.state == "annulled"
    assert [each.why for each in told if isinstance(each, OrderAnnulled)] == ["annulled"]


@pytest.mark.parametrize(
    ("before", "made", "why"),
    [
        ([], "contradicting", "too-late-unasked"),
        ([CANCELLED], "contradicting", "too-late-after-cancelled"),
        ([REFUSAL], "late", None),
        ([UNDELIVERABLE], "late", None),
    ],
)
def test_a_too_late_that_answers_nothing_is_kept_and_not_followed(
    before: list[DistributorReply], made: str, why: str | None
) -> None:
    _, _, order, _ = after(*before, TOO_LATE)

    assert (order.replies[-1].made_of, order.replies[-1].why) == (made, why)
    assert order.cancelling is None


def test_a_second_too_late_in_other_words_is_late() -> None:
    _, _, order, told = after_asking(
        TOO_LATE, TOO_LATE.model_copy(update={"message_id": "again", "reason": "on-the-road"})
    )

    assert made_of(order) == ["believed", "late"]
    assert kinds(told) == [TaskRaised]


def refusal_of(withdrawal: Withdrawal, *orders: Order) -> type[Refused]:
    with pytest.raises(Refused) as refused:
        annul(withdrawal, orders, by="clerk-1", at=LATER)
    return type(refused.value)


def test_what_is_over_asked_for_or_too_late_is_not_annulled_again() -> None:
    delivered, _, over, _ = after(DELIVERED)
    waiting, _, order = asked()
    late, _, too_late, _ = after_asking(TOO_LATE)
    gone, _, cancelled, _ = after(CANCELLED)

    assert refusal_of(delivered, over) is NothingToStop
    assert refusal_of(waiting, order) is AnnulmentAsked
    assert refusal_of(late, too_late) is AnnulmentTooLate
    assert refusal_of(gone, cancelled) is AlreadyAnnulled
    assert refusal_of(replace(DRAFT, state="annulled")) is AlreadyAnnulled


def test_what_was_sent_while_the_draft_was_open_is_not_called_delivered_but_sent_just_now() -> None:
    assert refusal_of(SENT) is SentMeanwhile


def test_only_the_orders_that_are_not_over_are_asked_for() -> None:
    withdrawal, _, orders, _ = told_by(DELIVERED)

    changed, standing, told = annul(withdrawal, orders, by="clerk-1", at=LATER)

    assert [each.order_no for each in told if isinstance(each, OrderCancelRequest)] == [OTHER_ORDER_NO]
    assert [order.cancelling for order in standing] == [None, "asked"]
    assert changed.history[-1].order_no == OTHER_ORDER_NO


def test_of_two_orders_one_is_stopped_and_the_other_comes() -> None:
    withdrawal, allowance, orders, _ = told_by()
    changed, standing, _ = annul(withdrawal, orders, by="clerk-1", at=LATER)

    ended, _, _, _ = told_by(
        TOO_LATE, DELIVERED, elsewhere(CANCELLED), standing=(changed, allowance, standing, [])
    )

    assert ended.state == "delivered"
    assert ended.given_back == (f"{LINE.prescription_no}-2",)
