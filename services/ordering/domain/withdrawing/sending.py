"""Sending a withdrawal: one change of the allowance, the withdrawal and its orders (S45, S47, Q21, Q23)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from services.ordering.domain.allowance import Allowance, use
from services.ordering.domain.catalogue import Catalogue
from services.ordering.domain.channels import NotYourPatient
from services.ordering.domain.flavours import NoFlavourChosen
from services.ordering.domain.order import Order, distributors_of, message, ordered_lines
from services.ordering.domain.person import Person
from services.ordering.domain.withdrawal import Item, Step, Withdrawal, no_longer_waiting, refuse_unless_draft
from services.ordering.domain.withdrawing.delivery_rules import against_delivery
from services.ordering.domain.withdrawing.drafting import WithdrawalRequest, against_drafting, against_item
from services.ordering.domain.withdrawing.facts import kept_address, order_sent, withdrawal_sent
from services.ordering.domain.withdrawing.pricing import against_price, fees_of
from shared.domain.days import local_day
from shared.domain.decision import Addressed, Decision, Refused, Sentence, refuse_any
from shared.events.fact import Fact
from shared.events.fees import FeePriced
from shared.events.ordering import Notify, WithdrawalSent


class DraftChangedMeanwhile(Refused):
    """The draft needs more orders than when it was read (Q23)."""

    rule = "draft-changed-meanwhile"
    sentence = Sentence(
        "Någon ändrade utkastet just nu. Öppna det igen, kontrollera det och skicka.",
        "Somebody changed the draft just now. Open it again, check it and send it.",
    )


class DistributorIsGone(Refused):
    """The region has the article's distributor no more: its order could go nowhere (S45, S53)."""

    rule = "distributor-gone"
    sentence = Addressed(
        "Ingen distributör levererar artikeln längre. Välj en annan artikel, eller kontakta kundservice.",
        "No distributor delivers the article any more. Choose another, or contact customer service.",
        to_customer_service=Sentence(
            "Artikelns distributör finns inte längre i systemet. Välj en annan artikel, eller be den som "
            "förvaltar katalogen att byta distributör på den.",
            "The article's distributor is in the system no more. Choose another article, or ask who keeps "
            "the catalogue to give it another distributor.",
        ),
    )


@dataclass(frozen=True)
class Dispatch:
    """What sending adds to a draft: a number for each order, the sender's number, and the moment."""

    order_nos: tuple[str, ...]
    buyer_gln: str
    at: datetime

    @property
    def on(self) -> date:
        return local_day(self.at)


def against_sending(allowance: Allowance, requested: WithdrawalRequest, *, on: date) -> Iterator[Refused]:
    """Say all that speaks against sending this withdrawal that day; raises NotFound (N1)."""
    reasons_so_far = tuple(against_drafting(allowance, requested, on=on))
    yield from reasons_so_far
    person = allowance.person
    strange = any(isinstance(reason, NotYourPatient) for reason in reasons_so_far)
    if person is None or person.protected or strange:
        return
    for item, line in requested.taken(allowance):
        reasons = against_item(item, line, requested.catalogue)
        yield from (reason for reason in reasons if isinstance(reason, NoFlavourChosen))
        yield from _against_distributors(item, requested.catalogue)
    yield from against_delivery(
        requested.choice.delivery,
        person=person,
        on=on,
        points=requested.points,
        distributors=_known_distributors(requested),
    )
    yield from _against_goods(allowance, requested, person=person, on=on)


def _against_distributors(item: Item, catalogue: Catalogue) -> Iterator[Refused]:
    for share in item.split:
        article = catalogue.articles.get(share.article_no)
        if article and catalogue.is_gone(article.distributor):
            yield DistributorIsGone(
                line_id=item.line_id, article_no=article.article_no, distributor=article.distributor
            )


def _against_goods(
    allowance: Allowance, requested: WithdrawalRequest, *, person: Person, on: date
) -> Iterator[Refused]:
    if not _known_distributors(requested):
        return  # what is missing is said above, and has no price
    yield from against_price(allowance, requested.choice, person=person, catalogue=requested.catalogue, on=on)


