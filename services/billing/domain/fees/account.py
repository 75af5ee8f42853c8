"""The fees of one withdrawal: booked once and reversed once, in whatever order facts come (Q9)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from services.billing.domain.fees.cap import NO_CAPS, Caps, capped, given_back
from services.billing.domain.fees.ledger import (
    Entry,
    Fee,
    booked,
    facts_of_release,
    released,
    reversal_of,
    taken_back,
    told_facts,
)
from services.billing.domain.fees.payer import Payer
from shared.domain.decision import Decision
from shared.domain.money import Money

Booked = tuple[Fee | None, ...]

CORRECTED = 1000
"""A corrected fee's number is the old one plus this, so that both keep names of their own for ever."""


class AccountMoved(Exception):
    """A correction was decided, or the patient merged, since the account was read: read it again."""


@dataclass(frozen=True)
class Reversal:
    """A fee that is to be credited, since a day."""

    fee_no: int
    on: date


@dataclass(frozen=True)
class Due:
    """What a fee comes to."""

    fee_no: int
    amount: Money
    priced: Money | None = None
    """What it was when the withdrawal was sent, where less came."""


@dataclass(frozen=True)
class Repriced:
    """The newest price that ordering published of a withdrawal of which less came (Q32)."""

    revision: int
    on: date
    fees: tuple[Due, ...]


class RepricedBefore(Exception):
    """A new price came before the withdrawal itself: more of the ledger is read, and both are booked."""


@dataclass(frozen=True)
class Account:
    """What billing knows of one withdrawal: its fees, and which of them are to be reversed."""

    source_no: str
    """The withdrawal's number, or the order's of a device."""
    patient_ref: str
    charged: bool = False
    reversals: tuple[Reversal, ...] = ()
    corrected: tuple[int, ...] = ()
    """Fees that a correction replaced, each by the number after it."""
    repriced: Repriced | None = None
    by_hand: tuple[Due, ...] = ()
    """What a person corrected a fee to, before a new price replaced it: no new price goes beyond it."""

    def reversal(self, fee_no: int) -> Reversal | None:
        return next((each for each in self.reversals if each.fee_no == fee_no), None)

    def standing(self, fee_no: int) -> int:
        """Follow the corrections of a fee to the one that stands (S97)."""
        while fee_no in self.corrected:
            fee_no += CORRECTED
        return fee_no


def charge_withdrawal(
    account: Account | None,
    charges: Booked,
    credits_: Booked,
    payer: Payer | None,
    *,
    opened: Account,
    entries: Sequence[Entry],
    at: datetime,
    caps: Caps = NO_CAPS,
) -> Decision[Account | None, Booked, Booked, Payer | None]:
    """Book one entry per fee, due at once for foods, with the credits asked for earlier (S46, Q9).

    What does not fit under the tariff's cap for the patient is taken off (T5). Raises RepricedBefore.
    """
    if account and account.charged:
        return account, charges, credits_, payer, []
    if account and account.repriced:
        raise RepricedBefore
    refuse_merged(payer)
    known = replace(account or opened, charged=True)
    fitting: list[Entry] = []
    for entry in entries:
        # a fee that is credited in the same moment takes no room
        counting = NO_CAPS if known.reversal(entry.fee_no) else caps
        payer, fits = capped(payer, entry, caps=counting)
        fitting.append(fits)
    pairs = [_charged(entry, known.reversal(entry.fee_no), payer, at=at) for entry in fitting]
    new_charges, new_credits = tuple(pair[0] for pair in pairs), tuple(pair[1] for pair in pairs)
    return known, new_charges, new_credits, payer, told_facts((*new_charges, *new_credits))


def reverse_fees(
    account: Account | None,
    charges: Booked,
    credits_: Booked,
    payer: Payer | None,
    *,
    opened: Account,
    at: datetime,
) -> Decision[Account | None, Booked, Booked, Payer | None]:
    """Take back each named fee once; remember it when the withdrawal is not known yet (Q9).

    `opened` is the account as the annulment knows it, with the corrections that `charges` and `credits_`
    were looked up by; raises AccountMoved when there are newer ones.
    """
    known = account or replace(opened, reversals=())
    if known.corrected != opened.corrected:
        raise AccountMoved
    refuse_merged(payer)
    asked = [reversal for reversal in opened.reversals if known.reversal(reversal.fee_no) is None]
    if known.charged and None in charges:
        raise LookupError(f"{opened.source_no} has no such fee")
    if not asked:
        return account, charges, credits_, payer, []
    pairs = [
        _taken_back(charge, credit, reversal, payer, at=at)
        if charge and reversal in asked
        else (charge, credit)
        for charge, credit, reversal in zip(charges, credits_, opened.reversals, strict=True)
    ]
    new_charges, new_credits = tuple(pair[0] for pair in pairs), tuple(pair[1] for pair in pairs)
    fresh = [new for new, old in zip(new_credits, credits_, strict=True) if new is not old]
    remembered = replace(known, reversals=(*known.reversals, *asked))
    back = [charge.event_id for charge in new_charges if charge]
    return remembered, new_charges, new_credits, given_back(payer, back), told_facts(fresh)


def send_held(fee: Fee, payer: Payer | None, *, at: datetime) -> Decision[Fee, Payer | None]:
    """Send a fee that waited for its day or its payer's number; a fee that was sent stays as it is (S46)."""
    if fee.stage != "held":
        return fee, payer, []
    known = released(fee, payer, at=at)
    return known, payer, facts_of_release(known, fee) if known is not fee else []


def move_fee(fee: Fee, account: Account, *, into_ref: str) -> Decision[Fee, Account]:
    """Let a fee hang on the patient that two turned out to be; its entry stays as booked (S65, S68)."""
    if fee.patient_ref == into_ref:
        return fee, account, []
    return replace(fee, patient_ref=into_ref), replace(account, patient_ref=into_ref), []


def refuse_merged(payer: Payer | None) -> None:
    """Raise AccountMoved when the patient turned out to be another one (S65)."""
    if payer and payer.merged_into:
        raise AccountMoved


def _charged(
    entry: Entry, reversal: Reversal | None, payer: Payer | None, *, at: datetime
) -> tuple[Fee, Fee | None]:
    charge = booked(entry, payer, at=at)
    return _taken_back(charge, None, reversal, payer, at=at) if reversal else (charge, None)


def _taken_back(
    charge: Fee, credit: Fee | None, reversal: Reversal, payer: Payer | None, *, at: datetime
) -> tuple[Fee, Fee | None]:
    entry = reversal_of(charge.entry, on=reversal.on, at=at)
    return taken_back(charge, credit, payer, reversal=entry, at=at)
