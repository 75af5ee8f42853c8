"""What is shown of goods that are on order: from suppliers, and from a warehouse."""

from datetime import date, datetime

from services.inventory.domain.goods.balance import Balance
from shared.http import View


class SupplyView(View):
    """What of an article is on order from a supplier."""

    supply_no: str
    quantity: int
    """Base units that have not come."""
    expected_on: date
    registered_by: str
    registered_at: datetime


class ComingView(View):
    """What a replenishment brings that has not been received."""

    order_no: str
    quantity: int
    """Base units."""


def coming_shown(balance: Balance) -> list[ComingView]:
    return [ComingView(order_no=each.order_no, quantity=each.quantity) for each in balance.coming]


def supplies_shown(balance: Balance) -> list[SupplyView]:
    return [
        SupplyView(
            supply_no=each.supply_no,
            quantity=each.quantity,
            expected_on=each.expected_on,
            registered_by=each.registered_by,
            registered_at=each.registered_at,
        )
        for each in sorted(balance.supplies, key=lambda supply: supply.expected_on)
    ]
