"""One valid withdrawal's fees, and the people who pay them."""

from datetime import UTC, date, datetime

from services.billing.domain.fees.account import Account, charge_withdrawal
from services.billing.domain.fees.ledger import Entry, Fee, event_id_of
from services.billing.domain.fees.payer import Identity, Payer
from shared.domain.money import Money
from shared.events.fact import Fact

AT = datetime(2026, 11, 21, 9, 15, tzinfo=UTC)
LATER = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)
WITHDRAWAL = "U2026-000123-9"
IDENTITY = Identity("1.2.752.129.2.1.3.1", "sealed:identity:abc")
PAYER = Payer("p-1", version=1, identity=IDENTITY)
PROTECTED = Payer("p-1", version=2, identity=None)
OPENED = Account(WITHDRAWAL, "p-1")

ENTRY = Entry(
    event_id=event_id_of(WITHDRAWAL, 1, kind="charge"),
    kind="charge",
    reverses=None,
    source_no=WITHDRAWAL,
    fee_no=1,
    patient_ref="p-1",
    fee_code="LMN-10",
    text="Egenavgift livsmedel, per uttag",
    amount=Money.of(120),
    reason="type",
    tariff="2026-01-01",
    occurred_at=AT,
    due_on=TODAY,
    cost_centre="DEMO-101",
    product_area="foods",
    care_unit="DEMO-101",
)


def charged(*entries: Entry, payer: Payer | None = PAYER) -> tuple[tuple[Fee, ...], list[Fact]]:
    """Book the entries of a withdrawal that nobody annulled."""
    none = (None,) * len(entries)
    _, charges, _, _, facts = charge_withdrawal(
        None, none, none, payer, opened=OPENED, entries=entries, at=AT
    )
    return tuple(fee for fee in charges if fee), list(facts)
