"""Routes by which people order goods to a storeroom, always delivered to the unit (S114 to S120, Q55)."""

from functools import partial
from typing import Annotated

from fastapi import Response
from pydantic import Field

from services.inventory.api.forms import StoreroomNo
from services.inventory.api.places import AddressView, address_shown
from services.inventory.api.replenishing.levels import Packages
from services.inventory.api.replenishing.views import ReplenishmentView
from services.inventory.application.replenishment_names import Named, named_for
from services.inventory.application.replenishment_orders import ReplenishmentOrders, Tried, Wanted
from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.goods.stock import balance_ids
from services.inventory.domain.orders.order import DeviceOrder
from services.inventory.domain.replenishing.manual import (
    LineAsked,
    ReplenishmentAsked,
    against_replenishment,
    order_replenishment,
)
from services.inventory.domain.replenishing.waiting import split_replenishment
from services.inventory.repository.collections import BALANCES, DEVICE_ORDERS
from shared.http import Ask, Asked, ReasonText, Request, Router, View
from shared.http.ids import ArticleNo, Id
from shared.http.language import Language, said
from shared.http.models import Reason
from shared.http.numbers import ReplenishmentNo

MOST_LINES = 200
CareUnitId = Id


class LineForm(Request):
    """So many whole packages of an article."""

    article_no: ArticleNo
    packages: Packages


class OrderForm(Request):
    """What is ordered to the storeroom of a care unit, all of it at once."""

    care_unit: CareUnitId
    storeroom_no: StoreroomNo | None = None
    """Left out: the unit's only one (S117)."""
    joint: bool = False
    """All of it comes at the same time, when the last is there."""
    lines: Annotated[list[LineForm], Field(min_length=1, max_length=MOST_LINES)]
    reason: ReasonText | None = None
    """Why a store keeper orders what is replenished by itself (Q20)."""

    def wanted(self) -> Wanted:
        lines = tuple(LineAsked(each.article_no, each.packages) for each in self.lines)
        return Wanted(self.care_unit, self.storeroom_no, lines, self.joint, reason=self.reason)


class RowView(View):
    """A row that is to be ordered, with what there is of it; in base units but for the packages."""

    article_no: str
    article_name: str
    packages: int
    quantity: int
    in_storeroom: int
    on_order: int
    """On its way to the storeroom already."""
    in_warehouse: int
    """Free there for whoever orders first."""
    expected_on: str | None
    """The first day on which the warehouse expects more."""
    reasons: list[Reason]
    """Why it cannot be ordered."""


class ReplenishmentPreview(View):
    """What would be ordered, where it would be delivered, and what is in the way."""

    allowed: bool
    care_unit: str
    care_unit_name: str
    storeroom_no: str
    storeroom_name: str
    warehouse_no: str
    warehouse_name: str
    address: AddressView | None
    """Is it wrong, contact the central organisation (S119)."""
    joint: bool
    rows: list[RowView]


def routes(orders: ReplenishmentOrders) -> Router:
    router = Router("inventory", prefix="/replenishments", tags=["replenishments"])
    _ordering(router, orders)
    _changing(router, orders)
    return router


def _ordering(router: Router, orders: ReplenishmentOrders) -> None:
    @router.post("/preview")
    async def preview_replenishment(form: OrderForm, ask: Ask) -> ReplenishmentPreview:
        """Try a replenishment: what there is of every row, and every reason against it; nothing is kept."""
        return preview_shown(await orders.tried(form.wanted(), ask.actor), ask.language)

    @router.post("", response_model=ReplenishmentView)
    async def order_goods_to_storeroom(form: OrderForm, asked: Asked) -> Response:
        """Order goods to a storeroom: what the warehouse has is reserved, the rest is waited for."""
        if (kept := await orders.repository.kept_answer(asked.cause)) is not None:
            return asked.answered(kept)
        tried = await orders.tried(form.wanted(), asked.actor)
        return await send(tried, orders, asked)


