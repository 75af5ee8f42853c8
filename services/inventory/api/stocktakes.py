"""Routes of stocktakes: what was counted, how it differs, and who approves that (Q51)."""

import uuid
from datetime import date, datetime
from functools import partial
from typing import Annotated, Self

from fastapi import Response
from pydantic import Field, model_validator

from services.inventory.api.forms import MOST_PIECES, LotNo, StoreroomNo
from services.inventory.application.stocktakes import Count, Stocktakes
from services.inventory.application.warehouse import Warehouse
from services.inventory.domain.stocktakes.deciding import (
    approve_stocktake,
    decline_stocktake,
    register_stocktake,
)
from services.inventory.domain.stocktakes.limits import piece_value
from services.inventory.domain.stocktakes.stocktake import Counted, Stocktake, StocktakeState
from services.inventory.repository.collections import DEVICES, MOVEMENTS, STOCKTAKES
from shared.domain.decision import Sentence
from shared.fields import Day, refusal
from shared.http import Ask, Asked, Pages, ReasonText, Request, Router, View
from shared.http.ids import ArticleNo, DeviceNo, Id

MOST_COUNTS, MOST_OF_AN_ARTICLE = 20, 600
"""Of a stocktake, whose form is read as a whole; scanned devices of one article."""


class CountedForm(Request):
    """What lies there of one lot of an article, or all its devices by their numbers."""

    article_no: ArticleNo
    counted: Annotated[int, Field(ge=0, le=MOST_PIECES)] | None = None
    lot: LotNo | None = None
    best_before: Day | None = None
    device_nos: Annotated[list[DeviceNo], Field(max_length=MOST_OF_AN_ARTICLE)] | None = None
    """Of a marked article; an empty list says that none lies there."""

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if self.device_nos is not None and (self.lot is not None or self.best_before is not None):
            sentence = Sentence(
                "Individmärkta hjälpmedel räknas utan sats. Ta bort sats och bäst före-datum.",
                "Marked devices are counted without a lot. Remove the lot and the best-before day.",
            )
            raise refusal("devices-without-lot", sentence)
        if (self.counted is None) == (self.device_nos is None):
            sentence = Sentence(
                "Ange antingen ett antal eller de individnummer som ligger där.",
                "Give either a quantity or the numbers of the devices that lie there.",
            )
            raise refusal("quantity-or-devices", sentence)
        return self

    def count(self) -> Count:
        counted = Counted(self.article_no, self.counted or 0, self.lot or "", self.best_before)
        return Count(counted, None if self.device_nos is None else tuple(self.device_nos))


class StocktakeForm(Request):
    """What was counted in a storeroom, and why."""

    counts: Annotated[list[CountedForm], Field(min_length=1, max_length=MOST_COUNTS)]
    reason: ReasonText


class DifferenceView(View):
    """What was counted against what the register says."""

    article_no: str
    article_name: str
    lot: str
    best_before: date | None
    expected: int
    counted: int
    value: str
    """SEK, of the pieces that are too few and too many."""
    missing: list[str]
    found: list[str]
    elsewhere: list[str]
    """The register says another place, a patient, another article, or does not know them: look into these."""


class StocktakeView(View):
    """A stocktake with its differences; nothing is moved before it is approved."""

    stocktake_no: str
    storeroom_no: str
    state: StocktakeState
    reason: str
    counted_by: str
    counted_at: datetime
    needs_second: bool
    """Somebody else than who counted approves it."""
    pieces: int
    value: str
    """SEK."""
    differences: list[DifferenceView]
    decided_by: str | None
    decided_at: datetime | None


def routes(warehouse: Warehouse) -> Router:
    router = Router("inventory", tags=["goods"])
    _registering(router, warehouse)
    _deciding(router, warehouse)
    return router


