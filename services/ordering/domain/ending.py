"""How an order ends, and what that means for its withdrawal, across all its orders (Q9, Q22, Q23, S47)."""

from dataclasses import replace
from datetime import datetime
from typing import Literal

from services.ordering.domain.allowance import give_back
from services.ordering.domain.attention import order_task_over
from services.ordering.domain.case import Case, aware
from services.ordering.domain.order import Order
from services.ordering.domain.order import State as OrderState
from services.ordering.domain.withdrawal import State, Withdrawal
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


def complete(case: Case, *, when: datetime) -> Case:
    """All that shall come has come: the articles are free, and the door code is forgotten (S47, S49)."""
    case = _close(case.ordering(state="delivered").noting("delivered"))
    told = OrderDelivered(**case.about, delivered_at=aware(when))
    return _ending_tasks(case, how="delivered").telling(told)


def over(case: Case, why: WhyOver, *, note: str) -> Case:
    """Nothing more comes: give back what did not come, credit its fees, free the articles (Q9)."""
    case = _close(case.ordering(state=STATE_OF[why]).noting(why, note)).telling(_order_over(case, why, note))
    return give_back_nothing(_ending_tasks(case, how=why), why=why)


def give_back_nothing(case: Case, *, why: WhyOver) -> Case:
    """Give back the lines of which nothing comes from any order, with fees of which nothing comes (Q9)."""
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
    )
    allowance = give_back(case.allowance, line_ids=back, withdrawal_no=withdrawal.withdrawal_no)
    return replace(case, allowance=allowance, withdrawal=withdrawal).telling(told)


def state_from(orders: tuple[Order, ...]) -> State:
    """Say how far a withdrawal has come from how far its orders have (Q23)."""
    if not all(order.is_over for order in orders):
        return "ordered"
    came = any(line.delivered for order in orders for line in order.lines)
    return "delivered" if came else "annulled"


def _close(case: Case) -> Case:
    # An order that arrived while its annulment was asked for has answered: it was too late (Q22).
    cancelling = "too_late" if case.order.cancelling and case.order.state == "delivered" else None
    case = case.ordering(over_at=case.at, cancelling=cancelling).releasing(case.order.line_ids)
    return replace(case, withdrawal=_following(case.withdrawal, case.orders))


def _following(withdrawal: Withdrawal, orders: tuple[Order, ...]) -> Withdrawal:
    state = state_from(orders)
    followed = replace(withdrawal, state=state)
    # While another order is under way somebody still has to get in.
    return followed if state == "ordered" else followed.without_door_code()


def _order_over(case: Case, why: WhyOver, note: str) -> Fact:
    if why == "undeliverable":
        return OrderUndeliverable(**case.about, reason=note)
    return OrderAnnulled(**case.about, why=why)


def _ending_tasks(case: Case, *, how: str) -> Case:
    """End what people were asked to see to while the order was under way (N7)."""
    steps = {step.what for step in case.withdrawal.history if step.order_no in {None, case.order_no}}
    if "part_delivered" in steps:
        case = case.telling(order_task_over(case.order_no, kind="order_part_delivered", how=how))
    if "annulment_too_late" in steps:
        case = case.telling(order_task_over(case.order_no, kind="annulment_too_late", how=how))
    return case