def _changing(router: Router, orders: ReplenishmentOrders) -> None:
    replenishing = orders.replenishing

    @router.post("/{order_no}/annul", response_model=ReplenishmentView)
    async def annul_replenishment_order(order_no: ReplenishmentNo, asked: Asked) -> Response:
        """Annul a replenishment that nobody has begun to pick (Q49)."""
        order = await replenishing.order_for(order_no, asked.actor)
        named = await named_for(replenishing, [order])

        def shown(changed: DeviceOrder, *_: object) -> ReplenishmentView:
            return ReplenishmentView.of(changed, named, asked.language)

        return asked.answered(await orders.annul(order, asked.cause, shown))

    @router.post("/{order_no}/split", response_model=ReplenishmentView)
    async def split_replenishment_order(order_no: ReplenishmentNo, asked: Asked) -> Response:
        """Let what is there of a joint delivery leave without the rest (Q55)."""
        order = await replenishing.order_for(order_no, asked.actor)
        named = await named_for(replenishing, [order])

        def shown(changed: DeviceOrder) -> ReplenishmentView:
            return ReplenishmentView.of(changed, named, asked.language)

        rule = partial(split_replenishment, at=replenishing.warehouse.clock.now())
        ref = DEVICE_ORDERS.ref(order_no, if_version=asked.if_match)
        return asked.answered(await replenishing.repository.change(ref, rule, cause=asked.cause, reply=shown))


async def send(tried: Tried, orders: ReplenishmentOrders, asked: Asked) -> Response:
    """Order it in one transaction: the order, the storeroom's balances and the warehouse's."""
    numbered = await orders.numbered(tried.asked)
    numbers = numbered.article_nos
    refs = (
        DEVICE_ORDERS.maybe(numbered.order_no)
        & BALANCES.maybe_many(balance_ids(numbered.terms.storeroom_no, numbers))
        & BALANCES.maybe_many(balance_ids(numbered.warehouse_no, numbers))
    )
    named = named_of(tried)

    def shown(order: DeviceOrder | None, *_: object) -> ReplenishmentView:
        return ReplenishmentView.of(order or DeviceOrder(numbered.order_no), named, asked.language)

    rule = partial(order_replenishment, asked=numbered)
    answer = await orders.repository.change(refs, rule, cause=asked.cause, reply=shown)
    return asked.answered(answer)


def named_of(tried: Tried) -> Named:
    """Name what is ordered, and between which places."""
    unit = tried.care_unit
    return Named(
        articles={no: each.name for no, each in tried.asked.articles.items()},
        storerooms={each.storeroom_no: each.name for each in (tried.storeroom, tried.warehouse)},
        care_units={unit.id: unit.name} if unit else {},
    )


def preview_shown(tried: Tried, language: Language) -> ReplenishmentPreview:
    """Show every row with what there is of it and what is in its way."""
    asked, address = tried.asked, tried.care_unit.address if tried.care_unit else None
    against: dict[str, list[Reason]] = {}
    for each in against_replenishment(tried.shelves, asked=asked):
        reason = Reason(rule=each.rule, detail=said(each.said, language), facts=each.facts)
        against.setdefault(str(each.facts["article_no"]), []).append(reason)
    there = dict(zip(asked.article_nos, tried.shelves, strict=True))
    free = dict(zip(asked.article_nos, tried.of_warehouse, strict=True))
    return ReplenishmentPreview(
        allowed=not against,
        care_unit=asked.orderer.care_unit,
        care_unit_name=tried.care_unit.name if tried.care_unit else "",
        storeroom_no=tried.storeroom.storeroom_no,
        storeroom_name=tried.storeroom.name,
        warehouse_no=tried.warehouse.storeroom_no,
        warehouse_name=tried.warehouse.name,
        address=address_shown(address),
        joint=asked.joint,
        rows=[
            _row(each, asked, there[each.article_no], free[each.article_no], against.get(each.article_no, []))
            for each in asked.lines
        ],
    )


def _row(
    line: LineAsked,
    asked: ReplenishmentAsked,
    there: Balance | None,
    of_warehouse: Balance | None,
    reasons: list[Reason],
) -> RowView:
    article = asked.articles.get(line.article_no)
    expected = [each.expected_on for each in of_warehouse.supplies] if of_warehouse else []
    return RowView(
        article_no=line.article_no,
        article_name=article.name if article else "",
        packages=line.packages,
        quantity=line.packages * (article.pieces_per_package if article else 1),
        in_storeroom=there.available if there else 0,
        on_order=there.on_order if there else 0,
        in_warehouse=max(0, of_warehouse.available - of_warehouse.waiting) if of_warehouse else 0,
        expected_on=min(expected).isoformat() if expected else None,
        reasons=reasons,
    )
