"""Routes by which a warehouse purchases: proposed, approved by a person, followed, ended (Q60)."""

import uuid
from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated, Any

from fastapi import Query, Response
from pydantic import Field

from services.inventory.api.forms import NewLotNo, Pieces, StoreroomNo
from services.inventory.api.purchasing.views import PurchaseView
from services.inventory.api.replenishing.orders import MOST_LINES, LineForm
from services.inventory.application.purchasing import Purchasing
from services.inventory.domain.goods.balance import NO_LOT, Lot
from services.inventory.domain.goods.stock import balance_ids
from services.inventory.domain.purchasing.approving import (
    Approval,
    Ending,
    annul_purchase,
    approve,
    close_purchase,
)
from services.inventory.domain.purchasing.proposing import propose_by_hand
from services.inventory.domain.purchasing.purchase import Purchase
from services.inventory.domain.purchasing.receiving import (
    MOST_DEVIATIONS,
    DeviationKind,
    DeviationsFound,
    PurchaseDeviation,
    article_nos_of,
    report_deviations,
)
from services.inventory.domain.replenishing.manual import LineAsked
from services.inventory.repository.collections import ARTICLES, BALANCES, MOVEMENTS
from services.inventory.repository.purchases import PURCHASES
from shared.fault import fault
from shared.fields import Day
from shared.http import Ask, Asked, Pages, ReasonText, Request, Router
from shared.http.ids import ArticleNo
from shared.http.language import Language
from shared.http.numbers import ReplenishmentNo

PATH = "/purchases/{order_no}"
Lines = Annotated[list[LineForm], Field(max_length=MOST_LINES, default_factory=list)]


class PurchaseForm(Request):
    """What a warehouse is to purchase, of articles of one supplier."""

    warehouse_no: StoreroomNo
    lines: Annotated[list[LineForm], Field(min_length=1, max_length=MOST_LINES)]
    reason: ReasonText | None = None


class ApprovalForm(Request):
    """Other packages than were proposed, of some articles; left out: as proposed."""

    lines: Lines


class EndForm(Request):
    """Why a purchase is annulled, or nothing more of it is waited for."""

    reason: ReasonText


class PurchaseDeviationForm(Request):
    """What of a delivery was not as the supplier said, in base units."""

    kind: DeviationKind
    article_no: ArticleNo
    quantity: Pieces = 1
    lot: NewLotNo | None = None
    best_before: Day | None = None
    reason: ReasonText

    def deviation(self) -> PurchaseDeviation:
        lot = Lot(self.lot or "", self.best_before) if self.lot or self.best_before else NO_LOT
        return PurchaseDeviation(self.kind, self.article_no, self.quantity, self.reason, lot)


class PurchaseDeviationsForm(Request):
    """What differs in what came."""

    deviations: Annotated[list[PurchaseDeviationForm], Field(min_length=1, max_length=MOST_DEVIATIONS)]


def routes(purchasing: Purchasing) -> Router:
    router = Router("inventory", tags=["purchases"])
    _looking(router, purchasing)
    _proposing(router, purchasing)
    _ending(router, purchasing)
    _receiving(router, purchasing)
    return router


def _looking(router: Router, purchasing: Purchasing) -> None:
    @router.get("/purchases")
    async def list_purchases(
        ask: Ask, pages: Pages, only_open: Annotated[bool, Query()] = True
    ) -> list[PurchaseView]:
        """List the purchases of the person's warehouses, the newest first; those that are over on request."""
        names = {each.storeroom_no: each.name for each in await purchasing.warehouses_of(ask.actor)}
        page = await purchasing.queries.of_warehouses(list(names), only_open=only_open, after=pages.after)
        return [PurchaseView.of(each, names[each.warehouse_no], ask.language) for each in pages.shown(page)]

    @router.get(PATH)
    async def get_purchase(order_no: ReplenishmentNo, ask: Ask) -> PurchaseView:
        """Show a purchase, with what the supplier has said of each line and what has come."""
        purchase = await purchasing.purchase_for(order_no, ask.actor)
        return PurchaseView.of(purchase, await _name(purchase, purchasing), ask.language)


