"""What economists read at billing's doors, and an order that was sent and delivered."""

from typing import Any

from shared.events.ordering import LineWithdrawn, Notify, OrderDelivered, OrderSent
from tests.billing.examples import WITHDRAWAL
from tests.billing.in_memory import AT, SENT, TODAY, Billing

ORDER = SENT.order_nos[0]
ORDER_SENT = OrderSent(
    order_no=ORDER,
    withdrawal_no=WITHDRAWAL,
    patient_ref="p-1",
    distributor="demo",
    sent_on=TODAY,
    lines=(LineWithdrawn(line_id="F1-1", prescription_no="F1", article_no="900100", packages=4),),
    notify=Notify(channel="none"),
)
DELIVERED = OrderDelivered(order_no=ORDER, withdrawal_no=WITHDRAWAL, patient_ref="p-1", delivered_at=AT)


async def get(billing: Billing, path: str) -> Any:
    return (await billing.service.client.get(path, headers=billing.service.token("economist"))).json()
