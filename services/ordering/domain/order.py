"""An order: what one distributor delivers for one withdrawal, and its replies (S45, Q23)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from services.ordering.domain.catalogue import Catalogue
from services.ordering.domain.delivery import Delivery
from services.ordering.domain.flavours import Share
from services.ordering.domain.withdrawal import Item
from shared import partners
from shared.domain.decision import Sentence
from shared.domain.money import Money
from shared.events.ordering import Notify
from shared.partners import Deliver, PartnerNotify

State = Literal[
    "sent", "acknowledged", "confirmed", "despatched", "delivered", "undeliverable", "refused", "cancelled"
]
STATES: dict[State, Sentence] = {
    "sent": Sentence("beställd", "ordered"),
    "acknowledged": Sentence("mottagen av distributören", "received by the distributor"),
    "confirmed": Sentence("bekräftad av distributören", "confirmed by the distributor"),
    "despatched": Sentence("på väg", "on its way"),
    "delivered": Sentence("levererad", "delivered"),
    "undeliverable": Sentence("gick inte att leverera", "could not be delivered"),
    "refused": Sentence("avvisad av distributören", "refused by the distributor"),
    "cancelled": Sentence("inställd av distributören", "cancelled by the distributor"),
}
"""What people call the states (S49)."""

ANNULMENT_ASKED = Sentence(
    "makulering begärd, distributören har inte svarat", "annulment asked for, no answer yet"
)
NOT_HANDED_OVER = Sentence("kunde inte lämnas till distributören", "could not be handed to the distributor")
ANNULLED = Sentence("makulerad", "annulled")
MadeOf = Literal["believed", "late", "contradicting"]
Answered = Literal["accepted", "changed", "rejected"]
Cancelling = Literal["asked", "too_late"]
Unreached = Literal["order", "annulment"]


@dataclass(frozen=True)
class OrderedLine:
    """One article of the order, with what the distributor says of it."""

    line: int
    line_id: str
    article_no: str
    name: str
    packages: int
    unit_price: Money
    answer: Answered | None = None
    confirmed: int | None = None
    """Packages that the distributor will deliver instead, when it changed them."""
    delivery_date: date | None = None
    replacement_article_no: str | None = None
    despatched: int = 0
    delivered: int = 0
    substitution_allowed: bool = False
    is_substituted: bool = False
    """The replacement is equivalent and allowed for: it comes instead (T11)."""
    back_ordered: int = 0
    """Packages, of those confirmed, that come later than the others (T10)."""
    back_order_on: date | None = None
    code: str | None = None
    """Why it deviates, as the distributor's code."""

    @property
    def coming_article_no(self) -> str:
        """Name the article that comes: the line's own, or what is substituted for it (T11)."""
        return (self.replacement_article_no if self.is_substituted else None) or self.article_no

    @property
    def promised_on(self) -> date | None:
        """The day when all of the line is to be there, as far as anything was promised."""
        days = [day for day in (self.delivery_date, self.back_order_on) if day]
        return max(days, default=None)

    @property
    def brings_nothing(self) -> bool:
        return self.answer == "rejected" and self.delivered == 0

    @property
    def expected(self) -> int:
        """Packages that shall come, by the distributor's answer where there is one."""
        if self.answer == "rejected":
            return 0
        return self.packages if self.confirmed is None else self.confirmed

    @property
    def is_over(self) -> bool:
        return self.delivered >= self.expected


@dataclass(frozen=True)
class Received:
    """A reply as it came, and what was made of it; its text is sealed."""

    message_id: str
    """A hash of it: a partner may call its messages anything (N7). In orders of before it stands in clear."""
    kind: str
    at: datetime
    received_at: datetime
    content: str
    """A digest of all but its id and time: the same content twice is the same reply."""
    body: str
    made_of: MadeOf
    why: str | None = None
    copies: int = 1
    """How many times it came."""
    is_cut: bool = False
    """Long texts and lists are cut in `body`; the whole of it is kept beside the order."""


