"""Movements: what one cause moved from where to where; they are only ever added (I9)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Why = Literal[
    "received", "handed_out", "picked", "put_back", "handed_over", "taken_back", "counted", "returned",
    "set_apart", "released", "scrapped", "replaced", "not_fetched", "lost", "collected",
    "maintained", "taken_in", "recalled",
]  # fmt: skip

OUTSIDE = "outside"
"""Where goods come from at their receipt."""
COUNTED = "counted"
"""Where a stocktake finds more pieces, and where those go that it misses."""
SCRAPPED = "scrapped"
"""Where goods go that nobody uses again."""
LOST = "lost"
"""Where goods go that were stolen from a patient, or that the patient lost (Q57)."""

USED = "used"
"""Where parts go that a technician puts into a device."""


@dataclass(frozen=True)
class Moved:
    """Pieces of one lot, or one device, from a place to a place.

    A place is a storeroom's number, `order:` with an order's number, or one of the constants above.
    """

    article_no: str
    quantity: int
    source: str
    target: str
    lot: str = ""
    device_no: str | None = None


@dataclass(frozen=True)
class Movement:
    """All that one cause moved: balances are the sum of these rows."""

    movement_no: str
    storeroom_no: str
    why: Why
    moved_at: datetime
    moved_by: str
    rows: tuple[Moved, ...]
    order_no: str | None = None
    reason: str | None = None


def order_place(order_no: str) -> str:
    """Name the place of goods that are picked, under way or at the unit for an order, or handed out."""
    return f"order:{order_no}"


def added(kept: Movement | None, movement: Movement) -> Movement:
    """Add a movement; one that stands is never changed."""
    if kept is not None:
        raise ValueError(f"movement {movement.movement_no} stands already")
    return movement
