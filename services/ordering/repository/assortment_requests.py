"""Queries of requests for articles outside the assortment."""

from collections.abc import Collection as Several
from typing import Any

from services.ordering.domain.assortment_request import AssortmentRequest
from services.ordering.repository.collections import ASSORTMENT_REQUESTS
from shared.repository import Page, Place, Repository

ROWS = 100


async def requests_waiting(
    repository: Repository, care_units: Several[str] | None, *, after: Place | None = None
) -> Page[AssortmentRequest]:
    """List what waits for a decision, the oldest first; None means every care unit (T32)."""
    where: dict[str, Any] = {"state": "asked"}
    if care_units is not None:
        where["care_unit"] = {"$in": sorted(care_units)}
    return await repository.page(ASSORTMENT_REQUESTS, where, sort="asked_at", limit=ROWS, after=after)


async def requests_of(repository: Repository, patient_ref: str) -> tuple[AssortmentRequest, ...]:
    """List all that was asked for a patient."""
    return tuple(await repository.whole(ASSORTMENT_REQUESTS, {"patient_ref": patient_ref}))
