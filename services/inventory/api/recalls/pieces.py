"""Routes that list where each recalled piece is and who has it, also as a file (T17, N4)."""

import re
from codecs import BOM_UTF8
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import datetime

from fastapi import Response
from fastapi.responses import StreamingResponse

from services.inventory.api.stock import A_CSV
from services.inventory.application.recalled_pieces import KnownGoods
from services.inventory.application.recalls import Recalls
from services.inventory.application.register import KnownDevice
from services.inventory.domain.devices.device import DeviceState
from services.inventory.domain.devices.states import state_of
from services.inventory.domain.recalls.notices import How, RecallNotice
from services.inventory.domain.recalls.piece import GOODS_STATES, GoodsState
from services.inventory.domain.recalls.recall import Recall
from services.inventory.repository.collections import RECALLS
from shared.domain.tables.csv_table import written
from shared.http import Ask, Pages, Router, View
from shared.http.ids import Id
from shared.http.language import Language, said

COLUMNS: dict[Language, list[str]] = {
    "sv": [
        "Individnummer", "Serienummer", "Batch", "Artikelnummer", "Benämning", "Antal", "Status", "Förråd",
        "Beställning", "Vårdenhet",
    ],
    "en": [
        "Device number", "Serial number", "Lot", "Article number", "Name", "Quantity", "State", "Storeroom",
        "Order", "Care unit",
    ],
}  # fmt: skip


class RecalledPiece(View):
    """A recalled device and where it is."""

    device_no: str
    serial_no: str | None
    article_no: str
    article_name: str
    state: DeviceState
    state_text: str
    storeroom_no: str | None
    storeroom_name: str | None
    care_unit: str | None
    """Whose patient has it, or at which it waits for one."""


class RecalledGoods(View):
    """Counted goods that are recalled, in a storeroom or of an order; the patient as in a notice."""

    article_no: str
    article_name: str
    lot: str | None
    quantity: int
    state: GoodsState
    state_text: str
    storeroom_no: str | None
    storeroom_name: str | None
    order_no: str | None
    care_unit: str | None
    patient_ref: str | None


class NoticeView(View):
    """Recalled goods of one hand-out; the patient is named to who works for the patient."""

    notice_id: str
    article_no: str
    device_no: str | None
    lot: str | None
    quantity: int
    order_no: str
    care_unit: str
    patient_ref: str | None
    noticed_at: datetime
    is_open: bool
    how: How | None
    why: str | None
    ended_at: datetime | None


def routes(recalls: Recalls) -> Router:
    router = Router("inventory", prefix="/recalls/{recall_no}", tags=["recalls"])
    repository, warehouse = recalls.repository, recalls.warehouse

    @router.get("/pieces")
    async def list_recalled_pieces(recall_no: Id, ask: Ask, pages: Pages) -> list[RecalledPiece]:
        """List the recalled devices and where each is, by number."""
        await repository.get(RECALLS.ref(recall_no))
        page = pages.shown(await recalls.queries.page_of_devices(recall_no, after=pages.after))
        return [_piece(each, ask.language) for each in await recalls.register.known(page)]

    @router.get("/goods")
    async def list_recalled_goods(recall_no: Id, ask: Ask, pages: Pages) -> list[RecalledGoods]:
        """List counted goods, where they lie and who has them; the first page begins with storerooms."""
        recall = await repository.get(RECALLS.ref(recall_no))
        orders = pages.shown(await recalls.queries.page_of_orders(recall_no, after=pages.after))
        theirs = [each for each in orders if ask.actor.covers(area=each.product_area, unit=each.care_unit)]
        theirs = [each for each in theirs if each.patient_ref]
        now = {each.patient_ref: await warehouse.patient(each.patient_ref) for each in theirs}
        await repository.note(ask, [each.patient_ref for each in now.values()])
        shown_of = {each.order_no: now[each.patient_ref].patient_ref for each in theirs}
        lying = [] if pages.after else await recalls.pieces.known_lying(recall.which)
        held = await recalls.pieces.known_held(orders, recall.which)
        return [_goods(each, shown_of, ask.language) for each in (*lying, *held)]

    @router.get("/notices")
    async def list_recall_notices(recall_no: Id, ask: Ask, pages: Pages) -> list[NoticeView]:
        """List the recalled goods that patients have or had; each patient to who works for the patient."""
        await repository.get(RECALLS.ref(recall_no))
        page = pages.shown(await recalls.queries.notices(recall_no, after=pages.after))
        theirs = [each for each in page if ask.actor.covers(area=each.product_area, unit=each.care_unit)]
        now = {each.patient_ref: await warehouse.patient(each.patient_ref) for each in theirs}
        await repository.note(ask, [each.patient_ref for each in now.values()])
        return [_notice(each, now[each.patient_ref].patient_ref if each in theirs else None) for each in page]

    @router.post("/export", response_class=Response, responses=A_CSV)
    async def export_recalled_pieces(recall_no: Id, ask: Ask) -> Response:
        """Give the recalled devices and where each is as a file for spreadsheets; it names no patient."""
        recall = await repository.get(RECALLS.ref(recall_no))
        name = re.sub(r"[^A-Za-z0-9-]", "-", f"aterkallelse-{recall.incident_no or warehouse.clock.today()}")
        headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{name}.csv"'}
        file = _file(recalls, recall, ask.language)
        return StreamingResponse(file, media_type="text/csv; charset=utf-8", headers=headers)

    return router


