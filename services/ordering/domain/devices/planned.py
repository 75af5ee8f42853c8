"""What would come of a line if it were ordered now, as inventory says (S89, S103)."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Planned:
    """What would come of one line from a warehouse."""

    line_no: int
    article_no: str
    """Another than was chosen where that goes out of the assortment and is not there."""
    in_stock: int
    """Base units that are there now."""
    expected_on: date | None
    """When the rest is expected; None while nobody knows, and when all is there."""
