"""What inventory publishes of goods that are ordered to its storerooms and warehouses."""

from datetime import date, datetime
from typing import ClassVar, Literal

from shared.events.fact import Fact, Open, Part

GoodsOrderState = Literal[
    "proposed", "ordered", "confirmed", "despatched", "part_received", "received", "closed_short", "refused",
    "annulled",
]  # fmt: skip
"""Where goods are that were ordered to a place; a purchase has more steps than a replenishment."""


class GoodsOrdered(Part):
    """An article that is ordered to a place."""

    article_no: str
    quantity: int
    """Base units."""


class GoodsOrderChanged(Fact):
    """A snapshot of goods ordered to a storeroom or warehouse: newest version wins. It names nobody (Q35)."""

    topic: ClassVar[str] = "inventory.goods_order_changed.v1"
    about: ClassVar[str] = "order_no"

    order_no: str
    version: int
    kind: Open[Literal["replenishment", "purchase"]]
    state: Open[GoodsOrderState]
    care_unit: str
    """Whose it is: the unit of the storeroom; of a purchase the warehouse, as tokens name it (Q59)."""
    source_no: str | None = None
    """The warehouse that it comes from."""
    supplier: str | None = None
    """The supplier of a purchase, by name."""
    storeroom_no: str
    """Where it is to lie."""
    ordered_at: datetime
    expected_on: date | None = None
    lines: tuple[GoodsOrdered, ...] = ()
