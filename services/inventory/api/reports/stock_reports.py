"""Routes of reports about stock: what it is worth by a day's prices, and how it turns over (S166, S172)."""

from collections.abc import AsyncIterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from fastapi import Response

from services.inventory.api.forms import AreaKey, StoreroomNo
from services.inventory.application.reports import Reports, Used, UseWanted, Valued, ValueWanted
from services.inventory.domain.reports.valuing import turnover
from shared.domain.days import PeriodReversed
from shared.domain.decision import Sentence
from shared.fields import Day
from shared.http import Ask, Pages, Request, Router, View
from shared.http.reports import A_REPORT, Report, ReportForm, report_file, report_print

A_YEAR = timedelta(days=365)
VALUE = Report(
    "lagervarde",
    Sentence("Lagervärde", "Stock value"),
    (
        ("storeroom_no", Sentence("Förråd", "Storeroom")),
        ("storeroom_name", Sentence("Namn", "Name")),
        ("pieces", Sentence("Antal", "Pieces")),
        ("value", Sentence("Värde, kr", "Value, SEK")),
        ("without_price", Sentence("Antal utan pris", "Pieces without a price")),
        ("priced_on", Sentence("Priser den", "Prices of")),
    ),
)
TURNOVER = Report(
    "omsattning",
    Sentence("Omsättning", "Turn-over"),
    (
        ("article_no", Sentence("Artikelnummer", "Article number")),
        ("article_name", Sentence("Benämning", "Name")),
        ("used", Sentence("Uttaget", "Taken out")),
        ("in_stock", Sentence("I förrådet", "In the storeroom")),
        ("times", Sentence("Omsättning, gånger", "Turned over, times")),
    ),
)


class StockValueAsked(Request):
    """Of which storeroom, area and day."""

    storeroom_no: StoreroomNo | None = None
    """Left out: every storeroom and warehouse that the person is linked to (Q39)."""
    product_area: AreaKey | None = None
    priced_on: Day | None = None
    """The day whose prices count; left out: today. The goods are those of now."""
    form: ReportForm = "list"


class StockValueRow(View):
    """A storeroom with what its goods are worth; what is set apart counts too."""

    storeroom_no: str
    storeroom_name: str
    pieces: int
    value: Decimal
    """SEK, of the pieces that have a price."""
    without_price: int
    priced_on: date


class TurnoverAsked(Request):
    """Of which storeroom, in which period; both days are included."""

    storeroom_no: StoreroomNo
    since: Day | None = None
    """Left out: a year before the last day."""
    until: Day | None = None
    """Left out: today."""
    product_area: AreaKey | None = None
    form: ReportForm = "list"


class TurnoverRow(View):
    """An article with what left the storeroom in the period, in base units."""

    article_no: str
    article_name: str
    used: int
    in_stock: int
    times: Decimal | None
    """How many times what lies there now was used; null where nothing does."""


ValueAnswer = Response | list[StockValueRow]
TurnoverAnswer = Response | list[TurnoverRow]


def routes(reports: Reports) -> Router:
    router = Router("inventory", prefix="/reports", tags=["reports"])
    _of_value(router, reports)
    _of_turnover(router, reports)
    return router


def _of_value(router: Router, reports: Reports) -> None:
    clock = reports.warehouse.clock

    @router.post("/stock-value", response_model=list[StockValueRow], responses=A_REPORT)
    async def report_stock_value(form: StockValueAsked, ask: Ask, pages: Pages) -> ValueAnswer:
        """Report what the goods of storerooms are worth, by the prices of a day."""
        on = form.priced_on or clock.today()
        wanted = ValueWanted(form.storeroom_no, form.product_area, on)

        async def rows() -> AsyncIterator[Sequence[StockValueRow]]:
            async for page in reports.all_values(ask.actor, wanted):
                yield [_valued(each, on) for each in page]

        if form.form == "list":
            page = await reports.values(ask.actor, wanted, after=pages.after)
            return [_valued(each, on) for each in pages.shown(page)]
        if form.storeroom_no is not None:
            await reports.storeroom(form.storeroom_no, ask.actor)
        if form.form == "csv":
            return await report_file(VALUE, rows(), ask.language, on=clock.today())
        return await report_print(VALUE, rows(), ask.language, at=clock.now(), on=clock.today())


def _of_turnover(router: Router, reports: Reports) -> None:
    clock = reports.warehouse.clock

    @router.post("/turnover", response_model=list[TurnoverRow], responses=A_REPORT)
    async def report_turnover(form: TurnoverAsked, ask: Ask, pages: Pages) -> TurnoverAnswer:
        """Report what left a storeroom in a period, against what lies there."""
        until = form.until or clock.today()
        since = form.since or until - A_YEAR
        if since > until:
            raise PeriodReversed
        storeroom = await reports.storeroom(form.storeroom_no, ask.actor)
        wanted = UseWanted(since, until, form.product_area)

        async def rows() -> AsyncIterator[Sequence[TurnoverRow]]:
            async for page in reports.all_used(storeroom, wanted):
                yield [_used(each) for each in page]

        if form.form == "list":
            page = await reports.used(storeroom, wanted, after=pages.after)
            return [_used(each) for each in pages.shown(page)]
        if form.form == "csv":
            return await report_file(TURNOVER, rows(), ask.language, on=clock.today())
        return await report_print(TURNOVER, rows(), ask.language, at=clock.now(), on=clock.today())


def _valued(valued: Valued, on: date) -> StockValueRow:
    return StockValueRow(
        storeroom_no=valued.storeroom.storeroom_no,
        storeroom_name=valued.storeroom.name,
        pieces=valued.value.pieces,
        value=valued.value.value.amount,
        without_price=valued.value.without_price,
        priced_on=on,
    )


def _used(found: Used) -> TurnoverRow:
    balance, article = found.row.balance, found.row.article
    there = balance.on_hand + balance.quarantined
    return TurnoverRow(
        article_no=balance.article_no,
        article_name=article.name if article else "",
        used=found.used,
        in_stock=there,
        times=turnover(found.used, there),
    )
