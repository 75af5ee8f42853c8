"""Queries of prescriptions, and of what a patient has under way."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from services.prescription.domain.patients.serving import Tie
from services.prescription.domain.prescriptions.attachments import Attachment
from services.prescription.domain.prescriptions.prescriptions import Prescription
from services.prescription.domain.rules.exemptions import Exemptions
from services.prescription.repository.collections import (
    ATTACHMENTS,
    EXEMPTIONS,
    IDENTITIES,
    PATIENTS,
    PRESCRIPTIONS,
    TARIFFS,
    TIES,
)
from shared.events.fees import Tariff
from shared.repository import Repository, moment_text, present

LONGEST_LIST = 200
MOST_OF_A_PAGE = 2000


class Prescribing:
    """The questions that prescription asks of what it keeps."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository

    async def patient_ref_of(self, number_key: str) -> str | None:
        """Give whose number it is; None when nobody's."""
        identity = await self.repository.get(IDENTITIES.maybe(number_key))
        return identity.patient_ref if identity else None

    async def current_ref(self, patient_ref: str) -> str:
        """Give the reference that stands for the person now (S65)."""
        now, _ = await present(self.repository, PATIENTS, patient_ref)
        return now

    async def prescriptions_of(self, patient_ref: str) -> list[Prescription]:
        """List a patient's prescriptions, the latest first."""
        return await self.repository.whole(PRESCRIPTIONS, {"patient_ref": patient_ref}, sort="-registered_on")

    async def registered_since(self, day: date, *, patient_ref: str) -> list[Prescription]:
        """List a patient's prescriptions from that day on."""
        where = {"patient_ref": patient_ref, "registered_on": {"$gte": day.isoformat()}}
        return await self.repository.whole(PRESCRIPTIONS, where)

    async def due(self, now: datetime, *, after: str | None) -> list[Prescription]:
        """List prescriptions whose deadline has come: a notice to give, or lines to end (S24, N2)."""
        where = {"due_at": {"$lte": moment_text(now)}}
        return await self.repository.find(PRESCRIPTIONS, where, limit=LONGEST_LIST, after=after)

    async def undated(self, *, after: str | None) -> list[Prescription]:
        """List active prescriptions from before deadlines were kept."""
        where = {"due_at": None, "lines.state": "active"}
        return await self.repository.find(PRESCRIPTIONS, where, limit=LONGEST_LIST, after=after)

    async def renewing(
        self, where: Mapping[str, Any], days: Iterable[date], *, limit: int, after: str | None
    ) -> list[Prescription]:
        """List a page of prescriptions with lines that end or run out on one of some days (N2).

        The days are named one by one: between two of them, an index has no order by number.
        """
        on_days = {**where, "lines.renew_on": {"$in": [each.isoformat() for each in days]}}
        return await self.repository.find(PRESCRIPTIONS, on_days, limit=limit, after=after)

    async def active_of(self, patient_refs: Iterable[str]) -> list[Prescription]:
        """List the prescriptions with active lines of some patients."""
        where = {"patient_ref": {"$in": sorted(set(patient_refs))}, "lines.state": "active"}
        return await self.repository.find(PRESCRIPTIONS, where, limit=MOST_OF_A_PAGE)

    async def ties_of(self, patient_ref: str) -> list[Tie]:
        """List the open orders, loans and tasks of a patient, with the care units that they are of (S70)."""
        where = {"patient_ref": patient_ref, "is_open": True}
        return await self.repository.find(TIES, where, limit=MOST_OF_A_PAGE)

    async def served_after(self, patient_ref: str, *, limit: int) -> list[str]:
        """Give the next patients with active lines or open orders, in the order of their references (Q18)."""
        behind = {"patient_ref": {"$gt": patient_ref}}
        lines = await self.repository.find(
            PRESCRIPTIONS, {**behind, "lines.state": "active"}, sort="patient_ref", limit=LONGEST_LIST
        )
        orders = await self.repository.find(
            TIES, {**behind, "is_open": True, "what": "order"}, sort="patient_ref", limit=LONGEST_LIST
        )
        by_lines, by_orders = (
            [each.patient_ref for each in lines],
            [each.patient_ref or "" for each in orders],
        )
        full = [each[-1] for each in (by_lines, by_orders) if len(each) == LONGEST_LIST]
        refs = sorted({*by_lines, *by_orders})
        return [each for each in refs if not full or each <= min(full)][:limit]

    async def tariffs(self) -> list[Tariff]:
        """List the tariffs that we know, the latest first (S58)."""
        return await self.repository.whole(TARIFFS, {}, sort="-valid_from")

    async def exemptions(self, *, dietitian: str | None) -> list[Exemptions]:
        """List what dietitians are authorised to (S21)."""
        where = {} if dietitian is None else {"dietitian": dietitian}
        return await self.repository.whole(EXEMPTIONS, where)

    async def attachments_of(self, prescription_no: str) -> list[Attachment]:
        """List the filled forms of a prescription (S72)."""
        return await self.repository.whole(ATTACHMENTS, {"prescription_no": prescription_no})
