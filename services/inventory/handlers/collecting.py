"""Handlers for collection orders: ordering owns them, and they may come in any order (Q34)."""

from collections.abc import Callable
from functools import partial

from services.inventory.application.warehouse import Warehouse
from services.inventory.domain.collecting.lending_again import again_ids, settle_annulled
from services.inventory.domain.collecting.order import (
    CollectionOrder,
    ToCollect,
    note_annulled,
    note_registered,
)
from services.inventory.domain.orders.handing import OrderMoved
from services.inventory.repository.collecting import COLLECTION_ORDERS
from services.inventory.repository.collections import DEVICES, LOANS
from shared.domain.decision import Decision
from shared.events.ordering_devices import CollectionOrderAnnulled, CollectionOrderRegistered
from shared.messaging.consuming import Subscriptions
from shared.repository import Cause, Contended

Noting = Callable[[CollectionOrder | None], Decision[CollectionOrder]]


def on_collection_orders(subscriptions: Subscriptions, warehouse: Warehouse) -> None:
    repository, clock = warehouse.repository, warehouse.clock

    @subscriptions.on(CollectionOrderRegistered)
    async def on_collection_order_registered(event: CollectionOrderRegistered, cause: Cause) -> None:
        registered = CollectionOrder(
            collection_no=event.collection_no,
            care_unit=event.care_unit,
            devices=tuple(ToCollect(each.loan_id, each.device_no, each.purpose) for each in event.devices),
            registered_on=event.registered_on,
        )
        await note(event.collection_no, partial(note_registered, registered=registered), cause)

    @subscriptions.on(CollectionOrderAnnulled)
    async def on_collection_order_annulled(event: CollectionOrderAnnulled, cause: Cause) -> None:
        await note(event.collection_no, partial(note_annulled, collection_no=event.collection_no), cause)

    async def note(collection_no: str, rule: Noting, cause: Cause) -> None:
        await repository.change(COLLECTION_ORDERS.maybe(collection_no), rule, cause=cause.part("heard"))
        order = await repository.get(COLLECTION_ORDERS.ref(collection_no))
        refs = (
            COLLECTION_ORDERS.ref(collection_no)
            & DEVICES.maybe_many([each.device_no for each in order.devices])
            & LOANS.maybe_many([each.loan_id for each in order.devices])
            & LOANS.maybe_many(again_ids(order))
        )
        settle = partial(settle_annulled, seen=order, at=clock.now())
        try:
            await repository.change(refs, settle, cause=cause.part("settled"))
        except OrderMoved as read_too_early:
            raise Contended from read_too_early
