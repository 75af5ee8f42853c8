"""The contract with suppliers: purchases for a warehouse, and what a supplier answers (Q60, formats.md 4).

A purchase names no person. Replies are closed: versioned by their type and read strictly.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from shared.distributors import SUPPLIERS_EXCHANGE, purchases_queue
from shared.events.fact import Fact, Part
from shared.fields import IsoDay, IsoMoment
from shared.partners import LONGEST_NAME, MOST_LINES, MOST_PACKAGES, Packages, Partner

Lines = Field(max_length=MOST_LINES)
Price = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)]
Code = Annotated[str, Field(max_length=LONGEST_NAME)]


class PurchasedLine(Part):
    """An article that is purchased, in whole packages."""

    line: int
    article_no: str
    gtin: str | None
    supplier_article_no: str
    name: str
    quantity: int
    """Packages."""
    unit: Literal["PK", "EA", "PR"]
    """A package of several, one piece, one pair: UNECE recommendation 20."""
    pieces_per_package: int
    unit_price: Decimal
    """Of one package, by the agreement."""


class PurchaseOrder(Partner):
    """A purchase for a warehouse: a full snapshot. The same `order_no` again is the same purchase."""

    topic: ClassVar[str] = "purchase.v1"
    about: ClassVar[str] = "order_no"
    exchange: ClassVar[str] = SUPPLIERS_EXCHANGE

    type: Literal["purchase.v1"] = "purchase.v1"
    order_no: str
    version: int = 1
    created_at: datetime
    supplier: str
    buyer_gln: str
    deliver_to: str
    """The warehouse's number: the supplier knows its address."""
    deliver_to_name: str
    wanted_on: date | None = None
    lines: tuple[PurchasedLine, ...]

    @property
    def routing_key(self) -> str:
        return purchases_queue(self.supplier)


class PurchaseCancelRequest(Partner):
    """Asks a supplier to stop a purchase; it answers cancelled or too late."""

    topic: ClassVar[str] = "purchase.cancel_request.v1"
    about: ClassVar[str] = "order_no"
    exchange: ClassVar[str] = SUPPLIERS_EXCHANGE

    type: Literal["purchase.cancel_request.v1"] = "purchase.cancel_request.v1"
    order_no: str
    created_at: datetime
    supplier: str

    @property
    def routing_key(self) -> str:
        return purchases_queue(self.supplier)


class PurchaseReply(Part):
    """What every reply carries: the same message_id twice is the same reply."""

    message_id: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
    order_no: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
    at: IsoMoment


class PurchaseAcknowledged(PurchaseReply):
    """Received; may be refused as a whole."""

    type: Literal["purchase.ack.v1"]
    accepted: bool = True
    code: Code | None = None


class PurchaseLineConfirmed(Part):
    """What the supplier makes of one line."""

    line: Annotated[int, Field(ge=1)]
    status: Literal["accepted", "changed", "rejected"]
    quantity: Annotated[int, Field(ge=0, le=MOST_PACKAGES)] | None = None
    """Packages; left out: as ordered."""
    delivery_date: IsoDay | None = None
    unit_price: Price | None = None
    """Of one package; left out: by the agreement."""
    code: Code | None = None


class PurchaseConfirmed(PurchaseReply):
    """Line by line: accepted, changed or rejected."""

    type: Literal["purchase.response.v1"]
    lines: Annotated[tuple[PurchaseLineConfirmed, ...], Lines]


class PurchaseLineDespatched(Part):
    """What of a line is in a delivery."""

    line: Annotated[int, Field(ge=1)]
    quantity: Packages
    batch: Code | None = None
    best_before: IsoDay | None = None


class PurchaseDespatched(PurchaseReply):
    """A delivery left: all of the purchase, or a part of it."""

    type: Literal["purchase.despatched.v1"]
    packages: Annotated[tuple[Code, ...], Lines] = ()
    """SSCC numbers."""
    lines: Annotated[tuple[PurchaseLineDespatched, ...], Lines]


class PurchaseCancelled(PurchaseReply):
    """Nothing more of it comes: the supplier says so, or answers a cancel request."""

    type: Literal["purchase.cancelled.v1"]
    reason: Code = "unknown"


class PurchaseTooLate(PurchaseReply):
    """The answer to a cancel request: the goods cannot be stopped any more."""

    type: Literal["purchase.too_late.v1"]
    reason: Code = "unknown"


SupplierSaid = Annotated[
    PurchaseAcknowledged | PurchaseConfirmed | PurchaseDespatched | PurchaseCancelled | PurchaseTooLate,
    Field(discriminator="type"),
]


class SupplierReply(Fact):
    """A supplier's reply, as it arrives on `suppliers.replies`."""

    topic: ClassVar[str] = "suppliers.reply.v1"
    about: ClassVar[str] = "order_no"

    reply: SupplierSaid
    sender: str | None = None
    """Never in the body: the routing key says whose account wrote it; None for an operator's replay."""

    @property
    def order_no(self) -> str:
        return self.reply.order_no
