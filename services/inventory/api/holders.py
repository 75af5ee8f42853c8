"""The route that answers who has a lot or a device, in one question (T17, T19, N4)."""

from datetime import date
from typing import Self

from pydantic import model_validator

from services.inventory.api.forms import LotNo, SerialNo
from services.inventory.application.holders import Holders, Shelf
from services.inventory.application.register import Register
from services.inventory.domain.orders.holding import Holding, HoldingState
from shared.domain.decision import Sentence
from shared.fields import refusal
from shared.http import Ask, Pages, Request, Router, View
from shared.http.ids import ArticleNo, DeviceNo
from shared.repository import Page


class WhichGoods(Request):
    """A lot, a serial number, or a device by its number."""

    lot: LotNo | None = None
    article_no: ArticleNo | None = None
    """Of a lot: other articles may have lots of the same number."""
    serial_no: SerialNo | None = None
    device_no: DeviceNo | None = None

    @model_validator(mode="after")
    def _one_of_three(self) -> Self:
        if sum(each is not None for each in (self.lot, self.serial_no, self.device_no)) != 1:
            sentence = Sentence(
                "Ange ett av satsnummer, serienummer och individnummer.",
                "Give one of lot, serial number and device number.",
            )
            raise refusal("lot-or-device", sentence)
        return self


class HolderView(View):
    """A patient who has, had, or is to get some of the goods."""

    patient_ref: str
    care_unit: str
    order_no: str
    article_no: str
    article_name: str
    quantity: int
    state: HoldingState
    lot: str | None
    device_no: str | None
    since: date | None
    """Of a device: the day of the hand-out."""
    until: date | None
    """Of a device: the day of the return or exchange."""


class ShelfView(View):
    """Where some of the goods lie."""

    storeroom_no: str
    storeroom_name: str
    article_no: str
    article_name: str
    on_hand: int
    quarantined: int


class HoldersView(View):
    """Who has the goods and where they lie, as far as the person may see."""

    holders: list[HolderView]
    others: int
    """Holders on this page at other care units or in other product areas: customer service sees them."""
    shelves: list[ShelfView]
    """With the first page."""


def routes(register: Register) -> Router:
    router = Router("inventory", prefix="/goods", tags=["goods"])
    holders, repository = Holders(register), register.warehouse.repository

    @router.post("/holders")
    async def find_holders(form: WhichGoods, ask: Ask, pages: Pages) -> HoldersView:
        """List who has, had or is to get goods of a lot, or a device, and where the rest lies."""
        if form.lot is not None:
            page = await holders.of_lot(form.lot, form.article_no, after=pages.after)
            shelves = await holders.shelves_of_lot(form.lot, form.article_no, ask.actor)
        else:
            devices = await holders.devices(device_no=form.device_no, serial_no=form.serial_no)
            page = Page(await holders.of_devices(devices), None)
            shelves = await holders.shelves_of_devices(devices, ask.actor)
        found = pages.shown(page)
        seen = await holders.seen(found, ask.actor)
        await repository.note(ask, [each.patient_ref for each in seen])
        shown = [] if pages.after else shelves
        articles = [each.article_no for each in seen] + [each.article_no for each in shown]
        names = await register.warehouse.names(articles)
        return HoldersView(
            holders=[_holder(each, names) for each in seen],
            others=len(found) - len(seen),
            shelves=[_shelf(each, names) for each in shown],
        )

    return router


def _holder(holding: Holding, names: dict[str, str]) -> HolderView:
    return HolderView(
        patient_ref=holding.patient_ref,
        care_unit=holding.care_unit,
        order_no=holding.order_no,
        article_no=holding.article_no,
        article_name=names[holding.article_no],
        quantity=holding.quantity,
        state=holding.state,
        lot=holding.lot or None,
        device_no=holding.device_no,
        since=holding.since,
        until=holding.until,
    )


def _shelf(shelf: Shelf, names: dict[str, str]) -> ShelfView:
    return ShelfView(
        storeroom_no=shelf.storeroom.storeroom_no,
        storeroom_name=shelf.storeroom.name,
        article_no=shelf.article_no,
        article_name=names[shelf.article_no],
        on_hand=shelf.on_hand,
        quarantined=shelf.quarantined,
    )
