"""The fees of an order of devices: each removed, due, or credited, by all that is known of it (S113, Q10)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.billing.domain.devices.loan import Loan
from services.billing.domain.devices.order import Charged, DeviceOrder, Wanted, is_taken_back, wanted_fees
from services.billing.domain.fees.account import CORRECTED, Account, AccountMoved, Booked, refuse_merged
from services.billing.domain.fees.cap import NO_CAPS, Caps, before_any_cap, capped, given_back
from services.billing.domain.fees.hold import hold_carried_over
from services.billing.domain.fees.ledger import (
    Entry,
    Fee,
    Why,
    booked,
    event_id_of,
    released,
    reversal_of,
    taken_back,
    told_facts,
)
from services.billing.domain.fees.payer import Payer
from shared.domain.days import local_day
from shared.domain.decision import Decision
from shared.events.fact import Fact
from shared.events.tasks import TaskRaised, TaskResolved

TAKEN_UP = "taken-up"
OURS: frozenset[str] = frozenset({"returned", "annulled", "corrected"})
"""Why a fee was taken back because of facts about devices: newer facts may let it stand again."""


@dataclass(frozen=True)
class Page:
    """What the ledger says of one fee; `again` is booked when another stands after the charge."""

    charge: Fee | None
    credit: Fee | None
    again: Fee | None
    payer: Payer | None

    @property
    def standing(self) -> Fee | None:
        return self.again or self.charge

    @property
    def fees(self) -> Booked:
        return self.charge, self.credit, self.again

    @property
    def is_taken_back(self) -> bool:
        return self.credit is not None or (self.charge is not None and self.charge.stage == "removed")


@dataclass(frozen=True)
class _Moment:
    """When it is, and how much a patient may pay."""

    at: datetime
    caps: Caps


def settle_order(
    order: DeviceOrder,
    loans: tuple[Loan, ...],
    account: Account | None,
    fees: Booked,
    payer: Payer | None,
    *,
    seen: DeviceOrder,
    opened: Account,
    at: datetime,
    caps: Caps = NO_CAPS,
) -> Decision[DeviceOrder, tuple[Loan, ...], Account | None, Booked, Payer | None]:
    """Make the ledger say what the order's facts say: book, remove, take up again, let fall due (Q10, S97).

    `loans` and `fees` were looked up by `seen` and `opened`; raises AccountMoved when there is more by now.
    """
    known = account or opened
    if _looked_up(order) != _looked_up(seen) or known.corrected != opened.corrected:
        raise AccountMoved
    refuse_merged(payer)
    by_id = {each.loan_id: each for each in loans}
    wanted = wanted_fees(order, by_id, patient_ref=opened.patient_ref)
    pages, facts = list[Fee | None](), list[Fact]()
    for number, fee_no in enumerate(numbers_of(order)):
        before, want = _page(fees[number * 3 : number * 3 + 3], payer), wanted.get(fee_no)
        why = _why_not(order, by_id, fee_no)
        page = _settled(before, order.charge(fee_no), want, why=why, now=_Moment(at, caps))
        order, asked = _remembered(order, before, page, want, at=at)
        if page.again:
            known = replace(known, corrected=(*known.corrected, known.standing(fee_no)))
        facts += [*_told(before, page), *asked]
        pages, payer = [*pages, *page.fees], page.payer
    return order, loans, account if tuple(pages) == fees else known, tuple(pages), payer, facts


def _page(fees: Booked, payer: Payer | None) -> Page:
    charge, credit, again = fees
    return Page(charge, credit, again, payer)


def _looked_up(order: DeviceOrder) -> tuple[tuple[str, ...], list[int]]:
    return order.loan_ids, numbers_of(order)


def numbers_of(order: DeviceOrder) -> list[int]:
    """Name the fees of an order that may stand in the ledger, by their numbers (Q37)."""
    return sorted({each.fee_no for each in order.fees})


def names_of(account: Account, fee_nos: Sequence[int]) -> list[str]:
    """Name, for each fee, the charge that stands, its credit, and the charge after them (S97, Q10)."""
    return [name for fee_no in fee_nos for name in _three(account, fee_no)]


def _three(account: Account, fee_no: int) -> Iterator[str]:
    standing = account.standing(fee_no)
    yield event_id_of(account.source_no, standing, kind="charge")
    yield event_id_of(account.source_no, standing, kind="credit")
    yield event_id_of(account.source_no, standing + CORRECTED, kind="charge")


def _settled(page: Page, before: Charged | None, wanted: Wanted | None, *, why: Why, now: _Moment) -> Page:
    if wanted is None:
        return _taken_back(page, why=why, at=now.at)
    if page.charge is None:
        payer, fitting = capped(page.payer, wanted.entry, caps=now.caps)
        page = replace(page, charge=booked(fitting, payer, at=now.at), payer=payer)
    if wanted.verdict == "removed":
        return _taken_back(page, why="returned", at=now.at)
    page = _as_wanted(page, before, wanted, now=now)
    return _fallen_due(page, at=now.at) if wanted.verdict == "runs" else page


def _taken_back(page: Page, *, why: Why, at: datetime) -> Page:
    """Remove a fee that invoicing does not have, else credit it (Q10)."""
    if page.charge is None or page.charge.stage == "nothing_due":
        return page
    reversal = reversal_of(page.charge.entry, on=local_day(at), at=at, why=why)
    charge, credit = taken_back(page.charge, page.credit, page.payer, reversal=reversal, at=at)
    return replace(page, charge=charge, credit=credit, payer=given_back(page.payer, [charge.event_id]))


def _as_wanted(page: Page, before: Charged | None, wanted: Wanted, *, now: _Moment) -> Page:
    """Let a fee stand, also again, and by what it is now: facts come in any order.

    It is held to the cap as every fee is; what was sent, or is another now, is booked again (T5).
    """
    charge, changed = page.charge, _has_changed(before, wanted, now)
    if charge is None or (not changed and not page.is_taken_back):
        return page
    if page.is_taken_back and not _by_us(page, charge):
        return page
    asked = before is None or before.fee == wanted.fee
    entry = replace(before_any_cap(charge.entry), due_on=wanted.entry.due_on) if asked else wanted.entry
    if not page.is_taken_back:
        page = _taken_back(page, why="corrected", at=now.at)
    elif charge.told_at is None:
        payer, same = capped(page.payer, entry, caps=now.caps)
        if same == charge.entry:
            return replace(page, charge=charge.came_to("deferred", at=now.at, note=TAKEN_UP), payer=payer)
    payer, fitting = capped(page.payer, _anew(charge, entry, at=now.at), caps=now.caps)
    return _carrying_hold(replace(page, again=booked(fitting, payer, at=now.at), payer=payer))


def _has_changed(before: Charged | None, wanted: Wanted, now: _Moment) -> bool:
    """Tell whether another amount or day is wanted; of two days that have both come, either is right."""
    if before is None or before.fee != wanted.fee:
        return before is not None
    days = {before.due_on, wanted.entry.due_on}
    return len(days) > 1 and max(days) > local_day(now.at)


def _by_us(page: Page, charge: Fee) -> bool:
    """Tell facts about devices from what people decided: a waiver, or a correction in the ledger (S97)."""
    if page.credit:
        return page.credit.entry.why in OURS and page.credit.entry.because is None
    return charge.progress[-1].note in OURS


def _anew(charge: Fee, entry: Entry, *, at: datetime) -> Entry:
    number = charge.entry.fee_no + CORRECTED
    return replace(
        entry,
        event_id=event_id_of(charge.source_no, number, kind="charge"),
        fee_no=number,
        patient_ref=charge.patient_ref,
        occurred_at=at,
        why="corrected",
        because=None,
    )


def _carrying_hold(page: Page) -> Page:
    if page.charge is None or page.again is None or page.charge.hold is None:
        return page
    held = replace(page.again, hold=page.charge.hold)
    return replace(page, charge=replace(page.charge, hold=None), again=held)


def _fallen_due(page: Page, *, at: datetime) -> Page:
    fee = page.standing
    if fee is None or fee.stage != "deferred" or fee.entry.due_on > local_day(at):
        return page
    due = released(fee.came_to("held", at=at), page.payer, at=at)
    return replace(page, again=due) if page.again else replace(page, charge=due)


def _why_not(order: DeviceOrder, loans: Mapping[str, Loan], fee_no: int) -> Why:
    """Say why a fee is not wanted: all of its line was handed out by mistake, or people decided so."""
    charged = order.charge(fee_no)
    line = [each for each in order.pieces if charged and each.line_no == charged.line_no]
    return "annulled" if all(is_taken_back(each, order, loans) for each in line) else "corrected"


def _told(before: Page, page: Page) -> list[Fact]:
    fresh = [now for now, then in zip(page.fees, before.fees, strict=True) if now != then]
    facts = told_facts(fresh)
    if before.charge and before.charge.hold and page.again:
        facts += hold_carried_over(before.charge, page.again)
    return facts


def _remembered(
    order: DeviceOrder, before: Page, page: Page, wanted: Wanted | None, *, at: datetime
) -> tuple[DeviceOrder, list[Fact]]:
    """Keep by what it was booked, and ask somebody to close the collection order that holds it, once (N7)."""
    fee, facts = page.standing, list[Fact]()
    charged = order.charge(fee.entry.fee_no % CORRECTED) if fee else None
    if charged and charged.asked and page.again and before.charge:
        charged, facts = replace(charged, asked=False), [_closed(before.charge)]
    if wanted and (charged is None or page.again or _taken_up(before, page)):
        charged = Charged(wanted.line_no, wanted.fee, wanted.entry.due_on, bool(charged and charged.asked))
    if fee is None or charged is None:
        return order, facts
    late = fee.stage == "deferred" and fee.entry.due_on <= local_day(at)
    if late != charged.asked:
        facts.append(_awaits(fee) if late else _closed(fee))
    return order.with_charge(replace(charged, asked=late)), facts


def _taken_up(before: Page, page: Page) -> bool:
    return before.is_taken_back and not page.is_taken_back


def _task_id(fee: Fee) -> str:
    return f"fee-awaits-collection:{fee.event_id}"


def _closed(fee: Fee) -> TaskResolved:
    return TaskResolved(task_id=_task_id(fee), how="collection-order-closed")


def _awaits(fee: Fee) -> TaskRaised:
    return TaskRaised(
        task_id=_task_id(fee),
        kind="fee_awaits_collection",
        role="economist",
        patient_ref=fee.patient_ref,
        subject_no=fee.source_no,
        reason="collection-order-open",
    )
