"""Stores guardians from facts, and checks them when one asks for a child's fees."""

from datetime import date

from services.billing.domain.fees.guardians import guardian_sees
from services.billing.repository.collections import PAYERS
from services.billing.repository.fees import FeeQueries
from shared.clock import Clock
from shared.domain.guardianship import Acting
from shared.repository import Repository
from shared.sealed import Seals


class Guardians:
    """Opens a child's birth date for one question, and keeps it sealed."""

    def __init__(self, repository: Repository, seals: Seals, clock: Clock) -> None:
        self._repository = repository
        self._fees = FeeQueries(repository)
        self._seals = seals
        self._clock = clock

    async def see(self, child_ref: str, *, guardian_ref: str) -> Acting:
        """Tell how a guardian sees a child's fees today (Q7)."""
        child = await self._repository.get(PAYERS.maybe(await self._fees.patient(child_ref)))
        born = date.fromisoformat(self._seals.open(child.born)) if child and child.born else None
        return guardian_sees(child, guardian_ref, born=born, on=self._clock.today())
