"""How an order ends, and what that means for its withdrawal, across all its orders (Q9, Q22, Q23, Q31)."""

from dataclasses import replace
from datetime import datetime
from typing import Literal

from services.ordering.domain.allowance import give_back
from services.ordering.domain.attention import order_task, order_task_over
from services.ordering.domain.case import Case, aware
from services.ordering.domain.dialogue.silence import reached
from services.ordering.domain.order import Order
from services.ordering.domain.order import State as OrderState
from services.ordering.domain.withdrawal import Failure, State, Withdrawal
from shared.domain.days import local_day
from shared.events.fact import Fact
from shared.events.ordering import OrderAnnulled, OrderDelivered, OrderUndeliverable, WithdrawalAnnulled

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


def complete(case: Case, *, when: datetime) -> Case:
    """All that shall come has come: the articles are free, and the door code is forgotten (S47, S49)."""
    case = _close(case.ordering(state="delivered").noting("delivered"))
    told = OrderDelivered(**case.about, delivered_at=aware(when))
    return _ending_tasks(case, how="delivered").telling(told)


def over(case: Case, why: WhyOver, *, note: str) -> Case:
    """Nothing more comes: give back what did not come, credit its fees, free the articles (Q9)."""
    is_wished = why == "annulled" or case.order.cancelling == "asked"
    case = case.ordering(state=STATE_OF[why], is_annulled=why == "annulled", over_code=note)
    case = _close(case.noting(why, note)).telling(_order_over(case, why, note))
    return give_back_nothing(_ending_tasks(case, how=why), why=why, code=None if is_wished else note)


def give_back_nothing(case: Case, *, why: WhyOver, code: str | None) -> Case:
    """Give back the lines of which nothing comes from any order, with fees of which nothing comes (Q9).

    With a code nobody asked for that: the patient is told once, and customer service is asked (Q31).
    """
    back = tuple(
        line_id
        for line_id in case.order.line_ids
        if line_id not in case.withdrawal.given_back
        and all(order.brings_nothing_of(line_id) for order in case.orders)
    )
    if not back:
        return case
    withdrawal, fee_nos = case.withdrawal.giving_back(back)
    told = WithdrawalAnnulled(
        withdrawal_no=withdrawal.withdrawal_no,
        patient_ref=withdrawal.patient_ref,
        annulled_on=local_day(case.at),
        line_ids=back,
        fee_nos=fee_nos,
        why=why,
        order_no=case.order_no,
        notify=case.order.notify if code and withdrawal.named_ref else None,
    )
    allowance = give_back(case.allowance, line_ids=back, withdrawal_no=withdrawal.withdrawal_no)
    case = replace(case, allowance=allowance, withdrawal=withdrawal).telling(told)
    return case.telling(_not_coming(case, code)) if code else case


def _not_coming(case: Case, code: str) -> Fact:
    """Ask customer service of the patient's care unit, with the distributor's reason (Q31, N7)."""
    return order_task(
        case.order_no,
        patient_ref=case.withdrawal.named_ref,
        kind=NOT_COMING,
        reason=code,
        care_unit=case.withdrawal.care_units[0],
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


def _close(case: Case) -> Case:
    # An order that arrived while its annulment was asked for has answered: it was too late (Q22).
    cancelling = "too_late" if case.order.cancelling and case.order.state == "delivered" else None
    case = case.ordering(over_at=case.at, cancelling=cancelling).releasing(case.order.line_ids)
    return replace(case, withdrawal=_following(case.withdrawal, case.orders))


def _following(withdrawal: Withdrawal, orders: tuple[Order, ...]) -> Withdrawal:
    state = state_from(orders)
    followed = replace(withdrawal, state=state, failure=failure_from(orders) if state == "annulled" else None)
    # While another order is under way somebody still has to get in.
    return followed if state == "ordered" else followed.without_door_code()


def _order_over(case: Case, why: WhyOver, note: str) -> Fact:
    if why == "undeliverable":
        return OrderUndeliverable(**case.about, reason=note)
    return OrderAnnulled(**case.about, why=why)


def _ending_tasks(case: Case, *, how: str) -> Case:
    """End what people were asked to see to while the order was under way (N7)."""
    case = reached(case, how=how)
    steps = {step.what for step in case.withdrawal.history if step.order_no in {None, case.order_no}}
    if "part_delivered" in steps:
        case = case.telling(order_task_over(case.order_no, kind="order_part_delivered", how=how))
    if "annulment_too_late" in steps:
        case = case.telling(order_task_over(case.order_no, kind="annulment_too_late", how=how))
    return case
