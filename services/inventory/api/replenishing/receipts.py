"""Routes that show the replenishments of storerooms, and receive what they bring (S115, S121, Q47)."""

import uuid
from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated, Any

from fastapi import Response
from pydantic import Field

from services.inventory.api.forms import LotNo, ParcelNo, Pieces, StoreroomNo
from services.inventory.api.replenishing.views import ReplenishmentView
from services.inventory.application.replenishing import Replenishing
from services.inventory.application.replenishment_names import named_for
from services.inventory.domain.goods.stock import balance_ids
from services.inventory.domain.orders.order import Deviation, DeviationKind, DeviceOrder, Parcel
from services.inventory.domain.orders.picking import devices_in, parcel_in
from services.inventory.domain.replenishing.amending import report_deviations
from services.inventory.domain.replenishing.booking import Booking, book
from services.inventory.repository.collections import BALANCES, DEVICE_ORDERS, DEVICES, MOVEMENTS
from shared.fault import fault
from shared.http import Ask, Asked, Pages, ReasonText, Request, Router
from shared.http.ids import ArticleNo, DeviceNo
from shared.http.language import Language
from shared.http.numbers import ReplenishmentNo

MOST_DEVIATIONS = 100


class DeviationForm(Request):
    """What was not as the parcel's list says: so many pieces of an article and lot, or one device."""

    kind: DeviationKind
    article_no: ArticleNo
    quantity: Pieces = 1
    lot: LotNo | None = None
    device_no: DeviceNo | None = None
    reason: ReasonText


class ReceiveForm(Request):
    """What came: all of it as the parcel's list says, but for these."""

    deviations: Annotated[list[DeviationForm], Field(max_length=MOST_DEVIATIONS, default_factory=list)]


class LateDeviationForm(Request):
    """What was found to differ after the goods were booked."""

    deviations: Annotated[list[DeviationForm], Field(min_length=1, max_length=MOST_DEVIATIONS)]


def routes(replenishing: Replenishing) -> Router:
    router = Router("inventory", tags=["replenishments"])
    _looking(router, replenishing)
    _receiving(router, replenishing)
    return router


def _looking(router: Router, replenishing: Replenishing) -> None:
    @router.get("/storerooms/{storeroom_no}/replenishments")
    async def list_replenishments(
        storeroom_no: StoreroomNo, ask: Ask, pages: Pages
    ) -> list[ReplenishmentView]:
        """List what was ordered to a storeroom, the newest first."""
        await replenishing.storeroom_for(storeroom_no, ask.actor)
        page = await replenishing.queries.replenishments_of([storeroom_no], after=pages.after)
        return await views_of(pages.shown(page), replenishing, ask.language)

    @router.get("/replenishments/{order_no}")
    async def get_replenishment(order_no: ReplenishmentNo, ask: Ask) -> ReplenishmentView:
        """Show a replenishment, with why each line was ordered and what came of each parcel."""
        order = await replenishing.order_for(order_no, ask.actor)
        (view,) = await views_of([order], replenishing, ask.language)
        return view

    @router.get("/deliveries")
    async def list_deliveries(ask: Ask, pages: Pages) -> list[ReplenishmentView]:
        """List what is on its way to the person's storerooms and is to be received, the oldest first."""
        own = await replenishing.storerooms_of(ask.actor)
        page = await replenishing.queries.to_receive(own, after=pages.after)
        return await views_of(pages.shown(page), replenishing, ask.language)


def _receiving(router: Router, replenishing: Replenishing) -> None:
    repository, path = replenishing.repository, "/replenishments/{order_no}/parcels/{parcel_no}"

    @router.post(path + "/receive", response_model=ReplenishmentView)
    async def receive_replenishment(
        order_no: ReplenishmentNo, parcel_no: ParcelNo, form: ReceiveForm, asked: Asked
    ) -> Response:
        """Receive a parcel into the storeroom: from now on its goods can be handed out (S121)."""
        if (kept := await repository.kept_answer(asked.cause)) is not None:
            return asked.answered(kept)
        order = await replenishing.order_received_by(order_no, asked.actor)
        parcel = parcel_in(order, parcel_no, states=("despatched",))
        booking = await _booking(order, parcel, form.deviations, asked, replenishing)
        return await _changed(book, order, asked, replenishing, booking=booking, devices=devices_in(parcel))

    @router.post(path + "/deviations", response_model=ReplenishmentView)
    async def report_deviations_of_replenishment(
        order_no: ReplenishmentNo, parcel_no: ParcelNo, form: LateDeviationForm, asked: Asked
    ) -> Response:
        """Report within 14 days what was found to differ after the goods were booked (Q47)."""
        if (kept := await repository.kept_answer(asked.cause)) is not None:
            return asked.answered(kept)
        order = await replenishing.order_received_by(order_no, asked.actor)
        parcel = parcel_in(order, parcel_no, states=("booked",))
        booking = await _booking(order, parcel, form.deviations, asked, replenishing)
        named = {each.device_no for each in booking.deviations}
        devices = [each for each in devices_in(parcel) if each in named]
        return await _changed(report_deviations, order, asked, replenishing, booking=booking, devices=devices)


async def _booking(
    order: DeviceOrder,
    parcel: Parcel,
    forms: Sequence[DeviationForm],
    asked: Asked,
    replenishing: Replenishing,
) -> Booking:
    deviations = await _read(forms, replenishing)
    return await replenishing.booking(
        order, parcel, by=asked.actor, movement_no=str(uuid.uuid4()), deviations=deviations
    )


async def _changed(
    rule: Callable[..., Any],
    order: DeviceOrder,
    asked: Asked,
    replenishing: Replenishing,
    *,
    booking: Booking,
    devices: Sequence[str],
) -> Response:
    """Change the order, its devices and the storeroom's balances in one transaction."""
    refs = (
        DEVICE_ORDERS.ref(order.order_no)
        & DEVICES.many(devices)
        & BALANCES.maybe_many(balance_ids(booking.storeroom_no, booking.article_nos))
        & MOVEMENTS.maybe(booking.movement_no)
    )
    named = await named_for(replenishing, [order], article_nos=booking.article_nos)

    def shown(changed: DeviceOrder, *_: object) -> ReplenishmentView:
        return ReplenishmentView.of(changed, named, asked.language)

    change = replenishing.repository.change
    await fault("booking.before_commit")
    answer = await change(refs, partial(rule, booking=booking), cause=asked.cause, reply=shown)
    await fault("booking.after_commit")
    return asked.answered(answer)


async def views_of(
    orders: Sequence[DeviceOrder], replenishing: Replenishing, language: Language
) -> list[ReplenishmentView]:
    named = await named_for(replenishing, orders)
    return [ReplenishmentView.of(each, named, language) for each in orders]


async def _read(forms: Sequence[DeviationForm], replenishing: Replenishing) -> list[Deviation]:
    """Read the deviations, each device by the number that it was received by; raises NotFound."""
    found = []
    for each in forms:
        await replenishing.warehouse.article(each.article_no)
        known, unknown = await replenishing.warehouse.devices([each.device_no] if each.device_no else [])
        device_no = next(iter((*known, *unknown)), None)
        quantity = 1 if device_no else each.quantity
        found.append(Deviation(each.kind, each.article_no, quantity, each.reason, each.lot or "", device_no))
    return found
