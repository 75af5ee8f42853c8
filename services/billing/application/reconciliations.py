"""Compares a day: what billing consumed against what it booked."""

from collections import defaultdict
from collections.abc import AsyncIterator
from datetime import date, time
from functools import partial

from services.billing.application.batches import DAILY
from services.billing.domain.devices import following as device_facts
from services.billing.domain.devices.comparison import DeviceCase, device_differences
from services.billing.domain.devices.comparison import is_settled as nothing_awaited
from services.billing.domain.devices.order import DeviceOrder
from services.billing.domain.fees.ledger import Fee
from services.billing.domain.fees.withdrawal import note_settled
from services.billing.domain.files.batch import last_closing
from services.billing.domain.files.deadline import set_next
from services.billing.domain.reconciling.comparison import Case, Moment, differences, is_settled
from services.billing.domain.reconciling.reconciliation import (
    AddedUp,
    add_up,
    add_up_devices,
    reconcile,
)
from services.billing.repository.collections import (
    DEADLINES,
    DEVICE_ORDERS,
    LOANS,
    RECONCILIATIONS,
    WITHDRAWALS,
)
from services.billing.repository.fees import FeeQueries
from services.billing.repository.tariffs import TariffQueries
from services.billing.repository.withdrawals import WithdrawalQueries
from shared.clock import Clock
from shared.fault import fault
from shared.repository import Cause, Repository

NIGHTLY = "reconciliation"
AT_NIGHT = time(4)


class Reconciliations:
    """Looks again at every day with something unsettled."""

    def __init__(self, repository: Repository, clock: Clock) -> None:
        self._repository = repository
        self._clock = clock
        self._fees = FeeQueries(repository)
        self._tariffs = TariffQueries(repository)
        self.queries = WithdrawalQueries(repository)

    async def reconcile_when_due(self) -> None:
        """Look at every unsettled day once a night, at a kept deadline, when its file is closed."""
        deadline, closing = await self._repository.get(DEADLINES.maybe_many((NIGHTLY, DAILY)))
        now = self._clock.now()
        if closing and closing.due_at <= now:
            return  # after a standstill both are due: a fee that is in no file yet would differ
        if deadline and deadline.due_at <= now:
            await self.reconcile_all()
            await fault("reconcile.before_deadline")
        rule = partial(set_next, name=NIGHTLY, now=now, local=AT_NIGHT)
        await self._repository.change(DEADLINES.maybe(NIGHTLY), rule, cause=Cause(key=None))

    async def reconcile_all(self) -> None:
        """Add up each day before today that is not settled yet."""
        last = date.min
        while day := await self.queries.unsettled_day(after=last, before=self._clock.today()):
            await self.reconcile(day)
            last = day

    async def reconcile(self, day: date) -> None:
        """Add a day up, some cases at a time: of those that are over, only a few bytes are held."""
        moment = Moment(
            at=self._clock.now(),
            today=self._clock.today(),
            closed_at=last_closing(self._clock.now()),
            tariffs=await self._tariffs.newest_first(),
        )
        added, over = AddedUp(), dict[str, bytes]()
        async for cases in self._cases(day):
            added = add_up(added, cases, moment=moment)
            settled = [each for each in cases if is_settled(each) and not differences(each, moment=moment)]
            over |= {each.withdrawal.withdrawal_no: each.withdrawal.fingerprint for each in settled}
        added, devices = await self._devices(added, day, moment)
        rule = partial(reconcile, day=day, added=added, at=moment.at)
        await self._repository.change(RECONCILIATIONS.maybe(day.isoformat()), rule, cause=Cause(key=None))
        await fault("reconcile.after_day")
        for number, seen in over.items():
            await self._settle(number, seen)
        for number, seen in devices.items():
            settle = partial(device_facts.note_settled, seen=seen)
            await self._repository.change(DEVICE_ORDERS.ref(number), settle, cause=Cause(key=None))

    async def _settle(self, number: str, seen: bytes) -> None:
        rule = partial(note_settled, seen=seen)
        await self._repository.change(WITHDRAWALS.ref(number), rule, cause=Cause(key=None))

    async def _devices(self, added: AddedUp, day: date, moment: Moment) -> tuple[AddedUp, dict[str, bytes]]:
        """Add the day's orders of devices, and name those that nothing is awaited of (N11)."""
        over = dict[str, bytes]()
        async for orders in self.queries.device_orders_of_day(day):
            cases = await self._device_cases(orders)
            added = add_up_devices(added, cases, moment=moment)
            agreeing = [each for each in cases if not device_differences(each, moment=moment)]
            over |= {
                each.order.order_no: each.order.fingerprint for each in agreeing if nothing_awaited(each)
            }
        return added, over

    async def _device_cases(self, orders: list[DeviceOrder]) -> list[DeviceCase]:
        named = {loan_id for order in orders for loan_id in order.loan_ids}
        named |= {loan_id for order in orders for made in order.made for loan_id in made.loan_ids}
        kept = await self._repository.get(LOANS.maybe_many(sorted(named))) if named else ()
        loans = {each.loan_id: each for each in kept if each}
        fees = await self._fees_of([each.order_no for each in orders])
        return [DeviceCase(each, loans, tuple(fees[each.order_no])) for each in orders]

    async def _cases(self, day: date) -> AsyncIterator[list[Case]]:
        async for rows in self.queries.of_day(day):
            fees = await self._fees_of([row.withdrawal_no for row in rows])
            yield [Case(row, tuple(fees[row.withdrawal_no])) for row in rows]

    async def _fees_of(self, numbers: list[str]) -> dict[str, list[Fee]]:
        fees: dict[str, list[Fee]] = defaultdict(list)
        async for fee in self._fees.pages({"withdrawal_no": {"$in": numbers}}):
            fees[fee.source_no].append(fee)
        return fees
