"""Accounts, fee entries and payers, and what invoicing said of them."""

from collections.abc import Sequence
from functools import partial

from services.billing.domain.account import (
    Account,
    Booked,
    Reversal,
    charge_withdrawal,
    reverse_fees,
    tell_held,
)
from services.billing.domain.acknowledgement import (
    Acknowledgement,
    StrayAcknowledgement,
    acknowledge,
    stray_id_of,
)
from services.billing.domain.ledger import Entry, Fee, event_id_of
from services.billing.domain.payer import Payer, note_payer
from shared.clock import Clock
from shared.repository import Asking, Cause, Collection, Ref, Repository

ACCOUNTS = Collection("accounts", Account)
FEES = Collection("fees", Fee, indexes=("patient_ref", "withdrawal_no", "stage", "batch"))
PAYERS = Collection("payers", Payer)
STRAYS = Collection("stray_acknowledgements", StrayAcknowledgement)

MOST_AT_ONCE = 1000

Pages = tuple[Ref[Account | None], Ref[Booked], Ref[Booked], Ref[Payer | None]]


class Ledger:
    """Books entries, each once, and follows them."""

    def __init__(self, repository: Repository, clock: Clock) -> None:
        self._repository = repository
        self._clock = clock

    async def charge(self, opened: Account, entries: Sequence[Entry], *, cause: Cause) -> None:
        rule = partial(charge_withdrawal, opened=opened, entries=entries, at=self._clock.now())
        await self._repository.change(_pages(opened, [entry.fee_no for entry in entries]), rule, cause=cause)

    async def reverse(self, opened: Account, *, cause: Cause) -> None:
        rule = partial(reverse_fees, opened=opened, at=self._clock.now())
        await self._repository.change(_pages(opened, _fee_nos(opened.reversals)), rule, cause=cause)

    async def know(self, payer: Payer, *, cause: Cause) -> None:
        """Keep who pays, then tell what waited for it."""
        await self._repository.change(
            PAYERS.maybe(payer.patient_ref), partial(note_payer, heard=payer), cause=cause.part("payer")
        )
        waiting = {"stage": "held", "patient_ref": payer.patient_ref}
        for fee in await self._repository.find(FEES, waiting, limit=MOST_AT_ONCE):
            await self._tell_held(fee, cause=cause.part(fee.event_id))

    async def tell_all_held(self) -> None:
        """Tell what was booked while its payer was being noted elsewhere: neither saw the other."""
        held = await self._repository.find(FEES, {"stage": "held"}, limit=MOST_AT_ONCE)
        payers = await self._repository.get(
            PAYERS.maybe_many(list(dict.fromkeys(fee.patient_ref for fee in held)))
        )
        known = {payer.patient_ref: payer for payer in payers if payer and payer.identity}
        for fee in held:
            if fee.patient_ref in known:
                version = str(known[fee.patient_ref].version)
                await self._tell_held(fee, cause=Cause.of_job("tell-held", fee.event_id, version))

    async def acknowledge(self, heard: Acknowledgement, *, cause: Cause) -> None:
        rule = partial(acknowledge, heard=heard, at=self._clock.now())
        refs = (FEES.maybe(heard.event_id), STRAYS.maybe(stray_id_of(heard)))
        await self._repository.change(refs, rule, cause=cause)

    async def of_patient(self, patient_ref: str) -> list[Fee]:
        return await self._newest_first({"patient_ref": patient_ref})

    async def of_withdrawal(self, withdrawal_no: str) -> list[Fee]:
        return await self._newest_first({"withdrawal_no": withdrawal_no})

    async def strays(self) -> list[StrayAcknowledgement]:
        return await self._repository.find(STRAYS, {}, sort="-kept_at", limit=MOST_AT_ONCE)

    async def note(self, asked: Asking, patient_refs: Sequence[str]) -> None:
        """Audit whose fees are shown, before the answer leaves."""
        await self._repository.note(asked, patient_refs)

    async def _newest_first(self, where: dict[str, str]) -> list[Fee]:
        return await self._repository.find(FEES, where, sort="-entry.occurred_at", limit=MOST_AT_ONCE)

    async def _tell_held(self, fee: Fee, *, cause: Cause) -> None:
        refs = (FEES.ref(fee.event_id), PAYERS.maybe(fee.patient_ref))
        await self._repository.change(refs, partial(tell_held, at=self._clock.now()), cause=cause)


def _pages(account: Account, fee_nos: Sequence[int]) -> Pages:
    number = account.withdrawal_no
    return (
        ACCOUNTS.maybe(number),
        FEES.maybe_many([event_id_of(number, each, kind="charge") for each in fee_nos]),
        FEES.maybe_many([event_id_of(number, each, kind="credit") for each in fee_nos]),
        PAYERS.maybe(account.patient_ref),
    )


def _fee_nos(reversals: Sequence[Reversal]) -> list[int]:
    return [reversal.fee_no for reversal in reversals]
