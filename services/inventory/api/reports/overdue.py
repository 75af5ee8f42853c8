"""The route of the report about devices whose maintenance is overdue (S131, Q56)."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from fastapi import Response

from services.inventory.api.forms import AreaKey, CareUnitNo, StoreroomNo
from services.inventory.application.maintenance import Maintenance
from services.inventory.application.register import KnownDevice
from services.inventory.repository.maintenance import DueWanted
from shared.domain.decision import Sentence
from shared.fields import Day
from shared.http import Ask, Pages, Request, Router, View
from shared.http.reports import A_REPORT, Report, ReportForm, report_file, report_print
from shared.repository import Place

OVERDUE = Report(
    "forsenat-underhall",
    Sentence("Försenat underhåll", "Overdue maintenance"),
    (
        ("label", Sentence("Individnummer", "Device number")),
        ("article_no", Sentence("Artikelnummer", "Article number")),
        ("article_name", Sentence("Benämning", "Name")),
        ("due_on", Sentence("Skulle ha gjorts", "Was due")),
        ("days_late", Sentence("Dagar försenat", "Days late")),
        ("storeroom_name", Sentence("Förråd", "Storeroom")),
        ("care_unit", Sentence("Tjänsteställe", "Care unit")),
        ("job_no", Sentence("Aktivitet", "Job")),
    ),
)


class OverdueAsked(Request):
    """Which devices: of a care unit's patients, of a storeroom, of an area, due since a day."""

    due_from: Day | None = None
    care_unit: CareUnitNo | None = None
    storeroom_no: StoreroomNo | None = None
    product_area: AreaKey | None = None
    form: ReportForm = "list"


class OverdueRow(View):
    """A device whose maintenance is overdue; whose patient has it is not said."""

    label: str
    article_no: str
    article_name: str
    due_on: date | None
    days_late: int
    storeroom_name: str | None
    care_unit: str | None
    job_no: str | None
    """The open job of preventive maintenance."""


Answer = Response | list[OverdueRow]


def routes(maintenance: Maintenance) -> Router:
    router = Router("inventory", prefix="/reports", tags=["reports"])
    clock = maintenance.warehouse.clock

    @router.post("/overdue-maintenance", response_model=list[OverdueRow], responses=A_REPORT)
    async def report_overdue_maintenance(form: OverdueAsked, ask: Ask, pages: Pages) -> Answer:
        """Report the devices whose maintenance is overdue, the most overdue first."""
        today = clock.today()
        wanted = await _wanted(form, maintenance, today)

        async def rows() -> AsyncIterator[Sequence[OverdueRow]]:
            after: Place | None = None
            while True:
                page = await maintenance.due(wanted, ask.actor, after=after)
                yield [_row(each, today) for each in await maintenance.register.known(page.states)]
                if page.next is None:
                    return
                after = page.next

        if form.form == "list":
            found = pages.shown(await maintenance.due(wanted, ask.actor, after=pages.after))
            return [_row(each, today) for each in await maintenance.register.known(found)]
        await maintenance.due(replace(wanted, due_from=today), ask.actor, after=None)
        if form.form == "csv":
            return await report_file(OVERDUE, rows(), ask.language, on=today)
        return await report_print(OVERDUE, rows(), ask.language, at=clock.now(), on=today)

    return router


async def _wanted(form: OverdueAsked, maintenance: Maintenance, today: date) -> DueWanted:
    area = form.product_area
    articles = await maintenance.queries.planned_articles(product_area=area) if area else None
    units = frozenset({form.care_unit}) if form.care_unit else None
    return DueWanted(form.due_from, today - timedelta(days=1), units, form.storeroom_no, articles)


def _row(known: KnownDevice, today: date) -> OverdueRow:
    device = known.device
    due_on = device.upkeep.due_on
    return OverdueRow(
        label=device.number_on_label,
        article_no=device.article_no,
        article_name=known.article.name if known.article else "",
        due_on=due_on,
        days_late=(today - due_on).days if due_on else 0,
        storeroom_name=known.storeroom.name if known.storeroom else None,
        care_unit=device.care_unit,
        job_no=device.upkeep.preventive_job,
    )
