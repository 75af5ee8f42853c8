"""Handlers for what is said of orders of devices, which the nightly comparison holds against the fees."""

from functools import partial

from services.billing.application.device_fees import DeviceFees
from services.billing.domain.devices.following import note_made, note_over, note_sent
from services.billing.domain.devices.order import NOBODY_YET, DeviceOrder, LineSent, Made, Sent
from shared.events.inventory_goods import (
    DeviceOrderNotFetched,
    DeviceOrderReleased,
    HandOutMade,
    HandOutRefused,
    LineHandedOut,
)
from shared.events.ordering_devices import DeviceOrderSent
from shared.messaging.consuming import Subscriptions
from shared.repository import Cause


def on_device_orders(subscriptions: Subscriptions, fees: DeviceFees, *, cost_centre: str) -> None:
    @subscriptions.on(DeviceOrderSent)
    async def on_device_order_sent(event: DeviceOrderSent, cause: Cause) -> None:
        opened = DeviceOrder(event.order_no, event.patient_ref)
        lines = tuple(LineSent(each.line_no, each.article_no, each.fee) for each in event.lines)
        sent = Sent(event.product_area, event.care_unit, cost_centre, lines)
        rule = partial(note_sent, opened=opened, on=event.sent_on, sent=sent)
        await fees.note_order(event.order_no, rule, cause=cause)

    @subscriptions.on(HandOutMade)
    async def on_hand_out_made(event: HandOutMade, cause: Cause) -> None:
        opened = DeviceOrder(event.order_no, event.patient_ref)
        made = [_made(event, each) for each in event.lines]
        await fees.note_order(event.order_no, partial(note_made, opened=opened, made=made), cause=cause)

    @subscriptions.on(HandOutRefused)
    async def on_hand_out_refused(event: HandOutRefused, cause: Cause) -> None:
        await _over(event.order_no, cause)

    @subscriptions.on(DeviceOrderReleased)
    async def on_device_order_released(event: DeviceOrderReleased, cause: Cause) -> None:
        await _over(event.order_no, cause)

    @subscriptions.on(DeviceOrderNotFetched)
    async def on_device_order_not_fetched(event: DeviceOrderNotFetched, cause: Cause) -> None:
        if event.complete:
            await _over(event.order_no, cause)

    async def _over(order_no: str, cause: Cause) -> None:
        rule = partial(note_over, opened=DeviceOrder(order_no, NOBODY_YET))
        await fees.note_order(order_no, rule, cause=cause)


def _made(event: HandOutMade, line: LineHandedOut) -> Made:
    return Made(
        line.line_no, event.handed_out_on, event.handed_out_at, line.loan_ids, exchanged=line.exchanged
    )