def _proposing(router: Router, purchasing: Purchasing) -> None:
    repository, clock = purchasing.repository, purchasing.warehouse.clock

    @router.post("/purchases", response_model=PurchaseView)
    async def propose_purchase(form: PurchaseForm, asked: Asked) -> Response:
        """Propose a purchase; nothing is sent before somebody approves it."""
        if (kept := await repository.kept_answer(asked.cause)) is not None:
            return asked.answered(kept)
        warehouse = await purchasing.warehouse_for(form.warehouse_no, asked.actor)
        lines = tuple(LineAsked(each.article_no, each.packages) for each in form.lines)
        wanted = await purchasing.asked(warehouse, lines, asked.actor, reason=form.reason)
        number = wanted.purchase.order_no
        refs = PURCHASES.maybe(number) & BALANCES.maybe_many(
            balance_ids(warehouse.storeroom_no, wanted.article_nos)
        )
        shown = _shown(wanted.purchase, warehouse.name, asked.language)
        rule = partial(propose_by_hand, asked=wanted)
        return asked.answered(await repository.change(refs, rule, cause=asked.cause, reply=shown))

    @router.post(PATH + "/approve", response_model=PurchaseView)
    async def approve_proposed_purchase(
        order_no: ReplenishmentNo, form: ApprovalForm, asked: Asked
    ) -> Response:
        """Approve a proposal: it is sent to the supplier, once (Q60)."""
        purchase = await purchasing.purchase_for(order_no, asked.actor)
        found = await repository.get(ARTICLES.maybe_many(purchase.article_nos))
        approval = Approval(
            by=asked.actor.sub,
            by_name=asked.actor.name,
            at=clock.now(),
            packages={each.article_no: each.packages for each in form.lines},
            prices={each.article_no: each.package_price for each in found if each},
            buyer_gln=purchasing.settings.buyer_gln,
            warehouse_name=await _name(purchase, purchasing),
            answered_by=purchasing.answered_by(),
        )
        await fault("purchase.before_commit")
        answer = await _change(purchase, partial(approve, approval=approval), asked, purchasing)
        await fault("purchase.after_commit")
        return answer


def _ending(router: Router, purchasing: Purchasing) -> None:
    def ending(form: EndForm, asked: Asked) -> Ending:
        at = purchasing.warehouse.clock.now()
        return Ending(asked.actor.sub, asked.actor.name, at, form.reason)

    @router.post(PATH + "/annul", response_model=PurchaseView)
    async def annul_purchase_of_goods(order_no: ReplenishmentNo, form: EndForm, asked: Asked) -> Response:
        """Annul a proposal, or ask the supplier to stop what was sent; its answer decides."""
        purchase = await purchasing.purchase_for(order_no, asked.actor)
        rule = partial(annul_purchase, ending=ending(form, asked))
        return await _change(purchase, rule, asked, purchasing)

    @router.post(PATH + "/close", response_model=PurchaseView)
    async def close_purchase_of_goods(order_no: ReplenishmentNo, form: EndForm, asked: Asked) -> Response:
        """Wait for nothing more of a purchase: what did not come is not on order any longer."""
        purchase = await purchasing.purchase_for(order_no, asked.actor)
        rule = partial(close_purchase, ending=ending(form, asked))
        return await _change(purchase, rule, asked, purchasing)


def _receiving(router: Router, purchasing: Purchasing) -> None:
    @router.post(PATH + "/deviations", response_model=PurchaseView)
    async def report_deviations_of_purchase(
        order_no: ReplenishmentNo, form: PurchaseDeviationsForm, asked: Asked
    ) -> Response:
        """Report what came damaged or wrong, or did not come; what came as ordered: `/goods/receive`."""
        purchase = await purchasing.purchase_for(order_no, asked.actor)
        numbers = article_nos_of(purchase, [each.article_no for each in form.deviations])
        for each in form.deviations:
            await purchasing.warehouse.article(each.article_no)
        found = DeviationsFound(
            movement_no=str(uuid.uuid4()),
            deviations=tuple(each.deviation() for each in form.deviations),
            article_nos=numbers,
            names=await purchasing.warehouse.names(numbers),
            marked=await purchasing.warehouse.marked(numbers),
            by=asked.actor.sub,
            at=purchasing.warehouse.clock.now(),
        )
        refs = (
            PURCHASES.ref(order_no)
            & BALANCES.maybe_many(balance_ids(purchase.warehouse_no, numbers))
            & MOVEMENTS.maybe(found.movement_no)
        )
        shown = _shown(purchase, await _name(purchase, purchasing), asked.language)
        rule = partial(report_deviations, found=found)
        answer = await purchasing.repository.change(refs, rule, cause=asked.cause, reply=shown)
        return asked.answered(answer)


async def _change(
    purchase: Purchase, rule: Callable[..., Any], asked: Asked, purchasing: Purchasing
) -> Response:
    """Change a purchase and its warehouse's balances in one transaction."""
    refs = PURCHASES.ref(purchase.order_no) & BALANCES.maybe_many(
        balance_ids(purchase.warehouse_no, purchase.article_nos)
    )
    shown = _shown(purchase, await _name(purchase, purchasing), asked.language)
    return asked.answered(await purchasing.repository.change(refs, rule, cause=asked.cause, reply=shown))


def _shown(before: Purchase, name: str, language: Language) -> Callable[..., PurchaseView]:
    def shown(purchase: Purchase | None, *_: object) -> PurchaseView:
        return PurchaseView.of(purchase or before, name, language)

    return shown


async def _name(purchase: Purchase, purchasing: Purchasing) -> str:
    names: Mapping[str, str] = await purchasing.names([purchase.warehouse_no])
    return names.get(purchase.warehouse_no, purchase.warehouse_no)
