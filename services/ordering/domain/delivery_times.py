"""How long orders of devices take until they are there, and whether the planned day was kept (S128)."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from services.ordering.domain.devices.order import DeviceOrder
from shared.domain.days import local_day

HALF, NINE_OF_TEN = 50, 90


@dataclass
class DeliveryTimes:
    """Counts orders by their days: however many orders, there are no more numbers than days."""

    days: Counter[int] = field(default_factory=Counter)
    under_way: int = 0
    promised: int = 0
    """Orders that came and had a planned day."""
    late: int = 0
    """Those of them that came after it."""

    def add(self, order: DeviceOrder) -> None:
        on = delivered_on(order)
        if on is None:
            self.under_way += not order.is_over
            return
        self.days[(on - order.sent_on).days] += 1
        if order.promised_on is not None:
            self.promised += 1
            self.late += on > order.promised_on

    @property
    def delivered(self) -> int:
        return self.days.total()

    def percentile(self, percent: int) -> int | None:
        """Give the days within which so many percent came (nearest rank); None without orders."""
        rank, seen = -(-self.delivered * percent // 100), 0
        for days in sorted(self.days):
            seen += self.days[days]
            if seen >= rank:
                return days
        return None


def delivered_on(order: DeviceOrder) -> date | None:
    """Give the day on which the last of an order was at the unit or with the patient; None until then."""
    if order.kind != "order" or not order.is_complete:
        return None
    received = [each.received_at for each in order.parcels]
    days = [local_day(each) for each in received if each is not None]
    if len(days) == len(received):
        return max(days)
    if order.with_patient >= order.coming:
        return max((each.handed_out_on for each in order.handed_out), default=None)
    return None
