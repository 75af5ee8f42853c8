"""The level below which an article of a storeroom is replenished by itself, and what is on its way (Q19)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Stopped = Literal[
    "outgoing", "discontinued", "earlier", "outside", "not_from_warehouse", "not_in_catalogue", "no_supplier"
]
"""Why an article may not be replenished, or purchased for a warehouse (Q50)."""


@dataclass(frozen=True)
class Level:
    """How few may lie in a storeroom, and how much is ordered when there are fewer (S115)."""

    minimum: int
    """Base units: fewer than these start a replenishment."""
    packages: int
    """Whole packages of the article that are ordered each time (Q60)."""
    set_by: str
    set_at: datetime
    stopped: Stopped | None = None
    """The article may not be replenished any more, and a task says so."""
    set_by_name: str = ""


@dataclass(frozen=True)
class Coming:
    """What a replenishment, or a purchase, brings of an article that has not been received."""

    order_no: str
    quantity: int
    """Base units."""
    expected_on: date | None = None
    """When a purchase is expected, by its supplier."""


@dataclass(frozen=True)
class Undershot:
    """What a balance said when it fell below its minimum: why something was ordered by itself."""

    on_hand: int
    reserved: int
    on_order: int
    minimum: int
