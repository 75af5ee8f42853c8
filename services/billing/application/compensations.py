"""Compensations for devices that were stolen, lost or damaged: proposed by one person, decided by another."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from pydantic import BaseModel

from services.billing.domain.devices.compensating import ONLY_FEE, decide, give_back, propose
from services.billing.domain.devices.compensation import Compensation, note_loss
from services.billing.domain.devices.compensation_tariff import basis_of
from services.billing.domain.fees.ledger import event_id_of
from services.billing.repository.collections import ACCOUNTS, COMPENSATIONS, FEES, LOANS, PAYERS
from services.billing.repository.compensations import CompensationQueries
from services.billing.repository.fees import FeeQueries
from services.billing.repository.tariffs import TariffQueries
from shared.clock import Clock
from shared.domain.money import Money
from shared.domain.tariff import NoTariff
from shared.repository import Answer, Cause, Repository

Reply = Callable[..., BaseModel]
State = TypeVar("State")


class Compensations:
    """Keeps what was reported, and books what a second person decides (Q57, S181)."""

    def __init__(self, repository: Repository, clock: Clock, *, cost_centre: str) -> None:
        self.repository = repository
        self.queries = CompensationQueries(repository)
        self._clock = clock
        self._cost_centre = cost_centre
        self._fees = FeeQueries(repository)
        self._tariffs = TariffQueries(repository)

    async def note(self, reported: Compensation, *, cause: Cause) -> None:
        """Open a case once, in whatever order facts come."""
        rule = partial(note_loss, reported=reported)
        await self.repository.change(COMPENSATIONS.maybe(reported.loss_no), rule, cause=cause)

    async def by_rule(self, case: Compensation) -> Money | None:
        """Give what the tariff of the day says that the patient pays; None when it says nothing (Q57)."""
        try:
            others = await self.queries.of_device(case)
            return basis_of(case, await self._tariffs.newest_first(), others=others).by_rule
        except NoTariff:
            return None

    async def propose(
        self, loss_no: str, *, amount: Money | None, reason: str, by: str, cause: Cause, reply: Reply
    ) -> Answer:
        """Propose an amount in SEK, or what the tariff says; raises what speaks against it (Q57)."""
        case = await self.repository.get(COMPENSATIONS.ref(loss_no))
        rule = partial(
            propose,
            amount=amount,
            reason=reason,
            by=by,
            at=self._clock.now(),
            tariffs=await self._tariffs.newest_first(),
            others=await self.queries.of_device(case),
        )
        refs = COMPENSATIONS.ref(loss_no) & LOANS.maybe(case.loan_id)
        return await self.repository.change(refs, rule, cause=cause, reply=reply)

    async def give_back(self, loss_no: str, *, cause: Cause, reply: Reply) -> Answer:
        """Take the proposal away; the case waits for a new one (Q57)."""
        return await self.repository.change(COMPENSATIONS.ref(loss_no), give_back, cause=cause, reply=reply)

    async def decide(self, loss_no: str, *, amount: Money, by: str, cause: Cause, reply: Reply) -> Answer:
        """Book the amount in SEK that was read and is proposed; raises SamePerson, AnotherProposal (Q57)."""
        case = await self.repository.get(COMPENSATIONS.ref(loss_no))
        who = await self._fees.patient(case.patient_ref)
        refs = (
            COMPENSATIONS.ref(loss_no)
            & ACCOUNTS.maybe(loss_no)
            & FEES.maybe(event_id_of(loss_no, ONLY_FEE, kind="charge"))
            & PAYERS.maybe(who)
            & LOANS.maybe(case.loan_id)
        )
        rule = partial(
            decide,
            amount=amount,
            patient_ref=who,
            cost_centre=self._cost_centre,
            by=by,
            at=self._clock.now(),
            on=self._clock.today(),
        )
        return await self.repository.change(refs, rule, cause=cause, reply=reply)
