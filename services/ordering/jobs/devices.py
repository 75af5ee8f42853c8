"""Job that raises tasks for goods that wait too long at a care unit for the patient (Q43, N7)."""

from datetime import timedelta
from functools import partial

from services.ordering.domain.devices.handing_over import WAITS_DAYS, remind_of_goods
from services.ordering.domain.devices.order import DeviceOrder
from services.ordering.repository.collections import DEVICE_ORDERS
from services.ordering.repository.devices import DeviceOrdering
from shared.clock import Clock
from shared.repository import Cause
from shared.service.apart import each_for_itself


async def remind_of_devices(devices: DeviceOrdering, clock: Clock) -> None:
    """Raise a task for every order whose goods have waited 14 days; one with a task is not found again."""
    now = clock.now()
    before = now - timedelta(days=WAITS_DAYS)

    async def remind_of(order: DeviceOrder) -> None:
        cause = Cause.of_job("goods-wait", order.order_no, now.isoformat())
        rule = partial(remind_of_goods, before=before)
        await devices.repository.change(DEVICE_ORDERS.ref(order.order_no), rule, cause=cause)

    while found := await devices.waiting_at_unit(before=before):
        await each_for_itself(devices.repository, found, remind_of)