def _registering(router: Router, warehouse: Warehouse) -> None:
    stocktakes, repository = Stocktakes(warehouse), warehouse.repository

    @router.post("/storerooms/{storeroom_no}/stocktakes", response_model=StocktakeView)
    async def register_stocktake_of_storeroom(
        storeroom_no: StoreroomNo, form: StocktakeForm, asked: Asked
    ) -> Response:
        """Keep what was counted and show how it differs from the register; nothing is moved."""
        await warehouse.storeroom_for(storeroom_no, asked.actor)
        counts = [each.count() for each in form.counts]
        counted, articles, devices = await stocktakes.read(storeroom_no, counts)
        made = Stocktake(str(uuid.uuid4()), storeroom_no, form.reason, asked.actor.sub, warehouse.clock.now())
        values = {no: piece_value(each) for no, each in articles.items()}
        rule = partial(register_stocktake, counted=counted, made=made, values=values)
        refs = (
            STOCKTAKES.maybe(made.stocktake_no) & stocktakes.balances(storeroom_no, list(articles)) & devices
        )
        names = {no: each.name for no, each in articles.items()}
        return asked.answered(
            await repository.change(
                refs, rule, cause=asked.cause, reply=lambda kept, *_: _shown(kept or made, names)
            )
        )

    @router.get("/storerooms/{storeroom_no}/stocktakes")
    async def list_stocktakes(storeroom_no: StoreroomNo, ask: Ask, pages: Pages) -> list[StocktakeView]:
        """List the stocktakes of a storeroom, the newest first."""
        await warehouse.storeroom_for(storeroom_no, ask.actor)
        page = pages.shown(await warehouse.queries.stocktakes_in(storeroom_no, after=pages.after))
        names = await warehouse.names(each.article_no for one in page for each in one.differences)
        return [_shown(each, names) for each in page]


def _deciding(router: Router, warehouse: Warehouse) -> None:
    stocktakes, repository = Stocktakes(warehouse), warehouse.repository

    @router.post("/stocktakes/{stocktake_no}/approve", response_model=StocktakeView)
    async def approve_stocktake_of_storeroom(stocktake_no: Id, asked: Asked) -> Response:
        """Write the differences into the register, by one movement; above the limits a colleague does."""
        stocktake = await stocktakes.stocktake_for(stocktake_no, asked.actor)
        articles = list(dict.fromkeys(each.article_no for each in stocktake.differences))
        devices = {no for each in stocktake.differences for no in (*each.missing, *each.found)}
        refs = (
            STOCKTAKES.ref(stocktake_no, if_version=asked.if_match)
            & stocktakes.balances(stocktake.storeroom_no, articles)
            & DEVICES.many(sorted(devices))
            & MOVEMENTS.maybe(stocktake_no)
        )
        names = await warehouse.names(articles)
        rule = partial(approve_stocktake, by=asked.actor.sub, at=warehouse.clock.now())
        answer = await repository.change(
            refs, rule, cause=asked.cause, reply=lambda kept, *_: _shown(kept, names)
        )
        await warehouse.give_to_waiting(stocktake.storeroom_no, articles)
        return asked.answered(answer)

    @router.post("/stocktakes/{stocktake_no}/decline", response_model=StocktakeView)
    async def decline_stocktake_of_storeroom(stocktake_no: Id, asked: Asked) -> Response:
        """Leave the register as it is, so that somebody counts again."""
        stocktake = await stocktakes.stocktake_for(stocktake_no, asked.actor)
        names = await warehouse.names(each.article_no for each in stocktake.differences)
        rule = partial(decline_stocktake, by=asked.actor.sub, at=warehouse.clock.now())
        ref = STOCKTAKES.ref(stocktake_no, if_version=asked.if_match)
        return asked.answered(
            await repository.change(ref, rule, cause=asked.cause, reply=lambda kept: _shown(kept, names))
        )


def _shown(stocktake: Stocktake, names: dict[str, str]) -> StocktakeView:
    return StocktakeView(
        stocktake_no=stocktake.stocktake_no,
        storeroom_no=stocktake.storeroom_no,
        state=stocktake.state,
        reason=stocktake.reason,
        counted_by=stocktake.counted_by,
        counted_at=stocktake.counted_at,
        needs_second=stocktake.needs_second,
        pieces=stocktake.pieces,
        value=str(stocktake.value),
        differences=[
            DifferenceView(
                article_no=each.article_no,
                article_name=names[each.article_no],
                lot=each.lot,
                best_before=each.best_before,
                expected=each.expected,
                counted=each.counted,
                value=str(each.value),
                missing=list(each.missing),
                found=list(each.found),
                elsewhere=list(each.elsewhere),
            )
            for each in stocktake.differences
        ],
        decided_by=stocktake.decided_by,
        decided_at=stocktake.decided_at,
    )
