"""The facts of billing: tariffs, and what happened to each fee."""

from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal

from shared.events.fact import Fact, Open
from shared.events.fees import Tariff


class TariffPublished(Fact, Tariff):
    """A dated tariff: the one with the latest first day that has come is in force."""

    topic: ClassVar[str] = "billing.tariff_published.v1"
    about: ClassVar[str] = "tariff"


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
