"""Queries of tasks, by role and care unit, in the order of their due times."""

from collections.abc import Collection as Several
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.notification.domain.task import Task, kinds_told, place_of
from services.notification.repository.collections import TASKS
from shared.clock import Clock
from shared.repository import Page, Place, Repository, moment_text

MOST_AT_ONCE = 200
NOBODY = "None"


@dataclass(frozen=True)
class TasksWanted:
    """Which part of which lists; no care units means all of them."""

    roles: Several[str]
    care_units: Several[str] | None
    role: str | None = None
    kind: str | None = None
    patient_ref: str | None = None
    owner: str | None = None
    only_unowned: bool = False
    due_by: datetime | None = None
    """Only what should have been done by then."""
    only_open: bool = True
    after: str = ""

    @property
    def where(self) -> Mapping[str, Any]:
        roles = {self.role} & set(self.roles) if self.role else self.roles
        where: dict[str, Any] = {"roles": {"$in": sorted(roles)}, "place": {"$gt": self.after}}
        where["is_open"] = self.only_open
        if self.care_units is not None:
            where["care_unit"] = {"$in": [None, *sorted(self.care_units)]}
        if self.kind:
            where["kind"] = {"$in": list(kinds_told(self.kind))}
        if self.patient_ref:
            where["patient_ref"] = self.patient_ref
        if self.owner or self.only_unowned:
            where["owner"] = self.owner
        if self.due_by:
            where["place"]["$lte"] = place_of(self.due_by)
        return where

    def covers(self, role: str, care_unit: str) -> bool:
        in_unit = self.care_units is None or care_unit == NOBODY or care_unit in self.care_units
        return role in self.roles and in_unit


@dataclass
class Count:
    """How many tasks of one role wait, have no owner, are overdue."""

    role: str
    open: int = 0
    unowned: int = 0
    overdue: int = 0


class TaskQueries:
    """The lists as of this clock."""

    def __init__(self, repository: Repository, clock: Clock) -> None:
        self._repository = repository
        self._clock = clock

    async def wanted(self, wanted: TasksWanted, *, limit: int, after: Place | None = None) -> Page[Task]:
        return await self._repository.page(TASKS, wanted.where, sort="place", limit=limit, after=after)

    async def counts(self, wanted: TasksWanted) -> list[Count]:
        """Count what is open, by role; a task is counted on its own role's list."""
        by: tuple[str, ...] = ("role", "care_unit", "is_overdue", "owner")
        counts = {role: Count(role) for role in sorted(wanted.roles)}
        found = await self._repository.backend.tally(TASKS, by, where={"is_open": True})
        for (role, care_unit, is_overdue, owner), (many, _) in found.items():
            if wanted.covers(role, care_unit):
                counts[role].open += many
                counts[role].unowned += many * (owner == NOBODY)
                counts[role].overdue += many * (is_overdue == "True")
        late = await self._repository.backend.tally(
            TASKS, ("role", "care_unit"), where=self._not_gone_further
        )
        for (role, care_unit), (many, _) in late.items():
            if wanted.covers(role, care_unit):
                counts[role].overdue += many
        return list(counts.values())

    async def overdue(self) -> list[Task]:
        """Give a page of what is late and has not gone further yet."""
        return await self._repository.find(TASKS, self._not_gone_further, sort="due_at", limit=MOST_AT_ONCE)

    @property
    def _not_gone_further(self) -> Mapping[str, Any]:
        return {"is_open": True, "is_overdue": False, "due_at": {"$lte": moment_text(self._clock.now())}}
