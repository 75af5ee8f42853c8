"""Which replies of a distributor take effect; late, repeated and contradictory ones are only stored."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from services.ordering.domain.dialogue.crowding import is_answered_too_often
from services.ordering.domain.order import MadeOf, Order, OrderedLine, Received, State
from shared.domain.days import can_be_expected, local_day
from shared.domain.hashing import Hashed, plain_hash
from shared.partners import (
    DespatchedLine,
    DistributorReply,
    LineResponse,
    OrderAcknowledged,
    OrderCancelledReply,
    OrderDeliveredReply,
    OrderDespatchedReply,
    OrderResponse,
    OrderTooLateReply,
)

REFUSED_BACK: frozenset[State] = frozenset({"refused", "cancelled"})
CLOCKS_DIFFER = timedelta(days=7)
"""A partner's clock may be wrong by so much before it is not believed."""
OVER: frozenset[State] = frozenset({"delivered", "undeliverable", "refused", "cancelled"})


@dataclass(frozen=True)
class Judgement:
    """What is made of a reply, and why when it is not simply believed."""

    made_of: MadeOf
    why: str | None = None


BELIEVED = Judgement("believed")
LATE = Judgement("late")


def contradicting(why: str) -> Judgement:
    return Judgement("contradicting", why)


def digest(reply: DistributorReply, hashed: Hashed) -> str:
    """Tell replies apart by all that they say, whatever id and time they carry (formats.md 4)."""
    return hashed(reply.model_dump_json(exclude={"message_id", "at"}, exclude_defaults=True))


def repeats(order: Order, reply: DistributorReply, hashed: Hashed = plain_hash) -> Received | None:
    """Find the earlier reply that this one repeats; another part of the goods is no repetition (T10)."""
    contents = {digest(reply, hashed), digest(reply, plain_hash)}
    same = [each for each in order.replies if each.content in contents]
    exact = next((each for each in same if _is_called(each, reply.message_id, hashed)), None)
    if exact or not same or _is_another_part(order, reply):
        return exact
    return same[-1]


def _is_called(received: Received, message_id: str, hashed: Hashed) -> bool:
    """Compare by the hash, and as the versions before kept it: hashed without a key, or as it was."""
    return received.message_id in {hashed(message_id), plain_hash(message_id), message_id}


def _is_another_part(order: Order, reply: DistributorReply) -> bool:
    """Tell 5 + 5 packages from 5 reported twice: by the message's id, and by what can still come (T10).

    The same parcels, or the same proof, are the same goods, whatever the message is called.
    """
    if not isinstance(reply, OrderDespatchedReply | OrderDeliveredReply) or not reply.lines:
        return False
    is_named = reply.packages if isinstance(reply, OrderDespatchedReply) else reply.proof
    if is_named or not reply.message_id or order.state in OVER:
        return False
    judgement = (
        _despatched(order, reply) if isinstance(reply, OrderDespatchedReply) else _delivered(order, reply)
    )
    return judgement == BELIEVED


def judge(
    order: Order,
    reply: DistributorReply,
    *,
    at: datetime,
    id_is_reused: bool = False,
    hashed: Hashed = plain_hash,
) -> Judgement:
    """Decide what to make of a reply, by the order's state and what was said before (formats.md 4).

    `id_is_reused` says that the sender used its message id for something else, perhaps about another order.
    """
    if id_is_reused or any(_is_called(each, reply.message_id, hashed) for each in order.replies):
        return contradicting("same-message-id-other-content")
    if not _can_be_said(order, reply, at=at):
        return contradicting("impossible-day")
    match reply:
        case OrderAcknowledged():
            judgement = _acknowledged(order.state, accepted=reply.accepted)
        case OrderResponse():
            judgement = _answered(order, reply)
        case OrderDespatchedReply():
            judgement = _despatched(order, reply)
        case OrderDeliveredReply():
            judgement = _delivered(order, reply)
        case OrderCancelledReply():
            judgement = _cancelled(order)
        case OrderTooLateReply():
            judgement = _too_late(order)
        case _:
            judgement = _undeliverable(order.state)
    if judgement == BELIEVED and is_answered_too_often(order):
        return contradicting("answered-too-often")
    return judgement


def _can_be_said(order: Order, reply: DistributorReply, *, at: datetime) -> bool:
    """Tell whether it can have been said when it says so, and about days that can be (decision 0059)."""
    said = reply.at if reply.at.tzinfo else reply.at.replace(tzinfo=UTC)
    lines = reply.lines if isinstance(reply, OrderResponse) else ()
    days = [day for each in lines for day in (each.delivery_date, each.back_order_date) if day]
    sent_at = min(order.sent_at, at)  # our own clock may have been ahead when the order was sent
    since, today = local_day(sent_at), local_day(at)
    return sent_at - CLOCKS_DIFFER <= said <= at + CLOCKS_DIFFER and all(
        can_be_expected(day, since=since, today=today) for day in days
    )


