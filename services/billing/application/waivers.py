"""Waivers of a group: previewed, decided by two people, and completed even after a process was killed."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from uuid import UUID, uuid5

from pydantic import BaseModel

from services.billing.domain.fees.ledger import Fee, event_id_of
from services.billing.domain.fees.waiver import (
    Group,
    Waived,
    Waiver,
    decide_waiver,
    decline_waiver,
    finish_waiver,
    foreseen,
    propose_waiver,
    waive,
)
from services.billing.repository.collections import FEES, PAYERS, WAIVERS
from services.billing.repository.fees import FeeQueries, Reached
from services.billing.repository.waivers import WaiverQueries
from shared.clock import Clock
from shared.domain.money import NOTHING
from shared.fault import fault
from shared.repository import Answer, Cause, Repository

NAMES = UUID("5a7f1b0c-0d2e-5c5a-9a0e-8d5b7f1c2e44")

OfProposed = Callable[[Waiver | None], BaseModel]
OfDecided = Callable[[Waiver], BaseModel]


@dataclass(frozen=True)
class Foreseen:
    """What was counted so far, and the charge that one has come to; no day when all is counted."""

    waived: Waived
    day: date | None = None
    event_id: str = ""


NOTHING_YET = Foreseen(Waived(0, NOTHING))
MOST_FORESEEN = 5_000
"""So many charges are read for one answer: some tenths of a second."""


class Waivers:
    """Keeps waivers, and takes back the fees of those that are decided."""

    def __init__(self, repository: Repository, clock: Clock) -> None:
        self._repository = repository
        self._clock = clock
        self._fees = FeeQueries(repository)
        self.queries = WaiverQueries(repository)

    async def foresee(self, group: Group, *, so_far: Foreseen = NOTHING_YET) -> Foreseen:
        """Count on from where the last answer came to; many fees take several answers."""
        after = Reached(so_far.day, so_far.event_id) if so_far.day else None
        read, waived, last = 0, so_far.waived, so_far
        async for page in self._charges(group, after=after):
            waived += foreseen(group, page, credited=await self._credited(page))
            last = Foreseen(waived, page[-1].entry.due_on, page[-1].event_id)
            read += len(page)
            if read >= MOST_FORESEEN:
                return last
        return Foreseen(waived)

    async def propose(self, group: Group, *, reason: str, by: str, cause: Cause, reply: OfProposed) -> Answer:
        """Propose to take back the fees of a group, with a reason (N5)."""
        proposed = Waiver(str(uuid5(NAMES, str(cause.key))), group, reason, by, self._clock.now())
        return await self._repository.change(
            WAIVERS.maybe(proposed.waiver_id),
            partial(propose_waiver, proposed=proposed),
            cause=cause,
            reply=reply,
        )

    async def decide(self, waiver_id: str, *, by: str, cause: Cause, reply: OfDecided) -> Answer:
        """Decide a waiver, which a job carries out (N5); raises WaiverDecided and SamePerson."""
        rule = partial(decide_waiver, by=by, at=self._clock.now())
        return await self._repository.change(WAIVERS.ref(waiver_id), rule, cause=cause, reply=reply)

    async def decline(self, waiver_id: str, *, by: str, cause: Cause, reply: OfDecided) -> Answer:
        """Leave the fees as they are; the proposer may do it too (N5); raises WaiverDecided."""
        rule = partial(decline_waiver, by=by, at=self._clock.now())
        return await self._repository.change(WAIVERS.ref(waiver_id), rule, cause=cause, reply=reply)

    async def carry_out(self) -> None:
        """Take back what the decided waivers hold; what a killed process did already does nothing."""
        for waiver in await self.queries.decided():
            async for page in self._charges(waiver.group):
                credited = await self._credited(page)
                for charge in page:
                    if waiver.group.holds(charge) and charge.event_id not in credited:
                        await fault("waiver.before_fee")
                        await self._waive(waiver, charge)
                        await fault("waiver.after_fee")
            rule = partial(finish_waiver, waived=await self._waived(waiver), today=self._clock.today())
            await fault("waiver.before_count")
            await self._repository.change(WAIVERS.ref(waiver.waiver_id), rule, cause=Cause(key=None))

    async def _waive(self, waiver: Waiver, charge: Fee) -> None:
        credit_id = event_id_of(charge.source_no, charge.entry.fee_no, kind="credit")
        refs = FEES.maybe_many([charge.event_id, credit_id]) & PAYERS.maybe(charge.patient_ref)
        rule = partial(waive, waiver=waiver, at=self._clock.now())
        await self._repository.change(refs, rule, cause=Cause(key=None))

    async def _waived(self, waiver: Waiver) -> Waived:
        """Count from the ledger itself: credits by this waiver, and charges that it removed."""
        waived = Waived(0, NOTHING)
        async for fee in self._fees.pages({"entry.because": waiver.waiver_id}):
            waived += Waived(1, fee.entry.amount)
        async for page in self._charges(waiver.group):
            for fee in page:
                if any(step.what == "removed" and step.note == waiver.waiver_id for step in fee.progress):
                    waived += Waived(1, fee.entry.amount)
        return waived

    def _charges(self, group: Group, *, after: Reached | None = None) -> AsyncIterator[list[Fee]]:
        return self._fees.in_days(
            {"entry.kind": "charge"}, since=group.sent_from, through=group.sent_through, after=after
        )

    async def _credited(self, charges: Sequence[Fee]) -> frozenset[str]:
        """Name those that are taken back already: a charge's credit has a name made of the charge's."""
        names = {event_id_of(each.source_no, each.entry.fee_no, kind="credit"): each for each in charges}
        found = await self._repository.get(FEES.maybe_many(list(names)))
        return frozenset(names[each.event_id].event_id for each in found if each)
