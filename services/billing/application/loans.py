"""Stores facts of devices on loan, and updates the deferred fees."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from services.billing.application.caps import CapsKept
from services.billing.application.ledger import READINGS, Ledger
from services.billing.domain.account import Account, AccountMoved
from services.billing.domain.deferral import names_of, settle_loan
from services.billing.domain.loan import Loan
from services.billing.repository.collections import ACCOUNTS, FEES, LOANS, PAYERS
from shared.clock import Clock
from shared.domain.decision import Decision
from shared.repository import Cause, Repository

Noting = Callable[[Loan | None], Decision[Loan | None]]


class Loans:
    """Keeps a row for each loan, and makes the ledger say what the row says."""

    def __init__(self, repository: Repository, ledger: Ledger, clock: Clock) -> None:
        self._repository = repository
        self._ledger = ledger
        self._clock = clock
        self._caps = CapsKept(repository)

    async def note(self, loan_id: str, rule: Noting, *, cause: Cause) -> None:
        """Store a fact about a loan, then decide its fee from all facts about it (Q10)."""
        await self._repository.change(LOANS.maybe(loan_id), rule, cause=cause.part(f"{loan_id}:heard"))
        await self._settle(loan_id, cause=cause.part(f"{loan_id}:settled"))

    async def settle_all_due(self) -> None:
        """Let fall due what was deferred until today, but for what a collection order holds (Q10)."""
        async for page in self._ledger.in_days({"stage": "deferred"}, through=self._clock.today()):
            for fee in page:
                await self._settle(str(fee.entry.loan_id), cause=Cause(key=None))

    async def _settle(self, loan_id: str, *, cause: Cause) -> None:
        for _ in range(READINGS):
            try:
                await self._settle_once(loan_id, cause=cause)
            except AccountMoved:
                continue
            return
        raise AccountMoved

    async def _settle_once(self, loan_id: str, *, cause: Cause) -> None:
        loan = await self._repository.get(LOANS.ref(loan_id))
        if loan.entry is None:
            return
        number, who = loan.entry.source_no, await self._ledger.patient(loan.patient_ref)
        account = await self._repository.get(ACCOUNTS.maybe(number)) or Account(number, who)
        opened = replace(account, patient_ref=who)
        refs = (
            LOANS.ref(loan_id)
            & ACCOUNTS.maybe(number)
            & FEES.maybe_many(names_of(account, loan.entry))
            & PAYERS.maybe(who)
        )
        caps = await self._caps.of([loan.entry.tariff])
        rule = partial(settle_loan, opened=opened, at=self._clock.now(), caps=caps)
        await self._repository.change(refs, rule, cause=cause)
