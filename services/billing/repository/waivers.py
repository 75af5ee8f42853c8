"""Waivers for groups: foreseen, decided by two people, and carried out however often a process dies."""

from collections.abc import AsyncIterator, Callable, Mapping
from functools import partial
from typing import Any
from uuid import UUID, uuid5

from pydantic import BaseModel

from services.billing.domain.ledger import Fee, event_id_of, net
from services.billing.domain.waiver import (
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
from services.billing.repository.ledger import FEES, PAYERS, Ledger
from shared.clock import Clock
from shared.fault import fault
from shared.repository import Answer, Cause, Collection, Page, Place, Repository

WAIVERS = Collection("waivers", Waiver, indexes=("state",))

NAMES = UUID("5a7f1b0c-0d2e-5c5a-9a0e-8d5b7f1c2e44")

OfProposed = Callable[[Waiver | None], BaseModel]
OfDecided = Callable[[Waiver], BaseModel]


class Waivers:
    """Keeps waivers, and takes back the fees of those that are decided."""

    def __init__(self, repository: Repository, ledger: Ledger, clock: Clock) -> None:
        self._repository = repository
        self._ledger = ledger
        self._clock = clock

    async def foresee(self, group: Group) -> Waived:
        credited = {fee.entry.reverses or "" async for fee in self._of_group(group, kind="credit")}
        charges = [fee async for fee in self._of_group(group, kind="charge")]
        return foreseen(group, charges, credited=frozenset(credited))

    async def propose(self, group: Group, *, reason: str, by: str, cause: Cause, reply: OfProposed) -> Answer:
        proposed = Waiver(str(uuid5(NAMES, str(cause.key))), group, reason, by, self._clock.now())
        return await self._repository.change(
            WAIVERS.maybe(proposed.waiver_id),
            partial(propose_waiver, proposed=proposed),
            cause=cause,
            reply=reply,
        )

    async def decide(self, waiver_id: str, *, by: str, cause: Cause, reply: OfDecided) -> Answer:
        rule = partial(decide_waiver, by=by, at=self._clock.now())
        return await self._repository.change(WAIVERS.ref(waiver_id), rule, cause=cause, reply=reply)

    async def decline(self, waiver_id: str, *, by: str, cause: Cause, reply: OfDecided) -> Answer:
        rule = partial(decline_waiver, by=by, at=self._clock.now())
        return await self._repository.change(WAIVERS.ref(waiver_id), rule, cause=cause, reply=reply)

    async def get(self, waiver_id: str) -> Waiver:
        return await self._repository.get(WAIVERS.ref(waiver_id))

    async def newest_first(self, *, after: Place | None = None) -> Page[Waiver]:
        return await self._repository.page(WAIVERS, {}, sort="-proposed_at", after=after)

    async def carry_out(self) -> None:
        """Take back what the decided waivers hold; what a killed process did already does nothing."""
        for waiver in await self._repository.whole(WAIVERS, {"state": "decided"}):
            async for charge in self._of_group(waiver.group, kind="charge"):
                if waiver.group.holds(charge):
                    await fault("waiver.before_fee")
                    await self._waive(waiver, charge)
                    await fault("waiver.after_fee")
            rule = partial(finish_waiver, waived=await self._waived(waiver), today=self._clock.today())
            await fault("waiver.before_count")
            await self._repository.change(WAIVERS.ref(waiver.waiver_id), rule, cause=Cause(key=None))

    async def _waive(self, waiver: Waiver, charge: Fee) -> None:
        credit_id = event_id_of(charge.withdrawal_no, charge.entry.fee_no, kind="credit")
        refs = (FEES.maybe_many([charge.event_id, credit_id]), PAYERS.maybe(charge.patient_ref))
        rule = partial(waive, waiver=waiver, at=self._clock.now())
        await self._repository.change(refs, rule, cause=Cause(key=None))

    async def _waived(self, waiver: Waiver) -> Waived:
        """Count from the ledger itself: credits by this waiver, and charges that it removed."""
        credits_ = [fee async for fee in self._ledger.pages({"entry.because": waiver.waiver_id})]
        removed = [
            fee
            async for fee in self._of_group(waiver.group, kind="charge")
            if any(step.what == "removed" and step.note == waiver.waiver_id for step in fee.progress)
        ]
        amounts = [fee.entry.amount for fee in (*credits_, *removed)]
        return Waived(len(amounts), sum(amounts, net(())))

    def _of_group(self, group: Group, *, kind: str) -> AsyncIterator[Fee]:
        first = {"$gte": group.sent_from.isoformat()}
        # a credit is booked on a later day than the charge that it takes back
        days = first if kind == "credit" else {**first, "$lte": group.sent_through.isoformat()}
        where: Mapping[str, Any] = {"entry.kind": kind, "entry.due_on": days}
        return self._ledger.pages(where)
