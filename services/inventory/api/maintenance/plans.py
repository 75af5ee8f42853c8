"""Routes for how often devices are maintained, and which are due (S131, Q56)."""

from datetime import date
from functools import partial
from typing import Annotated

from fastapi import Response
from pydantic import Field

from services.inventory.api.device_views import DeviceView, shown
from services.inventory.api.forms import AreaKey, CareUnitNo, StoreroomNo
from services.inventory.application.maintenance import Maintenance
from services.inventory.domain.devices.device import Device
from services.inventory.domain.devices.receiving import NotMarked
from services.inventory.domain.devices.upkeep import Interval
from services.inventory.domain.maintenance.lending import exempt, is_overdue
from services.inventory.domain.maintenance.planning import (
    LONGEST_MONTHS,
    MaintenancePlan,
    set_interval,
    set_own_interval,
)
from services.inventory.repository.collections import DEVICES, MAINTENANCE_PLANS
from services.inventory.repository.maintenance import DueWanted
from shared.fields import Day
from shared.http import Ask, Asked, Pages, ReasonText, Request, Router, View
from shared.http.ids import ArticleNo, DeviceNo


class IntervalForm(Request):
    """How often it is maintained from a day on, and why."""

    valid_from: Day
    months: Annotated[int, Field(ge=1, le=LONGEST_MONTHS)] | None
    """Null: from that day on it needs none."""
    reason: ReasonText


class IntervalView(View):
    """An interval; each holds until the next begins."""

    valid_from: date
    months: int | None
    by: str
    reason: str


class PlanView(View):
    """How often the devices of an article are maintained, the oldest interval first."""

    article_no: str
    article_name: str
    intervals: list[IntervalView]

    @classmethod
    def of(cls, plan: MaintenancePlan | None, name: str) -> "PlanView":
        if plan is None:
            raise LookupError("a plan is kept")
        return cls(
            article_no=plan.article_no,
            article_name=name,
            intervals=[_interval_shown(each) for each in plan.intervals],
        )


class UpkeepView(View):
    """What is known of a device's maintenance."""

    device_no: str
    maintained_on: date | None
    due_on: date | None
    intervals: list[IntervalView]
    """Of this device, instead of its article's."""
    overdue_reason: str | None
    """Why it may be handed out though it is overdue."""

    @classmethod
    def of(cls, device: Device, *_: object) -> "UpkeepView":
        upkeep = device.upkeep
        return cls(
            device_no=device.device_no,
            maintained_on=upkeep.maintained_on,
            due_on=upkeep.due_on,
            intervals=[_interval_shown(each) for each in upkeep.intervals],
            overdue_reason=upkeep.exemption.reason if upkeep.exemption else None,
        )


class DueView(DeviceView):
    """A device whose maintenance is due."""

    due_on: date
    overdue: bool
    maintained_on: date | None
    care_unit: str | None
    """Whose patient has it, or at which it waits for one; null: it lies in a storeroom."""
    job_no: str | None
    """The open job of preventive maintenance."""


class DueSearched(Request):
    """Which devices: due in a period, of a care unit's patients, of a storeroom, of a product area."""

    due_from: Day | None = None
    """Left out: what is overdue too."""
    due_through: Day | None = None
    care_unit: CareUnitNo | None = None
    storeroom_no: StoreroomNo | None = None
    product_area: AreaKey | None = None


class OverdueForm(Request):
    """Why a device is handed out though its maintenance is overdue; name nobody."""

    reason: ReasonText


def routes(maintenance: Maintenance) -> Router:
    router = Router("inventory", tags=["maintenance"])
    _intervals(router, maintenance)
    _due(router, maintenance)
    return router


