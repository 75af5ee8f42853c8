"""The facts of billing: tariffs, and what happened to each fee."""

from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal

from shared.events.fact import Fact, Open, Part


class TypeFee(Part):
    """What a withdrawal of a prescription type costs."""

    prescription_type: str
    basis: Open[Literal["withdrawal", "product"]]
    amount: Decimal | None = None
    """SEK per withdrawal; None when the basis is the product."""
    fee_code: str
    text: str


class ArticleFee(Part):
    """An article's own fee, for types whose basis is the product (S58, Q3)."""

    article_no: str
    amount: Decimal
    per: Open[Literal["line", "package"]]


class Override(Part):
    """A fee that replaces those of the types; the first one that applies wins (Q1, Q8)."""

    reason: Open[Literal["asylum", "under16"]]
    amount: Decimal
    fee_code: str
    text: str
    cap_at_cost: bool = False
    """Never more than the goods cost (Q25, law 2002:160 paragraph 20)."""


class Cap(Part):
    """The most that is paid: in one withdrawal, or by one patient within so many days."""

    scope: Open[Literal["withdrawal", "patient"]]
    amount: Decimal
    window_days: int | None = None
    """None for a cap on the single withdrawal."""


class DeviceFeeRow(Part):
    """What a device costs whose article carries the code (Q37); foods' overrides never apply to it."""

    fee_code: str
    text: str
    """Neutral: reveals no diagnosis."""
    amount: Decimal
    per: Open[Literal["line", "piece"]]
    deferred_days: int = 90
    """The last day, counted from the hand-out as day 0, by which a return removes the fee (Q10)."""


class TariffPublished(Fact):
    """A dated tariff: the one with the latest first day that has come is in force."""

    topic: ClassVar[str] = "billing.tariff_published.v1"
    about: ClassVar[str] = "tariff"

    tariff: str
    """Its name: the first day, ISO."""
    version: int
    valid_from: date
    types: tuple[TypeFee, ...]
    articles: tuple[ArticleFee, ...] = ()
    overrides: tuple[Override, ...]
    longest_days_under_16: int | None = 90
    """At most so many days' consumption per withdrawal for under 16 (Q25)."""
    cap: Cap | None = None
    """None: no cap, as the guide has it."""
    device_fees: tuple[DeviceFeeRow, ...] = ()


class FeeCharged(Fact):
    """A fee fell due and was sent to invoicing."""

    topic: ClassVar[str] = "billing.fee_charged.v1"
    about: ClassVar[str] = "event_id"

    event_id: str
    withdrawal_no: str
    patient_ref: str
    fee_code: str
    amount: Decimal
    due_on: date
    taken_off: Decimal = Decimal(0)
    """What the patient's cap took off the fee that was shown (T5)."""


class FeeCredited(Fact):
    """A fee that was sent was reversed by a new entry (Q9)."""

    topic: ClassVar[str] = "billing.fee_credited.v1"
    about: ClassVar[str] = "event_id"

    event_id: str
    reverses: str
    withdrawal_no: str
    patient_ref: str
    fee_code: str
    amount: Decimal
    due_on: date
    why: Open[Literal["annulled", "waived", "corrected", "returned"]] = "annulled"
    """`returned`: the device was given back by the last day (Q10)."""


class FeeInvoiced(Fact):
    """Invoicing says that the fee stands on an invoice (S64: Fakturerad)."""

    topic: ClassVar[str] = "billing.fee_invoiced.v1"
    about: ClassVar[str] = "event_id"

    event_id: str
    withdrawal_no: str
    patient_ref: str
    invoice_no: str | None = None
