"""Counted goods of an order come to lie in a storeroom, with the recalls that concern them (N4)."""

from services.inventory.domain.goods.balance import Lot
from services.inventory.domain.goods.marks import RecalledLot
from services.inventory.domain.goods.stock import Stock
from services.inventory.domain.orders.order import Goods


def goods_in(stock: Stock, goods: Goods, *, source: str, quantity: int | None = None) -> Stock:
    """Put the goods, or so many of them, on the shelf; what is recalled stands in quarantine."""
    marks = (RecalledLot(each.recall_no, each.since, goods.lot) for each in goods.recalls)
    stock = stock.recalled(goods.article_no, *marks)
    lot, pieces = Lot(goods.lot, goods.best_before), goods.quantity if quantity is None else quantity
    return stock.put(goods.article_no, pieces, source=source, lot=lot)
