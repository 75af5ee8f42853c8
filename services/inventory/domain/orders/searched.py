"""What the search of orders shows of a replenishment: nobody is named in it (Q35, Q61)."""

from dataclasses import replace

from services.inventory.domain.orders.order import DeviceOrder
from shared.domain.decision import Decision
from shared.events.fact import Fact
from shared.events.inventory_orders import GoodsOrderChanged, GoodsOrdered, GoodsOrderState

STATES: dict[str, GoodsOrderState] = {"open": "ordered", "despatched": "despatched", "annulled": "annulled"}


def in_search(order: DeviceOrder) -> tuple[DeviceOrder, list[Fact]]:
    """Publish a replenishment as it is now, for the search of orders of every type (Q35)."""
    terms = order.replenishment
    if terms is None or order.sent_at is None:
        return order, []
    order = replace(order, version=order.version + 1, searched=True)
    is_received = order.state == "despatched" and not order.to_receive
    planned = (each.arrives_on for each in order.parcels if each.state == "despatched")
    fact = GoodsOrderChanged(
        order_no=order.order_no,
        version=order.version,
        kind="replenishment",
        state="received" if is_received else STATES.get(order.state, "ordered"),
        care_unit=order.care_unit,
        source_no=order.storeroom_no,
        storeroom_no=terms.storeroom_no,
        ordered_at=order.sent_at,
        expected_on=max((day for day in planned if day), default=None),
        lines=tuple(GoodsOrdered(article_no=each.article_no, quantity=each.quantity) for each in order.lines),
    )
    return order, [fact]


def publish_unsearched(order: DeviceOrder) -> Decision[DeviceOrder]:
    """Publish a replenishment of a version that did not; one that is known stays as it is (Q35)."""
    return (order, []) if order.searched else in_search(order)
