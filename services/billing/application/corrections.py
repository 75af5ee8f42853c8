"""Corrects fees, decided by two people."""

from collections.abc import Callable
from functools import partial

from pydantic import BaseModel

from services.billing.domain.fees.account import Account, Booked
from services.billing.domain.fees.correction import (
    Correction,
    approve_correction,
    ask_correction,
    corrected_id,
    decline_correction,
    move_correction,
)
from services.billing.domain.fees.ledger import Fee, event_id_of
from services.billing.domain.fees.payer import Payer
from services.billing.repository.collections import ACCOUNTS, CORRECTIONS, FEES, PAYERS
from services.billing.repository.corrections import CorrectionQueries
from services.billing.repository.tariffs import TariffQueries
from shared.clock import Clock
from shared.domain.money import Money
from shared.fault import fault
from shared.repository import Answer, Cause, Repository

OfAsked = Callable[[Correction | None, Fee, Fee | None], BaseModel]
OfApproved = Callable[[Correction, Account, Booked, Payer | None], BaseModel]


class Corrections:
    """Keeps proposals, and books what a second person approves."""

    def __init__(self, repository: Repository, clock: Clock) -> None:
        self._repository = repository
        self._clock = clock
        self._tariffs = TariffQueries(repository)
        self.queries = CorrectionQueries(repository)

    async def ask(
        self, event_id: str, *, amount: Money, reason: str, by: str, cause: Cause, reply: OfAsked
    ) -> Answer:
        """Ask for another amount in SEK, with a reason; raises what speaks against it (S97, Q9)."""
        fee = await self._repository.get(FEES.ref(event_id))
        asked = Correction(
            event_id=event_id,
            source_no=fee.source_no,
            fee_no=fee.entry.fee_no,
            patient_ref=fee.patient_ref,
            amount=amount,
            reason=reason,
            asked_by=by,
            asked_at=self._clock.now(),
        )
        refs = CORRECTIONS.maybe(event_id) & FEES.ref(event_id) & FEES.maybe(_credit_id(asked))
        return await self._repository.change(
            refs, partial(ask_correction, asked=asked), cause=cause, reply=reply
        )

    async def approve(
        self, event_id: str, *, amount: Money, by: str, cause: Cause, reply: OfApproved
    ) -> Answer:
        """Book the corrected fee, the amount that was read; raises what speaks against it (S97)."""
        asked = await self._repository.get(CORRECTIONS.ref(event_id))
        refs = (
            CORRECTIONS.ref(event_id)
            & ACCOUNTS.ref(asked.source_no)
            & FEES.maybe_many([event_id, _credit_id(asked), corrected_id(asked)])
            & PAYERS.maybe(asked.patient_ref)
        )
        charge = await self._repository.get(FEES.ref(event_id))
        caps = await self._tariffs.caps_of([charge.entry.tariff])
        rule = partial(approve_correction, amount=amount, by=by, at=self._clock.now(), caps=caps)
        await fault("correction.before_commit")
        answer = await self._repository.change(refs, rule, cause=cause, reply=reply)
        await fault("correction.after_commit")
        return answer

    async def decline(
        self, event_id: str, *, by: str, cause: Cause, reply: Callable[[Correction], BaseModel]
    ) -> Answer:
        """Leave the fee as it is; the one who asked may do it too (S97); raises CorrectionDecided."""
        rule = partial(decline_correction, by=by, at=self._clock.now())
        return await self._repository.change(CORRECTIONS.ref(event_id), rule, cause=cause, reply=reply)

    async def merge(self, patient_ref: str, *, into_ref: str, cause: Cause) -> int:
        """Let corrections follow a merged patient; give how many there were (S65)."""
        move = partial(move_correction, into_ref=into_ref)
        found = await self.queries.of_patient(patient_ref)
        for each in found:
            name = each.event_id
            await self._repository.change(CORRECTIONS.ref(name), move, cause=cause.part("correction", name))
        return len(found)


def _credit_id(correction: Correction) -> str:
    return event_id_of(correction.source_no, correction.fee_no, kind="credit")
