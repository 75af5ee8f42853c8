"""A ledger under a cap for the patient."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from services.billing.domain.fees.account import Account, Booked, Reversal, charge_withdrawal, reverse_fees
from services.billing.domain.fees.cap import Caps
from services.billing.domain.fees.ledger import Entry, Fee, event_id_of, net
from services.billing.domain.fees.payer import Payer, Spent
from shared.domain.money import Money
from shared.events.fees import Cap
from tests.billing.examples import AT, ENTRY, PAYER

WINDOW = 30
CAP = Cap(scope="patient", amount=Money.of(300).amount, window_days=WINDOW)
CAPS: Caps = {ENTRY.tariff: CAP}
FIRST = date(2026, 3, 1)


def on(day: int) -> date:
    return FIRST + timedelta(days=day)


def paid(day: int, kronor: int) -> Spent:
    return Spent(f"{day}:{kronor}", on(day), Money.of(kronor))


def entry(number: int, day: int, kronor: int) -> Entry:
    withdrawal_no = f"U2026-{number:06}-0"
    return replace(
        ENTRY,
        event_id=event_id_of(withdrawal_no, 1, kind="charge"),
        source_no=withdrawal_no,
        amount=Money.of(kronor),
        due_on=on(day),
    )


@dataclass
class Ledger:
    """One patient's ledger, written through the rules alone."""

    payer: Payer | None = PAYER
    accounts: dict[str, Account] = field(default_factory=dict)
    booked: dict[str, tuple[Booked, Booked]] = field(default_factory=dict)

    def charge(self, wanted: Entry) -> Fee:
        number = wanted.source_no
        account = self.accounts.get(number)
        charges, credits_ = self.booked.get(number, ((None,), (None,)))
        known, charges, credits_, self.payer, _ = charge_withdrawal(
            account, charges, credits_, self.payer,
            opened=Account(number, "p-1"), entries=[wanted], at=AT, caps=CAPS,
        )  # fmt: skip
        assert known
        self.accounts[number], self.booked[number] = known, (charges, credits_)
        assert charges[0]
        return charges[0]

    def annul(self, wanted: Entry) -> None:
        number = wanted.source_no
        charges, credits_ = self.booked.get(number, ((None,), (None,)))
        known, charges, credits_, self.payer, _ = reverse_fees(
            self.accounts.get(number), charges, credits_, self.payer,
            opened=Account(number, "p-1", reversals=(Reversal(1, wanted.due_on),)), at=AT,
        )  # fmt: skip
        assert known
        self.accounts[number], self.booked[number] = known, (charges, credits_)

    @property
    def fees(self) -> list[Fee]:
        return [fee for both in self.booked.values() for part in both for fee in part if fee]

    def within(self, first: date) -> Money:
        """Add up what stands of the withdrawals of so many days."""
        days = {first + timedelta(days=each) for each in range(WINDOW)}
        numbers = {
            each.source_no for each in self.fees if each.entry.kind == "charge" and each.entry.due_on in days
        }
        return net([fee for fee in self.fees if fee.source_no in numbers])
