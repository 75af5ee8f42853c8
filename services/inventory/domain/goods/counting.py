"""A stocktake: what was counted, and the movement that makes the balance say so (Q51)."""

from dataclasses import dataclass
from datetime import datetime

from services.inventory.domain.goods.balance import Balance, CountWritten, Lot, lot_in
from services.inventory.domain.goods.movement import COUNTED, Movement, added
from services.inventory.domain.goods.stock import Stock
from services.inventory.domain.stocktakes.limits import demand_one_is_enough
from shared.domain.decision import Decision, Refused, Sentence
from shared.domain.money import Money


class CountedByNumber(Refused):
    """Each piece of the article is marked: a number of pieces does not say which is missing."""

    rule = "counted-by-number"
    sentence = Sentence(
        "Artikeln är individmärkt och räknas inte i antal. Kontrollera varje individnummer.",
        "Each piece of the article is marked and is not counted. Check each device number.",
    )


class ReservedPiecesMissing(Refused):
    """So few are there that orders lose what was reserved for them."""

    rule = "reserved-pieces-missing"
    sentence = Sentence(
        "Färre finns kvar än vad beställningar reserverat. Räkna om eller makulera en beställning först.",
        "Fewer are left than orders have reserved. Count again, or annul an order first.",
    )


@dataclass(frozen=True)
class Count:
    """How many pieces of a lot lie in the storeroom, and why that may differ."""

    movement_no: str
    storeroom_no: str
    article_no: str
    lot: Lot
    counted: int
    reason: str
    counted_by: str
    at: datetime
    piece_value: Money


def count_goods(
    balance: Balance | None, movement: Movement | None, *, count: Count, is_marked: bool
) -> Decision[Balance, Movement | None]:
    """Let the balance say what was counted.

    Raises CountedByNumber, ReservedPiecesMissing, and StocktakeNeedsTwo.
    """
    if is_marked:
        raise CountedByNumber(article_no=count.article_no)
    stock = Stock.of(count.storeroom_no, (count.article_no,), (balance,))
    before = stock.balances[0]
    difference = count.counted - (lot.on_hand if (lot := lot_in(before, count.lot.lot)) else 0)
    if before.available + difference < 0:
        raise ReservedPiecesMissing(article_no=count.article_no, reserved=before.reserved)
    demand_one_is_enough(before, abs(difference), count.piece_value, by=count.counted_by, at=count.at)
    if difference > 0:
        stock = stock.put(count.article_no, difference, source=COUNTED, lot=count.lot)
    elif difference < 0:
        stock = stock.take_free(count.article_no, -difference, target=COUNTED, lot=count.lot.lot)
    written = CountWritten(count.movement_no, count.lot.lot, abs(difference), count.counted_by, count.at)
    stock = stock.counted(count.article_no, written)
    noted = Movement(
        count.movement_no, count.storeroom_no, "counted", count.at, count.counted_by, stock.moved,
        reason=count.reason,
    )  # fmt: skip
    return stock.balances[0], added(movement, noted), []
