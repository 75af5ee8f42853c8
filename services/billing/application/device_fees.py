"""Stores facts about orders of devices and about loans, and updates the fees that follow from them."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from services.billing.application.ledger import READINGS
from services.billing.domain.devices.deferral import names_of, numbers_of, settle_order
from services.billing.domain.devices.following import adopt, note_hand_out
from services.billing.domain.devices.loan import Loan
from services.billing.domain.devices.order import DeviceOrder, HandOut
from services.billing.domain.fees.account import Account, AccountMoved
from services.billing.domain.fees.ledger import Entry
from services.billing.repository.collections import ACCOUNTS, DEVICE_ORDERS, FEES, LOANS, PAYERS
from services.billing.repository.fees import FeeQueries
from services.billing.repository.tariffs import TariffQueries
from shared.clock import Clock
from shared.domain.decision import Decision
from shared.repository import Cause, Repository

NotingLoan = Callable[[Loan | None], Decision[Loan | None]]
NotingOrder = Callable[[DeviceOrder | None], Decision[DeviceOrder | None]]


class DeviceFees:
    """Keeps a document for each loan and each order, and makes the ledger say what they say."""

    def __init__(self, repository: Repository, clock: Clock) -> None:
        self._repository = repository
        self._fees = FeeQueries(repository)
        self._clock = clock
        self._tariffs = TariffQueries(repository)

    async def hand_out(
        self, opened: DeviceOrder, hand_out: HandOut, *, loan_id: str, device_no: str, cause: Cause
    ) -> None:
        """Store that a patient has a tracked device, then decide the fees of its order (Q10)."""
        rule = partial(note_hand_out, opened=opened, hand_out=hand_out, device_no=device_no)
        refs = DEVICE_ORDERS.maybe(opened.order_no) & LOANS.maybe(loan_id)
        await self._repository.change(refs, rule, cause=cause.part(f"{loan_id}:heard"))
        await self._settle(opened.order_no, cause=cause.part(f"{loan_id}:settled"))

    async def note(self, loan_id: str, rule: NotingLoan, *, cause: Cause) -> None:
        """Store a fact about a loan, then decide the fees of its order from all facts (Q10)."""
        await self._repository.change(LOANS.maybe(loan_id), rule, cause=cause.part(f"{loan_id}:heard"))
        await self._settle_loan(loan_id, cause=cause.part(f"{loan_id}:settled"))

    async def note_order(self, order_no: str, rule: NotingOrder, *, cause: Cause) -> None:
        """Store a fact about an order, then decide its fees from all facts (Q37, S97)."""
        await self._repository.change(DEVICE_ORDERS.maybe(order_no), rule, cause=cause.part("heard"))
        await self._settle(order_no, cause=cause.part("settled"))

    async def settle_all_due(self) -> None:
        """Let fall due what was deferred until today, but for what a collection order holds (Q10)."""
        async for page in self._fees.in_days({"stage": "deferred"}, through=self._clock.today()):
            for entry in dict.fromkeys(fee.entry for fee in page):
                await self._settle_entry(entry)

    async def _settle_entry(self, entry: Entry) -> None:
        if entry.line_no is None and entry.loan_id:  # booked by a version without documents of orders
            await self._settle_loan(entry.loan_id, cause=Cause(key=None))
        else:
            await self._settle(entry.source_no, cause=Cause(key=None))

    async def _settle_loan(self, loan_id: str, *, cause: Cause) -> None:
        loan = await self._repository.get(LOANS.ref(loan_id))
        if loan.handed_out is None:
            return
        order_no = loan.handed_out.order_no
        if order_no is None and loan.entry:
            order_no = loan.entry.source_no
            refs = LOANS.ref(loan_id) & DEVICE_ORDERS.maybe(order_no)
            await self._repository.change(refs, adopt, cause=Cause(key=None))
        if order_no:
            await self._settle(order_no, cause=cause)

    async def _settle(self, order_no: str, *, cause: Cause) -> None:
        for _ in range(READINGS):
            try:
                await self._settle_once(order_no, cause=cause)
            except AccountMoved:
                continue
            return
        raise AccountMoved

    async def _settle_once(self, order_no: str, *, cause: Cause) -> None:
        seen = await self._repository.get(DEVICE_ORDERS.ref(order_no))
        if not seen.pieces:
            return
        who = await self._fees.patient(seen.patient_ref)
        account = await self._repository.get(ACCOUNTS.maybe(order_no)) or Account(order_no, who)
        opened = replace(account, patient_ref=who)
        refs = (
            DEVICE_ORDERS.ref(order_no)
            & LOANS.many(seen.loan_ids)
            & ACCOUNTS.maybe(order_no)
            & FEES.maybe_many(names_of(account, numbers_of(seen)))
            & PAYERS.maybe(who)
        )
        caps = await self._tariffs.caps_of([each.tariff for each in seen.fees])
        rule = partial(settle_order, seen=seen, opened=opened, at=self._clock.now(), caps=caps)
        await self._repository.change(refs, rule, cause=cause)
