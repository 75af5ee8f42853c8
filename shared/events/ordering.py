"""The facts of ordering about special foods: withdrawals and orders."""

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar, Literal

from shared.events.fact import Fact, Open, Part, Sealed
from shared.events.fees import FeeCondition, FeeDue, FeePriced, LineCame
from shared.events.values import PayerKind


class Notify(Part):
    """How the receiver wants to be notified of the delivery (S38, S41)."""

    channel: Open[Literal["sms", "email", "letter", "phone", "none"]]
    to: Sealed | None = None
    language: str = "sv"


class LineWithdrawn(Part):
    """What one withdrawal takes of one prescribed line."""

    line_id: str
    prescription_no: str
    article_no: str
    packages: int
    prescription_type: str | None = None
    cost: Decimal | None = None
    """What the goods cost the region, SEK: with the type, what any tariff can price the line by (N5)."""


class WithdrawalSent(Fact):
    """A withdrawal was sent: each line is used once, each fee is due (S45, Q21)."""

    topic: ClassVar[str] = "ordering.withdrawal_sent.v1"
    about: ClassVar[str] = "withdrawal_no"

    withdrawal_no: str
    patient_ref: str
    sent_on: date
    sent_at: datetime
    payer: Open[PayerKind]
    product_area: str
    care_unit: str
    lines: tuple[LineWithdrawn, ...]
    fees: tuple[FeePriced, ...]
    order_nos: tuple[str, ...]
    conditions: tuple[Open[FeeCondition], ...] | None = None
    """What of the patient may set the fee, true that day; None from versions that did not publish it (N5)."""


class WithdrawalAnnulled(Fact):
    """A sent withdrawal will not come, wholly or in part: lines get it back, fees are credited (Q9)."""

    topic: ClassVar[str] = "ordering.withdrawal_annulled.v1"
    about: ClassVar[str] = "withdrawal_no"

    withdrawal_no: str
    patient_ref: str
    annulled_on: date
    line_ids: tuple[str, ...]
    """The lines that are given back; a later fact may give back the others."""
    fee_nos: tuple[int, ...] = ()
    """The fees of the withdrawal that are to be credited: nothing of their type comes (Q9)."""
    why: Open[Literal["annulled", "refused", "undeliverable", "cancelled"]]
    order_no: str | None = None
    notify: Notify | None = None
    """Whom to tell, once, that goods do not come (Q31); None when somebody asked for it."""


class WithdrawalRepriced(Fact):
    """Less comes than was ordered, or the rest was ordered again: the fees follow what comes (Q32)."""

    topic: ClassVar[str] = "ordering.withdrawal_repriced.v1"
    about: ClassVar[str] = "withdrawal_no"

    withdrawal_no: str
    patient_ref: str
    revision: int
    """Counts from 1: the highest counts, in whatever order they come."""
    repriced_on: date
    lines: tuple[LineCame, ...]
    fees: tuple[FeeDue, ...]
    """Every fee of which something comes; those of which nothing comes are in `withdrawal_annulled`."""


class OrderSent(Fact):
    """An order went to a distributor."""

    topic: ClassVar[str] = "ordering.order_sent.v1"
    about: ClassVar[str] = "order_no"

    order_no: str
    patient_ref: str
    withdrawal_no: str | None = None
    """None for an order that no prescription stands behind, as of a device."""
    distributor: str
    sent_on: date
    lines: tuple[LineWithdrawn, ...]
    notify: Notify
    is_rest: bool = False
    """Orders what did not come, under a withdrawal that was sent before (Q32)."""


class GoodsSent(Part):
    """Packages of one article and lot, as the distributor named them."""

    article_no: str
    """The flavour, or what came instead."""
    packages: int
    lot: str | None = None
    """None: the distributor named none, or wrote what is no number (Q60)."""
    best_before: date | None = None


