"""The account of one withdrawal: fees booked once and taken back once, in whatever order facts come (Q9)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from services.billing.domain.ledger import Entry, Fee, booked, reversal_of, told, told_facts
from services.billing.domain.payer import Payer
from shared.domain.decision import Decision

Booked = tuple[Fee | None, ...]


@dataclass(frozen=True)
class Reversal:
    """A fee that is to be credited, since a day."""

    fee_no: int
    on: date


@dataclass(frozen=True)
class Account:
    """What billing heard of one withdrawal: its fees, and which of them are to be taken back."""

    withdrawal_no: str
    patient_ref: str
    charged: bool = False
    reversals: tuple[Reversal, ...] = ()

    def reversal(self, fee_no: int) -> Reversal | None:
        return next((each for each in self.reversals if each.fee_no == fee_no), None)


def charge_withdrawal(
    account: Account | None,
    charges: Booked,
    credits_: Booked,
    payer: Payer | None,
    *,
    opened: Account,
    entries: Sequence[Entry],
    at: datetime,
) -> Decision[Account | None, Booked, Booked, Payer | None]:
    """Book one entry per fee, due at once for foods, with the credits asked for earlier (S46, Q9)."""
    if account and account.charged:
        return account, charges, credits_, payer, []
    known = replace(account or opened, charged=True)
    new_charges = tuple(booked(entry, payer, at=at) for entry in entries)
    asked = [(entry, known.reversal(entry.fee_no)) for entry in entries]
    new_credits = tuple(_credit(entry, reversal, payer, at=at) for entry, reversal in asked)
    return known, new_charges, new_credits, payer, told_facts((*new_charges, *new_credits), payer)


def reverse_fees(
    account: Account | None,
    charges: Booked,
    credits_: Booked,
    payer: Payer | None,
    *,
    opened: Account,
    at: datetime,
) -> Decision[Account | None, Booked, Booked, Payer | None]:
    """Credit each named fee once by a new entry; remember it when the withdrawal is not heard of yet (Q9).

    `opened` is the account as the annulment knows it; `charges` and `credits_` are those of its reversals.
    """
    known = account or replace(opened, reversals=())
    asked = [reversal for reversal in opened.reversals if known.reversal(reversal.fee_no) is None]
    if known.charged and None in charges:
        raise LookupError(f"{opened.withdrawal_no} has no such fee")
    if not asked:
        return account, charges, credits_, payer, []
    new_credits = tuple(
        _credit(charge.entry, reversal, payer, at=at) if charge and reversal in asked else credit
        for charge, credit, reversal in zip(charges, credits_, opened.reversals, strict=True)
    )
    fresh = [new for new, old in zip(new_credits, credits_, strict=True) if new is not old]
    remembered = replace(known, reversals=(*known.reversals, *asked))
    return remembered, charges, new_credits, payer, told_facts(fresh, payer)


def tell_held(fee: Fee, payer: Payer | None, *, at: datetime) -> Decision[Fee, Payer | None]:
    """Tell a fee that waited for its payer's number; what was told already does nothing (S46)."""
    if fee.stage != "held" or payer is None:
        return fee, payer, []
    if payer.identity is None:
        return fee, payer, told_facts([fee], payer)
    known = told(fee, payer.identity, at=at)
    return known, payer, told_facts([known], payer)


def _credit(entry: Entry, reversal: Reversal | None, payer: Payer | None, *, at: datetime) -> Fee | None:
    return booked(reversal_of(entry, on=reversal.on, at=at), payer, at=at) if reversal else None
