"""A purchase of a warehouse from one supplier, and what the supplier has said of it (Q60)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from shared.domain.decision import Sentence
from shared.domain.money import Money
from shared.events.fact import Fact
from shared.events.inventory_orders import GoodsOrderChanged, GoodsOrdered, GoodsOrderState

PurchaseState = Literal[
    "proposed", "sent", "confirmed", "part_received", "received", "closed_short", "refused", "annulled"
]
Origin = Literal["automatic", "manual"]
LineState = Literal["ordered", "accepted", "changed", "rejected"]
WAITS: frozenset[PurchaseState] = frozenset({"sent", "confirmed", "part_received"})
"""The supplier has it, and more may come."""
STATES: Mapping[PurchaseState, Sentence] = {
    "proposed": Sentence("Föreslagen", "Proposed"),
    "sent": Sentence("Skickad till leverantören", "Sent to the supplier"),
    "confirmed": Sentence("Bekräftad av leverantören", "Confirmed by the supplier"),
    "part_received": Sentence("Delvis inlevererad", "Received in part"),
    "received": Sentence("Inlevererad", "Received"),
    "closed_short": Sentence("Avslutad, allt kom inte", "Closed, not all came"),
    "refused": Sentence("Avvisad av leverantören", "Refused by the supplier"),
    "annulled": Sentence("Makulerad", "Annulled"),
}
LINE_STATES: Mapping[LineState, Sentence] = {
    "ordered": Sentence("Beställd", "Ordered"),
    "accepted": Sentence("Bekräftad", "Confirmed"),
    "changed": Sentence("Bekräftad med ändring", "Confirmed with a change"),
    "rejected": Sentence("Kommer inte", "Does not come"),
}
ORIGINS: Mapping[Origin, Sentence] = {
    "automatic": Sentence(
        "Föreslaget av systemet: under miniminivån", "Proposed by the system: below minimum"
    ),
    "manual": Sentence("Manuellt", "Manual"),
}
IN_SEARCH: Mapping[PurchaseState, GoodsOrderState] = {
    "proposed": "proposed", "sent": "ordered", "confirmed": "confirmed", "part_received": "part_received",
    "received": "received", "closed_short": "closed_short", "refused": "refused", "annulled": "annulled",
}  # fmt: skip
MOST_DELIVERIES = 200
MOST_LINES = 200


@dataclass(frozen=True)
class PurchaseLine:
    """An article, in whole packages (Q60)."""

    line_no: int
    article_no: str
    name: str
    packages: int
    pieces_per_package: int
    price: Money
    """Of one package, by the agreement, when it was approved."""
    unit: Literal["PK", "EA", "PR"] = "PK"
    supplier_article_no: str = ""
    gtin: str | None = None
    state: LineState = "ordered"
    confirmed: int | None = None
    """Packages that the supplier says will come; None: nothing was said."""
    said_price: Money | None = None
    expected_on: date | None = None
    despatched: int = 0
    """Packages that the supplier says have left."""
    received: int = 0
    """Base units."""

    @property
    def pieces(self) -> int:
        return self.packages * self.pieces_per_package

    @property
    def to_come(self) -> int:
        """Count the base units that are still to come."""
        packages = self.packages if self.confirmed is None else self.confirmed
        return max(0, packages * self.pieces_per_package - self.received)


@dataclass(frozen=True)
class DeliveredLot:
    """Packages of a line in a delivery."""

    line_no: int
    packages: int
    lot: str = ""
    best_before: date | None = None


@dataclass(frozen=True)
class Delivery:
    """A delivery that the supplier says has left."""

    delivery_no: str
    despatched_at: datetime
    packages: tuple[str, ...]
    """SSCC numbers."""
    lots: tuple[DeliveredLot, ...]


@dataclass(frozen=True)
class Purchase:
    """What a warehouse purchases of one supplier; people are kept by id and by name (Q38)."""

    order_no: str
    warehouse_no: str
    supplier: str
    """The supplier's id on the broker."""
    supplier_name: str
    origin: Origin
    proposed_by: str
    proposed_by_name: str
    proposed_at: datetime
    state: PurchaseState = "proposed"
    lines: tuple[PurchaseLine, ...] = ()
    reason: str | None = None
    approved_by: str | None = None
    approved_by_name: str | None = None
    approved_at: datetime | None = None
    acknowledged_at: datetime | None = None
    deliveries: tuple[Delivery, ...] = ()
    annulment_asked_at: datetime | None = None
    ended_by: str | None = None
    ended_by_name: str | None = None
    ended_at: datetime | None = None
    ended_why: str | None = None
    watched_on: date | None = None
    """The day after which its silence, or its lateness, is a task; None while nothing is waited for."""
    is_open: bool = True
    version: int = 0

    @property
    def article_nos(self) -> tuple[str, ...]:
        return tuple(each.article_no for each in self.lines)

    @property
    def expected_on(self) -> date | None:
        """Give the day on which the last of it is expected."""
        days = [each.expected_on for each in self.lines if each.to_come and each.state != "rejected"]
        return None if None in days else max((day for day in days if day), default=None)

    def line(self, line_no: int) -> PurchaseLine | None:
        return next((each for each in self.lines if each.line_no == line_no), None)


def published(purchase: Purchase) -> tuple[Purchase, list[Fact]]:
    """Count a new version of it, and tell the search of orders: nobody is named (Q35)."""
    purchase = replace(purchase, version=purchase.version + 1, is_open=purchase.state in {"proposed", *WAITS})
    if not purchase.is_open:
        purchase = replace(purchase, watched_on=None)
    fact = GoodsOrderChanged(
        order_no=purchase.order_no,
        version=purchase.version,
        kind="purchase",
        state=IN_SEARCH[purchase.state],
        care_unit=purchase.warehouse_no,
        supplier=purchase.supplier_name,
        storeroom_no=purchase.warehouse_no,
        ordered_at=purchase.approved_at or purchase.proposed_at,
        expected_on=purchase.expected_on if purchase.state in WAITS else None,
        lines=tuple(
            GoodsOrdered(article_no=each.article_no, quantity=each.pieces) for each in purchase.lines
        ),
    )
    return purchase, [fact]


def with_line(purchase: Purchase, line: PurchaseLine) -> Purchase:
    lines = tuple(line if each.line_no == line.line_no else each for each in purchase.lines)
    return replace(purchase, lines=lines)
