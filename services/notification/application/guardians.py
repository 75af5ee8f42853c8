"""Checks a guardian who asks for a child's messages (Q7)."""

from datetime import date

from services.notification.domain.contact import guardian_sees
from services.notification.repository.messages import MessageQueries
from shared.clock import Clock
from shared.domain.guardianship import Acting
from shared.sealed import Seals


class Guardians:
    """Opens a child's birth date for one question, and keeps it sealed."""

    def __init__(self, queries: MessageQueries, seals: Seals, clock: Clock) -> None:
        self._queries = queries
        self._seals = seals
        self._clock = clock

    async def see(self, child_ref: str, *, guardian_ref: str) -> Acting:
        """Tell how a guardian sees a child's messages today (Q7)."""
        child = await self._queries.contact(child_ref)
        born = date.fromisoformat(self._seals.open(child.born)) if child.born else None
        return guardian_sees(child, guardian_ref, born=born, on=self._clock.today())
