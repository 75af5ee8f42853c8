"""What a distributor's reply does to the order, its withdrawal and the allowance (Q9, Q11, Q22, S47, S49)."""

from datetime import datetime

from services.ordering.domain.allowance import Allowance
from services.ordering.domain.attention import order_task
from services.ordering.domain.case import Case, aware, demand_all
from services.ordering.domain.catalogue import Catalogue
from services.ordering.domain.dialogue.answers import answered
from services.ordering.domain.dialogue.crowding import KeptBeside, LongReply, beside, is_crowded
from services.ordering.domain.dialogue.ending import over
from services.ordering.domain.dialogue.goods import delivered, despatched
from services.ordering.domain.dialogue.replies import Judgement, digest, hashed, judge, repeats
from services.ordering.domain.dialogue.silence import heard_from
from services.ordering.domain.dialogue.what_came import follow_what_comes
from services.ordering.domain.order import Order, Received
from services.ordering.domain.withdrawal import Withdrawal
from shared.domain.code import code_of
from shared.domain.decision import Decision
from shared.partners import (
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

    `orders` are all of the withdrawal, of which the reply is about one (Q23). Raises OrdersMoved, KeptBeside.
    """
    demand_all(withdrawal, orders)
    case = Case(withdrawal, allowance, orders, reply.order_no, at, id_is_reused=id_is_reused)
    if _has_no_room(case, reply):
        raise KeptBeside
    case = _heard(case, reply, body=body, catalogue=catalogue)
    return case.withdrawal, case.allowance, case.orders, list(case.facts)


def hear_long(
    withdrawal: Withdrawal,
    allowance: Allowance,
    orders: tuple[Order, ...],
    known: LongReply | None,
    *,
    reply: DistributorReply,
    body: str,
    whole: str,
    at: datetime,
    catalogue: Catalogue = NOTHING_KNOWN,
    id_is_reused: bool = False,
) -> Decision[Withdrawal, Allowance, tuple[Order, ...], LongReply | None]:
    """Hear as `hear` does, and keep the `whole` beside the order; `body` is the sealed text cut short.

    Where too many change nothing, the reply lies beside its order only, and a person looks once.
    """
    demand_all(withdrawal, orders)
    case = Case(withdrawal, allowance, orders, reply.order_no, at, id_is_reused=id_is_reused)
    is_cut, has_room = body != whole, not _has_no_room(case, reply)
    if is_cut or not has_room:
        received = _received(reply, _judged(case, reply), body=body, at=at, is_cut=is_cut)
        known = beside(known, order_no=reply.order_no, received=received, body=whole)
    case = (
        _heard(case, reply, body=body, catalogue=catalogue, is_cut=is_cut) if has_room else _with_more(case)
    )
    return case.withdrawal, case.allowance, case.orders, known, list(case.facts)


def _has_no_room(case: Case, reply: DistributorReply) -> bool:
    order = case.order
    if not is_crowded(order) or repeats(order, reply):
        return False
    return _judged(case, reply).made_of != "believed"


def _judged(case: Case, reply: DistributorReply) -> Judgement:
    return judge(case.order, reply, at=case.at, id_is_reused=case.id_is_reused)


def _with_more(case: Case) -> Case:
    if case.order.has_more_replies:
        return case
    task = order_task(
        case.order_no,
        patient_ref=case.order.patient_ref,
        kind="reply_to_look_at",
        which="many",
        reason="many-replies-that-change-nothing",
    )
    return case.ordering(has_more_replies=True).telling(task)


def _heard(
    case: Case, reply: DistributorReply, *, body: str, catalogue: Catalogue, is_cut: bool = False
) -> Case:
    again = repeats(case.order, reply)
    if again:
        return case.keeping(case.order.counting(again))
    judgement = _judged(case, reply)
    received = _received(reply, judgement, body=body, at=case.at, is_cut=is_cut)
    case = case.keeping(case.order.keeping(received))
    if judgement.made_of == "contradicting":
        case = _looked_at(case, reply, why=judgement.why or "")
    if judgement.made_of == "believed":
        case = follow_what_comes(case, _follow(case, reply, catalogue=catalogue), catalogue=catalogue)
    return heard_from(case)


def _received(
    reply: DistributorReply, judgement: Judgement, *, body: str, at: datetime, is_cut: bool
) -> Received:
    return Received(
        message_id=hashed(reply.message_id),
        kind=reply.type,
        at=aware(reply.at),
        received_at=at,
        content=digest(reply),
        body=body,
        made_of=judgement.made_of,
        why=judgement.why,
        is_cut=is_cut,
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