def _known_distributors(requested: WithdrawalRequest) -> tuple[str, ...]:
    """Name the distributors; none when something is missing, which is said elsewhere."""
    chosen = [share.article_no for item in requested.choice.items for share in item.split]
    if any(article_no not in requested.catalogue.articles for article_no in chosen):
        return ()
    return distributors_of(requested.choice.items, requested.catalogue)


def send(
    withdrawal: Withdrawal,
    allowance: Allowance,
    absent: tuple[Order | None, ...],
    *,
    requested: WithdrawalRequest,
    dispatch: Dispatch,
) -> Decision[Withdrawal, Allowance, tuple[Order | None, ...]]:
    """Use each line once, block its article, order the goods and charge the fees (S45, S47, Q5, Q21, Q23)."""
    refuse_unless_draft(withdrawal)
    requested = replace(requested, choice=withdrawal.choice)
    refuse_any(against_sending(allowance, requested, on=dispatch.on))
    person = allowance.known_person
    fees = fees_of(allowance, requested.choice, person=person, catalogue=requested.catalogue, on=dispatch.on)
    orders = orders_for(withdrawal, requested, dispatch)
    sent = _sent(withdrawal, allowance, by=requested.asker.sub, dispatch=dispatch, fees=fees, orders=orders)
    used = use(
        allowance,
        chosen={item.line_id: item.split for item in withdrawal.choice.items},
        withdrawal_no=withdrawal.withdrawal_no,
        orders={order.order_no: order.line_ids for order in orders},
    )
    told = withdrawal_sent(sent, allowance, catalogue=requested.catalogue, at=dispatch.at)
    facts: list[Fact] = [told, *told_of_orders(orders, told, requested, dispatch)]
    unused = (None,) * (len(absent) - len(orders))
    facts += [*kept_address(sent, by=requested.asker.sub, on=dispatch.on), *no_longer_waiting(withdrawal)]
    return sent, used, (*orders, *unused), facts


def orders_for(withdrawal: Withdrawal, requested: WithdrawalRequest, dispatch: Dispatch) -> tuple[Order, ...]:
    """Make one order per distributor of what is chosen (S45, Q23); raises DraftChangedMeanwhile."""
    items, delivery = withdrawal.choice.items, withdrawal.choice.delivery
    distributors = distributors_of(items, requested.catalogue)
    if len(distributors) > len(dispatch.order_nos):
        raise DraftChangedMeanwhile
    return tuple(
        Order(
            order_no=order_no,
            withdrawal_no=withdrawal.withdrawal_no,
            patient_ref=withdrawal.patient_ref,
            distributor=distributor,
            sent_at=dispatch.at,
            lines=ordered_lines(items, requested.catalogue, distributor=distributor),
            notify=Notify(channel=delivery.notice, to=delivery.notice_to, language=delivery.language),
            quiet_from=dispatch.at,
        )
        for order_no, distributor in zip(dispatch.order_nos, distributors, strict=False)
    )


def told_of_orders(
    orders: tuple[Order, ...],
    published: WithdrawalSent,
    requested: WithdrawalRequest,
    dispatch: Dispatch,
    *,
    is_rest: bool = False,
) -> list[Fact]:
    """Tell the orders, and order the goods from each distributor (S45, Q23)."""
    delivery, catalogue = requested.choice.delivery, requested.catalogue
    messages = [
        message(order, delivery=delivery, catalogue=catalogue, buyer_gln=dispatch.buyer_gln)
        for order in orders
    ]
    return [*(order_sent(order, published, is_rest=is_rest) for order in orders), *messages]


def _sent(
    withdrawal: Withdrawal,
    allowance: Allowance,
    *,
    by: str,
    dispatch: Dispatch,
    fees: tuple[FeePriced, ...],
    orders: tuple[Order, ...],
) -> Withdrawal:
    passed = [
        Step(dispatch.at, each.by, "block_passed", each.reason, article_no=each.article_no)
        for each in withdrawal.choice.passed
        if allowance.blocks(each.article_no)
    ]
    sent = replace(
        withdrawal,
        state="ordered",
        sent_on=dispatch.on,
        order_nos=tuple(order.order_no for order in orders),
        fees=fees,
        passed_on=dispatch.on if passed else None,
    )
    steps = (Step(dispatch.at, by, "sent", no, order_no=no) for no in sent.order_nos)
    return sent.noting(*passed, *steps)
