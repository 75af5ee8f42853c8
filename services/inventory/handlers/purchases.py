"""Handler for what suppliers answer to purchases (Q60)."""

from functools import partial

from services.inventory.application.purchasing import Purchasing
from services.inventory.domain.purchasing.answering import unknown_purchase
from services.inventory.repository.purchases import PURCHASES
from shared.messaging.consuming import Subscriptions
from shared.repository import Cause
from shared.suppliers import SupplierReply


def on_suppliers(subscriptions: Subscriptions, purchasing: Purchasing) -> None:
    @subscriptions.on_partner("suppliers.replies", SupplierReply)
    async def on_supplier_reply(event: SupplierReply, cause: Cause) -> None:
        if await purchasing.hear(event, cause):
            return
        rule = partial(unknown_purchase, event=event)
        await purchasing.repository.change(PURCHASES.maybe(event.order_no), rule, cause=cause)
