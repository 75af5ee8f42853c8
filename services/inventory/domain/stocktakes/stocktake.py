"""A stocktake: what was counted, how it differs from the register, and who approves that (Q51)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from shared.domain.money import NOTHING, Money

StocktakeState = Literal["waits", "approved", "declined"]


@dataclass(frozen=True)
class Counted:
    """What somebody found of one lot, or of the devices of an article."""

    article_no: str
    quantity: int
    lot: str = ""
    best_before: date | None = None
    device_nos: frozenset[str] | None = None
    """By their present numbers; None: the article is counted."""
    unknown: tuple[str, ...] = ()
    """Scanned numbers that no device has."""


@dataclass(frozen=True)
class Difference:
    """What was counted against what the register says, of one lot or of the devices of an article."""

    article_no: str
    expected: int
    counted: int
    piece_value: Money
    lot: str = ""
    best_before: date | None = None
    missing: tuple[str, ...] = ()
    found: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    """Scanned, and elsewhere in the register or unknown to it: a person looks into these."""

    last_count: str = ""
    """The newest count of the lot that was in the register when this one was made."""

    @property
    def too_many(self) -> int:
        """Count the pieces that a movement adds; negative, those that it takes away."""
        return self.counted - self.expected

    @property
    def pieces(self) -> int:
        """Count the pieces that are too few and too many."""
        return len(self.missing) + len(self.found) or abs(self.too_many)

    @property
    def names_devices(self) -> bool:
        return bool(self.missing or self.found or self.elsewhere)

    @property
    def value(self) -> Money:
        return self.piece_value * self.pieces


@dataclass(frozen=True)
class Stocktake:
    """What was counted in a storeroom at one time, and what became of it."""

    stocktake_no: str
    storeroom_no: str
    reason: str
    counted_by: str
    counted_at: datetime
    differences: tuple[Difference, ...] = ()
    needs_second: bool = False
    state: StocktakeState = "waits"
    decided_by: str | None = None
    decided_at: datetime | None = None

    @property
    def value(self) -> Money:
        return sum((each.value for each in self.differences), NOTHING)

    @property
    def pieces(self) -> int:
        return sum(each.pieces for each in self.differences)
