"""Books fee entries, and records invoicing's answers to them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from pydantic import BaseModel

from services.billing.domain.fees.account import (
    Account,
    AccountMoved,
    Booked,
    RepricedBefore,
    charge_withdrawal,
    move_fee,
    reverse_fees,
    send_held,
)
from services.billing.domain.fees.acknowledgement import (
    Acknowledgement,
    acknowledge,
    naming_no_person,
    stray_id_of,
)
from services.billing.domain.fees.coming_short import (
    charge_at_new_price,
    names_with_after,
    reprice_fees,
)
from services.billing.domain.fees.hold import hold_fee, release_fee
from services.billing.domain.fees.ledger import Entry, Fee, event_id_of
from services.billing.domain.fees.merging import merge_payers
from services.billing.domain.fees.payer import Payer, note_payer
from services.billing.repository.collections import ACCOUNTS, FEES, PAYERS, STRAYS
from services.billing.repository.fees import FeeQueries
from services.billing.repository.tariffs import TariffQueries
from shared.clock import Clock
from shared.domain.hashing import plain_hash
from shared.fault import fault
from shared.repository import Answer, Asking, Cause, Refs, Repository

READINGS = 5

Pages = Refs[Account | None, Booked, Booked, Payer | None]
WithAfter = Refs[Account | None, Booked, Payer | None]


class Ledger:
    """Books entries, each once, and follows them."""

    def __init__(self, repository: Repository, clock: Clock) -> None:
        self._repository = repository
        self._clock = clock
        self._tariffs = TariffQueries(repository)
        self.queries = FeeQueries(repository)

    async def charge(self, opened: Account, entries: Sequence[Entry], *, cause: Cause) -> None:
        """Book a withdrawal's fees on the patient that it is by now."""
        caps = await self._tariffs.caps_of(entry.tariff for entry in entries)
        who = opened.patient_ref  # hardly anybody was merged: looked for only when the rule says so
        for _ in range(READINGS):
            known = replace(opened, patient_ref=who)
            now = [replace(entry, patient_ref=who) for entry in entries]
            rule = partial(charge_withdrawal, opened=known, entries=now, at=self._clock.now(), caps=caps)
            try:
                await self._repository.change(_pages(known, [each.fee_no for each in now]), rule, cause=cause)
            except RepricedBefore:
                numbers = [each.fee_no for each in now]
                whole = partial(
                    charge_at_new_price, opened=known, entries=now, at=self._clock.now(), caps=caps
                )
                await self._repository.change(_with_after(known, numbers), whole, cause=cause)
            except AccountMoved:
                who = await self.queries.patient(who)
                continue
            return
        raise AccountMoved

    async def reprice(self, opened: Account, *, cause: Cause) -> None:
        """Let fees be what ordering's new price says, whatever corrected them meanwhile (Q32)."""
        dues = opened.repriced.fees if opened.repriced else ()
        caps = await self._tariffs.caps()
        for _ in range(READINGS):
            known = await self._repository.get(ACCOUNTS.maybe(opened.source_no)) or opened
            who = await self.queries.patient(opened.patient_ref)
            asked = replace(opened, patient_ref=who, corrected=known.corrected)
            standing = [known.standing(each.fee_no) for each in dues]
            rule = partial(reprice_fees, opened=asked, at=self._clock.now(), caps=caps)
            try:
                await self._repository.change(_with_after(asked, standing), rule, cause=cause)
            except AccountMoved:
                continue
            return
        raise AccountMoved

    async def reverse(self, opened: Account, *, cause: Cause) -> None:
        """Take fees back, whatever corrected them meanwhile."""
        for _ in range(READINGS):
            known = await self._repository.get(ACCOUNTS.maybe(opened.source_no)) or opened
            who = await self.queries.patient(opened.patient_ref)
            asked = replace(opened, patient_ref=who, corrected=known.corrected)
            standing = [known.standing(reversal.fee_no) for reversal in opened.reversals]
            rule = partial(reverse_fees, opened=asked, at=self._clock.now())
            try:
                await self._repository.change(_pages(asked, standing), rule, cause=cause)
            except AccountMoved:
                continue
            return
        raise AccountMoved

    async def know(self, payer: Payer, *, cause: Cause) -> None:
        """Store who pays, then send the entries that waited for it."""
        await self._repository.change(
            PAYERS.maybe(payer.patient_ref), partial(note_payer, published=payer), cause=cause.part("payer")
        )
        for fee in await self.queries.waiting_for_payer(payer.patient_ref):
            await self._send_held(fee, cause=cause.part(fee.event_id))

    async def merge(self, patient_ref: str, *, into_ref: str, cause: Cause) -> None:
        """Move fees to the patient that two turned out to be; what is held goes out with that number."""
        into_ref = await self.queries.patient(into_ref)
        caps, at = await self._tariffs.caps(), self._clock.now()
        rule = partial(merge_payers, patient_ref=patient_ref, into_ref=into_ref, at=at, caps=caps)
        refs = PAYERS.maybe(patient_ref) & PAYERS.maybe(into_ref)
        await self._repository.change(refs, rule, cause=cause.part("payer"))
        await self.move(patient_ref, into_ref=into_ref, cause=cause)

    async def move(self, patient_ref: str, *, into_ref: str, cause: Cause) -> int:
        """Let everything that hangs on one reference hang on the other; give how many fees there were."""
        move, moved = partial(move_fee, into_ref=into_ref), 0
        async for fee in self.queries.pages({"patient_ref": patient_ref}):
            refs = FEES.ref(fee.event_id) & ACCOUNTS.ref(fee.source_no)
            await self._repository.change(refs, move, cause=cause.part(fee.event_id))
            await fault("merge.with_part")
            moved += 1
        return moved

    async def send_all_held(self) -> None:
        """Tell what is due by now, or was booked while its payer was being noted elsewhere."""
        async for page in self.queries.in_days({"stage": "held"}, through=self._clock.today()):
            refs = list(dict.fromkeys(fee.patient_ref for fee in page))
            payers = await self._repository.get(PAYERS.maybe_many(refs))
            known = {payer.patient_ref for payer in payers if payer and payer.identity}
            for fee in page:
                if fee.patient_ref in known:
                    await self._send_held(fee, cause=Cause(key=None))

    async def hold(
        self, event_id: str, *, reason: str, by: str, cause: Cause, reply: Callable[[Fee], BaseModel]
    ) -> Answer:
        """Hold back a fee that was not sent yet, with a reason; raises what hold_fee refuses (S97, T6)."""
        rule = partial(hold_fee, reason=reason, by=by, at=self._clock.now())
        return await self._repository.change(FEES.ref(event_id), rule, cause=cause, reply=reply)

    async def release(
        self, event_id: str, *, by: str, cause: Cause, reply: Callable[[Fee, Payer | None], BaseModel]
    ) -> Answer:
        """Send a held fee when its day has come; raises FeeNotOnHold (S97, T6)."""
        fee = await self.queries.get(event_id)
        rule = partial(release_fee, by=by, at=self._clock.now())
        refs = FEES.ref(event_id) & PAYERS.maybe(fee.patient_ref)
        return await self._repository.change(refs, rule, cause=cause, reply=reply)

    async def acknowledge(self, answer: Acknowledgement, *, cause: Cause) -> None:
        """Follow what invoicing answers about an entry, once (S46)."""
        former = naming_no_person(answer, plain_hash)
        answer = naming_no_person(answer, self._repository.hashes.of)
        kept = await self._repository.get(STRAYS.maybe(stray_id_of(former))) if former != answer else None
        if kept is not None:
            return  # by the version before, under a hash without a key
        rule = partial(acknowledge, answer=answer, at=self._clock.now(), id_is_reused=cause.id_is_reused)
        refs = FEES.maybe(answer.event_id) & STRAYS.maybe(stray_id_of(answer))
        await self._repository.change(refs, rule, cause=cause)

    async def note(self, asked: Asking, patient_refs: Sequence[str]) -> None:
        """Audit whose fees are shown, before the answer leaves."""
        await self._repository.note(asked, patient_refs)

    async def _send_held(self, fee: Fee, *, cause: Cause) -> None:
        refs = FEES.ref(fee.event_id) & PAYERS.maybe(fee.patient_ref)
        await fault("held.before_commit")
        await self._repository.change(refs, partial(send_held, at=self._clock.now()), cause=cause)
        await fault("held.after_commit")


def _with_after(account: Account, fee_nos: Sequence[int]) -> WithAfter:
    return (
        ACCOUNTS.maybe(account.source_no)
        & FEES.maybe_many(names_with_after(account, fee_nos))
        & PAYERS.maybe(account.patient_ref)
    )


def _pages(account: Account, fee_nos: Sequence[int]) -> Pages:
    number = account.source_no
    return (
        ACCOUNTS.maybe(number)
        & FEES.maybe_many([event_id_of(number, each, kind="charge") for each in fee_nos])
        & FEES.maybe_many([event_id_of(number, each, kind="credit") for each in fee_nos])
        & PAYERS.maybe(account.patient_ref)
    )
