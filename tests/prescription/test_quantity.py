"""How much a line is, and when the amount is warned of."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.prescription.domain.prescriptions.quantity import (
    LineRequest,
    Quantity,
    UnusualQuantity,
    against_quantity,
    calculate,
    warn_of,
)
from shared.domain.money import Money
from tests.prescription.examples import DRINK, LINE_WANTED

BY_PACKAGES = LineRequest("900001", days=30, withdrawals=12, packages=5)


def test_consumption_per_day_counts_pieces_over_the_days_of_a_withdrawal() -> None:
    quantity = calculate(LINE_WANTED, DRINK)

    assert quantity == Quantity(Decimal(60), 15, Decimal(0), Money.of("1440.00"), withdrawals=12)


def test_packages_per_withdrawal_ignore_the_number_of_days() -> None:
    short, long = (calculate(replace(BY_PACKAGES, days=days), DRINK) for days in (7, 90))

    assert short == long
    assert short.pieces == 20


def test_a_broken_package_is_rounded_up_and_the_pieces_left_over_are_shown() -> None:
    quantity = calculate(replace(LINE_WANTED, per_day=Decimal("1.5"), days=15), DRINK)

    assert (quantity.pieces, quantity.packages, quantity.pieces_left_over) == (
        Decimal("22.5"),
        6,
        Decimal("1.5"),
    )


def test_the_cost_is_that_of_whole_packages() -> None:
    quantity = calculate(replace(LINE_WANTED, per_day=Decimal("0.1"), days=1), DRINK)

    assert quantity.cost == Money.of("96.00")
    assert quantity.total_cost == Money.of("1152.00")


@given(
    per_day=st.decimals(min_value="0.1", max_value=100, places=1),
    days=st.integers(1, 365),
    pieces_per_package=st.integers(1, 48),
)
def test_the_packages_last_the_days_and_no_package_is_too_many(
    per_day: Decimal, days: int, pieces_per_package: int
) -> None:
    article = replace(DRINK, pieces_per_package=pieces_per_package)

    quantity = calculate(replace(LINE_WANTED, per_day=per_day, days=days), article)

    assert quantity.packages * pieces_per_package == quantity.pieces + quantity.pieces_left_over
    assert 0 <= quantity.pieces_left_over < pieces_per_package


@pytest.mark.parametrize("wanted", [LINE_WANTED, BY_PACKAGES])
def test_either_way_to_say_how_much_will_do(wanted: LineRequest) -> None:
    assert list(against_quantity(wanted, line=1)) == []


@pytest.mark.parametrize("wanted", [replace(LINE_WANTED, packages=5), replace(LINE_WANTED, per_day=None)])
def test_both_ways_or_neither_are_refused(wanted: LineRequest) -> None:
    reasons = list(against_quantity(wanted, line=2))

    assert [(reason.rule, reason.facts["line"]) for reason in reasons] == [("one-way-to-say-how-much", 2)]


@pytest.mark.parametrize(
    "wanted",
    [
        replace(LINE_WANTED, per_day=Decimal(0)),
        replace(LINE_WANTED, days=0),
        replace(LINE_WANTED, withdrawals=-1),
        replace(BY_PACKAGES, packages=0),
    ],
)
def test_nothing_cannot_be_prescribed(wanted: LineRequest) -> None:
    assert [reason.rule for reason in against_quantity(wanted, line=1)] == ["nothing-wanted"]


def test_an_unusually_large_quantity_is_warned_of() -> None:
    slip_of_the_pen = replace(BY_PACKAGES, packages=61)

    assert warn_of(slip_of_the_pen, DRINK, line=1) == UnusualQuantity(1, 61, 60)


@pytest.mark.parametrize(
    "usual", [replace(BY_PACKAGES, packages=60), replace(BY_PACKAGES, packages=180, days=90)]
)
def test_a_quantity_up_to_the_level_is_not_warned_of(usual: LineRequest) -> None:
    assert warn_of(usual, DRINK, line=1) is None


def test_an_article_without_a_level_is_never_warned_of() -> None:
    assert (
        warn_of(replace(BY_PACKAGES, packages=5000), replace(DRINK, warn_above_packages=None), line=1) is None
    )
