"""Handlers for collection orders: ordering owns them, and they may come in any order (Q34)."""

from functools import partial

from services.inventory.domain.collecting.order import (
    CollectionOrder,
    ToCollect,
    note_annulled,
    note_registered,
)
from services.inventory.repository.collecting import COLLECTION_ORDERS
from shared.events.ordering_devices import CollectionOrderAnnulled, CollectionOrderRegistered
from shared.messaging.consuming import Subscriptions
from shared.repository import Cause, Repository


def on_collection_orders(subscriptions: Subscriptions, repository: Repository) -> None:
    @subscriptions.on(CollectionOrderRegistered)
    async def on_collection_order_registered(event: CollectionOrderRegistered, cause: Cause) -> None:
        registered = CollectionOrder(
            collection_no=event.collection_no,
            care_unit=event.care_unit,
            devices=tuple(ToCollect(each.loan_id, each.device_no, each.purpose) for each in event.devices),
            registered_on=event.registered_on,
        )
        rule = partial(note_registered, registered=registered)
        await repository.change(COLLECTION_ORDERS.maybe(event.collection_no), rule, cause=cause)

    @subscriptions.on(CollectionOrderAnnulled)
    async def on_collection_order_annulled(event: CollectionOrderAnnulled, cause: Cause) -> None:
        rule = partial(note_annulled, collection_no=event.collection_no)
        await repository.change(COLLECTION_ORDERS.maybe(event.collection_no), rule, cause=cause)
