"""Despatched and delivered goods, also in parts; no package is lost or counted twice (S47, T10)."""

from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import Literal

from services.ordering.domain.dialogue.ending import complete
from services.ordering.domain.dialogue.replies import delivered_goods, despatched_goods
from services.ordering.domain.order import Order, OrderedLine
from services.ordering.domain.reply_context import ReplyContext, aware
from services.ordering.domain.tasks import order_task
from shared.domain.code import lot_of
from shared.events.ordering import GoodsSent, LotsReported, OrderDespatched
from shared.partners import DespatchedLine, OrderDeliveredReply, OrderDespatchedReply


def despatched(context: ReplyContext, reply: OrderDespatchedReply) -> ReplyContext:
    """Count what left, and publish each parcel that somebody must meet or fetch (S41, T10, Q33)."""
    goods = despatched_goods(context.order, reply)
    at = aware(reply.at)
    before = context.order
    came_already = 1 if before.despatched_at else 0  # of orders from before parcels were counted
    came_before = any(order.despatched_at for order in context.orders)
    lines = tuple(
        replace(line, despatched=line.despatched + goods[line.line]) for line in context.order.lines
    )
    left = named_goods(context.order, reply.lines, goods)
    context = context.with_order_changed(state="despatched", lines=lines).noting("despatched")
    context = context.with_order_changed(
        despatched_at=before.despatched_at or at, parcels=max(before.parcels, came_already) + 1
    )
    is_left_outside = context.withdrawal.choice.delivery.rule == "leave_outside"
    if before.despatched_at and is_left_outside:
        return context.with_facts(_lots(context, "despatched", at, left))
    part: Literal["rest", "whole"] = "rest" if came_before else "whole"
    return context.with_facts(_despatched(context, at, left, part=part))


def _despatched(
    context: ReplyContext, at: datetime, left: tuple[GoodsSent, ...], *, part: Literal["rest", "whole"]
) -> OrderDespatched:
    """Publish a parcel; `part` says what it is when no more of the withdrawal is to leave (Q33)."""
    later = _still_to_leave(context.orders)
    promised = [day for line in later if (day := line.promised_on)]
    return OrderDespatched(
        **context.about,
        despatched_at=at,
        notify=context.order.notify,
        parcel=context.order.parcels,
        part="part" if later else part,
        rest_on=max(promised, default=None) if len(promised) == len(later) else None,
        is_left_outside=context.withdrawal.choice.delivery.rule == "leave_outside",
        goods=left,
        care_unit=context.withdrawal.care_units[0],
        product_area=context.withdrawal.product_area,
    )


def named_goods(
    order: Order, lines: tuple[DespatchedLine, ...], goods: Counter[int]
) -> tuple[GoodsSent, ...]:
    """Say what a reply is about by article and lot; one that names no lines names no lots (Q60)."""
    rows = lines or [DespatchedLine(line=no, quantity=count) for no, count in goods.items() if count]
    articles = {each.line: each.coming_article_no for each in order.lines}
    return tuple(
        GoodsSent(
            article_no=articles[each.line],
            packages=each.quantity,
            lot=lot_of(each.batch),
            best_before=each.best_before,
        )
        for each in rows
    )


def _lots(
    context: ReplyContext,
    what: Literal["despatched", "delivered"],
    at: datetime,
    goods: tuple[GoodsSent, ...],
) -> LotsReported:
    withdrawal = context.withdrawal
    return LotsReported(
        **context.about,
        care_unit=withdrawal.care_units[0],
        product_area=withdrawal.product_area,
        what=what,
        reported_at=at,
        goods=goods,
    )


def _still_to_leave(orders: tuple[Order, ...]) -> list[OrderedLine]:
    """Give the lines of the withdrawal of which something has not left any distributor (Q33)."""
    lines = (line for order in orders if not order.is_over for line in order.lines)
    return [line for line in lines if max(line.despatched, line.delivered) < line.expected]


def delivered(context: ReplyContext, reply: OrderDeliveredReply) -> ReplyContext:
    """Count what arrived; when something is still to come a person sees to it (Q11, T10)."""
    goods = delivered_goods(context.order, reply)
    came = named_goods(context.order, reply.lines, goods)
    lines = tuple(_arrived(line, goods) for line in context.order.lines)
    context = context.with_order_changed(state="despatched", lines=lines)
    if all(line.is_over for line in lines):
        return complete(context, when=reply.at, goods=came)
    if any(each.lot for each in came):
        context = context.with_facts(_lots(context, "delivered", aware(reply.at), came))
    context = context.releasing(context.line_ids(lambda line: line.is_over)).noting("part_delivered")
    return context.with_facts(
        order_task(
            context.order_no,
            patient_ref=context.order.patient_ref,
            kind="order_part_delivered",
            reason="part-delivered",
        )
    )


def _arrived(line: OrderedLine, goods: Counter[int]) -> OrderedLine:
    return replace(line, delivered=line.delivered + goods[line.line])
