"""Asylum seekers and children: one fee for the whole withdrawal."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from shared.domain.money import Money
from shared.domain.tariff import Payment, price
from tests.shared.fees import (
    ASYLUM,
    ASYLUM_50,
    CHILD,
    DRINK,
    FLOUR,
    TARIFF,
    THICKENER,
    TODAY,
    UNDER_16_120,
    amounts,
    fees,
)


def test_an_asylum_seeker_pays_50_kr_whatever_the_types() -> None:
    (fee,) = fees(FLOUR, THICKENER, DRINK, payment=ASYLUM)

    assert (str(fee.amount), fee.reason, fee.prescription_type) == ("50.00", "asylum", None)
    assert fee.line_ids == ("F1-1", "F3-1", "F2-1")


@pytest.mark.parametrize(
    ("on", "reason"),
    [("2025-12-31", "type"), ("2026-01-01", "asylum"), ("2026-12-31", "asylum"), ("2027-01-01", "type")],
)
def test_an_asylum_seeker_is_one_on_the_days_of_the_card(on: str, reason: str) -> None:
    (fee,) = fees(FLOUR, payment=ASYLUM, on=date.fromisoformat(on))

    assert fee.reason == reason


def test_an_asylum_seeking_child_pays_50_kr() -> None:
    child = replace(CHILD, asylum_seeker=ASYLUM.asylum_seeker)

    (fee,) = fees(FLOUR, payment=child)

    assert (str(fee.amount), fee.reason) == ("50.00", "asylum")


def test_an_asylum_seeker_pays_50_kr_also_for_cheaper_goods() -> None:
    assert amounts(replace(FLOUR, cost=Money.of(20)), payment=ASYLUM) == ["50.00"]


def test_a_child_pays_120_kr_whatever_the_types() -> None:
    (fee,) = fees(THICKENER, DRINK, payment=CHILD)

    assert (str(fee.amount), fee.reason) == ("120.00", "under16")


def test_a_child_never_pays_more_than_the_goods_cost() -> None:
    cheap = replace(THICKENER, cost=Money.of("49.50"))

    assert amounts(cheap, payment=CHILD) == ["49.50"]
    assert amounts(cheap, replace(FLOUR, cost=Money.of("70.51")), payment=CHILD) == ["120.00"]


def test_without_the_dated_rule_a_child_pays_120_kr_for_cheaper_goods_too() -> None:
    uncapped = UNDER_16_120.model_copy(update={"cap_at_cost": False})
    tariff = TARIFF.model_copy(update={"overrides": (uncapped,)})

    (fee,) = price(tariff, [replace(FLOUR, cost=Money.of(10))], payment=CHILD, on=TODAY)

    assert fee.amount == Decimal(120)


@pytest.mark.parametrize(
    ("born", "on", "reason"),
    [
        (date(2010, 11, 22), TODAY, "under16"),
        (date(2010, 11, 21), TODAY, "type"),
        (date(2010, 11, 20), TODAY, "type"),
        (date(2012, 2, 29), date(2028, 2, 28), "under16"),
        (date(2012, 2, 29), date(2028, 2, 29), "type"),
    ],
)
def test_a_person_is_a_child_until_the_day_before_the_sixteenth_birthday(
    born: date, on: date, reason: str
) -> None:
    (fee,) = fees(THICKENER, payment=Payment(born), on=on)

    assert fee.reason == reason


def test_a_person_without_known_birth_date_pays_as_an_adult() -> None:
    assert amounts(THICKENER, payment=Payment(born=None)) == ["210.00"]


def test_the_order_of_the_overrides_in_the_tariff_decides() -> None:
    turned = TARIFF.model_copy(update={"overrides": (UNDER_16_120, ASYLUM_50)})
    child = replace(CHILD, asylum_seeker=ASYLUM.asylum_seeker)

    (fee,) = price(turned, [FLOUR], payment=child, on=TODAY)

    assert fee.reason == "under16"


def test_an_override_prices_articles_that_have_no_fee_of_their_own() -> None:
    assert amounts(replace(DRINK, article_no="999999"), payment=ASYLUM) == ["50.00"]
