"""Fees after a short delivery: the charge is reversed and the smaller one booked (Q32)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.billing.domain.fees.account import (
    CORRECTED,
    Account,
    AccountMoved,
    Booked,
    Due,
    charge_withdrawal,
    refuse_merged,
)
from services.billing.domain.fees.cap import NO_CAPS, Caps, before_any_cap, capped, given_back
from services.billing.domain.fees.hold import hold_carried_over
from services.billing.domain.fees.ledger import (
    Entry,
    Fee,
    Kind,
    booked,
    event_id_of,
    reversal_of,
    taken_back,
    told_facts,
)
from services.billing.domain.fees.payer import Payer
from shared.domain.days import local_day
from shared.domain.decision import Decision
from shared.domain.money import Money
from shared.events.fact import Fact

CAME_SHORT = "came-short"
"""Marks a charge that ordering's new price set, not a person's correction."""


def by_a_person(entry: Entry) -> bool:
    """Tell whether two people set the amount (S97)."""
    return entry.why == "corrected" and entry.because != CAME_SHORT


@dataclass(frozen=True)
class _Page:
    """A fee as the ledger has it: the charge that stands, its credit, and the charge after them."""

    charge: Fee | None
    credit: Fee | None
    again: Fee | None

    @property
    def fees(self) -> Booked:
        return self.charge, self.credit, self.again


def names_with_after(account: Account, fee_nos: Sequence[int]) -> list[str]:
    """Name what a new price may write, three a fee: charge, credit, the charge after them (Q32)."""
    return [
        event_id_of(account.source_no, number, kind=kind)
        for standing in fee_nos
        for number, kind in _three(standing)
    ]


def _three(standing: int) -> tuple[tuple[int, Kind], ...]:
    return (standing, "charge"), (standing, "credit"), (standing + CORRECTED, "charge")


def reprice_fees(
    account: Account | None,
    fees: Booked,
    payer: Payer | None,
    *,
    opened: Account,
    at: datetime,
    caps: Caps = NO_CAPS,
) -> Decision[Account | None, Booked, Payer | None]:
    """Let the fees be what ordering's newest price says; remember it when nothing is charged yet (Q32).

    `opened` has that price, and the corrections by which `fees` were named; raises AccountMoved when there
    are newer ones. What is annulled or waived stays so, and a person's correction is never gone beyond.
    """
    told, known = opened.repriced, account or replace(opened, repriced=None)
    if told is None or (known.repriced and known.repriced.revision >= told.revision):
        return account, fees, payer, []
    if known.corrected != opened.corrected:
        raise AccountMoved
    refuse_merged(payer)
    known = replace(known, repriced=told)
    if not known.charged:
        return known, fees, payer, []
    pages: list[_Page] = []
    facts: list[Fact] = []
    for number, due in enumerate(told.fees):
        page = _Page(*fees[number * 3 : number * 3 + 3])
        known, settled, payer = _made_due(known, page, payer, due=due, at=at, caps=caps)
        facts += _facts(page, settled)
        pages.append(settled)
    return known, tuple(fee for page in pages for fee in page.fees), payer, facts


def charge_at_new_price(
    account: Account | None,
    fees: Booked,
    payer: Payer | None,
    *,
    opened: Account,
    entries: Sequence[Entry],
    at: datetime,
    caps: Caps = NO_CAPS,
) -> Decision[Account | None, Booked, Payer | None]:
    """Charge a withdrawal whose new price came first: the ledger is as if it had come after (Q32)."""
    heard = account.repriced if account else None
    unpriced = replace(account, repriced=None) if account else None
    charged, charges, credits_, payer, facts = charge_withdrawal(
        unpriced, fees[::3], fees[1::3], payer, opened=opened, entries=entries, at=at, caps=caps
    )
    booked_ = tuple(fee for three in zip(charges, credits_, fees[2::3], strict=True) for fee in three)
    if heard is None or charged is None:
        return charged, booked_, payer, facts
    # ordering publishes all fees of which something comes: the others wait for their annulment
    dues = {each.fee_no: each for each in heard.fees}
    whole = tuple(dues.get(each.fee_no, Due(each.fee_no, each.amount)) for each in entries)
    asked = replace(charged, repriced=replace(heard, fees=whole))
    known, booked_, payer, more = reprice_fees(charged, booked_, payer, opened=asked, at=at, caps=caps)
    return replace(known or charged, repriced=heard), booked_, payer, [*facts, *more]


def _made_due(
    account: Account, page: _Page, payer: Payer | None, *, due: Due, at: datetime, caps: Caps
) -> tuple[Account, _Page, Payer | None]:
    charge = page.charge
    if charge is None:
        raise LookupError(f"{account.source_no} has no fee {due.fee_no}")
    if account.reversal(due.fee_no) or page.credit or charge.stage == "removed":
        return account, page, payer
    if by_a_person(charge.entry) and due.amount == due.priced:
        return account, page, payer
    account = _remembering(account, charge, due.fee_no)
    wanted = min([due.amount, *(each.amount for each in account.by_hand if each.fee_no == due.fee_no)])
    given = given_back(payer, [charge.event_id])
    after, entry = capped(given, _anew(charge, wanted, at=at), caps=caps)
    if entry.amount == charge.entry.amount:
        return account, page, payer
    reversal = reversal_of(charge.entry, on=local_day(at), at=at, why="corrected", because=CAME_SHORT)
    gone, credit = taken_back(charge, page.credit, after, reversal=reversal, at=at)
    again = _held(entry, charge, at=at) if charge.hold else booked(entry, after, at=at)
    moved = replace(account, corrected=(*account.corrected, charge.entry.fee_no))
    return moved, _Page(replace(gone, hold=None), credit, again), after


def _remembering(account: Account, charge: Fee, fee_no: int) -> Account:
    """Remember what a person corrected the fee to: no new price goes beyond it (S97)."""
    if not by_a_person(charge.entry):
        return account
    others = tuple(each for each in account.by_hand if each.fee_no != fee_no)
    return replace(account, by_hand=(*others, Due(fee_no, before_any_cap(charge.entry).amount)))


def _anew(charge: Fee, amount: Money, *, at: datetime) -> Entry:
    number = charge.entry.fee_no + CORRECTED
    return replace(
        charge.entry,
        event_id=event_id_of(charge.source_no, number, kind="charge"),
        fee_no=number,
        patient_ref=charge.patient_ref,
        amount=amount,
        before_cap=None,
        occurred_at=at,
        why="corrected",
        because=CAME_SHORT,
    )


def _held(entry: Entry, charge: Fee, *, at: datetime) -> Fee:
    """Book a fee that stays held by hand, like the one that it replaces."""
    held = Fee(entry.event_id, entry.patient_ref, entry.source_no, entry, stage="held", progress=())
    return replace(held, hold=charge.hold).came_to("held", at=at, note=CAME_SHORT)


def _facts(before: _Page, after: _Page) -> Iterator[Fact]:
    if before == after:
        return
    yield from told_facts([after.credit, after.again])
    if before.charge and after.again and before.charge.hold:
        yield from hold_carried_over(before.charge, after.again)
