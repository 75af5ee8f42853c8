"""What lies in a storeroom is worth, by the prices of a day, and how much of it is used (S166, S172)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from services.inventory.domain.article import Article
from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.goods.movement import Movement, order_place
from shared.domain.money import NOTHING, Money

ONE_DECIMAL = Decimal("0.1")


@dataclass(frozen=True)
class StockValue:
    """What the goods of a storeroom are worth together; what is set apart counts too."""

    pieces: int = 0
    """Base units."""
    value: Money = NOTHING
    without_price: int = 0
    """Pieces of articles that had no price on the day: they are not in the value."""

    def with_balance(self, balance: Balance, article: Article | None, *, on: date) -> "StockValue":
        pieces = balance.on_hand + balance.quarantined
        price = price_on(article, on=on)
        if price is None:
            return replace(self, pieces=self.pieces + pieces, without_price=self.without_price + pieces)
        return replace(self, pieces=self.pieces + pieces, value=self.value + value_of(article, price, pieces))


def price_on(article: Article | None, *, on: date) -> Money | None:
    """Give the price of a package that held on a day; None before the first, and of an unknown article."""
    if article is None:
        return None
    if not article.prices:
        return article.package_price
    begun = [each for each in article.prices if each.valid_from is None or each.valid_from <= on]
    return begun[-1].price if begun else None


def value_of(article: Article | None, price: Money, pieces: int) -> Money:
    """Give what so many base units are worth, of whole packages and parts of them."""
    per_package = article.pieces_per_package if article else 1
    return Money(price.amount * pieces / per_package)


def valued(
    before: StockValue, balances: Iterable[Balance], articles: Mapping[str, Article], *, on: date
) -> StockValue:
    """Add some balances to what is counted already: the storeroom is read page by page."""
    for each in balances:
        before = before.with_balance(each, articles.get(each.article_no), on=on)
    return before


def count_out(pieces: Counter[str], movement: Movement, *, storeroom_no: str) -> None:
    """Add by article what left a storeroom for orders and patients, less what was put back or taken back."""
    for row in movement.rows:
        if row.source == storeroom_no and row.target.startswith(order_place("")):
            pieces[row.article_no] += row.quantity
        if movement.why in {"put_back", "taken_back"} and row.target == storeroom_no:
            pieces[row.article_no] -= row.quantity


def turnover(used: int, there: int) -> Decimal | None:
    """Tell how many times what lies there was used; None where nothing lies there."""
    if there <= 0:
        return None
    return (Decimal(used) / there).quantize(ONE_DECIMAL, rounding=ROUND_HALF_UP)
