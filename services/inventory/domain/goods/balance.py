"""How much of an article lies in a storeroom, by lot, and how much of it is promised (Q36)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from services.inventory.domain.goods.levels import Coming, Level
from services.inventory.domain.goods.lots import same_piece_number
from services.inventory.domain.goods.marks import Marks, RecalledLot, RecallMark
from shared.domain.decision import Refused, Sentence


class TooFewInStock(Refused):
    """There are fewer pieces free than are wanted."""

    rule = "too-few-in-stock"
    sentence = Sentence(
        "Så många finns inte lediga här. Minska antalet, välj ett annat förråd eller beställ från lagret.",
        "So many are not free here. Take fewer, choose another storeroom or order from the warehouse.",
    )


class LotNotThere(Refused):
    """The lot is not in this storeroom, or holds fewer pieces."""

    rule = "lot-not-there"
    sentence = Sentence(
        "Den satsen finns inte i så stort antal här. Kontrollera satsnumret på förpackningen.",
        "So many of that lot are not here. Check the lot number on the package.",
    )


class LotRecalled(Refused):
    """Nothing of a recalled lot is handed out, picked or put on the shelf again."""

    rule = "lot-recalled"
    sentence = Sentence(
        "Satsen är återkallad och får inte användas. Ta en annan sats, och ställ av det som ligger kvar.",
        "The lot is recalled and may not be used. Take another, and set apart what still lies here.",
    )


@dataclass(frozen=True)
class Lot:
    """The pieces of one lot; goods without a lot have the empty one."""

    lot: str = ""
    best_before: date | None = None
    on_hand: int = 0
    quarantined: int = 0

    def __post_init__(self) -> None:
        if self.on_hand < 0 or self.quarantined < 0:
            raise ValueError(f"a lot holds {self.on_hand} and {self.quarantined} quarantined pieces")


MOST_COUNTS = 100
"""Counts that a balance remembers."""
NO_LOT = Lot()
"""Of goods without lots."""


@dataclass(frozen=True)
class Supply:
    """What of an article is on order from a supplier, and when it is expected (Q36)."""

    supply_no: str
    quantity: int
    """Base units that have not come."""
    expected_on: date
    registered_by: str
    registered_at: datetime


@dataclass(frozen=True)
class CountWritten:
    """A count that the balance was made to agree with (Q51)."""

    count_no: str
    """Of its movement."""
    lot: str
    pieces: int
    """Base units that were too few or too many."""
    by: str
    at: datetime
    alone: bool = True
    """Nobody else than who counted approved it."""


@dataclass(frozen=True)
class Balance:
    """The pieces of an article in a storeroom, in base units; a negative number cannot be written (I9)."""

    storeroom_no: str
    article_no: str
    lots: tuple[Lot, ...] = ()
    reserved: int = 0
    """Pieces on the shelf that are promised to orders."""
    waiting: int = 0
    """Pieces that orders wait for: they come before whoever orders later."""
    supplies: tuple[Supply, ...] = ()
    """On order from suppliers."""
    counts: tuple[CountWritten, ...] = ()
    """The newest counts of it, the newest last."""
    level: Level | None = None
    """When it is replenished by itself; None: never."""
    coming: tuple[Coming, ...] = ()
    """What replenishments from a warehouse bring."""
    recalls: tuple[RecalledLot, ...] = ()
    """The recalls that concern goods in it: none of those leaves the shelf but to be set apart (N4)."""
    to_replenish: bool = False
    """Always follows from the rest: it is kept so that such balances are found."""

    def __post_init__(self) -> None:
        if not 0 <= self.reserved <= self.on_hand or self.waiting < 0 or self.on_order < 0:
            raise ValueError(f"{self.reserved} of {self.on_hand} reserved, {self.waiting} waited for")
        object.__setattr__(self, "to_replenish", self._is_below())

    def _is_below(self) -> bool:
        """Tell whether a replenishment is to be ordered: one is open at a time (Q19)."""
        if self.level is None or self.level.stopped or self.coming:
            return False
        return self.on_hand + self.on_order - self.reserved < self.level.minimum

    @property
    def on_hand(self) -> int:
        return sum(each.on_hand for each in self.lots)

    @property
    def on_order(self) -> int:
        return sum(each.quantity for each in self.supplies) + sum(each.quantity for each in self.coming)

    @property
    def quarantined(self) -> int:
        return sum(each.quarantined for each in self.lots)

    @property
    def recalled(self) -> int:
        """On the shelf, and not to be used."""
        if not self.recalls:
            return 0
        return sum(each.on_hand for each in self.lots if recalls_of(self, each.lot))

    @property
    def available(self) -> int:
        """On the shelf, not recalled, and promised to nobody."""
        return max(0, self.on_hand - self.recalled - self.reserved)

    @property
    def promised_in_vain(self) -> int:
        """Promised to orders, and recalled."""
        return max(0, self.reserved + self.recalled - self.on_hand)

    @property
    def is_short(self) -> bool:
        """Tell whether less than the minimum is free on the shelf, also where more is on its way (Q19)."""
        return self.level is not None and self.available < self.level.minimum


def noticed(balance: Balance) -> Balance:
    """Give the balance with what follows from the rest; each one that is made has it."""
    return replace(balance)


def balance_id(storeroom_no: str, article_no: str) -> str:
    return f"{storeroom_no}:{article_no}"


def put(balance: Balance, quantity: int, *, lot: str = "", best_before: date | None = None) -> Balance:
    """Put pieces on the shelf."""
    found = lot_in(balance, lot) or Lot(lot, best_before)
    return _with(balance, replace(found, on_hand=found.on_hand + quantity))


def take_free(balance: Balance, quantity: int, *, lot: str = "") -> Balance:
    """Take pieces that are promised to nobody; raises LotRecalled, TooFewInStock and LotNotThere."""
    _demand_not_recalled(balance, lot)
    if quantity > balance.available:
        raise TooFewInStock(article_no=balance.article_no, available=balance.available)
    return _taken(balance, quantity, lot=lot)


def take_reserved(balance: Balance, quantity: int, *, lot: str = "") -> Balance:
    """Take pieces that are reserved for whoever takes them; raises LotNotThere."""
    return _taken(replace(balance, reserved=balance.reserved - quantity), quantity, lot=lot)


def quarantine(balance: Balance, quantity: int, *, lot: str = "") -> Balance:
    """Set pieces apart that are promised to nobody, also recalled ones.

    Raises TooFewInStock and LotNotThere.
    """
    free = balance.on_hand - balance.reserved if recalls_of(balance, lot) else balance.available
    if quantity > free:
        raise TooFewInStock(article_no=balance.article_no, available=free)
    taken = _off_shelf(balance, quantity, lot=lot)
    before = lot_in(balance, lot) or Lot(lot)
    found = lot_in(taken, lot) or replace(before, on_hand=0, quarantined=0)
    return _with(taken, replace(found, quarantined=found.quarantined + quantity))


def take_quarantined(balance: Balance, quantity: int, *, lot: str = "") -> Balance:
    """Take pieces that were set apart; raises LotNotThere."""
    found = lot_in(balance, lot)
    if found is None or found.quarantined < quantity:
        raise LotNotThere(article_no=balance.article_no, lot=lot)
    return _with(balance, replace(found, quarantined=found.quarantined - quantity))


def recalls_of(balance: Balance, lot: str) -> Marks:
    """Give the recalls that concern a lot of the balance."""
    return tuple(
        RecallMark(each.recall_no, each.since)
        for each in balance.recalls
        if each.lot is None or same_piece_number(each.lot, lot)
    )


def mark_recalled(balance: Balance, recalled: RecalledLot) -> Balance:
    """Mark a lot, or every lot, as recalled; the same mark counts once."""
    return balance if recalled in balance.recalls else replace(balance, recalls=(*balance.recalls, recalled))


def unmark_recalled(balance: Balance, recall_no: str) -> Balance:
    """Take the marks of one recall off; others stay."""
    left = tuple(each for each in balance.recalls if each.recall_no != recall_no)
    return balance if left == balance.recalls else replace(balance, recalls=left)


def reserve(balance: Balance, quantity: int) -> Balance:
    """Promise pieces on the shelf to an order."""
    return replace(balance, reserved=balance.reserved + quantity)


def await_more(balance: Balance, quantity: int) -> Balance:
    """Note that an order waits for so many pieces more, or fewer when negative."""
    return replace(balance, waiting=balance.waiting + quantity)


def with_count(balance: Balance, count: CountWritten) -> Balance:
    """Note that a count is written into the balance."""
    return replace(balance, counts=(*balance.counts, count)[-MOST_COUNTS:])


def last_count(balance: Balance, *, lot: str) -> str:
    """Name the newest count of a lot; empty when there is none."""
    counts = reversed(balance.counts)
    return next((each.count_no for each in counts if same_piece_number(each.lot, lot)), "")


def first_expired(balance: Balance, quantity: int) -> Iterator[tuple[Lot, int]]:
    """Choose lots: first expired, first out; what never expires comes last. Raises TooFewInStock."""
    usable = [each for each in balance.lots if not recalls_of(balance, each.lot)]
    if quantity > sum(each.on_hand for each in usable):
        raise TooFewInStock(article_no=balance.article_no, available=balance.available)
    for each in sorted(usable, key=lambda lot: (lot.best_before or date.max, lot.lot)):
        part = min(quantity, each.on_hand)
        if part:
            yield each, part
        quantity -= part


def _taken(balance: Balance, quantity: int, *, lot: str) -> Balance:
    _demand_not_recalled(balance, lot)
    return _off_shelf(balance, quantity, lot=lot)


def _demand_not_recalled(balance: Balance, lot: str) -> None:
    if recalls_of(balance, lot) and lot_in(balance, lot):
        raise LotRecalled(article_no=balance.article_no, lot=lot)


def _off_shelf(balance: Balance, quantity: int, *, lot: str) -> Balance:
    found = lot_in(balance, lot)
    if found is None or found.on_hand < quantity:
        raise LotNotThere(article_no=balance.article_no, lot=lot)
    # The whole is judged once: reserved may not exceed what is left.
    return _with(balance, replace(found, on_hand=found.on_hand - quantity))


def lot_in(balance: Balance, lot: str) -> Lot | None:
    """Find a lot; one of the version before may be kept as it was typed."""
    exact = next((each for each in balance.lots if each.lot == lot), None)
    return exact or next((each for each in balance.lots if same_piece_number(each.lot, lot)), None)


def _with(balance: Balance, changed: Lot) -> Balance:
    others = tuple(each for each in balance.lots if each.lot != changed.lot)
    kept = (*others, changed) if changed.on_hand or changed.quarantined else others
    return replace(balance, lots=kept)
