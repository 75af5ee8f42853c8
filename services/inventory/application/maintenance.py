"""Counts when devices are due, and reads what jobs and faults decide about (S131, Q56)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from services.inventory.application.register import SEE_ALL, Register
from services.inventory.domain.devices.device import Device
from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.goods.counting import CountedByNumber
from services.inventory.domain.goods.movement import Movement
from services.inventory.domain.goods.stock import balance_ids
from services.inventory.domain.maintenance.faults import promised_on
from services.inventory.domain.maintenance.finishing import PartsOfNowhere, Work
from services.inventory.domain.maintenance.job import JobKind, MaintenanceJob, PartUsed
from services.inventory.domain.maintenance.planning import MaintenancePlan, plan_devices
from services.inventory.repository.collections import (
    BALANCES,
    DEVICES,
    LOANS,
    MAINTENANCE_JOBS,
    MAINTENANCE_PLANS,
    MOVEMENTS,
    STOREROOMS,
)
from services.inventory.repository.maintenance import DueWanted, MaintenanceQueries
from shared.auth.actor import Actor
from shared.domain.decision import NotFound
from shared.repository import Cause, Page, Place
from shared.repository.refs import Refs

Versions = frozenset[int] | None
RefsOfWork = Refs[MaintenanceJob, Device, MaintenancePlan | None, tuple[Balance | None, ...], Movement | None]


class Maintenance:
    """What is due, and the jobs of technicians."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.warehouse = register.warehouse
        self.repository = register.warehouse.repository
        self.queries = MaintenanceQueries(self.repository)

    async def count_due_days(self) -> None:
        """Count for every device that came, or whose interval changed, when it is due; safe to run again."""
        for article_no in await self.queries.planned_articles():
            while await self._count_some(article_no):
                pass

    async def due(self, wanted: DueWanted, actor: Actor, *, after: Place | None) -> Page[Device]:
        """Give a page of the devices that are due: at a care unit those of own units; raises NotFound."""
        if not actor.has(*SEE_ALL):
            if wanted.storeroom_no is not None:
                await self.warehouse.storeroom_for(wanted.storeroom_no, actor)
            else:
                own = actor.care_units
                wanted = replace(wanted, care_units=own & wanted.care_units if wanted.care_units else own)
        return await self.queries.due(wanted, after=after)

    async def device_in_hand(self, device_no: str, actor: Actor) -> Device:
        """Give a device to who can have it in hand, and to who maintains it; raises NotFound."""
        device = await self.warehouse.device(device_no)
        is_maintained_by = actor.has("store_keeper", "technician")
        if not is_maintained_by and not await self.register.has_in_hand(device, actor):
            raise NotFound(DEVICES.noun, device_no)
        return device

    async def job_for(self, job_no: str, actor: Actor) -> MaintenanceJob:
        """Give a job to who may see its device, and to who registered it; raises NotFound."""
        job = await self.repository.get(MAINTENANCE_JOBS.ref(job_no))
        if job.registered_by != actor.sub:
            await self.register.device_for(job.device_no, actor)
        return job

    async def job_of(
        self, device: Device, kind: JobKind, reason: str, *, by: str, planned_on: date | None = None
    ) -> MaintenanceJob:
        """Give a new job under its number, promised by the usual day unless it is planned for another."""
        now = self.warehouse.clock.now()
        return MaintenanceJob(
            job_no=await self.repository.next_number("A", year=self.warehouse.clock.today().year),
            device_no=device.device_no,
            article_no=device.article_no,
            kind=kind,
            reason=reason,
            registered_by=by,
            registered_at=now,
            promised_on=planned_on or promised_on(now),
        )

    async def reported(self, device: Device, fault: str, actor: Actor) -> MaintenanceJob:
        """Give the job that a reported fault becomes, of the care unit that reports it."""
        job = await self.job_of(device, "corrective", fault, by=actor.sub)
        unit = device.care_unit or await self._unit_of(device, actor)
        return replace(job, reported=True, care_unit=unit)

    async def storeroom_of_work(self, device: Device, named: str | None, actor: Actor) -> str:
        """Give the storeroom whose goods a work moves; empty when there is none. Raises NotFound."""
        if named is not None:
            return (await self.warehouse.storeroom_for(named, actor)).storeroom_no
        return device.storeroom_no or ""

    async def articles_of_work(
        self, device: Device, parts: Sequence[PartUsed], storeroom_no: str
    ) -> tuple[str, ...]:
        """Name the articles whose balances a work reads.

        Raises NotFound, CountedByNumber and PartsOfNowhere.
        """
        if parts and not storeroom_no:
            raise PartsOfNowhere(device_no=device.device_no)
        numbers = dict.fromkeys(each.article_no for each in parts)
        for article_no in await self.warehouse.marked(numbers):
            raise CountedByNumber(article_no=article_no)
        for article_no in numbers:
            await self.warehouse.article(article_no)
        return tuple(dict.fromkeys((device.article_no, *numbers))) if storeroom_no else ()

    def refs_of_work(self, job: MaintenanceJob, work: Work, *, if_version: Versions) -> RefsOfWork:
        """Name what a work changes."""
        return (
            MAINTENANCE_JOBS.ref(job.job_no, if_version=if_version)
            & DEVICES.ref(job.device_no)
            & MAINTENANCE_PLANS.maybe(job.article_no)
            & BALANCES.maybe_many(balance_ids(work.storeroom_no, work.articles))
            & MOVEMENTS.maybe(work.movement_no)
        )

    async def _count_some(self, article_no: str) -> bool:
        """Count some devices of an article by its intervals of now; tell whether there were any."""
        plan = await self.repository.get(MAINTENANCE_PLANS.ref(article_no))
        devices = await self.queries.counted_by_another(plan)
        if devices:
            refs = (
                DEVICES.many([each.device_no for each in devices])
                & LOANS.maybe_many([each.loan_id for each in devices if each.loan_id])
                & MAINTENANCE_PLANS.ref(article_no)
            )
            await self.repository.change(refs, plan_devices, cause=Cause(key=None))
        return bool(devices)

    async def _unit_of(self, device: Device, actor: Actor) -> str | None:
        """Name the care unit in whose storeroom it lies; None at a warehouse."""
        if device.storeroom_no is None:
            return None
        storeroom = await self.repository.get(STOREROOMS.maybe(device.storeroom_no))
        units = storeroom.care_units if storeroom and storeroom.kind == "storeroom" else ()
        own = [each for each in units if each in actor.care_units]
        return next(iter(own or units), None)
