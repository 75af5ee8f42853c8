"""An order with one loan of a device, and the ledger about it, written through the rules alone."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import partial

from services.billing.domain.devices.deferral import names_of, numbers_of, settle_order
from services.billing.domain.devices.following import note_decided, note_goods, note_hand_out, note_taken_back
from services.billing.domain.devices.loan import (
    CollectionOrder,
    Exchange,
    Loan,
    Return,
    note_collection,
    note_exchange,
    note_mistaken,
    note_return,
)
from services.billing.domain.devices.order import Decided, DeviceOrder, HandOut
from services.billing.domain.fees.account import Account, Booked
from services.billing.domain.fees.cap import Caps
from services.billing.domain.fees.ledger import Fee
from services.billing.domain.fees.payer import Payer
from shared.domain.decision import Decision
from shared.domain.money import Money
from shared.events.fact import Fact
from shared.events.fees import DeviceFee
from tests.billing.examples import ENTRY, PAYER

ORDER = "B2026-000501-9"
DAY_0 = date(2026, 11, 21)
OPENED = Loan("loan-1", "p-1")
OF_ORDER = DeviceOrder(ORDER, "p-1")
AMOUNT = Money.of(500)
FEE = DeviceFee(
    fee_no=1, fee_code="HJM-CPAP", text="Egenavgift hjälpmedel", amount=Decimal(500), tariff=ENTRY.tariff
)

Note = Callable[["Book"], None]
"""Something that is heard: it is kept in the document of the order or of a loan."""


def day(number: int, *, first: date = DAY_0) -> date:
    return first + timedelta(days=number)


def noon(on: date) -> datetime:
    return datetime.combine(on, time(12), tzinfo=UTC)


def hand_out(
    first: date = DAY_0, *, line_no: int = 1, loan_id: str | None = "loan-1", fee: DeviceFee | None = FEE
) -> HandOut:
    return HandOut(
        line_no=line_no,
        loan_id=loan_id,
        article_no="910001",
        product_area="cpap",
        care_unit="DEMO-101",
        cost_centre="DEMO-101",
        day=first,
        at=noon(first),
        fee=fee,
    )


def handed_out(
    first: date = DAY_0, *, fee: DeviceFee | None = FEE, loan_id: str = "loan-1", device_no: str = "A"
) -> Note:
    def note(book: "Book") -> None:
        given = hand_out(first, loan_id=loan_id, fee=fee)
        book.order, loan, _ = note_hand_out(
            book.order, book.loans.get(loan_id), opened=OF_ORDER, hand_out=given, device_no=device_no
        )
        book.loans |= {loan_id: loan} if loan else {}

    return note


def goods(first: date = DAY_0, *, line_no: int = 1, fee: DeviceFee = FEE) -> Note:
    given = hand_out(first, line_no=line_no, loan_id=None, fee=fee)
    return about_order(lambda order: note_goods(order, opened=OF_ORDER, hand_out=given))


def decided(version: int, fee: DeviceFee | None, *, line_no: int = 1) -> Note:
    heard = Decided(line_no, version, fee)
    return about_order(lambda order: note_decided(order, opened=OF_ORDER, decided=heard))


def taken_back(on: date, *loan_ids: str) -> Note:
    def note(book: "Book") -> None:
        for loan_id in loan_ids:
            about_loan(partial(note_mistaken, opened=opened(loan_id)), loan_id)(book)
        about_order(lambda order: note_taken_back(order, opened=OF_ORDER, at=noon(on)))(book)

    return note


def about_order(rule: Callable[[DeviceOrder | None], Decision[DeviceOrder | None]]) -> Note:
    def note(book: "Book") -> None:
        book.order, _ = rule(book.order)

    return note


def about_loan(rule: Callable[[Loan | None], Decision[Loan | None]], loan_id: str = "loan-1") -> Note:
    def note(book: "Book") -> None:
        loan, _ = rule(book.loans.get(loan_id))
        book.loans |= {loan_id: loan} if loan else {}

    return note


def exchanged(old: str, new: str, on: date, *, loan_id: str = "loan-1") -> Note:
    return about_loan(
        lambda loan: note_exchange(loan, opened=opened(loan_id), exchange=Exchange(new, old, on)), loan_id
    )


def returned(device_no: str, on: date, *, loan_id: str = "loan-1") -> Note:
    return about_loan(
        lambda loan: note_return(loan, opened=opened(loan_id), returned=Return(device_no, on)), loan_id
    )


def collection(heard: CollectionOrder, *, loan_id: str = "loan-1") -> Note:
    return about_loan(lambda loan: note_collection(loan, opened=opened(loan_id), consumed=heard), loan_id)


def at_care_unit(on: date, *, device_no: str = "A", number: str = "H1", loan_id: str = "loan-1") -> Note:
    heard = CollectionOrder(number, device_no, place="care_unit", registered_on=on)
    return collection(heard, loan_id=loan_id)


def at_home(on: date, *, device_no: str = "A", number: str = "H1", loan_id: str = "loan-1") -> Note:
    heard = CollectionOrder(number, device_no, place="home", registered_on=on)
    return collection(heard, loan_id=loan_id)


def given(on: date, *, device_no: str = "A", number: str = "H1", loan_id: str = "loan-1") -> Note:
    return collection(CollectionOrder(number, device_no, given_on=on), loan_id=loan_id)


def fetched(on: date, *, device_no: str = "A", number: str = "H1", loan_id: str = "loan-1") -> Note:
    return collection(CollectionOrder(number, device_no, how="fetched", closed_on=on), loan_id=loan_id)


def annulled(on: date, *, device_no: str = "A", number: str = "H1", loan_id: str = "loan-1") -> Note:
    return collection(CollectionOrder(number, device_no, how="annulled", closed_on=on), loan_id=loan_id)


def opened(loan_id: str) -> Loan:
    return replace(OPENED, loan_id=loan_id)


@dataclass
class Book:
    """One order, its loans, and all that the ledger says of it."""

    order: DeviceOrder | None = None
    loans: dict[str, Loan] = field(default_factory=dict)
    account: Account | None = None
    payer: Payer | None = PAYER
    caps: Caps = field(default_factory=dict)
    kept: dict[str, Fee] = field(default_factory=dict)
    told: list[Fact] = field(default_factory=list)

    def hear(self, *notes: Note, on: date | datetime = DAY_0) -> "Book":
        for note in notes:
            note(self)
            self.settle(on)
        return self

    def settle(self, on: date | datetime) -> "Book":
        """Settle the order as billing does after each fact, and as its job does every day."""
        if self.order and self.order.pieces:
            at = on if isinstance(on, datetime) else noon(on)
            account = self.account or Account(ORDER, "p-1")
            names = names_of(account, numbers_of(self.order))
            loans = tuple(self.loans[each] for each in self.order.loan_ids)
            fees: Booked = tuple(self.kept.get(name) for name in names)
            self.order, _, self.account, fees, self.payer, facts = settle_order(
                self.order, loans, self.account, fees, self.payer,
                seen=self.order, opened=account, at=at, caps=self.caps,
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
