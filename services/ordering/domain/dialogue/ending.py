"""How an order ends, and what that means for its withdrawal and its other orders (Q9, Q22, Q23, Q31)."""

from dataclasses import replace
from datetime import datetime
from typing import Literal

from services.ordering.domain.allowance import give_back
from services.ordering.domain.dialogue.silence import reached
from services.ordering.domain.order import Order
from services.ordering.domain.order import State as OrderState
from services.ordering.domain.reply_context import ReplyContext, aware
from services.ordering.domain.tasks import order_task, order_task_over
from services.ordering.domain.withdrawal import Failure, State, Withdrawal
from shared.domain.days import local_day
from shared.events.fact import Fact
from shared.events.ordering import (
    GoodsSent,
    OrderAnnulled,
    OrderDelivered,
    OrderUndeliverable,
    WithdrawalAnnulled,
)

WhyOver = Literal["annulled", "refused", "undeliverable", "cancelled"]
STATE_OF: dict[WhyOver, OrderState] = {
    "annulled": "cancelled",
    "refused": "refused",
    "undeliverable": "undeliverable",
    "cancelled": "cancelled",
}
NOT_COMING = "goods_not_coming"
NAMED_FIRST: tuple[Failure, ...] = ("undeliverable", "cancelled", "refused")
"""Which failure a withdrawal is called by, when its orders failed in several ways."""


def complete(context: ReplyContext, *, when: datetime, goods: tuple[GoodsSent, ...] = ()) -> ReplyContext:
    """All that shall come has come: the articles are free, and the door code is forgotten (S47, S49)."""
    context = _close(context.with_order_changed(state="delivered").noting("delivered"))
    told = OrderDelivered(
        **context.about,
        delivered_at=aware(when),
        goods=goods,
        care_unit=context.withdrawal.care_units[0],
        product_area=context.withdrawal.product_area,
    )
    return _ending_tasks(context, how="delivered").with_facts(told)


def over(context: ReplyContext, why: WhyOver, *, note: str) -> ReplyContext:
    """Nothing more comes: give back what did not come, credit its fees, free the articles (Q9)."""
    is_wished = why == "annulled" or context.order.cancelling == "asked"
    context = context.with_order_changed(state=STATE_OF[why], is_annulled=why == "annulled", over_code=note)
    context = _close(context.noting(why, note)).with_facts(_order_over(context, why, note))
    return give_back_nothing(_ending_tasks(context, how=why), why=why, code=None if is_wished else note)


def give_back_nothing(context: ReplyContext, *, why: WhyOver, code: str | None) -> ReplyContext:
    """Give back the lines of which nothing comes from any order, with fees of which nothing comes (Q9).

    With a code nobody asked for that: the patient is told once, and customer service is asked (Q31).
    """
    back = tuple(
        line_id
        for line_id in context.order.line_ids
        if line_id not in context.withdrawal.given_back
        and all(order.brings_nothing_of(line_id) for order in context.orders)
    )
    if not back:
        return context
    withdrawal, fee_nos = context.withdrawal.giving_back(back)
    told = WithdrawalAnnulled(
        withdrawal_no=withdrawal.withdrawal_no,
        patient_ref=withdrawal.patient_ref,
        annulled_on=local_day(context.at),
        line_ids=back,
        fee_nos=fee_nos,
        why=why,
        order_no=context.order_no,
        notify=context.order.notify if code and withdrawal.named_ref else None,
    )
    allowance = give_back(context.allowance, line_ids=back, withdrawal_no=withdrawal.withdrawal_no)
    context = replace(context, allowance=allowance, withdrawal=withdrawal).with_facts(told)
    return context.with_facts(_not_coming(context, code)) if code else context


def _not_coming(context: ReplyContext, code: str) -> Fact:
    """Ask customer service of the patient's care unit, with the distributor's reason (Q31, N7)."""
    return order_task(
        context.order_no,
        patient_ref=context.withdrawal.named_ref,
        kind=NOT_COMING,
        reason=code,
        care_unit=context.withdrawal.care_units[0],
    )


def state_from(orders: tuple[Order, ...]) -> State:
    """Say how far a withdrawal has come from how far its orders have (Q23)."""
    if not all(order.is_over for order in orders):
        return "ordered"
    came = any(line.delivered for order in orders for line in order.lines)
    return "delivered" if came else "annulled"


def failure_from(orders: tuple[Order, ...]) -> Failure | None:
    """Say why nothing came, where it was not because somebody asked for that (Q31)."""
    ended = {order.state for order in orders if order.is_over and not order.is_annulled}
    return next((each for each in NAMED_FIRST if each in ended), None)


def _close(context: ReplyContext) -> ReplyContext:
    # An order that arrived while its annulment was asked for has answered: it was too late (Q22).
    cancelling = "too_late" if context.order.cancelling and context.order.state == "delivered" else None
    context = context.with_order_changed(over_at=context.at, cancelling=cancelling).releasing(
        context.order.line_ids
    )
    return replace(context, withdrawal=_following(context.withdrawal, context.orders))


def _following(withdrawal: Withdrawal, orders: tuple[Order, ...]) -> Withdrawal:
    state = state_from(orders)
    followed = replace(withdrawal, state=state, failure=failure_from(orders) if state == "annulled" else None)
    # While another order is under way somebody still has to get in.
    return followed if state == "ordered" else followed.without_door_code()


def _order_over(context: ReplyContext, why: WhyOver, note: str) -> Fact:
    if why == "undeliverable":
        return OrderUndeliverable(**context.about, reason=note)
    return OrderAnnulled(**context.about, why=why)


def _ending_tasks(context: ReplyContext, *, how: str) -> ReplyContext:
    """End what people were asked to see to while the order was under way (N7)."""
    context = reached(context, how=how)
    steps = {step.what for step in context.withdrawal.history if step.order_no in {None, context.order_no}}
    if "part_delivered" in steps:
        context = context.with_facts(order_task_over(context.order_no, kind="order_part_delivered", how=how))
    if "annulment_too_late" in steps:
        context = context.with_facts(order_task_over(context.order_no, kind="annulment_too_late", how=how))
    return context
