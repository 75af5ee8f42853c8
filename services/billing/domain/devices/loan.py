"""A device on loan as billing knows it, and whether it came back in time (S113, Q10)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, TypeVar

from services.billing.domain.fees.ledger import Entry
from shared.domain.decision import Decision

Noted = TypeVar("Noted")
Place = Literal["care_unit", "home"]
Verdict = Literal["runs", "waits", "removed"]
"""The clock of the fee runs; a collection order at the care unit holds it; the device came back in time."""


@dataclass(frozen=True)
class HandedOut:
    """Day 0, and the order that it came with, which has its fee."""

    device_no: str
    day: date
    entry: Entry | None = None
    """The fee, where a version kept it that had no documents of orders (0099)."""
    order_no: str | None = None


@dataclass(frozen=True)
class Exchange:
    """Another device instead: the fee and its days continue with it."""

    device_no: str
    in_place_of: str
    day: date
    nth: int = 0
    """Sorts those of one day: a swap that was registered by mistake is taken back by another (Q56)."""


@dataclass(frozen=True)
class Return:
    """A device that came back."""

    device_no: str
    day: date


@dataclass(frozen=True)
class CollectionOrder:
    """A collection order for one device, registered and closed, in whatever order the two facts come."""

    collection_no: str
    device_no: str
    place: Place | None = None
    registered_on: date | None = None
    how: Literal["fetched", "annulled"] | None = None
    closed_on: date | None = None
    given_on: date | None = None
    """When the patient gave the device away: at the care unit, or to the carrier."""

    def is_same(self, other: "CollectionOrder") -> bool:
        return (self.collection_no, self.device_no) == (other.collection_no, other.device_no)


@dataclass(frozen=True)
class Loan:
    """All facts about one loan; what follows from them does not depend on the order in which they came."""

    loan_id: str
    patient_ref: str
    handed_out: HandedOut | None = None
    exchanges: tuple[Exchange, ...] = ()
    returns: tuple[Return, ...] = ()
    collections: tuple[CollectionOrder, ...] = ()
    asked: bool = False
    """As a version kept it that had no documents of orders: somebody was asked to close an order."""
    mistaken: bool = False
    """Its hand-out was registered by mistake and taken back: it was no loan (Q51)."""

    @property
    def entry(self) -> Entry | None:
        return self.handed_out.entry if self.handed_out else None


def note_exchange(loan: Loan | None, *, opened: Loan, exchange: Exchange) -> Decision[Loan | None]:
    """Carry fee and clock over to another device (Q10, S132)."""
    return _noted(loan, opened, lambda row: replace(row, exchanges=_with(row.exchanges, exchange)))


def note_return(loan: Loan | None, *, opened: Loan, returned: Return) -> Decision[Loan | None]:
    """Keep that a return was made (Q10, S113)."""
    return _noted(loan, opened, lambda row: replace(row, returns=_with(row.returns, returned)))


def note_collection(loan: Loan | None, *, opened: Loan, consumed: CollectionOrder) -> Decision[Loan | None]:
    """Store one half of a collection order beside the other half (Q10)."""
    return _noted(loan, opened, lambda row: replace(row, collections=_joined(row.collections, consumed)))


def note_mistaken(loan: Loan | None, *, opened: Loan) -> Decision[Loan | None]:
    """Keep that it was no loan, also before the loan is known (Q51)."""
    return _noted(loan, opened, lambda row: replace(row, mistaken=True))


def verdict_of(loan: Loan, *, last: date) -> Verdict:
    """Decide what becomes of the fee from all facts, whenever they came (Q10).

    Only what is about the device that the patient has now counts, from the day it came through `last`.
    """
    device_no, since = device_now(loan)
    if any(each.device_no == device_no and since <= each.day <= last for each in loan.returns):
        return "removed"
    found = {_of_collection(each, since, last) for each in loan.collections if each.device_no == device_no}
    return "removed" if "removed" in found else "waits" if "waits" in found else "runs"


def device_now(loan: Loan) -> tuple[str, date]:
    """Follow the exchanges to the device that the patient has, and the day it came (Q10)."""
    if loan.handed_out is None:
        raise LookupError(f"{loan.loan_id} was not handed out")
    device_no, since = loan.handed_out.device_no, loan.handed_out.day
    left = sorted(loan.exchanges, key=lambda each: (each.day, each.nth, each.device_no))
    while following := next((each for each in left if each.in_place_of == device_no), None):
        left.remove(following)
        device_no, since = following.device_no, following.day
    return device_no, since


def _noted(loan: Loan | None, opened: Loan, change: Callable[[Loan], Loan]) -> Decision[Loan | None]:
    known = loan or opened
    after = change(known)
    return (loan if after == loan else after), []


def _with(known: tuple[Noted, ...], consumed: Noted) -> tuple[Noted, ...]:
    return known if consumed in known else (*known, consumed)


def _joined(known: tuple[CollectionOrder, ...], consumed: CollectionOrder) -> tuple[CollectionOrder, ...]:
    same = [each for each in known if each.is_same(consumed)]
    if not same:
        return (*known, consumed)
    before = same[0]
    joined = replace(
        before,
        place=before.place or consumed.place,
        registered_on=before.registered_on or consumed.registered_on,
        how=before.how or consumed.how,
        closed_on=before.closed_on or consumed.closed_on,
        given_on=before.given_on or consumed.given_on,
    )
    return tuple(joined if each is before else each for each in known)


def _of_collection(collection: CollectionOrder, since: date, last: date) -> Verdict:
    """Judge one order: at home the fetching counts, at the care unit the registering does (Q10)."""
    if collection.registered_on is None or collection.registered_on < since or collection.how == "annulled":
        return "runs"
    if collection.place == "home":
        days = (collection.given_on, collection.closed_on)
        return "removed" if any(each and each <= last for each in days) else "runs"
    if collection.registered_on > last:
        return "runs"
    return "removed" if collection.closed_on else "waits"
