"""Last month's withdrawals by another tariff."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from services.billing.domain.fees.withdrawal import Withdrawal
from services.billing.domain.tariffs.repricing import Comparison, Repricing, Tried, month_before, reprice
from shared.domain.money import NOTHING, Money
from shared.domain.tariff import Priced, price_under
from shared.events.billing import TariffPublished
from shared.events.fact import Unknown
from shared.events.fees import Cap
from tests.billing.test_tariff import TARIFF as SHAPE

DAYS = (date(2026, 10, 1), date(2026, 10, 31))
FLOUR = Priced("F1-1", "900100", "coeliac_metabolic", packages=4, cost=Money.of(400))
DRINK = Priced("F2-1", "900001", "energy_nutrition", packages=20, cost=Money.of(480))


def tariff(amount: int) -> TariffPublished:
    types = (
        SHAPE.types[0],
        *(each.model_copy(update={"amount": Decimal(amount)}) for each in SHAPE.types[1:]),
    )
    return SHAPE.model_copy(update={"types": types})


def withdrawal(*lines: Priced, number: str = "U1") -> Withdrawal:
    fees = tuple(price_under(tariff(120), lines, conditions=()))
    return Withdrawal(number, "p-1", DAYS[0], heard=True, fees=fees, conditions=(), lines=lines)


def repriced(withdrawals: list[Withdrawal], *, by: TariffPublished) -> Repricing:
    return reprice(Tried(Repricing(*DAYS)), withdrawals, proposed=by).repricing


@pytest.mark.parametrize(
    ("day", "days"),
    [
        (date(2026, 11, 21), DAYS),
        (date(2026, 3, 31), (date(2026, 2, 1), date(2026, 2, 28))),
        (date(2027, 1, 1), (date(2026, 12, 1), date(2026, 12, 31))),
    ],
)
def test_last_month_is_the_calendar_month_before(day: date, days: tuple[date, date]) -> None:
    assert month_before(day) == days


def test_a_dearer_tariff_shows_how_many_pay_more_and_by_which_rule() -> None:
    found = repriced([withdrawal(FLOUR), withdrawal(DRINK)], by=tariff(150))

    assert (found.withdrawals, found.dearer, found.cheaper) == (2, 1, 0)
    assert (found.before, found.after) == (Money.of(150), Money.of(180))
    assert found.rules == (
        Comparison("product:energy_nutrition", 1, Money.of(30), 1, Money.of(30)),
        Comparison("type:coeliac_metabolic", 1, Money.of(120), 1, Money.of(150)),
    )


def test_a_cheaper_tariff_shows_how_many_pay_less() -> None:
    found = repriced([withdrawal(FLOUR)], by=tariff(100))

    assert (found.dearer, found.cheaper, found.after) == (0, 1, Money.of(100))


def test_a_withdrawal_that_was_wholly_annulled_is_not_priced() -> None:
    found = repriced([replace(withdrawal(FLOUR), annulled_fees=(1,))], by=tariff(150))

    assert (found.withdrawals, found.before) == (0, NOTHING)


def test_of_a_partly_annulled_withdrawal_only_what_came_is_priced() -> None:
    both = withdrawal(FLOUR, DRINK)

    found = repriced([replace(both, annulled_fees=(1,))], by=tariff(150))

    assert (found.before, found.after) == (Money.of(30), Money.of(30))


def test_a_withdrawal_from_before_the_cost_of_goods_was_published_is_left_out_and_counted() -> None:
    found = repriced([replace(withdrawal(FLOUR), lines=None)], by=tariff(150))

    assert (found.left_out, found.withdrawals) == (1, 0)


def test_a_withdrawal_whose_fee_was_set_by_what_only_a_newer_version_knows_is_left_out_and_counted() -> None:
    found = repriced(
        [replace(withdrawal(FLOUR), conditions=(Unknown("of_a_newer_version"),))], by=tariff(150)
    )

    assert (found.left_out, found.withdrawals) == (1, 0)


def test_what_the_proposed_tariff_cannot_price_is_named_by_its_article() -> None:
    without = tariff(150).model_copy(update={"articles": ()})

    found = repriced([withdrawal(DRINK)], by=without)

    assert (found.refused, found.unpriced, found.withdrawals) == (1, ("900001",), 0)


def test_a_month_that_is_priced_in_parts_comes_to_the_same_also_under_a_cap() -> None:
    capped = tariff(150).model_copy(
        update={"cap": Cap(scope="patient", amount=Decimal(200), window_days=365)}
    )
    month = [withdrawal(FLOUR, DRINK, number=f"U{number}") for number in range(3)]

    parts = Tried(Repricing(*DAYS))
    for each in month:
        parts = reprice(parts, [each], proposed=capped)

    assert parts.repricing == repriced(month, by=capped)
    assert (parts.repricing.withdrawals, parts.repricing.after) == (3, Money.of(200))
