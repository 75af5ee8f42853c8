"""The deferred fee of a device on loan: either removed or due (S113, Q10)."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.billing.domain.account import CORRECTED, Account, AccountMoved, Booked
from services.billing.domain.cap import NO_CAPS, Caps, before_any_cap, capped, given_back
from services.billing.domain.ledger import (
    Entry,
    Fee,
    booked,
    event_id_of,
    released,
    reversal_of,
    taken_back,
    told_facts,
)
from services.billing.domain.loan import Loan, verdict_of
from services.billing.domain.payer import Payer
from shared.domain.days import local_day
from shared.domain.decision import Decision
from shared.events.fact import Fact
from shared.events.tasks import TaskRaised, TaskResolved

TAKEN_UP = "taken-up"


@dataclass(frozen=True)
class Page:
    """What the ledger says of one loan; `again` is booked when a credited charge turns out to stand."""

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


def settle_loan(
    loan: Loan,
    account: Account | None,
    fees: Booked,
    payer: Payer | None,
    *,
    opened: Account,
    at: datetime,
    caps: Caps = NO_CAPS,
) -> Decision[Loan, Account | None, Booked, Payer | None]:
    """Make the ledger say what the loan says: book, remove, take up again, let fall due (Q10).

    `fees` are the charge that stands, its credit and the charge after them, looked up by `opened`; raises
    AccountMoved when there is a newer one.
    """
    if loan.entry is None:
        return loan, account, fees, payer, []
    known = account or opened
    if known.corrected != opened.corrected or (payer and payer.merged_into):
        raise AccountMoved
    charge, credit, again = fees
    before = Page(charge, credit, again, payer)
    after = replace(loan, verdict=verdict_of(loan))
    # who pays now: two patients may have turned out to be one since the device was handed out
    entry = replace(loan.entry, patient_ref=opened.patient_ref)
    page = _settled(before, after, entry, at=at, caps=caps)
    after, asked = _asked(after, page, at=at)
    if page == before and after == loan:
        return loan, account, fees, payer, []
    if page.again:
        known = replace(known, corrected=(*known.corrected, known.standing(loan.entry.fee_no)))
    fresh = [now for now, then in zip(page.fees, fees, strict=True) if now != then]
    return after, known, page.fees, page.payer, [*told_facts(fresh), *asked]


def names_of(account: Account, entry: Entry) -> tuple[str, str, str]:
    """Name the charge that stands, its credit, and the charge that would come after them (S97, Q10)."""
    standing = account.standing(entry.fee_no)
    number = entry.source_no
    return (
        event_id_of(number, standing, kind="charge"),
        event_id_of(number, standing, kind="credit"),
        event_id_of(number, standing + CORRECTED, kind="charge"),
    )


def _settled(page: Page, loan: Loan, entry: Entry, *, at: datetime, caps: Caps) -> Page:
    charge = page.charge
    if charge is None:
        payer, fitting = capped(page.payer, entry, caps=caps)
        charge = booked(fitting, payer, at=at)
        page = replace(page, charge=charge, payer=payer)
    if loan.verdict == "removed":
        return _removed(page, charge, at=at)
    page = _taken_up(page, charge, at=at, caps=caps)
    return _fallen_due(page, at=at) if loan.verdict == "runs" else page


def _removed(page: Page, charge: Fee, *, at: datetime) -> Page:
    """Remove a fee that invoicing does not have, else credit it (Q10)."""
    if charge.stage == "nothing_due":
        return replace(page, charge=charge)
    reversal = reversal_of(charge.entry, on=local_day(at), at=at, why="returned")
    charge, credit = taken_back(charge, page.credit, page.payer, reversal=reversal, at=at)
    payer = given_back(page.payer, [charge.event_id])
    return replace(page, charge=charge, credit=credit, payer=payer)


def _taken_up(page: Page, charge: Fee, *, at: datetime, caps: Caps) -> Page:
    """Let a fee stand again when what came back turns out to have been exchanged: facts come in any order.

    It is held to the cap as every fee is; what was sent, or fits otherwise now, is booked again (T5).
    """
    came_back = page.credit.entry.why == "returned" if page.credit else _came_back(charge)
    if not came_back:
        return page
    payer, same = capped(page.payer, before_any_cap(charge.entry), caps=caps)
    if charge.told_at is None and same == charge.entry:
        return replace(page, charge=charge.came_to("deferred", at=at, note=TAKEN_UP), payer=payer)
    payer, fitting = capped(page.payer, before_any_cap(_anew(charge, at=at)), caps=caps)
    return replace(page, again=booked(fitting, payer, at=at), payer=payer)


def _anew(charge: Fee, *, at: datetime) -> Entry:
    return replace(
        charge.entry,
        event_id=event_id_of(charge.source_no, charge.entry.fee_no + CORRECTED, kind="charge"),
        fee_no=charge.entry.fee_no + CORRECTED,
        patient_ref=charge.patient_ref,
        occurred_at=at,
        why="corrected",
        because=charge.event_id,
    )


def _came_back(charge: Fee) -> bool:
    return charge.stage == "removed" and charge.progress[-1].note == "returned"


def _fallen_due(page: Page, *, at: datetime) -> Page:
    fee = page.standing
    if fee is None or fee.stage != "deferred" or fee.entry.due_on > local_day(at):
        return page
    due = released(fee.came_to("held", at=at), page.payer, at=at)
    return replace(page, again=due) if page.again else replace(page, charge=due)


def _asked(loan: Loan, page: Page, *, at: datetime) -> tuple[Loan, list[Fact]]:
    """Ask somebody to close the collection order that holds a fee past its day, once (N7)."""
    fee = page.standing
    late = fee is not None and fee.stage == "deferred" and fee.entry.due_on <= local_day(at)
    if fee is None or late == loan.asked:
        return loan, []
    task_id = f"fee-awaits-collection:{fee.event_id}"
    if not late:
        return replace(loan, asked=False), [TaskResolved(task_id=task_id, how="collection-order-closed")]
    return replace(loan, asked=True), [_awaits(fee, task_id)]


def _awaits(fee: Fee, task_id: str) -> TaskRaised:
    return TaskRaised(
        task_id=task_id,
        kind="fee_awaits_collection",
        role="economist",
        patient_ref=fee.patient_ref,
        subject_no=fee.source_no,
        reason="collection-order-open",
    )
