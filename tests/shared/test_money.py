"""An amount of money."""

from decimal import Decimal

import pytest

from shared.domain.money import NOTHING, Money


def test_an_amount_always_has_two_decimals_and_half_an_ore_is_rounded_up() -> None:
    written = [str(Money.of(each)) for each in ("120", "0.005", "0.004", "1096.5", "-0.005")]

    assert written == ["120.00", "0.01", "0.00", "1096.50", "-0.01"]


def test_a_float_is_no_amount() -> None:
    with pytest.raises(TypeError, match="float"):
        Money(0.1)  # type: ignore[arg-type]  # what a careless caller would do


def test_amounts_are_added_taken_off_and_multiplied_exactly() -> None:
    ten_ore, krona = Money(Decimal("0.10")), Money.of(1)

    assert ten_ore + ten_ore + ten_ore == Money(Decimal("0.30"))
    assert krona - ten_ore == Money(Decimal("0.90"))
    assert ten_ore * 10 == krona
    assert -krona == NOTHING - krona


def test_amounts_are_compared_by_how_much_they_are() -> None:
    assert sorted([Money.of(100), Money.of(20), Money.of(3)]) == [Money.of(3), Money.of(20), Money.of(100)]
    assert Money.of("20.0") == Money.of("20.00")
    assert not Money.of(20) < Money.of(20)
