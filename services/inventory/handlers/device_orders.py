"""Handlers for orders of devices and hand-outs: they may come in any order and more than once."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from services.inventory.application.exchanges import exchange_device
from services.inventory.application.hand_overs import HandOverAsked, register_hand_over
from services.inventory.application.warehouse import Warehouse
from services.inventory.domain.goods.stock import balance_ids
from services.inventory.domain.orders.hand_out import HandOutRequest, device_nos, hand_out
from services.inventory.domain.orders.hand_over import LineHanded
from services.inventory.domain.orders.handing import Handing, OrderMoved, loan_id
from services.inventory.domain.orders.order import (
    DeviceOrder,
    Exchange,
    ExchangeDisposition,
    OrderLine,
)
from services.inventory.domain.orders.reserving import annul, articles_of, split, take_order
from services.inventory.domain.orders.taking_back import Mistake, lent_devices, loan_ids, take_back
from services.inventory.domain.returns.exchanging import line_of
from services.inventory.repository.collections import (
    BALANCES,
    DEVICE_ORDERS,
    DEVICES,
    LOANS,
    MOVEMENTS,
)
from shared.events.fact import known_or
from shared.events.ordering_devices import (
    DeviceLine,
    DeviceOrderAnnulmentAsked,
    DeviceOrderSent,
    DeviceOrderSplit,
    DevicesHandedOver,
    HandOutMistaken,
    InPlaceOf,
)
from shared.fault import fault
from shared.messaging.consuming import Subscriptions
from shared.repository import Cause, Contended


def on_device_orders(subscriptions: Subscriptions, warehouse: Warehouse) -> None:
    repository, clock = warehouse.repository, warehouse.clock

    @subscriptions.on(DeviceOrderSent)
    async def on_device_order_sent(event: DeviceOrderSent, cause: Cause) -> None:
        order = _order(event)
        if order.kind == "hand_out" and line_of(order):
            await exchange_device(warehouse, order, cause, by=event.placed_by)
            return
        if order.kind == "hand_out":
            await _hand_out(warehouse, order, cause, by=event.placed_by)
            return
        others = await warehouse.other_lines(order)
        ids = balance_ids(order.storeroom_no, articles_of(order, others))
        refs = DEVICE_ORDERS.maybe(order.order_no) & BALANCES.maybe_many(ids)
        rule = partial(take_order, sent=order, at=clock.now(), other_lines=others)
        await repository.change(refs, rule, cause=cause)

    @subscriptions.on(DeviceOrderAnnulmentAsked)
    async def on_device_order_annulment_asked(event: DeviceOrderAnnulmentAsked, cause: Cause) -> None:
        known = await repository.get(DEVICE_ORDERS.maybe(event.order_no))
        order = known or DeviceOrder(event.order_no)
        refs = DEVICE_ORDERS.maybe(event.order_no) & BALANCES.maybe_many(_balances_of(order))
        rule = partial(annul, order_no=event.order_no, known=order.articles, at=clock.now())
        with _handled_again_when_moved():
            await repository.change(refs, rule, cause=cause)
        await fault("release.after_commit")
        await warehouse.give_to_waiting(order.storeroom_no, order.articles)

    @subscriptions.on(DeviceOrderSplit)
    async def on_device_order_split(event: DeviceOrderSplit, cause: Cause) -> None:
        rule = partial(split, order_no=event.order_no, at=event.split_at)
        await repository.change(DEVICE_ORDERS.maybe(event.order_no), rule, cause=cause)


def on_hand_overs(subscriptions: Subscriptions, warehouse: Warehouse) -> None:
    repository, clock = warehouse.repository, warehouse.clock

    @subscriptions.on(DevicesHandedOver)
    async def on_devices_handed_over(event: DevicesHandedOver, cause: Cause) -> None:
        number = event.hand_over_no
        handing = Handing(number, event.handed_over_on, event.registered_at, hand_over_no=number)
        asked = HandOverAsked(
            order_no=event.order_no,
            patient_ref=event.patient_ref,
            handing=handing,
            lines=tuple(
                LineHanded(each.line_no, each.quantity, each.device_nos, _exchange(each.exchange))
                for each in event.lines
            ),
            by=event.registered_by or "ordering",
            storeroom_no=event.storeroom_no or "",
        )
        with _handled_again_when_moved():
            await register_hand_over(warehouse, asked, cause)

    @subscriptions.on(HandOutMistaken)
    async def on_hand_out_mistaken(event: HandOutMistaken, cause: Cause) -> None:
        known = await repository.get(DEVICE_ORDERS.maybe(event.order_no))
        order = known or DeviceOrder(event.order_no)
        movement_no = f"{event.order_no}:taken_back"
        refs = (
            DEVICE_ORDERS.maybe(event.order_no)
            & DEVICES.many(lent_devices(order))
            & BALANCES.maybe_many(_balances_of(order))
            & LOANS.many(loan_ids(order))
            & MOVEMENTS.maybe(movement_no)
        )
        mistake = Mistake(event.order_no, event.patient_ref, movement_no, event.mistaken_at, clock.now())
        with _handled_again_when_moved():
            await repository.change(refs, partial(take_back, mistake=mistake), cause=cause)
        await fault("release.after_commit")
        await warehouse.give_to_waiting(order.storeroom_no, order.articles)


async def _hand_out(warehouse: Warehouse, order: DeviceOrder, cause: Cause, *, by: str) -> None:
    """Decide device, stock, loan and answer in one transaction (Q41)."""
    at, numbers = warehouse.clock.now(), device_nos(order)
    handing = Handing(order.order_no, order.sent_on or at.date(), at)
    request = HandOutRequest(
        order=order,
        handing=handing,
        movement_no=f"{order.order_no}:handed_out",
        asked_by=by,
        linked=await warehouse.linked(order.storeroom_no, order.care_unit),
        marked=await warehouse.marked(order.articles),
    )
    refs = (
        DEVICE_ORDERS.maybe(order.order_no)
        & DEVICES.maybe_many(numbers)
        & BALANCES.maybe_many(_balances_of(order))
        & LOANS.maybe_many([loan_id(handing, each) for each in numbers])
        & MOVEMENTS.maybe(request.movement_no)
    )
    await warehouse.repository.change(refs, partial(hand_out, request=request), cause=cause)


@contextmanager
def _handled_again_when_moved() -> Iterator[None]:
    """Hold a fact whose order has changed since it was read: it is handled by what the order is then."""
    try:
        yield
    except OrderMoved as read_too_early:
        raise Contended from read_too_early


def _balances_of(order: DeviceOrder) -> list[str]:
    return balance_ids(order.storeroom_no, order.articles)


def _order(event: DeviceOrderSent) -> DeviceOrder:
    """Read an order as it was published; of a kind that only a newer version knows, nothing is handed out."""
    return DeviceOrder(
        order_no=event.order_no,
        patient_ref=event.patient_ref,
        kind=known_or(event.kind, "order"),
        care_unit=event.care_unit,
        product_area=event.product_area,
        storeroom_no=event.storeroom_no,
        deliver_to=known_or(event.deliver_to, "unit"),
        joint=event.joint,
        sent_on=event.sent_on,
        sent_at=event.sent_at,
        lines=tuple(_line(each) for each in event.lines),
    )


def _line(line: DeviceLine) -> OrderLine:
    return OrderLine(
        line_no=line.line_no,
        article_no=line.article_no,
        quantity=line.quantity,
        device_no=line.device_no,
        components=tuple((each.article_no, each.quantity) for each in line.components),
        removed=line.removed,
        goes_with=line.goes_with,
        fee=line.fee,
        exchange=_exchange(line.exchange),
    )


def _exchange(asked: InPlaceOf | None) -> Exchange | None:
    if asked is None:
        return None
    disposition: ExchangeDisposition = known_or(asked.disposition, "return")
    return Exchange(asked.loan_id, asked.device_no, disposition, asked.collection_no)
