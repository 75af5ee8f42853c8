"""The facts of inventory: articles, and which device a patient has on loan."""

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar, Literal

from shared.events.fact import Fact, Open, Part


class ArticleChanged(Fact):
    """A snapshot of an article: newest version wins."""

    topic: ClassVar[str] = "inventory.article_changed.v1"
    about: ClassVar[str] = "article_no"

    article_no: str
    version: int
    name: str
    product_area: str
    subgroup: str
    """One of the guide's thirteen subgroups, as a key (S57 to S60)."""
    distributor: str
    """The distributor's id; its queue is `distributor.<id>.orders`."""
    supplier_article_no: str
    gtin: str | None = None
    pieces_per_package: int
    piece: str = "st"
    """What one piece is called: st, flaska, portion ..."""
    package_price: Decimal
    """SEK per package."""
    warn_above_packages: int | None = None
    """Packages per 30 days above which a prescriber is warned of a likely mis-click (S19)."""
    is_generic: bool = False
    """Prescribed without flavour: the patient chooses among its variants (S53, S54)."""
    variant_of: str | None = None
    """The generic article that this one is a flavour or shape of."""
    variant_name: str | None = None
    status: Open[Literal["active", "outgoing", "discontinued"]] = "active"
    replaced_by: str | None = None


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


class DeviceHandedOut(Fact):
    """A patient has a tracked device on loan: handed out, or delivered to the patient (Q10).

    A delivery to the care unit is not that. What replaces a device is told as DeviceExchanged.
    """

    topic: ClassVar[str] = "inventory.device_handed_out.v1"
    about: ClassVar[str] = "loan_id"

    loan_id: str
    """Names that the patient has the device: the same through every exchange and maintenance swap."""
    patient_ref: str
    device_no: str
    article_no: str
    product_area: str
    care_unit: str
    order_no: str
    handed_out_on: date
    handed_out_at: datetime
    how: Open[Literal["handed_out", "delivered"]]
    fee: DeviceFee | None = None
    """None when the prescriber said no, or the article has none (S112)."""


class DeviceExchanged(Fact):
    """The patient has another device instead, by exchange or maintenance swap: the loan goes on (Q10)."""

    topic: ClassVar[str] = "inventory.device_exchanged.v1"
    about: ClassVar[str] = "loan_id"

    loan_id: str
    patient_ref: str
    device_no: str
    """The device that the patient has from now on."""
    in_place_of: str
    """The device that the patient had."""
    exchanged_on: date
    why: Open[Literal["exchange", "maintenance"]]


class DeviceReturned(Fact):
    """A return was made of a device (S113, Q10)."""

    topic: ClassVar[str] = "inventory.device_returned.v1"
    about: ClassVar[str] = "loan_id"

    loan_id: str
    patient_ref: str
    device_no: str
    returned_on: date
    return_no: str
