"""Parts that the facts of several services carry: a tariff, and the fees that it gives."""

from datetime import date
from decimal import Decimal
from typing import Literal

from shared.events.fact import Open, Part

FeeReason = Literal["asylum", "under16", "type", "product"]
FeeCondition = Literal["asylum", "under16"]


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


class CompensationRow(Part):
    """What a patient pays of what a device cost that was stolen, lost or damaged by carelessness (Q57)."""

    how: Open[Literal["stolen", "lost", "damaged"]]
    product_area: str | None = None
    """None: of every area that has no row of its own."""
    percent: int
    """Of what the device cost, when it is new."""
    less_each_year: int = 0
    """So many percentage points less for each whole year since the purchase."""
    at_least: int = 0
    """Never fewer per cent than this, however old it is."""
    at_most: Decimal | None = None
    """SEK; None: no limit."""
    fee_code: str
    text: str
    """Neutral: reveals no diagnosis."""


class Tariff(Part):
    """A dated tariff: the one with the latest first day that has come is in force."""

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
    compensations: tuple[CompensationRow, ...] = ()
    """Empty: nothing is compensated by a rule (S181)."""


class FeePriced(Part):
    """A fee as shown on the confirmation, with the rule that set it (S45, S57 to S62)."""

    fee_no: int
    """Counts the fees of one withdrawal from 1; withdrawal and fee number together name the fee for ever."""
    fee_code: str
    text: str
    """Neutral: reveals no diagnosis."""
    prescription_type: str | None
    """None when one fee covers the whole withdrawal (Q8)."""
    line_ids: tuple[str, ...]
    amount: Decimal
    reason: Open[FeeReason]
    tariff: str
    """The tariff's version, its first day."""
    capped: bool = False
    """The tariff's cap made it less than its rule says."""
    at_most: bool = False
    """The tariff has a cap for the patient: billing may take something off when it books the fee (T5)."""


class FeeDue(Part):
    """What a fee comes to by the goods that came (Q32)."""

    fee_no: int
    amount: Decimal
    priced: Decimal
    """What it was when the withdrawal was sent; it never comes to more."""


class LineCame(Part):
    """What came, or is still to come, of a line of the withdrawal."""

    line_id: str
    packages: int
    cost: Decimal
    """What these goods cost the region, SEK."""


class DeviceFee(Part):
    """What a patient pays for a device, priced when it was ordered, and for how long it is deferred (Q10)."""

    fee_no: int
    """Counts the fees of one order from 1; order and fee number together name the fee for ever."""
    fee_code: str
    text: str
    """Neutral: reveals no diagnosis."""
    amount: Decimal
    tariff: str
    """The tariff's version, its first day."""
    deferred_days: int = 90
    """The last day, counted from the hand-out as day 0, by which a return removes the fee."""
