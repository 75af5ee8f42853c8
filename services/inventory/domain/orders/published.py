"""What is published about an order: how much of each line lies ready, and the goods of a parcel by line."""

from collections.abc import Iterable

from services.inventory.domain.orders.order import DeviceOrder, Goods
from shared.events.inventory_goods import DeviceOrderReserved, LineGoods, LineReserved, LotQuantity


def order_reserved(order: DeviceOrder) -> DeviceOrderReserved:
    """Publish how much of each line lies ready; what was picked has been ready."""
    lines = (
        LineReserved(
            line_no=each.line_no,
            article_no=each.article_no,
            reserved=each.reserved + each.picked,
            waiting=each.waiting,
            expected_on=each.expected_on if each.waiting else None,
        )
        for each in order.lines
    )
    return DeviceOrderReserved(order_no=order.order_no, version=order.version, lines=tuple(lines))


def lines_of(goods: Iterable[Goods]) -> tuple[LineGoods, ...]:
    """Put goods together by line, as facts say them; components are on their device."""
    shown = [each for each in goods if not each.component]
    return tuple(
        LineGoods(
            line_no=line_no,
            article_no=article_no,
            quantity=sum(each.quantity for each in of_line),
            device_nos=tuple(each.device_no for each in of_line if each.device_no),
            lots=lots_of(of_line),
        )
        for line_no, article_no, of_line in _by_line(shown)
    )


def lots_of(goods: Iterable[Goods]) -> tuple[LotQuantity, ...]:
    return tuple(
        LotQuantity(lot=each.lot, quantity=each.quantity, best_before=each.best_before)
        for each in goods
        if each.lot
    )


def _by_line(goods: list[Goods]) -> Iterable[tuple[int, str, list[Goods]]]:
    for line_no in dict.fromkeys(each.line_no for each in goods):
        of_line = [each for each in goods if each.line_no == line_no]
        yield line_no, of_line[0].article_no, of_line
