"""Taking goods from the shelf: a device by its number, or counted goods; the components follow (Q46)."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from services.inventory.domain.devices.device import Coupled, Device
from services.inventory.domain.goods.stock import Stock
from services.inventory.domain.orders.order import Goods, OrderLine

Take = Callable[..., Stock]
"""`Stock.take_free` or `Stock.take_reserved`."""


def draw_device(
    stock: Stock, line: OrderLine, device: Device, *, take: Take, target: str
) -> tuple[Stock, Device, tuple[Goods, ...]]:
    """Take a device with its components, which are coupled to it. Raises TooFewInStock."""
    stock = take(stock, device.article_no, 1, target=target, device_no=device.device_no)
    goods = [Goods(line.line_no, device.article_no, 1, device_no=device.device_no)]
    for article_no, quantity in line.components:
        stock, drawn = draw_counted(stock, line.line_no, article_no, quantity, take=take, target=target)
        goods += [replace(each, device_no=device.device_no, component=True) for each in drawn]
    coupled = tuple(
        Coupled(each.article_no, each.quantity, each.lot, each.best_before)
        for each in goods
        if each.component
    )
    return stock, replace(device, components=(*device.components, *coupled)), tuple(goods)


def draw_set(
    stock: Stock, line: OrderLine, sets: int, *, take: Take, target: str, lot: str | None
) -> tuple[Stock, tuple[Goods, ...]]:
    """Take counted goods with what belongs to them, of a named lot or of those that expire first."""
    stock, goods = draw_counted(stock, line.line_no, line.article_no, sets, take=take, target=target, lot=lot)
    for article_no, quantity in line.components:
        stock, drawn = draw_counted(
            stock, line.line_no, article_no, sets * quantity, take=take, target=target
        )
        goods += tuple(replace(each, component=True) for each in drawn)
    return stock, goods


def draw_counted(
    stock: Stock,
    line_no: int,
    article_no: str,
    quantity: int,
    *,
    take: Take,
    target: str,
    lot: str | None = None,
) -> tuple[Stock, tuple[Goods, ...]]:
    """Take counted pieces: first expired, first out. Raises TooFewInStock and LotNotThere."""
    known = {each.lot: each.best_before for each in stock.of_article(article_no).lots}
    chosen = [(lot, quantity)] if lot is not None else list(_proposed(stock, article_no, quantity))
    for name, part in chosen:
        stock = take(stock, article_no, part, target=target, lot=name)
    return stock, tuple(Goods(line_no, article_no, part, name, known.get(name)) for name, part in chosen)


def _proposed(stock: Stock, article_no: str, quantity: int) -> Iterator[tuple[str, int]]:
    for lot, part in stock.proposed(article_no, quantity):
        yield lot.lot, part
