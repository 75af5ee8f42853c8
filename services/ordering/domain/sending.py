"""Sending a withdrawal: one change over the allowance, the withdrawal and its order (S45, S47, Q5, Q21)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from services.ordering.domain.allowance import Allowance, use
from services.ordering.domain.delivery import against_delivery
from services.ordering.domain.drafting import Drawn, against_drafting, against_item
from services.ordering.domain.flavours import NoFlavourChosen, total
from services.ordering.domain.order import Order, message, ordered_lines
from services.ordering.domain.person import Person
from services.ordering.domain.pricing import against_price, fees_of
from services.ordering.domain.withdrawal import Step, Withdrawal, refuse_unless_draft
from shared.domain.days import local_day
from shared.domain.decision import Decision, Refused, Sentence, refuse_any
from shared.events.ordering import FeePriced, LineWithdrawn, Notify, OrderSent, WithdrawalSent


class SeveralDistributors(Refused):
    """The goods come from more than one distributor (Q23: one order each; not in one withdrawal yet)."""

    rule = "several-distributors"
    sentence = Sentence(
        "Varorna kommer från olika distributörer. Gör ett uttag för varje distributör.",
        "The goods come from different distributors. Make one withdrawal for each distributor.",
    )


@dataclass(frozen=True)
class Dispatch:
    """What sending adds to a draft: the order's number, the sender's number, and the moment."""

    order_no: str
    buyer_gln: str
    at: datetime

    @property
    def on(self) -> date:
        return local_day(self.at)


def against_sending(allowance: Allowance, drawn: Drawn, *, on: date) -> Iterator[Refused]:
    """Say all that speaks against sending this withdrawal that day; raises NotFound (N1)."""
    yield from against_drafting(allowance, drawn, on=on)
    person = allowance.person
    if person is None or person.protected:
        return
    for item, line in zip(drawn.choice.items, drawn.lines(allowance), strict=True):
        reasons = against_item(item, line, drawn.catalogue)
        yield from (reason for reason in reasons if isinstance(reason, NoFlavourChosen))
    yield from against_delivery(drawn.choice.delivery, person=person, on=on)
    yield from _against_goods(allowance, drawn, person=person, on=on)


def _against_goods(allowance: Allowance, drawn: Drawn, *, person: Person, on: date) -> Iterator[Refused]:
    articles = drawn.catalogue.articles
    chosen = [share.article_no for item in drawn.choice.items for share in item.split]
    if not chosen or any(article_no not in articles for article_no in chosen):
        return  # what is missing is said above, and has no price
    if len({articles[article_no].distributor for article_no in chosen}) > 1:
        yield SeveralDistributors()
    yield from against_price(allowance, drawn.choice, person=person, catalogue=drawn.catalogue, on=on)


def send(
    withdrawal: Withdrawal, allowance: Allowance, _absent: Order | None, *, drawn: Drawn, dispatch: Dispatch
) -> Decision[Withdrawal, Allowance, Order]:
    """Use each line once, block its article, order the goods and charge the fees (S45, S47, Q5, Q21)."""
    refuse_unless_draft(withdrawal)
    drawn = replace(drawn, choice=withdrawal.choice)
    refuse_any(against_sending(allowance, drawn, on=dispatch.on))
    fees = fees_of(
        allowance,
        drawn.choice,
        person=allowance.known_person,
        catalogue=drawn.catalogue,
        on=dispatch.on,
    )
    order = _order(withdrawal, drawn, dispatch)
    sent = _sent(withdrawal, allowance, by=drawn.asker.sub, dispatch=dispatch, fees=fees)
    chosen = {item.line_id: item.split for item in withdrawal.choice.items}
    used = use(allowance, chosen=chosen, withdrawal_no=withdrawal.withdrawal_no, order_no=order.order_no)
    told = _withdrawal_sent(sent, allowance, dispatch=dispatch)
    delivery = withdrawal.choice.delivery
    outward = message(order, delivery=delivery, catalogue=drawn.catalogue, buyer_gln=dispatch.buyer_gln)
    return sent, used, order, [told, _order_sent(order, told), outward]


def _order(withdrawal: Withdrawal, drawn: Drawn, dispatch: Dispatch) -> Order:
    lines = ordered_lines(withdrawal.choice.items, drawn.catalogue)
    delivery = withdrawal.choice.delivery
    return Order(
        order_no=dispatch.order_no,
        withdrawal_no=withdrawal.withdrawal_no,
        patient_ref=withdrawal.patient_ref,
        distributor=drawn.catalogue.article(lines[0].article_no).distributor,
        sent_at=dispatch.at,
        lines=lines,
        notify=Notify(channel=delivery.notice, to=delivery.notice_to, language=delivery.language),
    )


def _sent(
    withdrawal: Withdrawal,
    allowance: Allowance,
    *,
    by: str,
    dispatch: Dispatch,
    fees: tuple[FeePriced, ...],
) -> Withdrawal:
    passed = [
        Step(dispatch.at, each.by, "block_passed", f"{each.article_no}: {each.reason}")
        for each in withdrawal.choice.passed
        if allowance.blocks(each.article_no)
    ]
    sent = replace(
        withdrawal, state="ordered", sent_on=dispatch.on, order_nos=(dispatch.order_no,), fees=fees
    )
    return sent.noting(*passed, Step(dispatch.at, by, "sent", dispatch.order_no))


def _withdrawal_sent(sent: Withdrawal, allowance: Allowance, *, dispatch: Dispatch) -> WithdrawalSent:
    return WithdrawalSent(
        withdrawal_no=sent.withdrawal_no,
        patient_ref=sent.patient_ref,
        sent_on=dispatch.on,
        sent_at=dispatch.at,
        payer=sent.payer,
        product_area=sent.product_area,
        # Lines of several units share one order; the first one names its cost centre.
        care_unit=sent.care_units[0],
        lines=tuple(
            LineWithdrawn(
                line_id=item.line_id,
                prescription_no=allowance.line(item.line_id).prescription_no,
                article_no=allowance.line(item.line_id).article_no,
                packages=total(item.split),
            )
            for item in sent.choice.items
        ),
        fees=sent.fees,
        order_nos=sent.order_nos,
    )


def _order_sent(order: Order, told: WithdrawalSent) -> OrderSent:
    return OrderSent(
        order_no=order.order_no,
        withdrawal_no=order.withdrawal_no,
        patient_ref=order.patient_ref,
        distributor=order.distributor,
        sent_on=told.sent_on,
        lines=told.lines,
        notify=order.notify,
    )
