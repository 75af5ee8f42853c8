"""Routes by which a storeroom is put right: quarantine, scrapping, and a stocktake of devices (Q36, Q51)."""

import uuid
from collections.abc import Sequence
from functools import partial
from typing import Annotated, Self

from fastapi import Response
from pydantic import Field, model_validator

from services.inventory.api.forms import LotNo, Pieces, StoreroomNo
from services.inventory.api.goods import BalanceView
from services.inventory.application.warehouse import Warehouse
from services.inventory.domain.devices.counting_devices import (
    MOST_SCANNED,
    Scanned,
    count_devices,
    outcome_of,
)
from services.inventory.domain.devices.device import Device, DeviceState
from services.inventory.domain.devices.receiving import NotMarked
from services.inventory.domain.devices.setting_apart import (
    Apart,
    PiecesApart,
    To,
    set_device_apart,
    set_goods_apart,
)
from services.inventory.domain.goods.balance import Balance, balance_id
from services.inventory.domain.goods.counting import CountedByNumber
from services.inventory.domain.goods.movement import COUNTED, Movement
from services.inventory.domain.places import Storeroom
from services.inventory.domain.stocktakes.limits import piece_value
from services.inventory.repository.collections import BALANCES, DEVICES, MOVEMENTS
from shared.domain.decision import NotFound, Sentence
from shared.fields import refusal
from shared.http import Asked, ReasonText, Request, Router, View
from shared.http.ids import ArticleNo, DeviceNo


class ApartForm(Request):
    """Where a device goes, and why."""

    destination: To
    reason: ReasonText


class DeviceApartView(View):
    """Where a device is now."""

    device_no: str
    article_no: str
    state: DeviceState
    storeroom_no: str | None


class GoodsApartForm(Request):
    """Which counted goods go where, and why."""

    article_no: ArticleNo
    lot: LotNo | None = None
    quantity: Pieces
    destination: To
    from_quarantine: bool = False
    """Asked of what is scrapped: it stands in quarantine now."""
    reason: ReasonText


class ScanForm(Request):
    """The numbers of all devices of an article that lie in the storeroom."""

    article_no: ArticleNo
    device_nos: Annotated[list[DeviceNo], Field(max_length=MOST_SCANNED)]
    nothing_there: bool = False
    """Said with an empty list: none of the article lies there."""
    reason: ReasonText

    @model_validator(mode="after")
    def _scanned_or_empty(self) -> Self:
        if bool(self.device_nos) == self.nothing_there:
            sentence = Sentence(
                "Skanna det som ligger där, eller ange att inget ligger där (nothing_there).",
                "Scan what lies there, or say that nothing does (nothing_there).",
            )
            raise refusal("scanned-or-nothing-there", sentence)
        return self


class ScanView(View):
    """What a stocktake of devices found."""

    storeroom_no: str
    article_no: str
    article_name: str
    missing: list[str]
    """They should lie there, and are missing from now on."""
    found: list[str]
    """They were missing, and lie there again."""
    elsewhere: list[str]
    """The register says another place, a patient, another article, or does not know them: look into these."""


def routes(warehouse: Warehouse) -> Router:
    router = Router("inventory", tags=["goods"])
    _setting_apart(router, warehouse)
    _counting(router, warehouse)
    return router


