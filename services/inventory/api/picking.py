"""Routes that pick, pack, despatch, receive and deliver the parcels of orders (Q43, Q49)."""

import uuid
from datetime import date, datetime
from functools import partial
from typing import Self

from fastapi import Response
from pydantic import model_validator

from services.inventory.api.forms import DeviceNo, LotNo, ParcelNo, Pieces, StoreroomNo
from services.inventory.application.warehouse import Warehouse
from services.inventory.domain.goods.stock import Stock, balance_ids
from services.inventory.domain.orders.hand_over import deliver
from services.inventory.domain.orders.handing import Handing, loan_id
from services.inventory.domain.orders.order import DeviceOrder, OrderState, Parcel, ParcelState
from services.inventory.domain.orders.picking import (
    Pick,
    despatch,
    devices_in,
    pack,
    pick_counted,
    pick_device,
    receive,
    take_pick_list,
)
from services.inventory.repository.collections import (
    BALANCES,
    DEVICE_ORDERS,
    DEVICES,
    LOANS,
    MOVEMENTS,
    PARCEL_LABELS,
)
from shared.domain.decision import NotFound, Sentence
from shared.fields import Day, refusal
from shared.http import Ask, Asked, Pages, Request, Router, View
from shared.http.ids import ArticleNo
from shared.http.numbers import OrderNo

PAGE = 100
FREE_SHOWN = 20
"""So many device numbers are proposed for a line."""


class PickForm(Request):
    """What was scanned: a device, or pieces of an article, of a lot or of those that expire first."""

    device_no: DeviceNo | None = None
    article_no: ArticleNo | None = None
    lot: LotNo | None = None
    quantity: Pieces = 1

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.device_no is None) == (self.article_no is None):
            sentence = Sentence(
                "Skanna antingen ett individnummer eller en artikel.",
                "Scan either a device number or an article.",
            )
            raise refusal("device-or-article", sentence)
        return self


class PackForm(Request):
    """The number on the parcel's label; left out: the pick list's own."""

    parcel_no: ParcelNo | None = None


class DeliveryForm(Request):
    """The day on which the patient got the parcel."""

    delivered_on: Day


class GoodsView(View):
    """Goods in a parcel."""

    line_no: int
    article_no: str
    quantity: int
    lot: str
    best_before: date | None
    device_no: str | None
    component: bool
    handed_over: bool


class ParcelView(View):
    """A pick list that was taken, and its parcel."""

    pick_list_no: str
    parcel_no: str | None
    state: ParcelState
    taken_by: str
    taken_at: datetime
    despatched_at: datetime | None
    received_at: datetime | None
    goods: list[GoodsView]

    @classmethod
    def of(cls, parcel: Parcel) -> "ParcelView":
        fields = {name: getattr(parcel, name) for name in cls.model_fields if name != "goods"}
        return cls(**fields, goods=[GoodsView(**_named(each)) for each in parcel.goods])


class LotProposed(View):
    """A lot to pick from: first expired, first out."""

    lot: str
    best_before: date | None
    quantity: int


class LineToPick(View):
    """A line of an order, as the warehouse sees it."""

    line_no: int
    article_no: str
    quantity: int
    reserved: int
    """To be picked now."""
    picked: int
    waiting: int
    lots: tuple[LotProposed, ...] = ()
    device_nos: tuple[str, ...] = ()
    """Devices that lie there; any of them will do."""


class OrderToPick(View):
    """An order without names: whom it is for is not said (Q61)."""

    order_no: str
    state: OrderState
    care_unit: str
    deliver_to: str
    joint: bool
    sent_at: datetime | None
    to_pick: bool
    lines: list[LineToPick]
    parcels: list[ParcelView]

    @classmethod
    def of(cls, order: DeviceOrder, lines: list[LineToPick] | None = None) -> "OrderToPick":
        return cls(
            order_no=order.order_no,
            state=order.state,
            care_unit=order.care_unit,
            deliver_to=order.deliver_to,
            joint=order.joint,
            sent_at=order.sent_at,
            to_pick=order.to_pick,
            lines=lines if lines is not None else _lines(order),
            parcels=[ParcelView.of(each) for each in order.parcels],
        )


def routes(warehouse: Warehouse) -> Router:
    router = Router("inventory", tags=["picking"])
    _looking(router, warehouse)
    _picking(router, warehouse)
    _parcels(router, warehouse)
    return router


