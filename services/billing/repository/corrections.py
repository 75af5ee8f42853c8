"""Queries of corrections of fees."""

from services.billing.domain.fees.correction import Correction
from services.billing.repository.collections import CORRECTIONS
from shared.repository import Asking, Page, Place, Repository

MOST_OF_ONE_PATIENT = 500
LONGEST_LIST = 200


class CorrectionQueries:
    """Corrections that somebody asked for."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    async def of_patient(self, patient_ref: str) -> list[Correction]:
        """List a patient's corrections, decided ones too."""
        where = {"patient_ref": patient_ref}
        return await self._repository.find(CORRECTIONS, where, limit=MOST_OF_ONE_PATIENT)

    async def waiting(self, asked: Asking, *, after: Place | None = None) -> Page[Correction]:
        """Give a page of what waits for a decision; whose fees are shown is audited."""
        where = {"state": "asked"}
        page = await self._repository.page(
            CORRECTIONS, where, sort="asked_at", limit=LONGEST_LIST, after=after
        )
        await self._repository.note(asked, [each.patient_ref for each in page.states])
        return page
