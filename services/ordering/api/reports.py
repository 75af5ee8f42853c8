"""Routes of reports: how long orders of devices take, and which collections are open too long (S128)."""

from collections.abc import AsyncIterator, Sequence
from datetime import date, timedelta
from typing import Annotated

from fastapi import Response
from pydantic import Field

from services.ordering.api.devices.forms import PlaceCode
from services.ordering.application.reports import OpenWanted, OrderReports, TimesWanted, demand_unit
from services.ordering.domain.collecting.order import WHERE, CollectionOrder
from services.ordering.domain.delivery_times import HALF, NINE_OF_TEN, DeliveryTimes
from shared.domain.days import PeriodReversed
from shared.domain.decision import Sentence
from shared.fields import Code, Day
from shared.http import Ask, Language, Pages, Request, Router, View
from shared.http.language import said
from shared.http.reports import A_REPORT, Report, ReportForm, report_file, report_print

A_YEAR = timedelta(days=365)
TOO_LONG_DAYS, MOST_DAYS = 14, 3650
UNIT = ("care_unit_name", Sentence("Tjänsteställe", "Care unit"))
TIMES = Report(
    "leveranstider",
    Sentence("Från beställning till leverans", "From order to delivery"),
    (
        UNIT,
        ("product_area", Sentence("Produktområde", "Product area")),
        ("delivered", Sentence("Levererade", "Delivered")),
        ("under_way", Sentence("Inte levererade", "Not delivered")),
        ("median_days", Sentence("Median, dagar", "Median, days")),
        ("nine_of_ten_days", Sentence("Nio av tio inom, dagar", "Nine of ten within, days")),
        ("promised", Sentence("Med planerad dag", "With a planned day")),
        ("late", Sentence("Efter planerad dag", "After the planned day")),
    ),
)
OPEN = Report(
    "oppna-hamtordrar",
    Sentence("Hämtordrar som varit öppna för länge", "Collection orders that are open too long"),
    (
        ("collection_no", Sentence("Hämtorder", "Collection order")),
        UNIT,
        ("registered_on", Sentence("Registrerad", "Registered")),
        ("days_open", Sentence("Dagar öppen", "Days open")),
        ("where_text", Sentence("Hjälpmedlen är", "The devices are")),
        ("devices", Sentence("Antal hjälpmedel", "Devices")),
    ),
)


class DeliveryTimesAsked(Request):
    """Of which care unit and area, sent in which period; both days are included."""

    care_unit: PlaceCode | None = None
    """Left out: the own ones."""
    product_area: Annotated[Code, Field(max_length=40)] | None = None
    since: Day | None = None
    """Left out: a year before the last day."""
    until: Day | None = None
    """Left out: today."""
    form: ReportForm = "list"


class DeliveryTimesRow(View):
    """How long the orders of a care unit and area took, from sent until the last was there."""

    care_unit: str
    care_unit_name: str
    product_area: str
    delivered: int
    under_way: int
    median_days: int | None
    nine_of_ten_days: int | None
    """Nine orders of ten came within so many days."""
    promised: int
    """Delivered ones for which a planned day was said."""
    late: int
    """Those of them that came after that day."""


class OpenCollectionsAsked(Request):
    """Of which care unit and area, open for longer than so many days."""

    care_unit: PlaceCode | None = None
    """Left out: the own ones."""
    product_area: Annotated[Code, Field(max_length=40)] | None = None
    longer_than_days: Annotated[int, Field(ge=0, le=MOST_DAYS)] = TOO_LONG_DAYS
    form: ReportForm = "list"


class OpenCollectionRow(View):
    """A collection order that is open too long; whose devices it is about is not said."""

    collection_no: str
    care_unit: str
    care_unit_name: str
    registered_on: date
    days_open: int
    where_text: str
    devices: int


TimesAnswer = Response | list[DeliveryTimesRow]
OpenAnswer = Response | list[OpenCollectionRow]


def routes(reports: OrderReports) -> Router:
    router = Router("ordering", prefix="/reports", tags=["reports"])
    _of_times(router, reports)
    _of_collections(router, reports)
    return router


def _of_times(router: Router, reports: OrderReports) -> None:
    clock = reports.desk.clock

    @router.post("/delivery-times", response_model=list[DeliveryTimesRow], responses=A_REPORT)
    async def report_delivery_times(form: DeliveryTimesAsked, ask: Ask) -> TimesAnswer:
        """Report how long orders from warehouses took, by care unit and product area."""
        until = form.until or clock.today()
        since = form.since or until - A_YEAR
        if since > until:
            raise PeriodReversed
        wanted = TimesWanted(form.care_unit, form.product_area, since, until)
        found = await reports.times(wanted, ask.actor)
        names = await reports.unit_names(sorted({unit for unit, _ in found}))
        table = [_times(unit, area, names[unit], times) for (unit, area), times in found.items()]
        if form.form == "list":
            return table

        async def rows() -> AsyncIterator[Sequence[DeliveryTimesRow]]:
            yield table

        if form.form == "csv":
            return await report_file(TIMES, rows(), ask.language, on=clock.today())
        return await report_print(TIMES, rows(), ask.language, at=clock.now(), on=clock.today())


def _of_collections(router: Router, reports: OrderReports) -> None:
    clock = reports.desk.clock

    @router.post("/open-collections", response_model=list[OpenCollectionRow], responses=A_REPORT)
    async def report_open_collections(form: OpenCollectionsAsked, ask: Ask, pages: Pages) -> OpenAnswer:
        """Report the collection orders that are open too long, the oldest first."""
        wanted = OpenWanted(form.care_unit, form.product_area, form.longer_than_days)
        demand_unit(form.care_unit, ask.actor)

        async def shown(orders: Sequence[CollectionOrder]) -> list[OpenCollectionRow]:
            names = await reports.unit_names(sorted({each.care_unit for each in orders}))
            return [_open(each, names[each.care_unit], clock.today(), ask.language) for each in orders]

        async def rows() -> AsyncIterator[Sequence[OpenCollectionRow]]:
            async for page in reports.all_open_collections(wanted, ask.actor):
                yield await shown(page)

        if form.form == "list":
            page = await reports.open_collections(wanted, ask.actor, after=pages.after)
            return await shown(pages.shown(page))
        if form.form == "csv":
            return await report_file(OPEN, rows(), ask.language, on=clock.today())
        return await report_print(OPEN, rows(), ask.language, at=clock.now(), on=clock.today())


def _times(care_unit: str, area: str, name: str, times: DeliveryTimes) -> DeliveryTimesRow:
    return DeliveryTimesRow(
        care_unit=care_unit,
        care_unit_name=name,
        product_area=area,
        delivered=times.delivered,
        under_way=times.under_way,
        median_days=times.percentile(HALF),
        nine_of_ten_days=times.percentile(NINE_OF_TEN),
        promised=times.promised,
        late=times.late,
    )


def _open(order: CollectionOrder, name: str, today: date, language: Language) -> OpenCollectionRow:
    return OpenCollectionRow(
        collection_no=order.collection_no,
        care_unit=order.care_unit,
        care_unit_name=name,
        registered_on=order.registered_on,
        days_open=(today - order.registered_on).days,
        where_text=said(WHERE[order.where], language),
        devices=len(order.devices),
    )