def _looking(router: Router, warehouse: Warehouse) -> None:
    repository = warehouse.repository

    @router.get("/storerooms/{storeroom_no}/pick-lists")
    async def list_pick_lists(storeroom_no: StoreroomNo, ask: Ask, pages: Pages) -> list[OrderToPick]:
        """List the orders that can be picked, the oldest first."""
        await warehouse.storeroom_for(storeroom_no, ask.actor)
        where = {"storeroom_no": storeroom_no, "to_pick": True}
        page = await repository.page(DEVICE_ORDERS, where, sort="sent_at", limit=PAGE, after=pages.after)
        return [OrderToPick.of(each) for each in pages.shown(page)]

    @router.get("/device-orders/{order_no}/pick-list")
    async def get_pick_list(order_no: OrderNo, ask: Ask) -> OrderToPick:
        """Show what is to be picked, with the lots that expire first and devices that lie there."""
        order = await warehouse.order_for(order_no, ask.actor)
        return OrderToPick.of(order, await _proposed(order, warehouse))


def _picking(router: Router, warehouse: Warehouse) -> None:
    repository, clock = warehouse.repository, warehouse.clock

    @router.post("/device-orders/{order_no}/pick-list/take", response_model=OrderToPick)
    async def take_order_to_pick(order_no: OrderNo, asked: Asked) -> Response:
        """Take the pick list: from now on the order cannot be annulled (Q49)."""
        await _at_warehouse(order_no, asked, warehouse)
        rule = partial(take_pick_list, by=asked.actor.sub, at=clock.now())
        answer = await repository.change(
            DEVICE_ORDERS.ref(order_no, if_version=asked.if_match), rule, cause=asked.cause, reply=_shown
        )
        return asked.answered(answer)

    @router.post("/device-orders/{order_no}/pick-list/pick", response_model=OrderToPick)
    async def pick_goods(order_no: OrderNo, form: PickForm, asked: Asked) -> Response:
        """Put what was scanned into the parcel; another order's device is refused."""
        order = await _at_warehouse(order_no, asked, warehouse)
        pick = Pick(str(uuid.uuid4()), asked.actor.sub, clock.now(), form.article_no, form.lot, form.quantity)
        refs = DEVICE_ORDERS.ref(order_no) & BALANCES.maybe_many(
            balance_ids(order.storeroom_no, order.articles)
        )
        moves = MOVEMENTS.maybe(pick.movement_no)
        if form.device_no is not None:
            device = await warehouse.device(form.device_no)
            of_device = refs & DEVICES.maybe(device.device_no) & moves
            answer = await repository.change(
                of_device, partial(pick_device, pick=pick), cause=asked.cause, reply=_shown
            )
        else:
            is_marked = form.article_no in await warehouse.marked(order.articles)
            rule = partial(pick_counted, pick=pick, is_marked=is_marked)
            answer = await repository.change(refs & moves, rule, cause=asked.cause, reply=_shown)
        return asked.answered(answer)

    @router.post("/device-orders/{order_no}/pick-list/pack", response_model=OrderToPick)
    async def pack_parcel(order_no: OrderNo, form: PackForm, asked: Asked) -> Response:
        """Close the parcel under an SSCC, another number of the warehouse's, or the pick list's own."""
        order = await _at_warehouse(order_no, asked, warehouse)
        own = order.picking.pick_list_no if order.picking else order_no
        number = form.parcel_no or own
        refs = DEVICE_ORDERS.ref(order_no) & PARCEL_LABELS.maybe(number)
        answer = await repository.change(
            refs, partial(pack, parcel_no=number), cause=asked.cause, reply=_shown
        )
        return asked.answered(answer)


