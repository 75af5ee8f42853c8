"""One loan of a device, and a page of the ledger that is written through the rules alone."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from services.billing.domain.account import Account
from services.billing.domain.cap import Caps
from services.billing.domain.deferral import names_of, settle_loan
from services.billing.domain.ledger import Entry, Fee, event_id_of
from services.billing.domain.loan import (
    CollectionOrder,
    Exchange,
    HandedOut,
    Loan,
    Return,
    falls_due_on,
    note_collection,
    note_exchange,
    note_handed_out,
    note_return,
)
from services.billing.domain.payer import Payer
from shared.domain.decision import Decision
from shared.domain.money import Money
from shared.events.fact import Fact
from tests.billing.examples import ENTRY, PAYER

ORDER = "B2026-000501-9"
DAY_0 = date(2026, 11, 21)
OPENED = Loan("loan-1", "p-1")
AMOUNT = Money.of(500)

Note = Callable[[Loan | None], Decision[Loan | None]]


def day(number: int, *, first: date = DAY_0) -> date:
    return first + timedelta(days=number)


def noon(on: date) -> datetime:
    return datetime.combine(on, time(12), tzinfo=UTC)


def entry(first: date = DAY_0) -> Entry:
    return replace(
        ENTRY,
        event_id=event_id_of(ORDER, 1, kind="charge"),
        source_no=ORDER,
        amount=AMOUNT,
        reason="product",
        product_area="devices",
        occurred_at=noon(first),
        due_on=falls_due_on(first, deferred_days=90),
        loan_id="loan-1",
    )


def handed_out(first: date = DAY_0) -> Note:
    return lambda loan: note_handed_out(loan, opened=OPENED, handed_out=HandedOut("A", first, entry(first)))


def exchanged(old: str, new: str, on: date) -> Note:
    return lambda loan: note_exchange(loan, opened=OPENED, exchange=Exchange(new, old, on))


def returned(device_no: str, on: date) -> Note:
    return lambda loan: note_return(loan, opened=OPENED, returned=Return(device_no, on))


def collection(heard: CollectionOrder) -> Note:
    return lambda loan: note_collection(loan, opened=OPENED, heard=heard)


def at_care_unit(on: date, *, device_no: str = "A", number: str = "H1") -> Note:
    return collection(CollectionOrder(number, device_no, place="care_unit", registered_on=on))


def at_home(on: date, *, device_no: str = "A", number: str = "H1") -> Note:
    return collection(CollectionOrder(number, device_no, place="home", registered_on=on))


def fetched(on: date, *, device_no: str = "A", number: str = "H1") -> Note:
    return collection(CollectionOrder(number, device_no, how="fetched", closed_on=on))


def annulled(on: date, *, device_no: str = "A", number: str = "H1") -> Note:
    return collection(CollectionOrder(number, device_no, how="annulled", closed_on=on))


@dataclass
class Book:
    """One loan and all that the ledger says of it."""

    loan: Loan | None = None
    account: Account | None = None
    payer: Payer | None = PAYER
    caps: Caps = field(default_factory=dict)
    kept: dict[str, Fee] = field(default_factory=dict)
    told: list[Fact] = field(default_factory=list)

    def hear(self, *notes: Note, on: date = DAY_0) -> "Book":
        for note in notes:
            self.loan, _ = note(self.loan)
            self.settle(on)
        return self

    def settle(self, on: date) -> "Book":
        """Settle the loan as billing does after each fact, and as its job does every day."""
        if self.loan and self.loan.entry:
            opened = self.account or Account(ORDER, "p-1")
            names = names_of(opened, self.loan.entry)
            self.loan, self.account, fees, self.payer, facts = settle_loan(
                self.loan, self.account, tuple(self.kept.get(name) for name in names), self.payer,
                opened=opened, at=noon(on), caps=self.caps,
            )  # fmt: skip
            self.kept |= {fee.event_id: fee for fee in fees if fee}
            self.told += facts
        return self

    @property
    def fees(self) -> list[Fee]:
        return list(self.kept.values())

    @property
    def stages(self) -> list[tuple[str, str]]:
        return [(fee.entry.kind, fee.stage) for fee in self.fees]
