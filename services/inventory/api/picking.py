"""Routes that pick and pack what orders are waiting for in a warehouse (Q49)."""

import uuid
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Self

from fastapi import Response
from pydantic import model_validator

from services.inventory.api.forms import LotNo, ParcelNo, Pieces, StoreroomNo
from services.inventory.api.picking_views import (
    ComponentToPick,
    LineToPick,
    LotProposed,
    OrderToPick,
    lines_of,
    shown,
)
from services.inventory.application.warehouse import Warehouse
from services.inventory.domain.goods.stock import Stock, balance_ids
from services.inventory.domain.orders.order import DeviceOrder
from services.inventory.domain.orders.picking import (
    Pick,
    pack,
    pick_counted,
    pick_device,
    take_pick_list,
)
from services.inventory.domain.orders.putting_back import (
    give_up_pick_list,
    put_counted_back,
    put_device_back,
)
from services.inventory.repository.collections import (
    BALANCES,
    DEVICE_ORDERS,
    DEVICES,
    MOVEMENTS,
    PARCEL_LABELS,
)
from shared.domain.decision import Sentence
from shared.fields import refusal
from shared.http import Ask, Asked, Pages, Request, Router
from shared.http.ids import ArticleNo, DeviceNo
from shared.http.numbers import PickedNo


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


class PutBackForm(PickForm):
    """What is put back on its shelf: a device, or pieces of an article."""


class PackForm(Request):
    """The number on the parcel's label; left out: the pick list's own."""

    parcel_no: ParcelNo | None = None


def routes(warehouse: Warehouse) -> Router:
    router = Router("inventory", tags=["picking"])
    _looking(router, warehouse)
    _picking(router, warehouse)
    _putting_back(router, warehouse)
    return router


def _looking(router: Router, warehouse: Warehouse) -> None:
    @router.get("/storerooms/{storeroom_no}/pick-lists")
    async def list_pick_lists(storeroom_no: StoreroomNo, ask: Ask, pages: Pages) -> list[OrderToPick]:
        """List the orders that can be picked, the oldest first."""
        await warehouse.storeroom_for(storeroom_no, ask.actor)
        page = await warehouse.queries.orders_to_pick(storeroom_no, after=pages.after)
        return [OrderToPick.of(each) for each in pages.shown(page)]

    @router.get("/device-orders/{order_no}/pick-list")
    async def get_pick_list(order_no: PickedNo, ask: Ask) -> OrderToPick:
        """Show what is to be picked, with the lots that expire first and devices that lie there."""
        order = await warehouse.order_for(order_no, ask.actor)
        return OrderToPick.of(order, await _proposed(order, warehouse))


def _picking(router: Router, warehouse: Warehouse) -> None:
    repository, clock = warehouse.repository, warehouse.clock

    @router.post("/device-orders/{order_no}/pick-list/take", response_model=OrderToPick)
    async def take_order_to_pick(order_no: PickedNo, asked: Asked) -> Response:
        """Take the pick list: from now on the order cannot be annulled (Q49)."""
        await warehouse.order_taken_from(order_no, asked.actor)
        rule = partial(take_pick_list, by=asked.actor.sub, by_name=asked.actor.name, at=clock.now())
        answer = await repository.change(
            DEVICE_ORDERS.ref(order_no, if_version=asked.if_match), rule, cause=asked.cause, reply=shown
        )
        return asked.answered(answer)

    @router.post("/device-orders/{order_no}/pick-list/pick", response_model=OrderToPick)
    async def pick_goods(order_no: PickedNo, form: PickForm, asked: Asked) -> Response:
        """Put what was scanned into the parcel; another order's device is refused."""
        order = await warehouse.order_taken_from(order_no, asked.actor)
        is_marked = form.article_no in await warehouse.marked(order.articles)
        counted = partial(pick_counted, is_marked=is_marked)
        return await _moved(warehouse, order, form, asked, device_rule=pick_device, counted_rule=counted)

    @router.post("/device-orders/{order_no}/pick-list/pack", response_model=OrderToPick)
    async def pack_parcel(order_no: PickedNo, form: PackForm, asked: Asked) -> Response:
        """Close the parcel under an SSCC, another number of the warehouse's, or the pick list's own."""
        order = await warehouse.order_taken_from(order_no, asked.actor)
        own = order.picking.pick_list_no if order.picking else order_no
        number = form.parcel_no or own
        refs = DEVICE_ORDERS.ref(order_no) & PARCEL_LABELS.maybe(number)
        answer = await repository.change(
            refs, partial(pack, parcel_no=number, at=clock.now()), cause=asked.cause, reply=shown
        )
        return asked.answered(answer)