def _intervals(router: Router, maintenance: Maintenance) -> None:
    warehouse, repository = maintenance.warehouse, maintenance.repository

    @router.post("/device-articles/{article_no}/maintenance-intervals", response_model=PlanView)
    async def set_maintenance_interval(article_no: ArticleNo, form: IntervalForm, asked: Asked) -> Response:
        """Let an interval hold for all devices of an article from a day on; days to come are replaced."""
        article = await warehouse.article(article_no)
        if article.device is None or not article.device.marked:
            raise NotMarked(article_no=article_no)
        rule = partial(set_interval, article_no=article.article_no, interval=_interval(form, asked))
        ref = MAINTENANCE_PLANS.maybe(article.article_no)
        return asked.answered(
            await repository.change(
                ref, rule, cause=asked.cause, reply=lambda kept: PlanView.of(kept, article.name)
            )
        )

    @router.post("/devices/{device_no}/maintenance-intervals", response_model=UpkeepView)
    async def set_device_interval(device_no: DeviceNo, form: IntervalForm, asked: Asked) -> Response:
        """Let an interval hold for one device, instead of its article's."""
        device = await warehouse.device(device_no)
        refs = DEVICES.ref(device.device_no) & MAINTENANCE_PLANS.maybe(device.article_no)
        rule = partial(set_own_interval, interval=_interval(form, asked))
        return asked.answered(await repository.change(refs, rule, cause=asked.cause, reply=UpkeepView.of))

    @router.get("/maintenance-intervals")
    async def list_maintenance_intervals(
        ask: Ask,  # noqa: ARG001  who asks is checked
        pages: Pages,
    ) -> list[PlanView]:
        """List the articles that have an interval, by number."""
        plans = pages.shown(await maintenance.queries.plans(after=pages.after))
        names = await warehouse.names(each.article_no for each in plans)
        return [PlanView.of(each, names[each.article_no]) for each in plans]

    def _interval(form: IntervalForm, asked: Asked) -> Interval:
        now = warehouse.clock.now()
        return Interval(form.valid_from, form.months, asked.actor.sub, now, form.reason)


def _due(router: Router, maintenance: Maintenance) -> None:
    warehouse, repository = maintenance.warehouse, maintenance.repository

    @router.post("/maintenance-due/search")
    async def search_maintenance_due(form: DueSearched, ask: Ask, pages: Pages) -> list[DueView]:
        """List the devices whose maintenance is due, the first day first.

        Who works at a care unit sees what the own units' patients have, or what lies in an own storeroom.
        """
        page = pages.shown(await maintenance.due(await wanted(form), ask.actor, after=pages.after))
        today = warehouse.clock.today()
        return [
            _due_shown(each.device, shown(each, ask.language), today)
            for each in await maintenance.register.known(page)
        ]

    async def wanted(form: DueSearched) -> DueWanted:
        area = form.product_area
        articles = await maintenance.queries.planned_articles(product_area=area) if area else None
        units = frozenset({form.care_unit}) if form.care_unit else None
        return DueWanted(form.due_from, form.due_through, units, form.storeroom_no, articles)

    @router.post("/devices/{device_no}/overdue-reason", response_model=UpkeepView)
    async def record_overdue_reason(device_no: DeviceNo, form: OverdueForm, asked: Asked) -> Response:
        """Record why a device is handed out though its maintenance is overdue; it holds until then."""
        device = await maintenance.device_in_hand(device_no, asked.actor)
        rule = partial(exempt, reason=form.reason, by=asked.actor.sub, at=warehouse.clock.now())
        ref = DEVICES.ref(device.device_no)
        return asked.answered(await repository.change(ref, rule, cause=asked.cause, reply=UpkeepView.of))


def _interval_shown(interval: Interval) -> IntervalView:
    return IntervalView(
        valid_from=interval.valid_from, months=interval.months, by=interval.by, reason=interval.reason
    )


def _due_shown(device: Device, listed: dict[str, object], today: date) -> DueView:
    return DueView.model_validate(
        {
            **listed,
            "due_on": device.upkeep.due_on,
            "overdue": is_overdue(device, on=today),
            "maintained_on": device.upkeep.maintained_on,
            "care_unit": device.care_unit,
            "job_no": device.upkeep.preventive_job,
        }
    )
