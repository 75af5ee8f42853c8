"""Routes of maintenance jobs: registered, done or annulled, and searched (S130, S149, Q56)."""

import uuid
from functools import partial
from typing import Annotated

from fastapi import Query, Response
from pydantic import Field

from services.inventory.api.forms import LotNo, Pieces, StoreroomNo
from services.inventory.api.maintenance.views import JobView, articles_in
from services.inventory.application.maintenance import Maintenance
from services.inventory.domain.maintenance.finishing import Work, complete_job
from services.inventory.domain.maintenance.job import (
    JobKind,
    MaintenanceJob,
    PartUsed,
    Result,
    WorkDone,
    annul_job,
    register_job,
)
from services.inventory.repository.collections import DEVICES, MAINTENANCE_JOBS
from shared.fields import Day, SingleLine
from shared.http import Ask, Asked, Pages, ReasonText, Request, Router
from shared.http.ids import ArticleNo, DeviceNo
from shared.http.numbers import MaintenanceJobNo

MOST_ACTIVITIES = 20
MOST_PARTS = 20
LONGEST_ACTIVITY = 200
LONGEST_NAME = 100

Activity = Annotated[SingleLine, Field(max_length=LONGEST_ACTIVITY)]


class JobForm(Request):
    """What is to be done with which device; name nobody in the reason."""

    device_no: DeviceNo
    kind: JobKind
    reason: ReasonText
    planned_on: Day | None = None
    """The day by which it is to be done; left out: within the days that the warehouse promises."""


class PartForm(Request):
    """A counted article that was put into the device."""

    article_no: ArticleNo
    quantity: Pieces
    lot: LotNo | None = None


class WorkForm(Request):
    """What was done, by whom, with which parts and result."""

    done_on: Day
    done_by: Annotated[SingleLine, Field(max_length=LONGEST_NAME)] | None = None
    """A technician or a firm; left out: whoever registers it."""
    activities: Annotated[list[Activity], Field(min_length=1, max_length=MOST_ACTIVITIES)]
    parts: Annotated[list[PartForm], Field(max_length=MOST_PARTS, default_factory=list)]
    storeroom_no: StoreroomNo | None = None
    """Where the parts come from; left out: where the device lies."""
    result: Result
    note: Annotated[SingleLine, Field(max_length=LONGEST_ACTIVITY)] | None = None
    next_on: Day | None = None
    """The next preventive maintenance, where it is due earlier than the interval says."""


class AnnulForm(Request):
    """Why the job will not be done."""

    reason: ReasonText


def routes(maintenance: Maintenance) -> Router:
    router = Router("inventory", tags=["maintenance"])
    _changing(router, maintenance)
    _finishing(router, maintenance)
    _reading(router, maintenance)
    return router


def _changing(router: Router, maintenance: Maintenance) -> None:
    warehouse, repository = maintenance.warehouse, maintenance.repository

    @router.post("/maintenance-jobs", response_model=JobView, status_code=201)
    async def register_maintenance_job(form: JobForm, asked: Asked) -> Response:
        """Open a job of preventive or corrective maintenance for a device."""
        device = await warehouse.device(form.device_no)
        job = await maintenance.job_of(
            device, form.kind, form.reason, by=asked.actor.sub, planned_on=form.planned_on
        )
        names = await warehouse.names([device.article_no])
        refs = MAINTENANCE_JOBS.maybe(job.job_no) & DEVICES.ref(device.device_no)
        rule = partial(register_job, job=job)
        answer = await repository.change(
            refs,
            rule,
            cause=asked.cause,
            reply=lambda kept, _: JobView.of(kept or job, asked.language, names),
        )
        return asked.answered(answer, 201)

    @router.post("/maintenance-jobs/{job_no}/annul", response_model=JobView)
    async def annul_maintenance_job(job_no: MaintenanceJobNo, form: AnnulForm, asked: Asked) -> Response:
        """End a job that will not be done."""
        known = await repository.get(MAINTENANCE_JOBS.ref(job_no))
        names = await warehouse.names([known.article_no])
        refs = MAINTENANCE_JOBS.ref(job_no, if_version=asked.if_match) & DEVICES.ref(known.device_no)
        rule = partial(annul_job, reason=form.reason, by=asked.actor.sub, at=warehouse.clock.now())
        answer = await repository.change(
            refs, rule, cause=asked.cause, reply=lambda kept, _: JobView.of(kept, asked.language, names)
        )
        return asked.answered(answer)


