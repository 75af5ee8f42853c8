"""Routes that receive goods into a storeroom and show what lies there (S92, S175, Q36)."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Annotated, Any, Self

from fastapi import Response
from pydantic import Field, model_validator

from services.inventory.api.forms import (
    MOST_PIECES,
    LotNo,
    NewLotNo,
    NewSerialNo,
    Pieces,
    ScannedCode,
    StoreroomNo,
)
from services.inventory.api.supply_views import ComingView, SupplyView, coming_shown, supplies_shown
from services.inventory.application.warehouse import Warehouse
from services.inventory.domain.article import Article
from services.inventory.domain.devices.device import Owner, serial_id
from services.inventory.domain.devices.receiving import (
    Piece,
    Receipt,
    demand_each_once,
    receive_counted,
    receive_devices,
)
from services.inventory.domain.goods.balance import NO_LOT, Balance, Lot, balance_id
from services.inventory.domain.goods.counting import Count, count_goods
from services.inventory.domain.goods.lots import piece_number
from services.inventory.domain.purchasing.receiving import receive_purchased
from services.inventory.domain.scanning.udi import production_identifier, udi_of
from services.inventory.domain.stocktakes.limits import piece_value
from services.inventory.repository.collections import (
    ARTICLES,
    BALANCES,
    DEVICES,
    LABELS,
    MOVEMENTS,
    SERIALS,
)
from services.inventory.repository.purchases import PURCHASES
from shared.domain.decision import Sentence
from shared.domain.money import Money
from shared.fault import fault
from shared.fields import Amount, Day, refusal
from shared.http import Ask, Asked, Pages, ReasonText, Request, Router, View
from shared.http.ids import ArticleNo, DeviceNo
from shared.http.numbers import ReplenishmentNo

MOST_DEVICES = 200


class PieceForm(Request):
    """A device by the number on its label, and the maker's serial number."""

    device_no: DeviceNo
    serial_no: NewSerialNo | None = None
    code: ScannedCode | None = None
    """The UDI on the package as it was scanned: it says the serial number, and is of the article."""

    def piece(self, article: Article) -> Piece:
        """Raises NothingRead and CodeOfAnotherArticle."""
        if self.code is None:
            return Piece(self.device_no, self.serial_no)
        reading = udi_of(self.code, article)
        serial_no = piece_number(reading.serial_no) if reading.serial_no else self.serial_no
        return Piece(self.device_no, serial_no, production_identifier(reading))


class ReceiptForm(Request):
    """What came: a quantity of counted goods, or the number of each device."""

    storeroom_no: StoreroomNo
    article_no: ArticleNo
    quantity: Pieces | None = None
    lot: NewLotNo | None = None
    best_before: Day | None = None
    devices: Annotated[list[PieceForm], Field(max_length=MOST_DEVICES, default_factory=list)]
    owner: Owner | None = None
    """Left out: as the article says (Q44)."""
    purchased_on: Day | None = None
    purchase_price: Annotated[Amount, Field(ge=0, max_digits=9, decimal_places=2)] | None = None
    """SEK for one piece."""
    supply_no: ReplenishmentNo | None = None
    """What was on order from a supplier and has come with it."""

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.quantity is None) == (not self.devices):
            sentence = Sentence(
                "Ange antingen ett antal eller individnummer.", "Give either a quantity or device numbers."
            )
            raise refusal("quantity-or-devices", sentence)
        return self


class CountForm(Request):
    """A stocktake of one article, or of one lot of it."""

    article_no: ArticleNo
    lot: LotNo | None = None
    best_before: Day | None = None
    counted: Annotated[int, Field(ge=0, le=MOST_PIECES)]
    reason: ReasonText


class LotView(View):
    """The pieces of one lot."""

    lot: str
    best_before: str | None
    on_hand: int
    quarantined: int


class BalanceView(View):
    """How much of an article lies in a storeroom, in base units."""

    storeroom_no: str
    article_no: str
    article_name: str
    on_hand: int
    reserved: int
    available: int
    quarantined: int
    waiting: int
    """Pieces that orders wait for."""
    on_order: int
    supplies: list[SupplyView]
    """What is on order from suppliers, the next first."""
    coming: tuple[ComingView, ...] = ()
    """What replenishments bring; it counts as on order, too."""
    lots: list[LotView]

    @classmethod
    def of(cls, balance: Balance, name: str) -> "BalanceView":
        lots = [
            LotView(
                lot=each.lot,
                best_before=each.best_before.isoformat() if each.best_before else None,
                on_hand=each.on_hand,
                quarantined=each.quarantined,
            )
            for each in balance.lots
        ]
        return cls(
            storeroom_no=balance.storeroom_no,
            article_no=balance.article_no,
            article_name=name,
            on_hand=balance.on_hand,
            reserved=balance.reserved,
            available=balance.available,
            quarantined=balance.quarantined,
            waiting=balance.waiting,
            on_order=balance.on_order,
            supplies=supplies_shown(balance),
            coming=tuple(coming_shown(balance)),
            lots=lots,
        )


