"""A withdrawal that is charged with its new price already heard, or without one (Q32)."""

from dataclasses import replace

from services.billing.domain.fees.account import Account, Due, Repriced
from services.billing.domain.fees.coming_short import charge_at_new_price
from services.billing.domain.fees.ledger import net
from shared.domain.money import Money
from tests.billing.examples import AT, ENTRY, OPENED, PAYER, TODAY

THREE = (None, None, None)
LESS = Repriced(revision=1, on=TODAY, fees=(Due(1, Money.of(50), ENTRY.amount),))


def charged_with(account: Account | None) -> tuple[Account | None, Money]:
    known, fees, *_ = charge_at_new_price(account, THREE, PAYER, opened=OPENED, entries=[ENTRY], at=AT)
    return known, net([fee for fee in fees if fee])


def test_a_withdrawal_of_which_no_new_price_was_consumed_is_charged_as_it_was_sent() -> None:
    assert charged_with(None) == (replace(OPENED, charged=True), ENTRY.amount)


def test_a_withdrawal_whose_new_price_was_consumed_first_is_charged_at_it() -> None:
    known, amount = charged_with(replace(OPENED, repriced=LESS))

    assert amount == Money.of(50)
    assert known
    assert (known.charged, known.repriced) == (True, LESS)
