"""Queries of fee entries, of who pays them, and of answers that fit none."""

from collections.abc import AsyncIterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from services.billing.domain.fees.acknowledgement import StrayAcknowledgement
from services.billing.domain.fees.ledger import Fee
from services.billing.domain.fees.payer import Payer
from services.billing.domain.files.batch import MOST_ENTRIES
from services.billing.repository.collections import FEES, PAYERS, STRAYS
from shared.repository import Page, Place, Repository, moment_text, present

MOST_AT_ONCE = 1000
LONGEST_LIST = 200


class Reached(NamedTuple):
    """Where one has come to among the entries, in the order of their days."""

    day: date
    event_id: str


class FeeQueries:
    """The fee ledger, read."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    async def get(self, event_id: str) -> Fee:
        """Give an entry; raises NotFound."""
        return await self._repository.get(FEES.ref(event_id))

    async def of_patient(self, patient_ref: str) -> list[Fee]:
        """List all entries of a patient, the newest first."""
        return await self._newest_first({"patient_ref": await self.patient(patient_ref)})

    async def of_source(self, source_no: str) -> list[Fee]:
        """List all entries of a withdrawal or an order of devices, the newest first."""
        return await self._newest_first({"withdrawal_no": source_no})

    async def waiting_for_payer(self, patient_ref: str) -> list[Fee]:
        """List a page of what is held until it is known who pays, or until its day."""
        where = {"stage": "held", "patient_ref": patient_ref}
        return await self._repository.find(FEES, where, limit=MOST_AT_ONCE)

    async def waiting_for_file(self) -> list[Fee]:
        """List the oldest entries that are in no file yet, as many as one holds."""
        where = {"batch": None, "told_at": {"$ne": None}}
        return await self._repository.find(FEES, where, sort="told_at", limit=MOST_ENTRIES)

    async def strays(self, *, after: Place | None = None) -> Page[StrayAcknowledgement]:
        """Give a page of invoicing's answers that fit no entry, the newest first."""
        return await self._repository.page(STRAYS, {}, sort="-kept_at", limit=LONGEST_LIST, after=after)

    async def patient(self, patient_ref: str) -> str:
        """Give the reference that stands for the person now (S65)."""
        now, _ = await present(self._repository, PAYERS, patient_ref)
        return now

    async def merged_since(self, moment: datetime) -> list[Payer]:
        """List who was merged into another since then (S65)."""
        where = {"merged_at": {"$gte": moment_text(moment)}}
        return await self._repository.find(PAYERS, where, sort="merged_at", limit=MOST_AT_ONCE)

    async def pages(self, where: Mapping[str, Any]) -> AsyncIterator[Fee]:
        """Go through all entries that are so, however many."""
        after: str | None = None
        while found := await self._repository.find(FEES, where, limit=MOST_AT_ONCE, after=after):
            for fee in found:
                yield fee
            after = found[-1].event_id

    async def in_days(
        self, where: Mapping[str, Any], *, since: date = date.min, through: date, after: Reached | None = None
    ) -> AsyncIterator[list[Fee]]:
        """Go through entries by the day that they are due on, a page at a time, from behind a place on."""
        day, event_id = after or Reached(since - timedelta(days=1) if since > date.min else since, "~")
        last = through.isoformat()
        while True:
            same_day = {**where, "entry.due_on": day.isoformat()}
            page = await self._repository.find(FEES, same_day, limit=MOST_AT_ONCE, after=event_id)
            if not page:
                later = {**where, "entry.due_on": {"$gt": day.isoformat(), "$lte": last}}
                page = await self._repository.find(FEES, later, sort="entry.due_on", limit=MOST_AT_ONCE)
            if not page:
                return
            yield page
            day, event_id = page[-1].entry.due_on, page[-1].event_id

    async def _newest_first(self, where: dict[str, str]) -> list[Fee]:
        return await self._repository.whole(FEES, where, sort="-entry.occurred_at")