def _finishing(router: Router, maintenance: Maintenance) -> None:
    warehouse, repository = maintenance.warehouse, maintenance.repository

    @router.post("/maintenance-jobs/{job_no}/complete", response_model=JobView)
    async def complete_maintenance_job(job_no: MaintenanceJobNo, form: WorkForm, asked: Asked) -> Response:
        """Register what was done; the next day is counted, and a fit device goes on the shelf again."""
        known = await repository.get(MAINTENANCE_JOBS.ref(job_no))
        parts = tuple(PartUsed(each.article_no, each.quantity, each.lot or "") for each in form.parts)
        done = WorkDone(
            done_on=form.done_on,
            done_by=form.done_by or asked.actor.sub,
            activities=tuple(form.activities),
            parts=parts,
            result=form.result,
            note=form.note,
            next_due_on=None,
            registered_by=asked.actor.sub,
            registered_at=warehouse.clock.now(),
        )
        device = await warehouse.device(known.device_no)
        place = await maintenance.storeroom_of_work(device, form.storeroom_no, asked.actor)
        articles = await maintenance.articles_of_work(device, parts, place)
        work = Work(str(uuid.uuid4()), place, articles, done, form.next_on)
        names = await warehouse.names([known.article_no, *articles])

        def shown(kept: MaintenanceJob, *_: object) -> JobView:
            return JobView.of(kept, asked.language, names)

        refs = maintenance.refs_of_work(known, work, if_version=asked.if_match)
        rule = partial(complete_job, work=work)
        answer = await repository.change(refs, rule, cause=asked.cause, reply=shown)
        await warehouse.give_to_waiting(place, articles)
        return asked.answered(answer)


def _reading(router: Router, maintenance: Maintenance) -> None:
    warehouse, queries = maintenance.warehouse, maintenance.queries

    @router.get("/maintenance-jobs/{job_no}")
    async def get_maintenance_job(job_no: MaintenanceJobNo, ask: Ask) -> JobView:
        """Show a job to who may see its device."""
        job = await maintenance.job_for(job_no, ask.actor)
        return JobView.of(job, ask.language, await warehouse.names(articles_in(job)))

    @router.get("/devices/{device_no}/maintenance-jobs")
    async def list_device_jobs(device_no: DeviceNo, ask: Ask, pages: Pages) -> list[JobView]:
        """List the jobs of a device, the newest first (S149)."""
        device = await maintenance.register.device_for(device_no, ask.actor)
        page = await queries.jobs_of(device.device_no, after=pages.after)
        return await _shown(pages.shown(page), ask)

    @router.get("/maintenance-jobs")
    async def list_maintenance_jobs(
        ask: Ask, pages: Pages, mine: Annotated[bool, Query()] = False
    ) -> list[JobView]:
        """List the open jobs, what is promised first first; or those that the person registered.

        Who works at a care unit sees the own ones.
        """
        if mine or not ask.actor.has("store_keeper", "technician"):
            page = await queries.jobs_by(ask.actor.sub, after=pages.after)
        else:
            page = await queries.open_jobs(after=pages.after)
        return await _shown(pages.shown(page), ask)

    async def _shown(jobs: list[MaintenanceJob], ask: Ask) -> list[JobView]:
        names = await warehouse.names(no for each in jobs for no in articles_in(each))
        return [JobView.of(each, ask.language, names) for each in jobs]
