"""What a withdrawal costs the patient."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.days import birthday
from shared.domain.money import NOTHING, Money
from shared.domain.tariff import (
    NoTariff,
    NotPriced,
    Payment,
    Priced,
    against_price,
    in_force,
    note_tariff,
    price,
    price_under,
)
from shared.events.fact import Unknown
from shared.events.fees import Cap, FeeCondition
from tests.shared.fees import (
    ADULT,
    ASYLUM,
    BREAD,
    CHILD,
    DRINK,
    FLOUR,
    FORMULA,
    TARIFF,
    THICKENER,
    TODAY,
    TUBE,
    amounts,
    fees,
    type_fee,
)

NEW = Unknown("what_a_newer_version_says")


def test_a_withdrawal_of_the_coeliac_and_metabolic_type_costs_120_kr() -> None:
    assert amounts(FLOUR) == ["120.00"]


def test_several_lines_of_one_type_are_paid_once() -> None:
    (fee,) = fees(FLOUR, BREAD)

    assert (str(fee.amount), fee.line_ids, fee.reason) == ("120.00", ("F1-1", "F1-2"), "type")


def test_a_withdrawal_of_the_specific_content_type_costs_210_kr() -> None:
    assert amounts(THICKENER) == ["210.00"]


def test_a_withdrawal_of_infant_formula_costs_120_kr() -> None:
    assert amounts(FORMULA) == ["120.00"]


def test_an_energy_and_nutrition_product_has_its_own_fee_per_line() -> None:
    (fee,) = fees(DRINK)

    assert (str(fee.amount), fee.reason) == ("30.50", "product")


def test_a_product_fee_per_package_is_multiplied_by_the_packages() -> None:
    assert amounts(TUBE) == ["36.75"]


def test_each_energy_and_nutrition_product_is_paid_by_itself() -> None:
    assert [fee.line_ids for fee in fees(DRINK, TUBE)] == [("F2-1",), ("F2-2",)]


def test_each_type_present_is_paid_once_and_the_fees_are_numbered() -> None:
    priced = fees(FLOUR, THICKENER, BREAD, DRINK)

    assert [(fee.fee_no, fee.prescription_type, str(fee.amount)) for fee in priced] == [
        (1, "coeliac_metabolic", "120.00"),
        (2, "specific_content", "210.00"),
        (3, "energy_nutrition", "30.50"),
    ]


def test_an_article_without_a_fee_of_its_own_cannot_be_priced() -> None:
    with pytest.raises(NotPriced) as refused:
        fees(FLOUR, replace(DRINK, article_no="999999"))

    assert refused.value.facts == {"line_id": "F2-1", "article_no": "999999"}


def test_a_type_without_a_fee_cannot_be_priced() -> None:
    with pytest.raises(NotPriced):
        fees(replace(FLOUR, prescription_type="something_else"))


def test_a_type_without_an_amount_is_refused_and_never_free() -> None:
    nameless = TARIFF.types[0].model_copy(update={"amount": None})
    tariff = TARIFF.model_copy(update={"types": (nameless,)})

    with pytest.raises(NotPriced):
        price(tariff, [FLOUR], payment=ADULT, on=TODAY)


@pytest.mark.parametrize(
    "changes",
    [
        {"types": (TARIFF.types[0].model_copy(update={"basis": NEW}), *TARIFF.types[1:])},
        {"overrides": (TARIFF.overrides[0].model_copy(update={"reason": NEW}),)},
        {"cap": Cap(scope=NEW, amount=Decimal(100))},
    ],
    ids=["basis", "override", "cap"],
)
def test_a_tariff_that_says_what_only_a_newer_version_knows_prices_nothing_wrongly(
    changes: dict[str, Any],
) -> None:
    with pytest.raises(NotPriced):
        price(TARIFF.model_copy(update=changes), [FLOUR], payment=ADULT, on=TODAY)


def test_an_article_that_is_paid_in_a_way_that_only_a_newer_version_knows_cannot_be_priced() -> None:
    articles = tuple(each.model_copy(update={"per": NEW}) for each in TARIFF.articles)

    with pytest.raises(NotPriced):
        price(TARIFF.model_copy(update={"articles": articles}), [DRINK], payment=ADULT, on=TODAY)


def test_every_line_that_cannot_be_priced_is_named_at_once() -> None:
    unknown = [replace(DRINK, article_no="999998"), FLOUR, replace(TUBE, article_no="999999")]

    reasons = list(against_price(TARIFF, unknown, payment=ADULT, on=TODAY))

    assert [reason.facts["line_id"] for reason in reasons] == ["F2-1", "F2-2"]


def test_a_withdrawal_of_another_product_area_costs_nothing_unless_the_tariff_says_so() -> None:
    pads = replace(FLOUR, line_id="F5-1", prescription_type="incontinence")
    priced = TARIFF.model_copy(update={"types": (*TARIFF.types, type_fee("incontinence", 25))})

    assert fees(pads) == fees(pads, payment=CHILD) == []
    assert amounts(pads, FLOUR) == ["120.00"]
    assert fees(pads, FLOUR, payment=ASYLUM)[0].line_ids == ("F1-1",)
    assert [str(fee.amount) for fee in price(priced, [pads], payment=ADULT, on=TODAY)] == ["25.00"]


def test_a_cap_on_the_withdrawal_takes_the_excess_off_the_last_fees() -> None:
    capped = TARIFF.model_copy(update={"cap": Cap(scope="withdrawal", amount=Decimal(300))})

    priced = price(capped, [FLOUR, THICKENER, DRINK], payment=ADULT, on=TODAY)

    assert [(str(fee.amount), fee.capped) for fee in priced] == [
        ("120.00", False),
        ("180.00", True),
        ("0.00", True),
    ]
    (asylum,) = price(capped, [FLOUR], payment=ASYLUM, on=TODAY)
    assert (str(asylum.amount), asylum.capped) == ("50.00", False)


def test_a_cap_for_the_patient_makes_every_fee_the_most_that_it_can_be() -> None:
    capped = TARIFF.model_copy(update={"cap": Cap(scope="patient", amount=Decimal(300), window_days=30)})

    priced = price(capped, [FLOUR, THICKENER], payment=ADULT, on=TODAY)
    (asylum,) = price(capped, [FLOUR], payment=ASYLUM, on=TODAY)

    assert [(str(fee.amount), fee.at_most) for fee in priced] == [("120.00", True), ("210.00", True)]
    assert asylum.at_most
    assert not any(fee.at_most for fee in price(TARIFF, [FLOUR], payment=ADULT, on=TODAY))


def test_the_guides_tariff_has_no_cap() -> None:
    assert TARIFF.cap is None
    assert not any(fee.capped for fee in fees(FLOUR, THICKENER, DRINK))


@pytest.mark.parametrize(
    ("payment", "conditions"),
    [
        (ADULT, ()),
        (CHILD, ("under16",)),
        (ASYLUM, ("asylum",)),
        (replace(CHILD, asylum_seeker=ASYLUM.asylum_seeker), ("asylum", "under16")),
    ],
)
def test_a_withdrawal_is_priced_the_same_without_knowing_the_patient(
    payment: Payment, conditions: tuple[FeeCondition, ...]
) -> None:
    lines = [FLOUR, THICKENER, DRINK]

    assert payment.conditions(TODAY) == conditions
    assert price_under(TARIFF, lines, conditions=conditions) == fees(*lines, payment=payment)


def test_every_fee_names_the_tariff_that_set_it() -> None:
    assert {fee.tariff for fee in fees(FLOUR, DRINK)} == {TARIFF.tariff}


def test_the_tariff_with_the_latest_first_day_that_has_come_is_in_force() -> None:
    raised = TARIFF.model_copy(update={"tariff": "2027-01-01", "valid_from": date(2027, 1, 1)})

    assert in_force([raised, TARIFF], on=date(2026, 12, 31)) is TARIFF
    assert in_force([TARIFF, raised], on=date(2027, 1, 1)) is raised


def test_the_newest_version_of_a_tariff_is_in_force() -> None:
    mended = TARIFF.model_copy(update={"version": 2})

    assert in_force([mended, TARIFF], on=TODAY) is mended


def test_before_the_first_tariff_nothing_can_be_priced() -> None:
    with pytest.raises(NoTariff):
        in_force([TARIFF], on=date(2025, 12, 31))


LINES = st.lists(
    st.builds(
        Priced,
        line_id=st.uuids().map(str),
        article_no=st.sampled_from(["900001", "900002"]),
        prescription_type=st.sampled_from([fee.prescription_type for fee in TARIFF.types]),
        packages=st.integers(1, 50),
        cost=st.decimals(min_value=0, max_value=9000, places=2).map(Money),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda line: line.line_id,
)
BIRTHS = st.dates(date(1920, 1, 1), TODAY)
PAYMENTS = st.builds(
    Payment, born=st.none() | BIRTHS, asylum_seeker=st.none() | st.just(ASYLUM.asylum_seeker)
)


@given(LINES, PAYMENTS)
def test_no_fee_is_ever_negative(lines: list[Priced], payment: Payment) -> None:
    assert all(fee.amount >= 0 for fee in fees(*lines, payment=payment))


@given(LINES, PAYMENTS)
def test_every_line_belongs_to_exactly_one_fee(lines: list[Priced], payment: Payment) -> None:
    covered = [line_id for fee in fees(*lines, payment=payment) for line_id in fee.line_ids]

    assert sorted(covered) == sorted(line.line_id for line in lines)


@given(LINES, PAYMENTS)
def test_an_override_gives_one_fee_and_else_each_type_at_most_one(
    lines: list[Priced], payment: Payment
) -> None:
    priced = fees(*lines, payment=payment)

    if priced[0].reason in {"asylum", "under16"}:
        assert len(priced) == 1
    of_types = [fee.prescription_type for fee in priced if fee.reason == "type"]
    assert len(of_types) == len(set(of_types))
    assert [fee.fee_no for fee in priced] == list(range(1, len(priced) + 1))


@given(LINES, BIRTHS)
def test_a_child_pays_at_most_120_kr_and_at_most_the_cost(lines: list[Priced], born: date) -> None:
    (fee,) = fees(*lines, payment=Payment(born), on=birthday(born, 16) - timedelta(days=1))

    assert fee.amount <= Decimal(120)
    assert fee.amount <= sum((line.cost for line in lines), NOTHING).amount


def test_the_newest_version_of_a_tariff_is_kept_in_whatever_order_they_come() -> None:
    newer = TARIFF.model_copy(update={"version": 2})

    assert note_tariff(None, published=TARIFF) == (TARIFF, [])
    assert note_tariff(newer, published=TARIFF) == (newer, [])
    assert note_tariff(TARIFF, published=newer) == (newer, [])
