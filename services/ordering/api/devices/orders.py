"""Routes that show and list device orders."""

from functools import partial

from fastapi import Response

from services.ordering.api.devices.forms import WhichDeviceOrders
from services.ordering.api.devices.views import DeviceOrderKept, DeviceOrderView
from services.ordering.application.devices import DeviceDesk, demand_place
from services.ordering.domain.device_steps import steps_of
from services.ordering.domain.devices.annulling import annul_order, split_order
from services.ordering.domain.devices.order import DeviceOrder
from services.ordering.repository.collections import DEVICE_ORDERS
from shared.domain.decision import Refused, Sentence
from shared.http import Ask, Asked, Forbidden, Pages, Router
from shared.http.numbers import OrderNo
from shared.repository import Page


class WhoseOrders(Refused):
    """A list of device orders is of one patient or of one care unit."""

    rule = "whose-device-orders"
    sentence = Sentence(
        "Ange en patient eller ett tjänsteställe, inte båda och inte ingen.",
        "Give a patient or a care unit: one of them, not both.",
    )


def routes(desk: DeviceDesk) -> Router:
    router = Router("ordering", prefix="/device-orders", tags=["device orders"])

    _changing(router, desk)

    @router.get("/{order_no}")
    async def get_device_order(order_no: OrderNo, ask: Ask) -> DeviceOrderView:
        """Show a device order or hand-out with its planned delivery and every step of it (S128)."""
        order = await desk.repository.show(
            DEVICE_ORDERS.ref(order_no), asked=ask, demand=partial(demand_place, ask.actor)
        )
        catalogue = await desk.catalogue_of((order,))
        people = await desk.devices.people_named(each.by for each in steps_of(order))
        return DeviceOrderView.of(
            order, catalogue=catalogue, language=ask.language, seals=desk.seals, people=people
        )

    @router.post("/search")
    async def search_device_orders(form: WhichDeviceOrders, ask: Ask, pages: Pages) -> list[DeviceOrderView]:
        """List the device orders of a patient or of a care unit, the latest first (S158)."""
        found = pages.shown(await page_of(form, ask, pages))
        # Of the version before, those that were over then are found as well.
        asked = [each for each in found if not (form.only_open and each.is_over)]
        seen = [each for each in asked if ask.actor.covers(area=each.product_area, unit=each.care_unit)]
        refs = [form.patient_ref] if form.patient_ref else []
        await desk.repository.note(ask, [*refs, *(each.patient_ref for each in seen)])
        catalogue = await desk.catalogue_of(seen)
        return [DeviceOrderView.of(each, catalogue=catalogue, language=ask.language) for each in seen]

    async def page_of(form: WhichDeviceOrders, ask: Ask, pages: Pages) -> Page[DeviceOrder]:
        if (form.patient_ref is None) == (form.care_unit is None):
            raise WhoseOrders
        if form.care_unit is not None:
            if not ask.actor.covers(unit=form.care_unit):
                raise Forbidden("not-your-unit")
            return await desk.devices.orders_of_unit(
                form.care_unit, only_open=form.only_open, after=pages.after
            )
        present = await desk.ordering.present_ref(form.patient_ref or "")
        return await desk.devices.orders_of_patient(present, only_open=form.only_open, after=pages.after)

    return router


def _changing(router: Router, desk: DeviceDesk) -> None:
    @router.post("/{order_no}/annul", response_model=DeviceOrderKept)
    async def annul_device_order(order_no: OrderNo, asked: Asked) -> Response:
        """Ask inventory to annul an order that nobody has begun to pick (Q49, S129)."""
        await desk.order_for(order_no, asked.actor)
        rule = partial(annul_order, by=asked.actor.sub, at=desk.clock.now())
        ref = DEVICE_ORDERS.ref(order_no, if_version=asked.if_match)
        return asked.answered(await desk.repository.change(ref, rule, cause=asked.cause, reply=_kept))

    @router.post("/{order_no}/split", response_model=DeviceOrderKept)
    async def split_device_order(order_no: OrderNo, asked: Asked) -> Response:
        """Let what is reserved of a joint delivery leave without the rest (Q55)."""
        await desk.order_for(order_no, asked.actor)
        rule = partial(split_order, by=asked.actor.sub, at=desk.clock.now())
        ref = DEVICE_ORDERS.ref(order_no, if_version=asked.if_match)
        return asked.answered(await desk.repository.change(ref, rule, cause=asked.cause, reply=_kept))


def _kept(order: DeviceOrder) -> DeviceOrderKept:
    return DeviceOrderKept(order_no=order.order_no)
