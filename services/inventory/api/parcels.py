"""Routes that despatch, receive and deliver the parcels of orders (Q43, S99)."""

from functools import partial

from fastapi import Response

from services.inventory.api.forms import ParcelNo
from services.inventory.api.picking_views import OrderToPick, shown
from services.inventory.application.warehouse import Warehouse
from services.inventory.domain.orders.hand_over import deliver
from services.inventory.domain.orders.handing import Handing, loan_id
from services.inventory.domain.orders.order import DeviceOrder
from services.inventory.domain.orders.picking import despatch, devices_in, receive
from services.inventory.repository.collections import DEVICE_ORDERS, DEVICES, LOANS, PARCEL_LABELS
from shared.domain.decision import NotFound
from shared.fault import fault
from shared.fields import Day
from shared.http import Asked, Request, Router


class DeliveryForm(Request):
    """The day on which the patient got the parcel."""

    delivered_on: Day


def routes(warehouse: Warehouse) -> Router:
    router = Router("inventory", prefix="/parcels", tags=["parcels"])
    repository, clock = warehouse.repository, warehouse.clock

    @router.post("/{parcel_no}/despatch", response_model=OrderToPick)
    async def despatch_parcel(parcel_no: ParcelNo, asked: Asked) -> Response:
        """Hand the parcel to the carrier."""
        order = await _of_parcel(parcel_no, warehouse)
        await warehouse.order_taken_from(order.order_no, asked.actor)
        rule = partial(despatch, parcel_no=parcel_no, at=clock.now(), carried=warehouse.working_days)
        refs = DEVICE_ORDERS.ref(order.order_no) & DEVICES.many(_devices(order, parcel_no))
        await fault("despatch.before_commit")
        answer = await repository.change(refs, rule, cause=asked.cause, reply=shown)
        await fault("despatch.after_commit")
        return asked.answered(answer)

    @router.post("/{parcel_no}/receive", response_model=OrderToPick)
    async def receive_parcel(parcel_no: ParcelNo, asked: Asked) -> Response:
        """Receive the parcel at the care unit: it waits there for the patient (Q43)."""
        order = await _of_parcel(parcel_no, warehouse)
        if order.care_unit not in asked.actor.care_units:
            raise NotFound(PARCEL_LABELS.noun, parcel_no)
        rule = partial(receive, parcel_no=parcel_no, at=clock.now())
        refs = DEVICE_ORDERS.ref(order.order_no) & DEVICES.many(_devices(order, parcel_no))
        answer = await repository.change(refs, rule, cause=asked.cause, reply=shown)
        return asked.answered(answer)

    @router.post("/{parcel_no}/deliver", response_model=OrderToPick)
    async def deliver_parcel(parcel_no: ParcelNo, form: DeliveryForm, asked: Asked) -> Response:
        """Register the day on which the patient got the parcel at home: day 0 of a fee (S99, Q10)."""
        order = await _of_parcel(parcel_no, warehouse)
        await warehouse.order_taken_from(order.order_no, asked.actor)
        handing = Handing(order.order_no, form.delivered_on, clock.now(), "delivered")
        numbers = _devices(order, parcel_no)
        refs = (
            DEVICE_ORDERS.ref(order.order_no)
            & DEVICES.maybe_many(numbers)
            & LOANS.maybe_many([loan_id(handing, each) for each in numbers])
        )
        rule = partial(deliver, parcel_no=parcel_no, handing=handing)
        answer = await repository.change(refs, rule, cause=asked.cause, reply=shown)
        return asked.answered(answer)

    return router


async def _of_parcel(parcel_no: str, warehouse: Warehouse) -> DeviceOrder:
    label = await warehouse.repository.get(PARCEL_LABELS.ref(parcel_no))
    return await warehouse.repository.get(DEVICE_ORDERS.ref(label.order_no))


def _devices(order: DeviceOrder, parcel_no: str) -> tuple[str, ...]:
    found = (each for each in order.parcels if each.parcel_no == parcel_no)
    return next((devices_in(each) for each in found), ())
