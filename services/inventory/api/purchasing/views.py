"""What is shown of a purchase: lines, deliveries, people by name, states in words (Q60, Q38)."""

from datetime import date, datetime
from decimal import Decimal

from services.inventory.domain.purchasing.purchase import (
    LINE_STATES,
    ORIGINS,
    STATES,
    Delivery,
    LineState,
    Origin,
    Purchase,
    PurchaseLine,
    PurchaseState,
)
from shared.http import View
from shared.http.language import Language, said


class PurchaseLineView(View):
    """A line; packages by the agreement, pieces in base units."""

    line_no: int
    article_no: str
    article_name: str
    supplier_article_no: str
    packages: int
    pieces_per_package: int
    pieces: int
    price: Decimal
    """SEK for a package, by the agreement."""
    said_price: Decimal | None
    """What the supplier says that it costs."""
    price_differs: bool
    state: LineState
    state_text: str
    confirmed: int | None
    """Packages that the supplier says will come."""
    expected_on: date | None
    despatched: int
    received: int
    """Base units."""
    to_come: int
    """Base units."""


class DeliveredLotView(View):
    """Packages of a line in a delivery."""

    line_no: int
    article_no: str
    article_name: str
    packages: int
    lot: str
    best_before: date | None


class PurchaseDeliveryView(View):
    """A delivery that the supplier says has left."""

    delivery_no: str
    despatched_at: datetime
    packages: list[str]
    lots: list[DeliveredLotView]


class PurchaseView(View):
    """A purchase of a warehouse from one supplier."""

    order_no: str
    state: PurchaseState
    state_text: str
    origin: Origin
    origin_text: str
    warehouse_no: str
    warehouse_name: str
    supplier: str
    supplier_name: str
    proposed_by_name: str
    proposed_at: datetime
    reason: str | None
    approved_by_name: str | None
    approved_at: datetime | None
    acknowledged_at: datetime | None
    annulment_asked_at: datetime | None
    ended_by_name: str | None
    ended_at: datetime | None
    ended_why: str | None
    expected_on: date | None
    lines: list[PurchaseLineView]
    deliveries: list[PurchaseDeliveryView]

    @classmethod
    def of(cls, purchase: Purchase, warehouse_name: str, language: Language) -> "PurchaseView":
        shown = {name: getattr(purchase, name) for name in cls.model_fields if hasattr(purchase, name)}
        shown |= {
            "state_text": said(STATES[purchase.state], language),
            "origin_text": said(ORIGINS[purchase.origin], language),
            "warehouse_name": warehouse_name,
            "lines": [_line(each, language) for each in purchase.lines],
            "deliveries": [_delivery(each, purchase) for each in purchase.deliveries],
        }
        return cls.model_validate(shown)


def _line(line: PurchaseLine, language: Language) -> PurchaseLineView:
    shown = {name: getattr(line, name) for name in PurchaseLineView.model_fields if hasattr(line, name)}
    shown |= {
        "article_name": line.name,
        "price": line.price.amount,
        "said_price": line.said_price.amount if line.said_price else None,
        "price_differs": line.said_price is not None and line.said_price != line.price,
        "state_text": said(LINE_STATES[line.state], language),
    }
    return PurchaseLineView.model_validate(shown)


def _delivery(delivery: Delivery, purchase: Purchase) -> PurchaseDeliveryView:
    lines = {each.line_no: each for each in purchase.lines}
    return PurchaseDeliveryView(
        delivery_no=delivery.delivery_no,
        despatched_at=delivery.despatched_at,
        packages=list(delivery.packages),
        lots=[
            DeliveredLotView(
                line_no=each.line_no,
                article_no=lines[each.line_no].article_no,
                article_name=lines[each.line_no].name,
                packages=each.packages,
                lot=each.lot,
                best_before=each.best_before,
            )
            for each in delivery.lots
        ],
    )
