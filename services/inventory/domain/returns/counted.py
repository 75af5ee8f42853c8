"""Counted goods that a patient hands back, found in the orders that they came with (S147)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Protocol

from services.inventory.domain.goods.lots import same_piece_number
from services.inventory.domain.goods.movement import SCRAPPED, order_place
from services.inventory.domain.goods.stock import Stock
from services.inventory.domain.orders.goods_in import goods_in
from services.inventory.domain.orders.order import DeviceOrder, Disposition, Goods, with_parcel
from services.inventory.domain.places import Storeroom
from services.inventory.domain.returns.disposing import Articles, against_taking, owner_of
from services.inventory.domain.returns.refusals import BackBeforeLent, GoodsNotWithPatient
from shared.domain.decision import Refused

Orders = tuple[DeviceOrder, ...]


class Wanted(Protocol):
    """Pieces of an article that are handed back, of the order that they came with."""

    @property
    def order_no(self) -> str: ...
    @property
    def article_no(self) -> str: ...
    @property
    def quantity(self) -> int: ...
    @property
    def disposition(self) -> Disposition: ...
    @property
    def lot(self) -> str | None: ...


def against_counted(
    orders: Orders,
    wanted: Sequence[Wanted],
    *,
    patient_refs: tuple[str, ...],
    articles: Articles,
    storeroom: Storeroom,
    on: date,
) -> Iterator[Refused]:
    """Say what speaks against taking counted goods back."""
    left = {each.order_no: each for each in orders if each.patient_ref in patient_refs}
    for each in wanted:
        order = left.get(each.order_no)
        marked = _marked(order, each) if order else None
        if order is None or marked is None:
            yield GoodsNotWithPatient(order_no=each.order_no, article_no=each.article_no)
            continue
        left[each.order_no] = marked[0]
        article = articles.get(each.article_no)
        refused = against_taking(
            article,
            each.disposition,
            owner=owner_of(article),
            unit=order.care_unit,
            area=order.product_area,
            storeroom=storeroom,
        )
        if refused is not None:
            yield refused(order_no=each.order_no, article_no=each.article_no)
        if order.sent_on is not None and on < order.sent_on:
            yield BackBeforeLent(order_no=each.order_no, handed_out_on=order.sent_on.isoformat())


def counted_back(stock: Stock, orders: Orders, wanted: Sequence[Wanted]) -> tuple[Stock, Orders]:
    """Put counted goods on the shelf, or scrap them, and mark them in their orders as handed back."""
    changed = {each.order_no: each for each in orders}
    for each in wanted:
        found = _marked(changed[each.order_no], each)
        if found is None:
            raise ValueError(f"{each.order_no} was not judged")
        changed[each.order_no], goods = found
        for part in goods:
            stock = _back(stock, part, each)
    return stock, tuple(changed.values())


def _back(stock: Stock, goods: Goods, wanted: Wanted) -> Stock:
    source = order_place(wanted.order_no)
    if wanted.disposition == "scrap":
        return stock.pass_by(goods.article_no, goods.quantity, source=source, target=SCRAPPED, lot=goods.lot)
    return goods_in(stock, goods, source=source)


def _marked(order: DeviceOrder, wanted: Wanted) -> tuple[DeviceOrder, tuple[Goods, ...]] | None:
    """Mark so many as handed back, and name them by lot; None when the patient has not so many."""
    left, taken = wanted.quantity, list[Goods]()
    for parcel in order.parcels:
        goods: list[Goods] = []
        for each in parcel.goods:
            part = min(left, each.quantity) if _is_meant(each, wanted) else 0
            left -= part
            if part:
                taken.append(replace(each, quantity=part, returned=True))
                goods.append(taken[-1])
            if part < each.quantity:
                goods.append(replace(each, quantity=each.quantity - part))
        order = with_parcel(order, replace(parcel, goods=tuple(goods)))
    return None if left else (order, tuple(taken))


def _is_meant(goods: Goods, wanted: Wanted) -> bool:
    is_with_patient = goods.handed_over and not goods.returned and goods.device_no is None
    return (
        is_with_patient
        and goods.article_no == wanted.article_no
        and (wanted.lot is None or same_piece_number(goods.lot, wanted.lot))
    )