def _putting_back(router: Router, warehouse: Warehouse) -> None:
    repository = warehouse.repository

    @router.post("/device-orders/{order_no}/pick-list/put-back", response_model=OrderToPick)
    async def put_goods_back(order_no: PickedNo, form: PutBackForm, asked: Asked) -> Response:
        """Put what was picked by mistake on its shelf again; it stays reserved for the order."""
        order = await warehouse.order_taken_from(order_no, asked.actor)
        return await _moved(
            warehouse, order, form, asked, device_rule=put_device_back, counted_rule=put_counted_back
        )

    @router.post("/device-orders/{order_no}/pick-list/give-up", response_model=OrderToPick)
    async def give_up_order_to_pick(order_no: PickedNo, asked: Asked) -> Response:
        """Let another store keeper take the pick list, with what lies in the parcel."""
        await warehouse.order_taken_from(order_no, asked.actor)
        ref = DEVICE_ORDERS.ref(order_no, if_version=asked.if_match)
        return asked.answered(await repository.change(ref, give_up_pick_list, cause=asked.cause, reply=shown))


async def _moved(
    warehouse: Warehouse,
    order: DeviceOrder,
    form: PickForm,
    asked: Asked,
    *,
    device_rule: Callable[..., Any],
    counted_rule: Callable[..., Any],
) -> Response:
    """Carry out one movement between shelf and parcel: of a device, or of counted pieces."""
    at = warehouse.clock.now()
    pick = Pick(str(uuid.uuid4()), asked.actor.sub, at, form.article_no, form.lot, form.quantity)
    balances = BALANCES.maybe_many(balance_ids(order.storeroom_no, order.articles))
    refs, moves = DEVICE_ORDERS.ref(order.order_no) & balances, MOVEMENTS.maybe(pick.movement_no)
    change = partial(warehouse.repository.change, cause=asked.cause, reply=shown)
    if form.device_no is None:
        return asked.answered(await change(refs & moves, partial(counted_rule, pick=pick)))
    device = await warehouse.device(form.device_no)
    of_device = refs & DEVICES.ref(device.device_no) & moves
    return asked.answered(await change(of_device, partial(device_rule, pick=pick)))


async def _proposed(order: DeviceOrder, warehouse: Warehouse) -> list[LineToPick]:
    """Propose for each line what to take: lots that expire first, devices that lie there."""
    ids = balance_ids(order.storeroom_no, order.articles)
    kept = await warehouse.repository.get(BALANCES.maybe_many(ids))
    stock, marked = Stock.of(order.storeroom_no, order.articles, kept), await warehouse.marked(order.articles)
    names = await warehouse.names(order.articles)
    lines: list[LineToPick] = []
    for each in lines_of(order):
        found: dict[str, object] = _named(order, each.line_no, names)
        if each.article_no in marked:
            free = await warehouse.queries.free_devices(each.article_no, storeroom_no=order.storeroom_no)
            found["device_nos"] = tuple(device.number_on_label for device in free)
        else:
            found["lots"] = tuple(
                LotProposed(lot=lot.lot, best_before=lot.best_before, quantity=part)
                for lot, part in stock.proposed(each.article_no, each.reserved)
            )
        lines.append(each.model_copy(update=found))
    return lines


def _named(order: DeviceOrder, line_no: int, names: Mapping[str, str]) -> dict[str, object]:
    """Name the article of a line and what is put on each device (Q38, Q46)."""
    line = order.line(line_no)
    components = (
        ComponentToPick(article_no=each, article_name=names.get(each, ""), quantity=quantity)
        for each, quantity in line.components
    )
    return {"article_name": names.get(line.article_no, ""), "components": tuple(components)}
