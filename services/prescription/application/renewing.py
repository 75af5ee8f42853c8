"""Reads a page of lines that end or run out soon, at the same cost however many there are (N2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.prescription.domain.prescriptions.prescriptions import Prescription
from services.prescription.domain.prescriptions.radar import (
    Renewal,
    Stretch,
    renewals,
    renewed_articles,
    stretches,
)
from services.prescription.repository.prescriptions import Prescribing


@dataclass(frozen=True)
class Radar:
    """Whose lines are looked at, and in which days."""

    where: Mapping[str, Any]
    window: Stretch


@dataclass(frozen=True)
class Reached:
    """Where a page ended: the first of the days looked at together, and a prescription's number."""

    day: date
    prescription_no: str

    def __str__(self) -> str:
        return f"{self.day}:{self.prescription_no}"

    @classmethod
    def read(cls, text: str) -> "Reached":
        """Read what `str` wrote. Raises ValueError."""
        day, _, prescription_no = text.partition(":")
        return cls(date.fromisoformat(day), prescription_no)


async def radar_page(
    prescribing: Prescribing, asked: Radar, *, on: date, limit: int, after: Reached | None
) -> tuple[list[Renewal], Reached | None]:
    """Go on from a place, some days at a time, until the page is full: the soonest days come first."""
    found: list[Renewal] = []
    for within in stretches(asked.window, since=after.day if after else None):
        behind = after.prescription_no if after and after.day == within.first else None
        page = await prescribing.renewing(asked.where, within.days, limit=limit, after=behind)
        found += await _renewals_of(prescribing, page, within, on=on)
        limit -= len(page)
        if limit == 0:
            return found, Reached(within.first, page[-1].prescription_no)
    return found, None


async def _renewals_of(
    prescribing: Prescribing, page: Sequence[Prescription], within: Stretch, *, on: date
) -> list[Renewal]:
    active: dict[str, list[Prescription]] = {}
    for each in await prescribing.active_of(each.patient_ref for each in page):
        active.setdefault(each.patient_ref, []).append(each.as_of(on))
    return [
        renewal
        for each in page
        for renewal in renewals(
            each.as_of(on),
            renewed=renewed_articles(active.get(each.patient_ref, []), apart_from=each.prescription_no),
            within=within,
        )
    ]
