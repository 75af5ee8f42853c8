"""Queries of patients, and of what hangs on them under one reference."""

from datetime import date, datetime
from typing import TypeVar

from services.prescription.domain.patients.copies import Copy
from services.prescription.domain.patients.merging import Merging
from services.prescription.domain.patients.patients import Identity, Patient
from services.prescription.domain.patients.serving import Tie
from services.prescription.domain.prescriptions.prescriptions import Prescription
from services.prescription.domain.rules.prescribers import Registered
from services.prescription.repository.collections import (
    COPIES,
    IDENTITIES,
    MERGINGS,
    PATIENTS,
    PRESCRIBERS,
    PRESCRIPTIONS,
    TIES,
)
from shared.repository import Collection, Repository, moment_text

MOST_OF_ONE_PATIENT = 1000
Own = TypeVar("Own")


class PatientQueries:
    """Patients, their copies of the register, and who was merged into whom."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    async def identities_under(self, patient_ref: str) -> list[Identity]:
        """List the numbers of a patient."""
        return await self._under(IDENTITIES, patient_ref)

    async def prescriptions_under(self, patient_ref: str) -> list[Prescription]:
        """List what was prescribed under exactly this reference, whoever it stands for now."""
        return await self._under(PRESCRIPTIONS, patient_ref)

    async def ties_under(self, patient_ref: str) -> list[Tie]:
        """List the orders, loans and tasks under exactly this reference, closed ones too."""
        return await self._under(TIES, patient_ref)

    async def children_of(self, guardian_ref: str) -> list[Patient]:
        """List those whose guardian the patient is or was."""
        return await self._repository.find(PATIENTS, {"person.guardians.guardian_ref": guardian_ref})

    async def merged_since(self, day: date) -> list[Merging]:
        """List who was merged into another since that day (S65)."""
        where = {"on": {"$gte": day.isoformat()}}
        return await self._repository.find(MERGINGS, where, limit=MOST_OF_ONE_PATIENT)

    async def copies_due(self, now: datetime, *, limit: int) -> list[Copy]:
        """List the copies of the register that are to be refreshed, the longest due first (Q18)."""
        where = {"due_at": {"$lte": moment_text(now)}}
        return await self._repository.find(COPIES, where, sort="due_at", limit=limit)

    async def page(self, *, after: str | None, limit: int) -> list[Patient]:
        """Give the next patients in the order of their references."""
        return await self._repository.find(PATIENTS, {}, limit=limit, after=after)

    async def prescribers_at(self, care_unit: str) -> list[Registered]:
        """List who is or was registered at a care unit, by a list or by a token (S82, S83)."""
        listed = await self._repository.whole(PRESCRIBERS, {"listed.care_unit": care_unit})
        learned = await self._repository.whole(PRESCRIBERS, {"learned.care_unit": care_unit})
        return list({each.prescriber: each for each in (*listed, *learned)}.values())

    async def _under(self, collection: Collection[Own], patient_ref: str) -> list[Own]:
        where = {"patient_ref": patient_ref}
        return await self._repository.find(collection, where, limit=MOST_OF_ONE_PATIENT)
