"""Queries of collection orders."""

from collections.abc import Collection as Several
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.ordering.domain.collecting.order import CollectionOrder, State
from services.ordering.repository.collections import COLLECTION_ORDERS
from shared.repository import Page, Place, Repository, moment_text

ROWS = 100


@dataclass(frozen=True)
class CollectionsWanted:
    """Which collection orders; None of a field: not asked about."""

    care_units: Several[str] | None = None
    product_areas: Several[str] | None = None
    since: datetime | None = None
    before: datetime | None = None
    state: State | None = None
    patient_ref: str | None = None
    registered_by: str | None = None


async def collections_found(
    repository: Repository, wanted: CollectionsWanted, *, after: Place | None = None
) -> Page[CollectionOrder]:
    """Give a page of collection orders, the latest first (S150)."""
    where: dict[str, Any] = {
        name: value
        for name, value in (
            ("state", wanted.state),
            ("patient_ref", wanted.patient_ref),
            ("registered_by", wanted.registered_by),
        )
        if value is not None
    }
    if wanted.care_units is not None:
        where["care_unit"] = {"$in": sorted(wanted.care_units)}
    if wanted.product_areas is not None:
        where["product_areas"] = {"$in": sorted(wanted.product_areas)}
    bounds = {"$gte": wanted.since, "$lt": wanted.before}
    if days := {name: moment_text(each) for name, each in bounds.items() if each is not None}:
        where["registered_at"] = days
    return await repository.page(COLLECTION_ORDERS, where, sort="-registered_at", limit=ROWS, after=after)


async def collections_of(repository: Repository, patient_ref: str) -> tuple[CollectionOrder, ...]:
    """List all of a patient's collection orders."""
    return tuple(await repository.whole(COLLECTION_ORDERS, {"patient_ref": patient_ref}))
