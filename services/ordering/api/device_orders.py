"""Routes that show and list device orders."""

from functools import partial

from services.ordering.api.device_forms import WhichDeviceOrders
from services.ordering.api.device_views import DeviceOrderView
from services.ordering.application.devices import DeviceDesk, demand_place
from services.ordering.domain.devices.order import DeviceOrder
from services.ordering.repository.devices import DEVICE_ORDERS
from shared.domain.decision import Refused, Sentence
from shared.http import Ask, Forbidden, Pages, Router
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
    router = Router("ordering", prefix="/device_orders", tags=["device orders"])

    @router.get("/{order_no}")
    async def get_device_order(order_no: OrderNo, ask: Ask) -> DeviceOrderView:
        """Show a device order or hand-out with all that is known of it."""
        order = await desk.repository.show(
            DEVICE_ORDERS.ref(order_no), asked=ask, demand=partial(demand_place, ask.actor)
        )
        catalogue = await desk.catalogue_of((order,))
        return DeviceOrderView.of(order, catalogue=catalogue, language=ask.language, seals=desk.seals)

    @router.post("/search")
    async def search_device_orders(form: WhichDeviceOrders, ask: Ask, pages: Pages) -> list[DeviceOrderView]:
        """List the device orders of a patient or of a care unit, the latest first (S158)."""
        found = pages.shown(await page_of(form, ask, pages))
        seen = [each for each in found if ask.actor.covers(area=each.product_area, unit=each.care_unit)]
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
            return await desk.devices.orders_of_unit(form.care_unit, after=pages.after)
        present = await desk.ordering.present_ref(form.patient_ref or "")
        return await desk.devices.orders_of_patient(present, after=pages.after)

    return router