def _setting_apart(router: Router, warehouse: Warehouse) -> None:
    repository = warehouse.repository

    @router.post("/devices/{device_no}/set-apart", response_model=DeviceApartView)
    async def set_device_of_stock_apart(device_no: DeviceNo, form: ApartForm, asked: Asked) -> Response:
        """Set a device of the storeroom apart, put it on its shelf again, or scrap it (Q36, S148)."""
        if (kept := await repository.kept_answer(asked.cause)) is not None:
            return asked.answered(kept)
        device = await warehouse.device(device_no)
        if device.storeroom_no is None:
            raise NotFound(DEVICES.noun, device_no)
        storeroom = await warehouse.storeroom_for(device.storeroom_no, asked.actor)
        apart = _apart(form, storeroom, asked, warehouse)
        refs = (
            DEVICES.ref(device.device_no)
            & BALANCES.maybe(balance_id(storeroom.storeroom_no, device.article_no))
            & MOVEMENTS.maybe(apart.movement_no)
        )
        rule = partial(set_device_apart, apart=apart)
        answer = await repository.change(refs, rule, cause=asked.cause, reply=_device_shown)
        await warehouse.give_to_waiting(storeroom.storeroom_no, [device.article_no])
        return asked.answered(answer)

    @router.post("/storerooms/{storeroom_no}/set-apart", response_model=BalanceView)
    async def set_goods_of_stock_apart(
        storeroom_no: StoreroomNo, form: GoodsApartForm, asked: Asked
    ) -> Response:
        """Set counted goods apart, put them on the shelf again, or scrap them (Q36, S148)."""
        storeroom = await warehouse.storeroom_for(storeroom_no, asked.actor)
        article = await warehouse.article(form.article_no)
        if article.device and article.device.marked:
            raise CountedByNumber(article_no=form.article_no)
        apart = _apart(form, storeroom, asked, warehouse)
        pieces = PiecesApart(form.article_no, form.quantity, form.lot or "", form.from_quarantine)
        rule = partial(set_goods_apart, pieces=pieces, apart=apart, article=article)
        refs = BALANCES.maybe(balance_id(storeroom_no, form.article_no)) & MOVEMENTS.maybe(apart.movement_no)

        def shown(balance: Balance | None, *_: object) -> BalanceView:
            return BalanceView.of(balance or Balance(storeroom_no, form.article_no), article.name)

        answer = await repository.change(refs, rule, cause=asked.cause, reply=shown)
        await warehouse.give_to_waiting(storeroom_no, [form.article_no])
        return asked.answered(answer)


def _counting(router: Router, warehouse: Warehouse) -> None:
    repository = warehouse.repository

    @router.post("/storerooms/{storeroom_no}/stocktake-devices", response_model=ScanView)
    async def count_devices_of_stock(storeroom_no: StoreroomNo, form: ScanForm, asked: Asked) -> Response:
        """Compare scanned numbers with the register: missing and found ones are adjusted (Q51)."""
        await warehouse.storeroom_for(storeroom_no, asked.actor)
        article = await warehouse.article(form.article_no)
        if article.device is None or not article.device.marked:
            raise NotMarked(article_no=form.article_no)
        known, unknown = await warehouse.devices(form.device_nos)
        there = await warehouse.queries.devices_of(form.article_no, storeroom_no=storeroom_no)
        scanned = Scanned(
            str(uuid.uuid4()), storeroom_no, form.article_no, frozenset(known), form.reason,
            asked.actor.sub, warehouse.clock.now(), piece_value(article),
        )  # fmt: skip
        refs = (
            MOVEMENTS.maybe(scanned.movement_no)
            & BALANCES.maybe(balance_id(storeroom_no, form.article_no))
            & DEVICES.many(sorted({*known, *(each.device_no for each in there)}))
        )

        def shown(movement: Movement | None, _: Balance | None, devices: tuple[Device, ...]) -> ScanView:
            return _scan_shown(movement, devices, scanned, article.name, unknown)

        rule = partial(count_devices, scanned=scanned)
        answer = await repository.change(refs, rule, cause=asked.cause, reply=shown)
        await warehouse.give_to_waiting(storeroom_no, [form.article_no])
        return asked.answered(answer)


def _scan_shown(
    movement: Movement | None,
    devices: tuple[Device, ...],
    scanned: Scanned,
    article_name: str,
    unknown: Sequence[str],
) -> ScanView:
    """Say what the movement adjusted, and what a person looks into."""
    rows = movement.rows if movement else ()
    return ScanView(
        storeroom_no=scanned.storeroom_no,
        article_no=scanned.article_no,
        article_name=article_name,
        missing=[each.device_no or "" for each in rows if each.target == COUNTED],
        found=[each.device_no or "" for each in rows if each.source == COUNTED],
        elsewhere=sorted((*outcome_of(devices, scanned).elsewhere, *unknown)),
    )


def _apart(
    form: ApartForm | GoodsApartForm, storeroom: Storeroom, asked: Asked, warehouse: Warehouse
) -> Apart:
    return Apart(
        str(uuid.uuid4()), storeroom, form.destination, form.reason, asked.actor.sub, warehouse.clock.now()
    )


def _device_shown(device: Device, *_: object) -> DeviceApartView:
    return DeviceApartView(
        device_no=device.device_no,
        article_no=device.article_no,
        state=device.state,
        storeroom_no=device.storeroom_no,
    )
