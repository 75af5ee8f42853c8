"""What a distributor's reply does to the order, the withdrawal and the allowance (Q9, Q11, S47, S49)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from services.ordering.domain.allowance import Allowance, expect, give_back, release
from services.ordering.domain.attention import code, look_at, part_delivered, replaced, wholly_delivered
from services.ordering.domain.order import Order, OrderedLine, Received, State
from services.ordering.domain.replies import (
    Judgement,
    delivered_goods,
    despatched_goods,
    digest,
    judge,
    packages_of,
    repeats,
)
from services.ordering.domain.withdrawal import Step, What, Withdrawal
from shared.domain.days import local_day
from shared.domain.decision import Decision
from shared.events.fact import Fact
from shared.events.ordering import (
    OrderAnnulled,
    OrderDelivered,
    OrderDespatched,
    OrderUndeliverable,
    WithdrawalAnnulled,
)
from shared.events.partners import (
    DistributorReply,
    LineResponse,
    OrderAcknowledged,
    OrderCancelledReply,
    OrderDeliveredReply,
    OrderDespatchedReply,
    OrderResponse,
)

WhyOver = Literal["refused", "undeliverable", "cancelled"]


@dataclass(frozen=True)
class Case:
    """The three states that a reply may move, and the facts so far."""

    withdrawal: Withdrawal
    allowance: Allowance
    order: Order
    at: datetime
    facts: tuple[Fact, ...] = ()

    def noting(self, what: What, note: str | None = None) -> "Case":
        step = Step(self.at, f"distributor:{self.order.distributor}", what, note)
        return replace(self, withdrawal=self.withdrawal.noting(step))

    def telling(self, *facts: Fact) -> "Case":
        return replace(self, facts=self.facts + facts)

    def ordering(self, *, state: State, lines: tuple[OrderedLine, ...] | None = None) -> "Case":
        return replace(self, order=replace(self.order, state=state, lines=lines or self.order.lines))


def hear(
    withdrawal: Withdrawal,
    allowance: Allowance,
    order: Order,
    *,
    reply: DistributorReply,
    body: str,
    at: datetime,
) -> Decision[Withdrawal, Allowance, Order]:
    """Keep every reply, and follow those that are believed (formats.md 4); `body` is the sealed text."""
    again = repeats(order, reply)
    if again:
        return withdrawal, allowance, order.counting(again), []
    judgement = judge(order, reply)
    kept = order.keeping(_received(reply, judgement, body=body, at=at))
    case = Case(withdrawal, allowance, kept, at)
    if judgement.made_of == "contradicting":
        case = case.telling(look_at(order, reply, why=judgement.why or ""))
    if judgement.made_of == "believed":
        case = _follow(case, reply)
    return case.withdrawal, case.allowance, case.order, list(case.facts)


def _received(reply: DistributorReply, judgement: Judgement, *, body: str, at: datetime) -> Received:
    return Received(
        message_id=reply.message_id,
        kind=reply.type,
        at=_aware(reply.at),
        received_at=at,
        content=digest(reply),
        body=body,
        made_of=judgement.made_of,
        why=judgement.why,
    )


def _aware(moment: datetime) -> datetime:
    # A distributor that leaves out its time zone is taken to mean UTC.
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _follow(case: Case, reply: DistributorReply) -> Case:
    match reply:
        case OrderAcknowledged():
            followed = _acknowledged(case, reply)
        case OrderResponse():
            followed = _answered(case, reply)
        case OrderDespatchedReply():
            followed = _despatched(case, reply)
        case OrderDeliveredReply():
            followed = _delivered(case, reply)
        case OrderCancelledReply():
            followed = _over(case, "cancelled", note=code(reply.reason))
        case _:
            followed = _over(case, "undeliverable", note=code(reply.reason))
    return followed


def _acknowledged(case: Case, reply: OrderAcknowledged) -> Case:
    if not reply.accepted:
        return _over(case, "refused", note=code(reply.code))
    return case.ordering(state="acknowledged").noting("acknowledged")


def _answered(case: Case, reply: OrderResponse) -> Case:
    answers = {each.line: each for each in reply.lines}
    lines = tuple(_with_answer(line, answers.get(line.line)) for line in case.order.lines)
    if all(line.answer == "rejected" for line in lines):
        return _over(case.ordering(state=case.order.state, lines=lines), "refused", note="all-lines-rejected")
    state: State = "despatched" if case.order.state == "despatched" else "confirmed"
    case = case.ordering(state=state, lines=lines).noting("confirmed")
    for line in lines:
        if line.line in answers:
            case = _deviating(case, line)
    case = _expecting(_rejected_lines(case))
    return _complete(case, when=reply.at) if all(line.is_over for line in lines) else case


def _with_answer(line: OrderedLine, answer: LineResponse | None) -> OrderedLine:
    if answer is None:
        return line
    packages = packages_of(answer, line)
    return replace(
        line,
        answer=answer.status if packages else "rejected",
        confirmed=packages,
        delivery_date=answer.delivery_date,
        replacement_article_no=answer.replacement_article_no,
    )


def _deviating(case: Case, line: OrderedLine) -> Case:
    if line.replacement_article_no:
        # No order allows substitution, so a person must ask what the patient will get.
        case = case.telling(replaced(case.order, line))
    if line.answer == "rejected":
        return case.noting("line_rejected", line.article_no)
    if line.answer == "changed":
        return case.noting("deviated", f"{line.article_no}: {line.expected}/{line.packages}")
    return case


def _rejected_lines(case: Case) -> Case:
    """Give back the prescribed lines of which nothing comes (Q9)."""
    rejected = _line_ids(case, lambda line: line.answer == "rejected")
    case = _give_back(case, rejected, why="refused")
    allowance = release(case.allowance, order_no=case.order.order_no, line_ids=rejected)
    return replace(case, allowance=allowance)


def _expecting(case: Case) -> Case:
    days = {line.line_id: line.delivery_date for line in case.order.lines if line.delivery_date}
    return replace(case, allowance=expect(case.allowance, order_no=case.order.order_no, days=days))


def _despatched(case: Case, reply: OrderDespatchedReply) -> Case:
    goods = despatched_goods(case.order, reply)
    lines = tuple(replace(line, despatched=line.despatched + goods[line.line]) for line in case.order.lines)
    first = case.order.despatched_at is None
    case = case.ordering(state="despatched", lines=lines).noting("despatched")
    if not first:
        return case
    despatched_at = _aware(reply.at)
    told = OrderDespatched(
        order_no=case.order.order_no,
        withdrawal_no=case.order.withdrawal_no,
        patient_ref=case.order.patient_ref,
        despatched_at=despatched_at,
        notify=case.order.notify,
    )
    return replace(case, order=replace(case.order, despatched_at=despatched_at)).telling(told)


def _delivered(case: Case, reply: OrderDeliveredReply) -> Case:
    goods = delivered_goods(case.order, reply)
    lines = tuple(replace(line, delivered=line.delivered + goods[line.line]) for line in case.order.lines)
    case = case.ordering(state="despatched", lines=lines)
    if all(line.is_over for line in lines):
        return _complete(case, when=reply.at)
    arrived = _line_ids(case, lambda line: line.is_over)
    allowance = release(case.allowance, order_no=case.order.order_no, line_ids=arrived)
    return replace(case, allowance=allowance).noting("part_delivered").telling(part_delivered(case.order))


def _complete(case: Case, *, when: datetime) -> Case:
    """All that shall come has come: the articles are free, and the door code is forgotten (S47)."""
    in_parts = any(step.what == "part_delivered" for step in case.withdrawal.history)
    case = _close(case.ordering(state="delivered").noting("delivered"))
    case = replace(case, withdrawal=replace(case.withdrawal, state="delivered"))
    if in_parts:
        case = case.telling(wholly_delivered(case.order))
    return case.telling(
        OrderDelivered(
            order_no=case.order.order_no,
            withdrawal_no=case.order.withdrawal_no,
            patient_ref=case.order.patient_ref,
            delivered_at=_aware(when),
        )
    )


def _over(case: Case, why: WhyOver, *, note: str) -> Case:
    """Nothing more comes: give back what did not come, credit its fees, free the articles (Q9)."""
    case = _close(case.ordering(state=why).noting(why, note)).telling(_order_over(case.order, why, note))
    nothing = _line_ids(case, lambda line: line.delivered == 0)
    case = _give_back(case, nothing, why=why)
    came = set(case.order.line_ids) - set(case.withdrawal.given_back)
    return replace(case, withdrawal=replace(case.withdrawal, state="delivered" if came else "annulled"))


def _order_over(order: Order, why: WhyOver, note: str) -> Fact:
    if why == "undeliverable":
        return OrderUndeliverable(
            order_no=order.order_no,
            withdrawal_no=order.withdrawal_no,
            patient_ref=order.patient_ref,
            reason=note,
        )
    return OrderAnnulled(
        order_no=order.order_no, withdrawal_no=order.withdrawal_no, patient_ref=order.patient_ref, why=why
    )


def _close(case: Case) -> Case:
    order = replace(case.order, over_at=case.at)
    allowance = release(case.allowance, order_no=order.order_no, line_ids=order.line_ids)
    return replace(case, order=order, allowance=allowance, withdrawal=case.withdrawal.without_door_code())


def _give_back(case: Case, line_ids: tuple[str, ...], *, why: WhyOver) -> Case:
    back = tuple(each for each in line_ids if each not in case.withdrawal.given_back)
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
        order_no=case.order.order_no,
    )
    allowance = give_back(case.allowance, line_ids=back, withdrawal_no=withdrawal.withdrawal_no)
    return replace(case, allowance=allowance, withdrawal=withdrawal).telling(told)


def _line_ids(case: Case, holds: Callable[[OrderedLine], bool]) -> tuple[str, ...]:
    """Name the prescribed lines of which every ordered article is so."""
    return tuple(
        line_id
        for line_id in case.order.line_ids
        if all(holds(line) for line in case.order.lines if line.line_id == line_id)
    )
