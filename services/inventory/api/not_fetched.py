"""Routes for goods that waited at a care unit and were never fetched (Q43)."""

import uuid
from functools import partial

from fastapi import Response

from services.inventory.api.forms import StoreroomNo
from services.inventory.api.picking_views import OrderToPick, shown
from services.inventory.application.warehouse import Warehouse
from services.inventory.domain.goods.stock import balance_ids
from services.inventory.domain.orders.not_fetched import (
    NotFetched,
    end_not_fetched,
    take_sent_back,
    waiting_devices,
)
from services.inventory.domain.places import Storeroom
from services.inventory.repository.collections import (
    BALANCES,
    DEVICE_ORDERS,
    DEVICES,
    MOVEMENTS,
    STOREROOMS,
)
from shared.domain.decision import NotFound
from shared.http import Asked, Forbidden, ReasonText, Request, Router
from shared.http.numbers import OrderNo, PickedNo


class NotFetchedForm(Request):
    """Where the goods go: the unit's own storeroom, or the warehouse that they came from."""

    storeroom_no: StoreroomNo
    reason: ReasonText


class SentBackForm(Request):
    """What the store keeper notes when the goods are there."""

    reason: ReasonText


def routes(warehouse: Warehouse) -> Router:
    router = Router("inventory", prefix="/device-orders", tags=["parcels"])
    repository = warehouse.repository

    def ended(storeroom: Storeroom, reason: str, asked: Asked) -> NotFetched:
        return NotFetched(str(uuid.uuid4()), storeroom, reason, asked.actor.sub, warehouse.clock.now())

    @router.post("/{order_no}/not-fetched", response_model=OrderToPick)
    async def end_order_not_fetched(order_no: OrderNo, form: NotFetchedForm, asked: Asked) -> Response:
        """Put what the patient never fetched into the own storeroom, or send it back: no loan, no fee."""
        order = await repository.get(DEVICE_ORDERS.ref(order_no))
        if order.care_unit not in asked.actor.care_units:
            raise NotFound(DEVICE_ORDERS.noun, order_no)
        if not asked.actor.covers(area=order.product_area):
            raise Forbidden(patient_refs=(order.patient_ref,))
        storeroom = await repository.get(STOREROOMS.ref(form.storeroom_no))
        to = ended(storeroom, form.reason, asked)
        refs = (
            DEVICE_ORDERS.ref(order_no)
            & DEVICES.many(waiting_devices(order, "received"))
            & BALANCES.maybe_many(balance_ids(storeroom.storeroom_no, order.articles))
            & MOVEMENTS.maybe(to.movement_no)
        )
        rule = partial(end_not_fetched, ended=to)
        answer = await repository.change(refs, rule, cause=asked.cause, reply=shown)
        await warehouse.give_to_waiting(storeroom.storeroom_no, order.articles)
        return asked.answered(answer)

    @router.post("/{order_no}/take-back", response_model=OrderToPick)
    async def take_order_sent_back(order_no: PickedNo, form: SentBackForm, asked: Asked) -> Response:
        """Put what a unit sent back on the shelf of the warehouse, for the orders that wait."""
        order = await warehouse.order_taken_from(order_no, asked.actor)
        storeroom = await repository.get(STOREROOMS.ref(order.storeroom_no))
        to = ended(storeroom, form.reason, asked)
        refs = (
            DEVICE_ORDERS.ref(order_no)
            & DEVICES.many(waiting_devices(order, "sent_back"))
            & BALANCES.maybe_many(balance_ids(order.storeroom_no, order.articles))
            & MOVEMENTS.maybe(to.movement_no)
        )
        rule = partial(take_sent_back, ended=to)
        answer = await repository.change(refs, rule, cause=asked.cause, reply=shown)
        await warehouse.give_to_waiting(order.storeroom_no, order.articles)
        return asked.answered(answer)

    return router
