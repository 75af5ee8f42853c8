"""What a distributor's reply does to the order, its withdrawal and the allowance (Q9, Q11, Q22, S47, S49)."""

from datetime import datetime

from services.ordering.domain.allowance import Allowance
from services.ordering.domain.answers import answered
from services.ordering.domain.attention import order_task
from services.ordering.domain.case import Case, aware, demand_all
from services.ordering.domain.catalogue import Catalogue
from services.ordering.domain.ending import over
from services.ordering.domain.goods import delivered, despatched
from services.ordering.domain.order import Order, Received
from services.ordering.domain.replies import Judgement, digest, judge, repeats
from services.ordering.domain.silence import heard_from
from services.ordering.domain.what_came import follow_what_comes
from services.ordering.domain.withdrawal import Withdrawal
from shared.domain.code import code_of
from shared.domain.decision import Decision
from shared.events.partners import (
    DistributorReply,
    OrderAcknowledged,
    OrderCancelledReply,
    OrderDeliveredReply,
    OrderDespatchedReply,
    OrderResponse,
    OrderTooLateReply,
)

NOTHING_KNOWN = Catalogue({})


def hear(
    withdrawal: Withdrawal,
    allowance: Allowance,
    orders: tuple[Order, ...],
    *,
    reply: DistributorReply,
    body: str,
    at: datetime,
    catalogue: Catalogue = NOTHING_KNOWN,
    id_is_reused: bool = False,
) -> Decision[Withdrawal, Allowance, tuple[Order, ...]]:
    """Keep every reply, and follow those that are believed (formats.md 4); `body` is the sealed text.

    `orders` are all of the withdrawal, of which the reply is about one (Q23); raises OrdersMoved.
    """
    demand_all(withdrawal, orders)
    case = Case(withdrawal, allowance, orders, reply.order_no, at)
    again = repeats(case.order, reply)
    if again:
        return withdrawal, allowance, case.keeping(case.order.counting(again)).orders, []
    judgement = judge(case.order, reply, at=at, id_is_reused=id_is_reused)
    case = case.keeping(case.order.keeping(_received(reply, judgement, body=body, at=at)))
    if judgement.made_of == "contradicting":
        case = _looked_at(case, reply, why=judgement.why or "")
    if judgement.made_of == "believed":
        case = follow_what_comes(case, _follow(case, reply, catalogue=catalogue), catalogue=catalogue)
    case = heard_from(case)
    return case.withdrawal, case.allowance, case.orders, list(case.facts)


def _received(reply: DistributorReply, judgement: Judgement, *, body: str, at: datetime) -> Received:
    return Received(
        message_id=reply.message_id,
        kind=reply.type,
        at=aware(reply.at),
        received_at=at,
        content=digest(reply),
        body=body,
        made_of=judgement.made_of,
        why=judgement.why,
    )


def _looked_at(case: Case, reply: DistributorReply, *, why: str) -> Case:
    task = order_task(
        case.order_no,
        patient_ref=case.order.patient_ref,
        kind="reply_to_look_at",
        which=digest(reply)[:16],
        reason=why,
    )
    return case.telling(task)


def _follow(case: Case, reply: DistributorReply, *, catalogue: Catalogue) -> Case:
    match reply:
        case OrderAcknowledged():
            followed = _acknowledged(case, reply)
        case OrderResponse():
            followed = answered(case, reply, catalogue=catalogue)
        case OrderDespatchedReply():
            followed = despatched(case, reply)
        case OrderDeliveredReply():
            followed = delivered(case, reply)
        case OrderCancelledReply():
            # Asked for by us it is our annulment, else the distributor's own (Q22).
            followed = over(
                case, "annulled" if case.order.cancelling else "cancelled", note=code_of(reply.reason)
            )
        case OrderTooLateReply():
            followed = _too_late(case, reply)
        case _:
            followed = over(case, "undeliverable", note=code_of(reply.reason))
    return followed


def _acknowledged(case: Case, reply: OrderAcknowledged) -> Case:
    if not reply.accepted:
        return over(case, "refused", note=code_of(reply.code))
    return case.ordering(state="acknowledged").noting("acknowledged")


def _too_late(case: Case, reply: OrderTooLateReply) -> Case:
    """The order goes on, and a person tells the one who wanted it stopped (Q22)."""
    reason = code_of(reply.reason)
    task = order_task(
        case.order_no, patient_ref=case.order.patient_ref, kind="annulment_too_late", reason=reason
    )
    return case.ordering(cancelling="too_late").noting("annulment_too_late", reason).telling(task)