async def _file(recalls: Recalls, recall: Recall, language: Language) -> AsyncIterator[bytes]:
    yield BOM_UTF8 + written([COLUMNS[language]])
    async for devices in recalls.queries.devices_in(recall.recall_no):
        yield written([_row(each, language) for each in await recalls.register.known(devices)])
    lying = await recalls.pieces.known_lying(recall.which)
    yield written([_goods_row(_goods(each, {}, language)) for each in lying])
    async for orders in recalls.queries.marked_orders(recall.recall_no):
        held = await recalls.pieces.known_held(orders, recall.which)
        yield written([_goods_row(_goods(each, {}, language)) for each in held])


def _goods(known: KnownGoods, patients: Mapping[str, str], language: Language) -> RecalledGoods:
    order = known.order
    return RecalledGoods(
        article_no=known.article_no,
        article_name=known.article_name,
        lot=known.lot or None,
        quantity=known.quantity,
        state=known.state,
        state_text=said(GOODS_STATES[known.state], language),
        storeroom_no=known.storeroom_no,
        storeroom_name=known.storeroom_name,
        order_no=order.order_no if order else None,
        care_unit=order.care_unit or None if order else None,
        patient_ref=patients.get(order.order_no) if order else None,
    )


def _goods_row(goods: RecalledGoods) -> list[str]:
    return [
        "", "", goods.lot or "", goods.article_no, goods.article_name, str(goods.quantity), goods.state_text,
        goods.storeroom_name or "", goods.order_no or "", goods.care_unit or "",
    ]  # fmt: skip


def _piece(known: KnownDevice, language: Language) -> RecalledPiece:
    device = known.device
    return RecalledPiece(
        device_no=device.device_no,
        serial_no=device.serial_no,
        article_no=device.article_no,
        article_name=known.article.name if known.article else "",
        state=device.state,
        state_text=said(state_of(device), language),
        storeroom_no=device.storeroom_no,
        storeroom_name=known.storeroom.name if known.storeroom else None,
        care_unit=device.care_unit,
    )


def _row(known: KnownDevice, language: Language) -> list[str]:
    piece = _piece(known, language)
    cells: Iterator[str | None] = iter(
        (
            piece.device_no, piece.serial_no, None, piece.article_no, piece.article_name, "1",
            piece.state_text, piece.storeroom_name, known.device.order_no, piece.care_unit,
        )
    )  # fmt: skip
    return [each or "" for each in cells]


def _notice(notice: RecallNotice, patient_ref: str | None) -> NoticeView:
    return NoticeView(
        notice_id=notice.notice_id,
        article_no=notice.article_no,
        device_no=notice.device_no,
        lot=notice.lot or None,
        quantity=notice.quantity,
        order_no=notice.order_no,
        care_unit=notice.care_unit,
        patient_ref=patient_ref,
        noticed_at=notice.noticed_at,
        is_open=notice.is_open,
        how=notice.how,
        why=notice.why,
        ended_at=notice.ended_at,
    )
