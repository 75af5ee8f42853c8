"""Handlers for what inventory consumes: tariffs, rules, orders, collections, patients, suppliers' replies."""

from functools import partial

from services.inventory.application.purchasing import Purchasing
from services.inventory.application.recalls import Recalls
from services.inventory.application.warehouse import Warehouse
from services.inventory.handlers.collecting import on_collection_orders
from services.inventory.handlers.device_orders import on_device_orders, on_hand_overs
from services.inventory.handlers.distributed import on_distributed
from services.inventory.handlers.patients import on_patients
from services.inventory.handlers.purchases import on_suppliers
from services.inventory.handlers.rules import on_rules
from services.inventory.repository.collections import TARIFFS
from shared.domain.tariff import note_tariff
from shared.events.billing import TariffPublished
from shared.messaging.consuming import Subscriptions
from shared.repository import Cause


def handlers(warehouse: Warehouse, recalls: Recalls, purchasing: Purchasing) -> Subscriptions:
    subscriptions, repository = Subscriptions("inventory"), warehouse.repository

    @subscriptions.on(TariffPublished)
    async def on_tariff_published(event: TariffPublished, cause: Cause) -> None:
        # To say which articles have no price (Q3).
        await repository.change(
            TARIFFS.maybe(event.tariff), partial(note_tariff, published=event), cause=cause
        )

    on_device_orders(subscriptions, warehouse)
    on_hand_overs(subscriptions, warehouse)
    on_patients(subscriptions, warehouse)
    on_rules(subscriptions, warehouse)
    on_collection_orders(subscriptions, warehouse)
    on_distributed(subscriptions, recalls)
    on_suppliers(subscriptions, purchasing)
    return subscriptions