@dataclass(frozen=True)
class Order:
    """One order to one distributor."""

    order_no: str
    withdrawal_no: str
    patient_ref: str
    distributor: str
    sent_at: datetime
    lines: tuple[OrderedLine, ...]
    notify: Notify
    state: State = "sent"
    despatched_at: datetime | None = None
    over_at: datetime | None = None
    replies: tuple[Received, ...] = ()
    cancelling: Cancelling | None = None
    """What came of asking the distributor to stop it: while asked, the order is neither (Q22)."""
    quiet_from: datetime | None = None
    """From when on silence counts; None when nothing more is awaited."""
    is_silent: bool = False
    """It was silent for too long, and there is a task."""
    unreached: Unreached | None = None
    """What of it no queue took, since its distributor is one no more (decision 0046)."""
    is_annulled: bool = False
    """It was stopped because somebody asked for it, not by the distributor alone (Q31)."""
    parcels: int = 0
    """How many despatches were published."""
    over_code: str | None = None
    """Why nothing more comes, as the distributor's code."""
    has_more_replies: bool = False
    """Some that change nothing found no room here, and are kept beside it."""

    @property
    def is_over(self) -> bool:
        return self.over_at is not None

    @property
    def is_under_way(self) -> bool:
        return any(line.despatched > line.delivered for line in self.lines)

    @property
    def said_state(self) -> Sentence:
        if self.is_annulled:
            return ANNULLED
        if self.unreached == "order":
            return NOT_HANDED_OVER
        return ANNULMENT_ASKED if self.cancelling == "asked" else STATES[self.state]

    def coming(self, line: OrderedLine) -> int:
        """Packages of a line that came or are still to come (Q32)."""
        return line.delivered if self.is_over else line.expected

    def brings_nothing_of(self, line_id: str) -> bool:
        """Tell whether nothing of a prescribed line comes in this order any more (Q9)."""
        lines = [line for line in self.lines if line.line_id == line_id]
        return all(line.brings_nothing or (self.is_over and line.delivered == 0) for line in lines)

    def line(self, number: int) -> OrderedLine | None:
        return next((each for each in self.lines if each.line == number), None)

    def with_reply(self, received: Received) -> "Order":
        """Keep a reply, whatever is made of it."""
        return replace(self, replies=(*self.replies, received))

    def counting(self, again: Received) -> "Order":
        """Count one more copy of a reply that is kept."""
        counted = (replace(each, copies=each.copies + 1) if each is again else each for each in self.replies)
        return replace(self, replies=tuple(counted))

    @property
    def line_ids(self) -> tuple[str, ...]:
        """The prescribed lines that the order carries, each once."""
        return tuple(dict.fromkeys(each.line_id for each in self.lines))


def ordered_lines(
    items: Sequence[Item], catalogue: Catalogue, *, distributor: str | None = None
) -> tuple[OrderedLine, ...]:
    """Make one line per chosen article, of one distributor or all (S45, S55); raises ArticleNotKnownYet."""
    chosen = [(item, share) for item in items for share in item.split]
    of_it = [
        (item, share)
        for item, share in chosen
        if distributor in {None, catalogue.article(share.article_no).distributor}
    ]
    return tuple(
        _ordered_line(number, item, share, catalogue) for number, (item, share) in enumerate(of_it, start=1)
    )


def _ordered_line(number: int, item: Item, share: Share, catalogue: Catalogue) -> OrderedLine:
    article = catalogue.article(share.article_no)
    return OrderedLine(
        line=number,
        line_id=item.line_id,
        article_no=share.article_no,
        name=article.name,
        packages=share.packages,
        unit_price=article.package_price,
        substitution_allowed=item.substitution_allowed,
    )


def distributors_of(items: Sequence[Item], catalogue: Catalogue) -> tuple[str, ...]:
    """Name those that the goods come from, in the order they were chosen (Q23); raises ArticleNotKnownYet."""
    chosen = (share.article_no for item in items for share in item.split)
    return tuple(dict.fromkeys(catalogue.article(each).distributor for each in chosen))


def message(order: Order, *, delivery: Delivery, catalogue: Catalogue, buyer_gln: str) -> partners.Order:
    """Write the order to the distributor: no personal number, no prescriber, no diagnosis (formats.md 4)."""
    return partners.Order(
        order_no=order.order_no,
        created_at=order.sent_at,
        distributor=order.distributor,
        buyer_gln=buyer_gln,
        deliver=_deliver(delivery),
        notify=PartnerNotify(channel=delivery.notice, to=delivery.notice_to, language=delivery.language),
        lines=tuple(_message_line(line, catalogue) for line in order.lines),
    )


def _deliver(delivery: Delivery) -> Deliver:
    address = delivery.place
    return Deliver(
        kind=delivery.kind,
        recipient=delivery.recipient or "",
        co=address.co,
        street=address.line1,
        street2=address.line2,
        postal_code=address.postal_code,
        city=address.city,
        country=address.country,
        door_code=delivery.door_code,
        instructions=delivery.instructions,
        pickup_point=delivery.pickup_point,
        rule=delivery.rule,
        together=delivery.together,
    )


def _message_line(line: OrderedLine, catalogue: Catalogue) -> partners.OrderLine:
    article = catalogue.article(line.article_no)
    return partners.OrderLine(
        line=line.line,
        article_no=line.article_no,
        gtin=article.gtin,
        supplier_article_no=article.supplier_article_no,
        name=line.name,
        quantity=line.packages,
        pieces_per_package=article.pieces_per_package,
        substitution_allowed=line.substitution_allowed,
        unit_price=line.unit_price.amount,
    )
