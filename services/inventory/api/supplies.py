"""Routes for what is on order from suppliers: the orders that wait are told when it comes (Q36, S89)."""

from collections.abc import Callable
from functools import partial
from typing import Self

from fastapi import Response
from pydantic import model_validator

from services.inventory.api.forms import Pieces, StoreroomNo
from services.inventory.api.supply_views import SupplyView, supplies_shown
from services.inventory.application.warehouse import Warehouse
from services.inventory.domain.goods import supplying
from services.inventory.domain.goods.balance import Balance, Supply, balance_id
from services.inventory.domain.goods.supplying import Shelf
from services.inventory.repository.collections import BALANCES
from shared.domain.decision import Decision, Sentence
from shared.fields import Day, refusal
from shared.http import Asked, Request, Router, View
from shared.http.ids import ArticleNo
from shared.http.numbers import ReplenishmentNo

PATH = "/storerooms/{storeroom_no}/articles/{article_no}/supplies"


class SupplyForm(Request):
    """So much is on order, and this is the day on which it is expected."""

    quantity: Pieces
    expected_on: Day


class SupplyChange(Request):
    """Another day, or how much is still to come; what is left out stays."""

    quantity: Pieces | None = None
    expected_on: Day | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.quantity is None and self.expected_on is None:
            sentence = Sentence("Ange en ny dag eller ett nytt antal.", "Give a new day or a new quantity.")
            raise refusal("nothing-changed", sentence)
        return self


class ShelfSupplies(View):
    """What of an article is on order for a storeroom, the next first."""

    storeroom_no: str
    article_no: str
    on_order: int
    """Base units."""
    supplies: list[SupplyView]

    @classmethod
    def of(cls, balance: Balance) -> "ShelfSupplies":
        return cls(
            storeroom_no=balance.storeroom_no,
            article_no=balance.article_no,
            on_order=balance.on_order,
            supplies=supplies_shown(balance),
        )


def routes(warehouse: Warehouse) -> Router:
    router = Router("inventory", tags=["goods"])
    clock = warehouse.clock

    async def changed(shelf: Shelf, rule: Callable[[Balance], Decision[Balance]], asked: Asked) -> Response:
        """Change what is on order, and tell the orders that wait for it."""
        await warehouse.storeroom_for(shelf.storeroom_no, asked.actor)
        ref = BALANCES.ref(balance_id(shelf.storeroom_no, shelf.article_no))
        answer = await warehouse.repository.change(ref, rule, cause=asked.cause, reply=ShelfSupplies.of)
        await warehouse.tell_expected(shelf.storeroom_no, shelf.article_no)
        return asked.answered(answer)

    _registering(router, warehouse)

    @router.put(PATH + "/{supply_no}", response_model=ShelfSupplies)
    async def change_supply(
        storeroom_no: StoreroomNo,
        article_no: ArticleNo,
        supply_no: ReplenishmentNo,
        form: SupplyChange,
        asked: Asked,
    ) -> Response:
        """Register that the supplier delivers on another day, or another quantity."""
        rule = partial(
            supplying.change_supply,
            supply_no=supply_no,
            expected_on=form.expected_on,
            quantity=form.quantity,
            on=clock.today(),
        )
        return await changed(Shelf(storeroom_no, article_no), rule, asked)

    @router.post(PATH + "/{supply_no}/end", response_model=ShelfSupplies)
    async def end_supply(
        storeroom_no: StoreroomNo, article_no: ArticleNo, supply_no: ReplenishmentNo, asked: Asked
    ) -> Response:
        """Register that nothing more of it comes: who waits for it is told that nobody knows when."""
        rule = partial(supplying.end_supply, supply_no=supply_no)
        return await changed(Shelf(storeroom_no, article_no), rule, asked)

    return router


def _registering(router: Router, warehouse: Warehouse) -> None:
    clock, repository = warehouse.clock, warehouse.repository

    @router.post(PATH, response_model=ShelfSupplies)
    async def register_supply(
        storeroom_no: StoreroomNo, article_no: ArticleNo, form: SupplyForm, asked: Asked
    ) -> Response:
        """Register what is on order from a supplier; goods are received against its number."""
        await warehouse.storeroom_for(storeroom_no, asked.actor)
        await warehouse.article(article_no)
        supply = Supply(
            supply_no=await repository.next_number("P", year=clock.today().year),
            quantity=form.quantity,
            expected_on=form.expected_on,
            registered_by=asked.actor.sub,
            registered_at=clock.now(),
        )
        shelf = Shelf(storeroom_no, article_no)
        rule = partial(supplying.register_supply, shelf=shelf, supply=supply, on=clock.today())
        ref = BALANCES.maybe(balance_id(storeroom_no, article_no))
        answer = await repository.change(
            ref, rule, cause=asked.cause, reply=lambda balance: ShelfSupplies.of(balance or _empty(shelf))
        )
        await warehouse.tell_expected(storeroom_no, article_no)
        return asked.answered(answer)


def _empty(shelf: Shelf) -> Balance:
    return Balance(shelf.storeroom_no, shelf.article_no)