def routes(warehouse: Warehouse) -> Router:
    router = Router("inventory", tags=["goods"])
    repository = warehouse.repository

    @router.post("/goods/receive", response_model=BalanceView)
    async def receive_goods(form: ReceiptForm, asked: Asked) -> Response:
        """Receive goods; the orders that wait for them get theirs at once, the oldest first."""
        await warehouse.storeroom_for(form.storeroom_no, asked.actor)
        article = await warehouse.article(form.article_no)
        receipt = await _receipt(form, asked, warehouse)
        pieces = [await _known_by_label(each, warehouse) for each in receipt.pieces]
        receipt = replace(receipt, pieces=tuple(pieces))
        is_marked = bool(await warehouse.marked([form.article_no]))
        purchased = await _of_purchase(form, warehouse)

        def shown(*states: object) -> BalanceView:
            kept = next((each for each in states if isinstance(each, Balance)), None)
            return BalanceView.of(kept or Balance(form.storeroom_no, form.article_no), article.name)

        refs, rule = _received(receipt, is_marked=is_marked, purchased=purchased)
        answer = await repository.change(refs, rule, cause=asked.cause, reply=shown)
        await fault("goods.after_receipt")
        await warehouse.give_to_waiting(form.storeroom_no, [form.article_no])
        if form.supply_no is not None:
            await warehouse.tell_expected(form.storeroom_no, form.article_no)
        return asked.answered(answer)

    @router.post("/storerooms/{storeroom_no}/stocktake", response_model=BalanceView)
    async def count_stock(storeroom_no: StoreroomNo, form: CountForm, asked: Asked) -> Response:
        """Let the balance say what was counted on the shelf, by a movement with a reason (Q51)."""
        await warehouse.storeroom_for(storeroom_no, asked.actor)
        article = await warehouse.article(form.article_no)
        count = Count(
            str(uuid.uuid4()), storeroom_no, form.article_no, Lot(form.lot or "", form.best_before),
            form.counted, form.reason, asked.actor.sub, warehouse.clock.now(), piece_value(article),
        )  # fmt: skip
        refs = BALANCES.maybe(balance_id(storeroom_no, form.article_no)) & MOVEMENTS.maybe(count.movement_no)

        def shown(balance: Balance | None, *_: object) -> BalanceView:
            return BalanceView.of(balance or Balance(storeroom_no, form.article_no), article.name)

        is_marked = bool(await warehouse.marked([form.article_no]))
        rule = partial(count_goods, count=count, is_marked=is_marked)
        answer = await repository.change(refs, rule, cause=asked.cause, reply=shown)
        await warehouse.give_to_waiting(storeroom_no, [form.article_no])
        return asked.answered(answer)

    @router.get("/storerooms/{storeroom_no}/stock")
    async def list_stock(storeroom_no: StoreroomNo, ask: Ask, pages: Pages) -> list[BalanceView]:
        """List the balances of a storeroom by article number."""
        await warehouse.storeroom_for(storeroom_no, ask.actor)
        page = await warehouse.queries.balances_in(storeroom_no, after=pages.after)
        balances = pages.shown(page)
        articles = await repository.get(ARTICLES.maybe_many([each.article_no for each in balances]))
        names = [each.name if each else "" for each in articles]
        return [BalanceView.of(each, name) for each, name in zip(balances, names, strict=True)]

    return router


def _received(receipt: Receipt, *, is_marked: bool, purchased: bool) -> tuple[Any, Callable[..., Any]]:
    """Say what a receipt changes, and by which rule; goods of a purchase are counted there, too (Q60)."""
    refs: Any = BALANCES.maybe(balance_id(receipt.storeroom_no, receipt.article_no)) & MOVEMENTS.maybe(
        receipt.movement_no
    )
    told = replace(receipt, supply_no=None) if purchased else receipt
    rule: Callable[..., Any] = partial(receive_counted, receipt=told, is_marked=is_marked)
    if receipt.pieces:
        demand_each_once(receipt.pieces)
        numbers = [each.device_no for each in receipt.pieces]
        serials = [serial_id(receipt.article_no, one.serial_no) for one in receipt.pieces if one.serial_no]
        refs = refs & DEVICES.maybe_many(numbers) & SERIALS.maybe_many(serials) & LABELS.maybe_many(numbers)
        rule = partial(receive_devices, receipt=told, is_marked=is_marked)
    if not purchased:
        return refs, rule
    pieces = receipt.quantity or len(receipt.pieces)
    counted = partial(receive_purchased, rule=rule, article_no=receipt.article_no, pieces=pieces)
    return refs & PURCHASES.ref(receipt.supply_no or ""), counted


async def _of_purchase(form: ReceiptForm, warehouse: Warehouse) -> bool:
    """Tell whether the goods were purchased under that number for that place."""
    found = await warehouse.repository.get(PURCHASES.maybe(form.supply_no)) if form.supply_no else None
    return found is not None and found.warehouse_no == form.storeroom_no


async def _known_by_label(piece: Piece, warehouse: Warehouse) -> Piece:
    """Name a device that was lost by the number it was received by, whatever its label says (Q12, Q57)."""
    label = await warehouse.repository.get(LABELS.maybe(piece.device_no))
    device = await warehouse.repository.get(DEVICES.maybe(label.device_no)) if label else None
    return replace(piece, device_no=device.device_no) if device and device.lost else piece


async def _receipt(form: ReceiptForm, asked: Asked, warehouse: Warehouse) -> Receipt:
    article = await warehouse.article(form.article_no)
    recalls = await warehouse.recalls_of(form.article_no)
    owner: Owner = "central" if article.device is None or article.device.owner != "care_unit" else "care_unit"
    has_lot = form.lot is not None or form.best_before is not None
    return Receipt(
        movement_no=str(uuid.uuid4()),
        storeroom_no=form.storeroom_no,
        article_no=form.article_no,
        received_by=asked.actor.sub,
        at=warehouse.clock.now(),
        on=warehouse.clock.today(),
        owner=form.owner or owner,
        quantity=form.quantity or 0,
        lot=Lot(form.lot or "", form.best_before) if has_lot else NO_LOT,
        pieces=tuple(each.piece(article) for each in form.devices),
        purchased_on=form.purchased_on,
        supply_no=form.supply_no,
        recalls=recalls,
        purchase_price=None if form.purchase_price is None else Money(form.purchase_price),
    )
