"""Queries of maintenance: what is due, which devices are counted anew, and the jobs."""

from collections.abc import Collection as Several
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.inventory.domain.devices.device import Device
from services.inventory.domain.maintenance.job import MaintenanceJob
from services.inventory.domain.maintenance.planning import MaintenancePlan
from services.inventory.repository.collections import (
    ARTICLES,
    DEVICES,
    MAINTENANCE_JOBS,
    MAINTENANCE_PLANS,
)
from shared.repository import Page, Place, Repository

READ_AT_ONCE = 100
EVER = {"$gte": date.min.isoformat()}
"""Asked of the field that a list is sorted by: so the database reads it by the index (S131)."""


@dataclass(frozen=True)
class DueWanted:
    """Which devices: due in a period, of some care units' patients, one storeroom, or some articles."""

    due_from: date | None = None
    due_through: date | None = None
    care_units: frozenset[str] | None = None
    storeroom_no: str | None = None
    articles: Several[str] | None = None


class MaintenanceQueries:
    """Devices that need maintenance, and the jobs about them."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    async def due(self, wanted: DueWanted, *, after: Place | None) -> Page[Device]:
        """Give a page of the devices that are due, the first day first; without a day, from the first on."""
        where: dict[str, Any] = {"upkeep.due_on": _period(wanted)}
        if wanted.care_units is not None:
            where["care_unit"] = {"$in": sorted(wanted.care_units)}
        if wanted.storeroom_no is not None:
            where["storeroom_no"] = wanted.storeroom_no
        if wanted.articles is not None:
            where["article_no"] = {"$in": sorted(wanted.articles)}
        return await self._repository.page(
            DEVICES, where, sort="upkeep.due_on", limit=READ_AT_ONCE, after=after
        )

    async def plans(self, *, after: Place | None) -> Page[MaintenancePlan]:
        """Give a page of the articles that have an interval, by number."""
        return await self._repository.page(MAINTENANCE_PLANS, {}, limit=READ_AT_ONCE, after=after)

    async def planned_articles(self, *, product_area: str | None = None) -> list[str]:
        """Name the articles that have an interval: kept by hand, some hundreds at most."""
        numbers = [each.article_no for each in await self._repository.whole(MAINTENANCE_PLANS, {})]
        if product_area is None:
            return numbers
        articles = await self._repository.get(ARTICLES.maybe_many(numbers))
        return [each.article_no for each in articles if each and each.product_area == product_area]

    async def counted_by_another(self, plan: MaintenancePlan) -> list[Device]:
        """List some devices of an article that are not counted by its intervals of now."""
        where = {"article_no": plan.article_no, "upkeep.plan_version": {"$ne": plan.version}}
        return await self._repository.find(DEVICES, where, limit=READ_AT_ONCE)

    async def jobs_of(self, device_no: str, *, after: Place | None) -> Page[MaintenanceJob]:
        """Give a page of the jobs of a device, the newest first."""
        return await self._jobs({"device_no": device_no}, "-registered_at", after)

    async def open_jobs(self, *, after: Place | None) -> Page[MaintenanceJob]:
        """Give a page of the open jobs, what was promised first first."""
        return await self._jobs({"is_open": True, "promised_on": EVER}, "promised_on", after)

    async def jobs_by(self, person: str, *, after: Place | None) -> Page[MaintenanceJob]:
        """Give a page of the jobs that somebody reported or registered, the newest first."""
        return await self._jobs({"registered_by": person}, "-registered_at", after)

    async def _jobs(self, where: dict[str, Any], sort: str, after: Place | None) -> Page[MaintenanceJob]:
        return await self._repository.page(
            MAINTENANCE_JOBS, where, sort=sort, limit=READ_AT_ONCE, after=after
        )


def _period(wanted: DueWanted) -> dict[str, str]:
    through = wanted.due_through or date.max
    first = {"$gte": wanted.due_from.isoformat()} if wanted.due_from else {}
    return {**first, "$lte": through.isoformat()}
