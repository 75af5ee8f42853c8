"""The effect of a distributor's reply on order, withdrawal and allowance (Q9, Q11, Q22, S47, S49)."""

from datetime import datetime

from services.ordering.domain.allowance import Allowance
from services.ordering.domain.catalogue import Catalogue
from services.ordering.domain.dialogue.answers import answered
from services.ordering.domain.dialogue.crowding import KeptBeside, LongReply, beside, is_crowded
from services.ordering.domain.dialogue.ending import over
from services.ordering.domain.dialogue.goods import delivered, despatched
from services.ordering.domain.dialogue.replies import Judgement, digest, judge, repeats
from services.ordering.domain.dialogue.silence import heard_from
from services.ordering.domain.dialogue.what_came import follow_what_comes
from services.ordering.domain.order import Order, Received
from services.ordering.domain.reply_context import ReplyContext, aware, demand_all
from services.ordering.domain.tasks import order_task
from services.ordering.domain.withdrawal import Withdrawal
from shared.domain.code import code_of
from shared.domain.decision import Decision
from shared.domain.hashing import Hashed, plain_hash
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


def take_reply(
    withdrawal: Withdrawal,
    allowance: Allowance,
    orders: tuple[Order, ...],
    *,
    reply: DistributorReply,
    body: str,
    at: datetime,
    catalogue: Catalogue = NOTHING_KNOWN,
    id_is_reused: bool = False,
    hashed: Hashed = plain_hash,
) -> Decision[Withdrawal, Allowance, tuple[Order, ...]]:
    """Keep every reply, and follow those that are believed (formats.md 4); `body` is the sealed text.

    `orders` are all of the withdrawal, of which the reply is about one (Q23). Raises OrdersMoved, KeptBeside.
    """
    demand_all(withdrawal, orders)
    context = ReplyContext(
        withdrawal, allowance, orders, reply.order_no, at, id_is_reused=id_is_reused, hashed=hashed
    )
    if _has_no_room(context, reply):
        raise KeptBeside
    context = _kept(context, reply, body=body, catalogue=catalogue)
    return context.withdrawal, context.allowance, context.orders, list(context.facts)


def take_long_reply(
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
    hashed: Hashed = plain_hash,
) -> Decision[Withdrawal, Allowance, tuple[Order, ...], LongReply | None]:
    """As `take_reply`, and store the `whole` beside the order; `body` is the sealed text cut short.

    Where too many change nothing, the reply lies beside its order only, and a person looks once.
    """
    demand_all(withdrawal, orders)
    context = ReplyContext(
        withdrawal, allowance, orders, reply.order_no, at, id_is_reused=id_is_reused, hashed=hashed
    )
    is_cut, has_room = body != whole, not _has_no_room(context, reply)
    if is_cut or not has_room:
        received = _received(context, reply, _judged(context, reply), body=body, is_cut=is_cut)
        known = beside(known, order_no=reply.order_no, received=received, body=whole)
    context = (
        _kept(context, reply, body=body, catalogue=catalogue, is_cut=is_cut)
        if has_room
        else _with_more(context)
    )
    return context.withdrawal, context.allowance, context.orders, known, list(context.facts)


def _has_no_room(context: ReplyContext, reply: DistributorReply) -> bool:
    order = context.order
    if not is_crowded(order) or repeats(order, reply, context.hashed):
        return False
    return _judged(context, reply).made_of != "believed"


def _judged(context: ReplyContext, reply: DistributorReply) -> Judgement:
    return judge(
        context.order, reply, at=context.at, id_is_reused=context.id_is_reused, hashed=context.hashed
    )


def _with_more(context: ReplyContext) -> ReplyContext:
    if context.order.has_more_replies:
        return context
    task = order_task(
        context.order_no,
        patient_ref=context.order.patient_ref,
        kind="reply_to_look_at",
        which="many",
        reason="many-replies-that-change-nothing",
    )
    return context.with_order_changed(has_more_replies=True).with_facts(task)


def _kept(
    context: ReplyContext, reply: DistributorReply, *, body: str, catalogue: Catalogue, is_cut: bool = False
) -> ReplyContext:
    again = repeats(context.order, reply, context.hashed)
    if again:
        return context.with_order(context.order.counting(again))
    judgement = _judged(context, reply)
    received = _received(context, reply, judgement, body=body, is_cut=is_cut)
    context = context.with_order(context.order.with_reply(received))
    if judgement.made_of == "contradicting":
        context = _looked_at(context, reply, why=judgement.why or "")
    if judgement.made_of == "believed":
        context = follow_what_comes(
            context, _follow(context, reply, catalogue=catalogue), catalogue=catalogue
        )
    return heard_from(context, how="answered")


def _received(
    context: ReplyContext, reply: DistributorReply, judgement: Judgement, *, body: str, is_cut: bool
) -> Received:
    return Received(
        message_id=context.hashed(reply.message_id),
        kind=reply.type,
        at=aware(reply.at),
        received_at=context.at,
        content=digest(reply, context.hashed),
        body=body,
        made_of=judgement.made_of,
        why=judgement.why,
        is_cut=is_cut,
    )


def _looked_at(context: ReplyContext, reply: DistributorReply, *, why: str) -> ReplyContext:
    task = order_task(
        context.order_no,
        patient_ref=context.order.patient_ref,
        kind="reply_to_look_at",
        which=digest(reply, context.hashed)[:16],
        reason=why,
    )
    return context.with_facts(task)


def _follow(context: ReplyContext, reply: DistributorReply, *, catalogue: Catalogue) -> ReplyContext:
    match reply:
        case OrderAcknowledged():
            followed = _acknowledged(context, reply)
        case OrderResponse():
            followed = answered(context, reply, catalogue=catalogue)
        case OrderDespatchedReply():
            followed = despatched(context, reply)
        case OrderDeliveredReply():
            followed = delivered(context, reply)
        case OrderCancelledReply():
            # Asked for by us it is our annulment, else the distributor's own (Q22).
            followed = over(
                context, "annulled" if context.order.cancelling else "cancelled", note=code_of(reply.reason)
            )
        case OrderTooLateReply():
            followed = _too_late(context, reply)
        case _:
            followed = over(context, "undeliverable", note=code_of(reply.reason))
    return followed


def _acknowledged(context: ReplyContext, reply: OrderAcknowledged) -> ReplyContext:
    if not reply.accepted:
        return over(context, "refused", note=code_of(reply.code))
    return context.with_order_changed(state="acknowledged").noting("acknowledged")


def _too_late(context: ReplyContext, reply: OrderTooLateReply) -> ReplyContext:
    """The order continues, and a person informs the one who wanted it stopped (Q22)."""
    reason = code_of(reply.reason)
    task = order_task(
        context.order_no, patient_ref=context.order.patient_ref, kind="annulment_too_late", reason=reason
    )
    return (
        context.with_order_changed(cancelling="too_late")
        .noting("annulment_too_late", reason)
        .with_facts(task)
    )