def _parcels(router: Router, warehouse: Warehouse) -> None:
    repository, clock = warehouse.repository, warehouse.clock

    @router.post("/parcels/{parcel_no}/despatch", response_model=OrderToPick)
    async def despatch_parcel(parcel_no: ParcelNo, asked: Asked) -> Response:
        """Hand the parcel to the carrier."""
        order = await _of_parcel(parcel_no, warehouse)
        await _at_warehouse(order.order_no, asked, warehouse)
        rule = partial(despatch, parcel_no=parcel_no, at=clock.now())
        refs = DEVICE_ORDERS.ref(order.order_no) & DEVICES.many(_devices(order, parcel_no))
        answer = await repository.change(refs, rule, cause=asked.cause, reply=_shown)
        return asked.answered(answer)

    @router.post("/parcels/{parcel_no}/receive", response_model=OrderToPick)
    async def receive_parcel(parcel_no: ParcelNo, asked: Asked) -> Response:
        """Receive the parcel at the care unit: it waits there for the patient (Q43)."""
        order = await _of_parcel(parcel_no, warehouse)
        if order.care_unit not in asked.actor.care_units:
            raise NotFound(PARCEL_LABELS.noun, parcel_no)
        rule = partial(receive, parcel_no=parcel_no, at=clock.now())
        refs = DEVICE_ORDERS.ref(order.order_no) & DEVICES.many(_devices(order, parcel_no))
        answer = await repository.change(refs, rule, cause=asked.cause, reply=_shown)
        return asked.answered(answer)

    @router.post("/parcels/{parcel_no}/deliver", response_model=OrderToPick)
    async def deliver_parcel(parcel_no: ParcelNo, form: DeliveryForm, asked: Asked) -> Response:
        """Register the day on which the patient got the parcel at home: day 0 of a fee (S99, Q10)."""
        order = await _of_parcel(parcel_no, warehouse)
        await _at_warehouse(order.order_no, asked, warehouse)
        handing = Handing(order.order_no, form.delivered_on, clock.now(), "delivered")
        numbers = _devices(order, parcel_no)
        refs = (
            DEVICE_ORDERS.ref(order.order_no)
            & DEVICES.maybe_many(numbers)
            & LOANS.maybe_many([loan_id(handing, each) for each in numbers])
        )
        rule = partial(deliver, parcel_no=parcel_no, handing=handing)
        answer = await repository.change(refs, rule, cause=asked.cause, reply=_shown)
        return asked.answered(answer)


async def _at_warehouse(order_no: str, asked: Asked, warehouse: Warehouse) -> DeviceOrder:
    """Give an order to who works where it is taken from; raises NotFound."""
    order = await warehouse.repository.get(DEVICE_ORDERS.ref(order_no))
    await warehouse.storeroom_for(order.storeroom_no, asked.actor)
    return order


async def _of_parcel(parcel_no: str, warehouse: Warehouse) -> DeviceOrder:
    label = await warehouse.repository.get(PARCEL_LABELS.ref(parcel_no))
    return await warehouse.repository.get(DEVICE_ORDERS.ref(label.order_no))


def _devices(order: DeviceOrder, parcel_no: str) -> tuple[str, ...]:
    found = (each for each in order.parcels if each.parcel_no == parcel_no)
    return next((devices_in(each) for each in found), ())


def _shown(order: DeviceOrder, *_: object) -> OrderToPick:
    return OrderToPick.of(order)


def _lines(order: DeviceOrder) -> list[LineToPick]:
    return [
        LineToPick(
            line_no=each.line_no,
            article_no=each.article_no,
            quantity=each.quantity,
            reserved=each.reserved,
            picked=each.picked,
            waiting=each.waiting,
        )
        for each in order.lines
    ]


async def _proposed(order: DeviceOrder, warehouse: Warehouse) -> list[LineToPick]:
    """Propose for each line what to take: lots that expire first, devices that lie there."""
    ids = balance_ids(order.storeroom_no, order.articles)
    kept = await warehouse.repository.get(BALANCES.maybe_many(ids))
    stock, marked = Stock.of(order.storeroom_no, order.articles, kept), await warehouse.marked(order.articles)
    lines: list[LineToPick] = []
    for each in _lines(order):
        if each.article_no in marked:
            where = {
                "storeroom_no": order.storeroom_no,
                "article_no": each.article_no,
                "state": "in_stock",
            }
            free = await warehouse.repository.find(DEVICES, where, limit=FREE_SHOWN)
            lines.append(each.model_copy(update={"device_nos": tuple(found.device_no for found in free)}))
        else:
            lots = tuple(
                LotProposed(lot=lot.lot, best_before=lot.best_before, quantity=part)
                for lot, part in stock.proposed(each.article_no, each.reserved)
            )
            lines.append(each.model_copy(update={"lots": lots}))
    return lines


def _named(thing: object) -> dict[str, object]:
    return {name: getattr(thing, name) for name in GoodsView.model_fields}
