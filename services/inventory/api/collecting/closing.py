"""Routes of the warehouse about collection orders: what shall come, and closing one by scanning (Q54)."""

from datetime import date, datetime
from functools import partial
from typing import Annotated

from fastapi import Response
from pydantic import Field

from services.inventory.api.collecting.views import CollectionToReceive, shown
from services.inventory.api.forms import Pieces, StoreroomNo
from services.inventory.application.collecting import Collecting
from services.inventory.domain.collecting.closing import close_collection
from services.inventory.domain.collecting.order import CollectionOrder, State
from services.inventory.domain.collecting.scanned import (
    ComponentCame,
    Disposition,
    OtherGoods,
    Scanned,
)
from services.inventory.domain.orders.order import Disposition as ComponentDisposition
from services.inventory.repository.collecting import COLLECTION_ORDERS
from shared.fault import fault
from shared.http import Ask, Asked, Pages, Request, Router, View
from shared.http.ids import ArticleNo, DeviceNo
from shared.http.numbers import CollectionNo

MOST_DEVICES = 50
MOST_COMPONENTS = 20


class ComponentCameForm(Request):
    """Pieces of a component that were on the device; left out, they are dealt with as usual (Q46)."""

    article_no: ArticleNo
    quantity: Pieces = 1
    disposition: ComponentDisposition | None = None


class DeviceCameForm(Request):
    """A device that was scanned, and what becomes of it."""

    device_no: DeviceNo
    disposition: Disposition = "quarantine"
    """Set apart to be reconditioned or repaired, unless somebody says otherwise (S142)."""
    components: Annotated[list[ComponentCameForm], Field(max_length=MOST_COMPONENTS)] | None = None
    """What was on it; left out: all that should be."""

    def scanned(self) -> Scanned:
        components = (
            None
            if self.components is None
            else tuple(
                ComponentCame(each.article_no, each.quantity, each.disposition) for each in self.components
            )
        )
        return Scanned(self.device_no, self.disposition, components)


class OtherGoodsForm(Request):
    """Counted pieces that came and were on none of the devices."""

    article_no: ArticleNo
    quantity: Pieces = 1


class ClosingForm(Request):
    """All that came, at which warehouse; without devices nothing did (Q48)."""

    storeroom_no: StoreroomNo
    devices: Annotated[list[DeviceCameForm], Field(max_length=MOST_DEVICES, default_factory=list)]
    other_goods: Annotated[list[OtherGoodsForm], Field(max_length=MOST_DEVICES, default_factory=list)]


class CollectionClosedView(View):
    """A collection order that was closed; what lacks and what nobody expected are tasks."""

    collection_no: str
    state: State
    storeroom_no: str | None
    closed_at: datetime | None
    registered_on: date | None


def routes(collecting: Collecting) -> Router:
    router = Router("inventory", prefix="/collection-orders", tags=["collection orders"])
    repository = collecting.repository

    @router.get("")
    async def list_collections_to_receive(ask: Ask, pages: Pages) -> list[CollectionToReceive]:
        """List the collection orders of which devices shall come to the warehouse, the oldest first."""
        found = pages.shown(await collecting.waited_for(pages.after))
        return shown(await collecting.shown(found), ask.language)

    @router.get("/{collection_no}")
    async def get_collection_to_receive(collection_no: CollectionNo, ask: Ask) -> CollectionToReceive:
        """Show what shall come: each device with its components and purpose; no patient (Q61)."""
        order = await repository.get(COLLECTION_ORDERS.ref(collection_no))
        return shown(await collecting.shown([order]), ask.language)[0]

    @router.post("/{collection_no}/close", response_model=CollectionClosedView)
    async def close_collection_of_devices(
        collection_no: CollectionNo, form: ClosingForm, asked: Asked
    ) -> Response:
        """Close it with what came: loans end, each piece goes on, what lacks is a task (Q48, Q54)."""
        storeroom = await collecting.warehouse.storeroom_for(form.storeroom_no, asked.actor)
        scanned = [each.scanned() for each in form.devices]
        others = tuple(OtherGoods(each.article_no, each.quantity) for each in form.other_goods)
        closing, refs = await collecting.read(collection_no, storeroom, scanned, others, by=asked.actor.sub)
        rule = partial(close_collection, closing=closing)
        await fault("collect.before_commit")
        answer = await repository.change(refs, rule, cause=asked.cause, reply=_closed)
        await fault("collect.after_commit")
        await collecting.warehouse.give_to_waiting(storeroom.storeroom_no, closing.put_back)
        return asked.answered(answer)

    return router


def _closed(order: CollectionOrder, *_: object) -> CollectionClosedView:
    return CollectionClosedView(
        collection_no=order.collection_no,
        state=order.state,
        storeroom_no=order.storeroom_no,
        closed_at=order.closed_at,
        registered_on=order.registered_on,
    )
