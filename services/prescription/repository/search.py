"""Queries of the search for patients, each by its index and bounded (S29, S30)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.prescription.domain.patients.patients import Patient
from services.prescription.domain.prescriptions.prescriptions import Prescription
from services.prescription.repository.collections import PATIENTS, PRESCRIPTIONS
from shared.repository import Repository, present_of

MOST_OF_A_BATCH = 5000

Where = Mapping[str, Any]


class SearchQueries:
    """Patients by the keys of their names, and prescriptions by what is asked of them."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    async def named_any(self, keys: Iterable[str], *, limit: int) -> list[Patient]:
        """List patients with a name of one of these keys."""
        where = {"person.name_keys": {"$in": sorted(keys)}}
        return await self._repository.find(PATIENTS, where, limit=limit)

    async def named(self, key: str, *, after: str | None, limit: int) -> list[Patient]:
        """Give a page of patients with a name of this key."""
        return await self._repository.find(PATIENTS, {"person.name_keys": key}, limit=limit, after=after)

    async def named_but_not(self, key: str, no: str, *, after: str | None, limit: int) -> list[Patient]:
        """Give a page of patients with a name of one key and none of another."""
        where = {"person.name_keys": {"$in": [key], "$ne": no}}
        return await self._repository.find(PATIENTS, where, limit=limit, after=after)

    async def prescriptions(self, where: Where, *, after: str | None, limit: int) -> list[Prescription]:
        """Give the next prescriptions that are so, in the order of their patients."""
        behind = {**where, "patient_ref": {"$gt": after or ""}}
        return await self._repository.find(PRESCRIPTIONS, behind, sort="patient_ref", limit=limit)

    async def prescriptions_of(self, where: Where, patient_refs: Iterable[str]) -> list[Prescription]:
        """List the prescriptions of some patients that are so."""
        of_them = {**where, "patient_ref": {"$in": list(patient_refs)}}
        return await self._repository.find(PRESCRIPTIONS, of_them, limit=MOST_OF_A_BATCH)

    async def patients(self, patient_refs: Sequence[str]) -> list[Patient]:
        """Give the patients under these references that may be shown."""
        found = await self._repository.get(PATIENTS.maybe_many(patient_refs))
        return [each for each in found if each and each.person]

    async def present(self, patient_refs: Sequence[str]) -> list[Patient]:
        """Give those who may be shown in a list, in this order; who was merged as the patient of today."""
        known = await present_of(self._repository, PATIENTS, patient_refs)
        return list({now: found for now, found in known.values() if found and found.person}.values())
