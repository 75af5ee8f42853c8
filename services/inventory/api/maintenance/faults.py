"""Routes by which a fault is reported, and a defective device is taken in from a storeroom (S133, S134)."""

import uuid
from functools import partial

from fastapi import Response

from services.inventory.api.forms import StoreroomNo
from services.inventory.api.maintenance.views import JobView
from services.inventory.application.maintenance import Maintenance
from services.inventory.domain.goods.balance import balance_id
from services.inventory.domain.maintenance.faults import TakenIn, report_fault, take_in
from services.inventory.domain.maintenance.job import MaintenanceJob
from services.inventory.repository.collections import BALANCES, DEVICES, MAINTENANCE_JOBS, MOVEMENTS
from shared.http import Asked, ReasonText, Request, Router
from shared.http.ids import DeviceNo
from shared.http.numbers import MaintenanceJobNo


class FaultForm(Request):
    """What is wrong with the device; name nobody."""

    fault: ReasonText


class TakeInForm(Request):
    """The warehouse that a defective device comes to."""

    storeroom_no: StoreroomNo


def routes(maintenance: Maintenance) -> Router:
    router = Router("inventory", tags=["maintenance"])
    warehouse, repository = maintenance.warehouse, maintenance.repository

    @router.post("/devices/{device_no}/faults", response_model=JobView, status_code=201)
    async def report_device_fault(device_no: DeviceNo, form: FaultForm, asked: Asked) -> Response:
        """Report a fault: it is the warehouse's task with a promised day, and nobody is lent the device."""
        device = await maintenance.device_in_hand(device_no, asked.actor)
        job = await maintenance.reported(device, form.fault, asked.actor)
        names = await warehouse.names([device.article_no])
        refs = (
            MAINTENANCE_JOBS.maybe(job.job_no)
            & DEVICES.ref(device.device_no)
            & BALANCES.maybe(balance_id(device.storeroom_no or "", device.article_no))
            & MOVEMENTS.maybe(job.job_no)
        )

        def shown(kept: MaintenanceJob | None, *_: object) -> JobView:
            return JobView.of(kept or job, asked.language, names)

        rule = partial(report_fault, job=job)
        answer = await repository.change(refs, rule, cause=asked.cause, reply=shown)
        return asked.answered(answer, 201)

    @router.post("/maintenance-jobs/{job_no}/take-in", response_model=JobView)
    async def take_in_defective_device(job_no: MaintenanceJobNo, form: TakeInForm, asked: Asked) -> Response:
        """Register that a defective device has come to the warehouse from a unit's storeroom."""
        if (kept := await repository.kept_answer(asked.cause)) is not None:
            return asked.answered(kept)
        place = await warehouse.storeroom_for(form.storeroom_no, asked.actor)
        job = await repository.get(MAINTENANCE_JOBS.ref(job_no))
        device = await warehouse.device(job.device_no)
        places = (device.storeroom_no or "", place.storeroom_no)
        taken = TakenIn(str(uuid.uuid4()), place.storeroom_no, asked.actor.sub, warehouse.clock.now())
        refs = (
            MAINTENANCE_JOBS.ref(job_no)
            & DEVICES.ref(device.device_no)
            & BALANCES.maybe_many([balance_id(each, device.article_no) for each in dict.fromkeys(places)])
            & MOVEMENTS.maybe(taken.movement_no)
        )
        names = await warehouse.names([job.article_no])

        def shown(kept: MaintenanceJob, *_: object) -> JobView:
            return JobView.of(kept, asked.language, names)

        rule = partial(take_in, taken=taken)
        return asked.answered(await repository.change(refs, rule, cause=asked.cause, reply=shown))

    return router
