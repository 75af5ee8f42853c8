"""What left and what arrived, also in parts: the rest is never lost and never counted twice (S47, T10)."""

from collections import Counter
from dataclasses import replace

from services.ordering.domain.attention import order_task
from services.ordering.domain.case import Case, aware
from services.ordering.domain.ending import complete
from services.ordering.domain.order import OrderedLine
from services.ordering.domain.replies import delivered_goods, despatched_goods
from shared.events.ordering import OrderDespatched
from shared.events.partners import OrderDeliveredReply, OrderDespatchedReply


def despatched(case: Case, reply: OrderDespatchedReply) -> Case:
    """Count what left, and tell it when the first of it does (S41, T10)."""
    goods = despatched_goods(case.order, reply)
    first = case.order.despatched_at is None
    lines = tuple(replace(line, despatched=line.despatched + goods[line.line]) for line in case.order.lines)
    case = case.ordering(state="despatched", lines=lines).noting("despatched")
    if not first:
        return case
    at = aware(reply.at)
    told = OrderDespatched(**case.about, despatched_at=at, notify=case.order.notify)
    return case.ordering(despatched_at=at).telling(told)


def delivered(case: Case, reply: OrderDeliveredReply) -> Case:
    """Count what arrived; when something is still to come a person sees to it (Q11, T10)."""
    lines = tuple(_arrived(line, delivered_goods(case.order, reply)) for line in case.order.lines)
    case = case.ordering(state="despatched", lines=lines)
    if all(line.is_over for line in lines):
        return complete(case, when=reply.at)
    case = case.releasing(case.line_ids(lambda line: line.is_over)).noting("part_delivered")
    return case.telling(
        order_task(
            case.order_no,
            patient_ref=case.order.patient_ref,
            kind="order_part_delivered",
            reason="part-delivered",
        )
    )


def _arrived(line: OrderedLine, goods: Counter[int]) -> OrderedLine:
    return replace(line, delivered=line.delivered + goods[line.line])