def _acknowledged(state: State, *, accepted: bool) -> Judgement:
    if state == "sent":
        return BELIEVED
    if accepted:
        return contradicting("accepted-after-refused") if state == "refused" else LATE
    return LATE if state in REFUSED_BACK else contradicting(f"refused-after-{state}")


def _cancelled(order: Order) -> Judgement:
    if order.state in REFUSED_BACK:
        return LATE
    # What has arrived is no hindrance: the rest, on back-order, can still be called off.
    if order.state in OVER or order.is_under_way:
        return contradicting(f"cancelled-after-{order.state}")
    return BELIEVED


def _too_late(order: Order) -> Judgement:
    if order.state in OVER:
        return contradicting("too-late-after-cancelled") if order.state == "cancelled" else LATE
    if order.cancelling is None:
        return contradicting("too-late-unasked")
    return BELIEVED if order.cancelling == "asked" else LATE


def _undeliverable(state: State) -> Judgement:
    if state == "undeliverable":
        return LATE
    return contradicting(f"undeliverable-after-{state}") if state in OVER else BELIEVED


def _answered(order: Order, reply: OrderResponse) -> Judgement:
    wrong = next((why for each in reply.lines if (why := _wrong_answer(order, each))), None)
    if wrong:
        return contradicting(wrong)
    if len({each.line for each in reply.lines}) < len(reply.lines):
        return contradicting("line-twice")
    if order.state == "refused" and any(each.status != "rejected" for each in reply.lines):
        return contradicting("accepted-after-refused")
    return LATE if order.state in OVER else BELIEVED


def _wrong_answer(order: Order, answer: LineResponse) -> str | None:
    line = order.line(answer.line)
    if line is None:
        return "unknown-line"
    packages = packages_of(answer, line)
    if packages > line.packages:
        return "more-than-ordered"
    if line.answer is not None and packages != line.expected:
        return "another-answer-before"
    if packages < max(line.despatched, line.delivered):
        return "less-than-already-despatched"
    return None


def packages_of(answer: LineResponse, line: OrderedLine) -> int:
    """Say how many packages an answer promises of a line."""
    if answer.status == "rejected":
        return 0
    return line.packages if answer.quantity is None else answer.quantity + answer.back_order


def _despatched(order: Order, reply: OrderDespatchedReply) -> Judgement:
    if order.state in REFUSED_BACK:
        return contradicting(f"despatched-after-{order.state}")
    if order.state in OVER:
        return LATE
    goods = despatched_goods(order, reply)
    wrong = _wrong_goods(order, goods, already={each.line: each.despatched for each in order.lines})
    return contradicting(wrong) if wrong else BELIEVED


def _delivered(order: Order, reply: OrderDeliveredReply) -> Judgement:
    if order.state == "delivered":
        return contradicting("delivered-otherwise-before")
    if order.state in OVER:
        return contradicting(f"delivered-after-{order.state}")
    goods = delivered_goods(order, reply)
    wrong = _wrong_goods(order, goods, already={each.line: each.delivered for each in order.lines})
    return contradicting(wrong) if wrong else BELIEVED


def despatched_goods(order: Order, reply: OrderDespatchedReply) -> Counter[int]:
    """Count packages per line; a reply that names no lines means all that had not left."""
    if reply.lines:
        return _counted(reply.lines)
    return +Counter({each.line: each.expected - each.despatched for each in order.lines})


def delivered_goods(order: Order, reply: OrderDeliveredReply) -> Counter[int]:
    """Count packages per line; a reply that names no lines means all that is under way, or else all."""
    if reply.lines:
        return _counted(reply.lines)
    under_way = +Counter({each.line: each.despatched - each.delivered for each in order.lines})
    return under_way or +Counter({each.line: each.expected - each.delivered for each in order.lines})


def _counted(lines: Iterable[DespatchedLine]) -> Counter[int]:
    counted: Counter[int] = Counter()
    for each in lines:
        counted[each.line] += each.quantity
    return counted


def _wrong_goods(order: Order, goods: Counter[int], *, already: Mapping[int, int]) -> str | None:
    if not goods:
        return "no-goods"
    wrong = (_wrong_packages(order.line(each), goods[each], already=already.get(each, 0)) for each in goods)
    return next((why for why in wrong if why), None)


def _wrong_packages(line: OrderedLine | None, packages: int, *, already: int) -> str | None:
    if line is None:
        return "unknown-line"
    if line.answer == "rejected":
        return "line-was-rejected"
    return "more-than-expected" if already + packages > line.expected else None
