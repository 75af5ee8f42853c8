"""When the lines that wait for goods may expect them, from what is on order at suppliers (Q55, S89)."""

from dataclasses import replace
from datetime import date

from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.goods.stock import Stock
from services.inventory.domain.goods.supplying import comes_on
from services.inventory.domain.orders.order import Awaited, DeviceOrder, OrderLine, told
from services.inventory.domain.orders.published import order_reserved
from shared.domain.decision import Decision


def with_expected(line: OrderLine, stock: Stock, *, on: date) -> OrderLine:
    """Say when the last of the line's goods comes, as who waits last for each article (Q36)."""
    if line.waiting <= 0:
        return replace(line, awaited=())
    lacking = (stock.of_article(no) for no in line.one_set)
    return replace(
        line,
        awaited=tuple(
            Awaited(each.article_no, comes_on(each, each.waiting - each.available, on=on))
            for each in lacking
            if each.waiting > each.available
        ),
    )


def expect(order: DeviceOrder, *, balance: Balance, before: int, on: date) -> Decision[DeviceOrder]:
    """Say anew, `on` a day, when an article comes; `before` pieces of it are waited for by older orders."""
    pieces, lines = before, []
    for line in order.lines:
        each_set = line.one_set.get(balance.article_no, 0)
        pieces += line.waiting * each_set
        lines.append(_expecting(line, balance, pieces, on) if each_set and line.waiting > 0 else line)
    if tuple(lines) == order.lines:
        return order, []
    changed = replace(order, lines=tuple(lines), version=order.version + 1)
    return changed, told(changed, order_reserved(changed))


def pieces_waited_for(order: DeviceOrder, article_no: str) -> int:
    """Count the pieces of an article that an order waits for."""
    return sum(max(0, each.waiting) * each.one_set.get(article_no, 0) for each in order.lines)


def _expecting(line: OrderLine, balance: Balance, pieces: int, on: date) -> OrderLine:
    others = tuple(each for each in line.awaited if each.article_no != balance.article_no)
    lacking = pieces - balance.available
    if lacking <= 0:
        return replace(line, awaited=others)
    day = comes_on(balance, lacking, on=on)
    return replace(line, awaited=(*others, Awaited(balance.article_no, day)))