class OrderDespatched(Fact):
    """The distributor says that the goods left."""

    topic: ClassVar[str] = "ordering.order_despatched.v1"
    about: ClassVar[str] = "order_no"

    order_no: str
    patient_ref: str
    withdrawal_no: str | None = None
    despatched_at: datetime
    notify: Notify
    parcel: int = 1
    """Counts the despatches of the order that have a notice."""
    part: Open[Literal["whole", "part", "rest"]] = "whole"
    """A part when more of the withdrawal comes later, the rest when nothing more does (Q33)."""
    rest_on: date | None = None
    """When all of the rest is promised, where a day is known."""
    is_left_outside: bool = False
    """Nobody meets it: the receiver must be notified that it has come (S36)."""
    goods: tuple[GoodsSent, ...] = ()
    """What left; empty from versions that did not publish it (Q60)."""
    care_unit: str | None = None
    product_area: str | None = None


class OrderDelivered(Fact):
    """The distributor says that the goods reached the patient: the articles are free again (S47)."""

    topic: ClassVar[str] = "ordering.order_delivered.v1"
    about: ClassVar[str] = "order_no"

    order_no: str
    patient_ref: str
    withdrawal_no: str | None = None
    delivered_at: datetime
    goods: tuple[GoodsSent, ...] = ()
    """What came with the last delivery, as its reply names it (Q60)."""
    care_unit: str | None = None
    product_area: str | None = None


class LotsReported(Fact):
    """The distributor named goods that no other fact names: a part delivered, a parcel without notice."""

    topic: ClassVar[str] = "ordering.lots_reported.v1"
    about: ClassVar[str] = "order_no"

    order_no: str
    patient_ref: str
    withdrawal_no: str | None = None
    care_unit: str
    product_area: str
    what: Open[Literal["despatched", "delivered"]]
    """One that only a newer version knows is treated as `despatched`."""
    reported_at: datetime
    goods: tuple[GoodsSent, ...]


class OrderUndeliverable(Fact):
    """The goods could not be handed over and went back."""

    topic: ClassVar[str] = "ordering.order_undeliverable.v1"
    about: ClassVar[str] = "order_no"

    order_no: str
    patient_ref: str
    withdrawal_no: str | None = None
    reason: str


class OrderAnnulled(Fact):
    """The distributor refused the whole order or cancelled it back."""

    topic: ClassVar[str] = "ordering.order_annulled.v1"
    about: ClassVar[str] = "order_no"

    order_no: str
    patient_ref: str
    withdrawal_no: str | None = None
    why: Open[Literal["annulled", "refused", "cancelled"]]


class OrderDelayed(Fact):
    """Goods come later than promised, or a part of them is on back-order (T10)."""

    topic: ClassVar[str] = "ordering.order_delayed.v1"
    about: ClassVar[str] = "order_no"

    order_no: str
    patient_ref: str
    withdrawal_no: str | None = None
    line_ids: tuple[str, ...]
    """The prescribed lines of which something is late."""
    expected_on: date
    was_expected_on: date | None = None
    """None when no day was promised before."""
    notify: Notify


class ArticleSubstituted(Fact):
    """An equivalent article comes instead, which the patient had allowed for (T11)."""

    topic: ClassVar[str] = "ordering.article_substituted.v1"
    about: ClassVar[str] = "order_no"

    order_no: str
    patient_ref: str
    withdrawal_no: str | None = None
    line_id: str
    article_no: str
    replacement_article_no: str
    packages: int
    notify: Notify


class AddressKept(Fact):
    """An address of one withdrawal is to be offered again for the patient (S42)."""

    topic: ClassVar[str] = "ordering.address_kept.v1"
    about: ClassVar[str] = "withdrawal_no"

    withdrawal_no: str
    patient_ref: str
    address: Sealed
    """JSON of `shared.domain.address.Address`."""
    label: Sealed | None = None
    """What the patient calls it."""
    kept_by: str
    """Who chose to keep it."""
    kept_on: date
