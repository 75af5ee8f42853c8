"""Reads what the rule about an exchange decides about, and makes it in one transaction (Q41, Q48)."""

from functools import partial

from services.inventory.application.returns import article_nos, put_back
from services.inventory.application.warehouse import Warehouse
from services.inventory.domain.goods.stock import balance_ids
from services.inventory.domain.orders.hand_out import HandOutRequest
from services.inventory.domain.orders.handing import Handing
from services.inventory.domain.orders.order import DeviceOrder, Exchange
from services.inventory.domain.places import Storeroom
from services.inventory.domain.returns.exchanging import (
    ExchangeRequest,
    device_in_exchange,
    exchange,
    line_of,
)
from services.inventory.domain.returns.returning import Return
from services.inventory.repository.collecting import COLLECTION_ORDERS
from services.inventory.repository.collections import (
    ARTICLES,
    BALANCES,
    DEVICE_ORDERS,
    DEVICES,
    LOANS,
    MOVEMENTS,
    STOREROOMS,
)
from shared.repository import Cause


async def exchange_device(warehouse: Warehouse, order: DeviceOrder, cause: Cause, *, by: str) -> None:
    """Hand out a device for another that the patient hands back; the answer is a fact."""
    line = line_of(order)
    if line is None or line.exchange is None:
        raise ValueError(f"{order.order_no} exchanges no device")
    repository, asked = warehouse.repository, line.exchange
    old = await repository.get(DEVICES.maybe(asked.device_no))
    back = await _back(warehouse, order, asked, by=by)
    articles = tuple(dict.fromkeys((*order.articles, *put_back(back, [old]))))
    handing = Handing(order.order_no, back.on, back.at)
    hand_out = HandOutRequest(
        order=order,
        handing=handing,
        movement_no=f"{order.order_no}:handed_out",
        asked_by=by,
        linked=await warehouse.linked(order.storeroom_no, order.care_unit),
        marked=await warehouse.marked(order.articles),
    )
    before = old.order_no if old and old.order_no else f"{order.order_no}:before"
    refs = (
        DEVICE_ORDERS.maybe_many([order.order_no, before])
        & DEVICES.maybe_many([line.device_no or "", asked.device_no])
        & LOANS.maybe(asked.loan_id)
        & COLLECTION_ORDERS.maybe_many([asked.collection_no] if asked.collection_no else [])
        & BALANCES.maybe_many(balance_ids(order.storeroom_no, articles))
        & MOVEMENTS.maybe(hand_out.movement_no)
    )
    request = ExchangeRequest(hand_out, back, articles)
    await repository.change(refs, partial(exchange, request=request), cause=cause)
    await warehouse.give_to_waiting(order.storeroom_no, articles)


async def _back(warehouse: Warehouse, order: DeviceOrder, asked: Exchange, *, by: str) -> Return:
    """Say what comes back into the storeroom that the new device is taken from."""
    repository, at = warehouse.repository, warehouse.clock.now()
    kept = await repository.get(STOREROOMS.maybe(order.storeroom_no))
    old = await repository.get(DEVICES.maybe(asked.device_no))
    articles = await repository.get(ARTICLES.maybe_many(sorted(article_nos([old]))))
    return Return(
        return_no=order.order_no,
        patient_refs=(await warehouse.patient(order.patient_ref)).refs,
        storeroom=kept or Storeroom(order.storeroom_no, "", "storeroom"),
        on=order.sent_on or at.date(),
        at=at,
        by=by,
        reason=None,
        devices=(device_in_exchange(asked),),
        goods=(),
        articles={each.article_no: each for each in articles if each},
    )
