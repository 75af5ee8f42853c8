"""What may be prescribed, by whom, to whom; and what is saved."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.prescription.domain.prescriptions.articles import Article, note_article
from services.prescription.domain.prescriptions.prescribing import (
    NumberTaken,
    PrescriptionRequest,
    against_prescribing,
    prescribe,
    try_prescribing,
)
from services.prescription.domain.prescriptions.quantity import LineRequest
from shared.domain.decision import Refused
from shared.domain.subgroups import FOODS_TYPES, SUBGROUPS, Subgroup, area_of, type_of
from shared.events.prescription import PrescriptionRegistered
from tests.prescription.examples import (
    DIETITIAN,
    DRINK,
    FIFTEEN,
    FIRST,
    GENERIC_DRINK,
    LINE_WANTED,
    NUMBER,
    OF_FOODS,
    PATIENT,
    PHYSICIAN,
    PRESCRIPTION,
    SECOND,
    TODAY,
    WANTED,
    reasons,
)


def is_food(subgroup: Subgroup) -> bool:
    return area_of(subgroup.prescription_type).key == "foods"


def saved(*articles: Article, wanted: PrescriptionRequest = WANTED) -> PrescriptionRegistered:
    *_, facts = prescribe(
        None,
        PATIENT,
        articles or (DRINK,),
        None,
        prescription_no=NUMBER,
        wanted=wanted,
        by=DIETITIAN,
        rules=OF_FOODS,
        on=TODAY,
    )
    (fact,) = facts
    assert isinstance(fact, PrescriptionRegistered)
    return fact


def with_line(**changes: object) -> PrescriptionRequest:
    return replace(WANTED, lines=(replace(LINE_WANTED, **changes),))  # type: ignore[arg-type]


def test_a_dietitian_prescribes_to_an_adult() -> None:
    assert reasons() == []


def test_a_saved_prescription_is_numbered_and_published() -> None:
    fact = saved()

    assert fact.prescription_no == NUMBER
    assert [(line.line_id, line.packages, line.withdrawals) for line in fact.lines] == [(FIRST, 15, 12)]


def test_the_fact_names_the_prescriber_so_that_nobody_withdraws_on_an_own_line() -> None:
    fact = saved()

    assert (fact.prescriber, fact.prescriber_employed_by_region) == (DIETITIAN.sub, True)


def test_a_prescription_carries_one_responsible_care_unit() -> None:
    assert saved().care_unit == "SE-UNIT-1"


def test_several_articles_become_lines_in_their_order() -> None:
    wanted = replace(WANTED, lines=(LINE_WANTED, LineRequest("900010", days=30, withdrawals=3, packages=20)))

    fact = saved(DRINK, GENERIC_DRINK, wanted=wanted)

    assert [(line.line_id, line.article_no) for line in fact.lines] == [(FIRST, "900001"), (SECOND, "900010")]


def test_a_generic_article_is_prescribed_so_that_flavours_are_chosen_at_withdrawal() -> None:
    wanted = with_line(article_no="900010")

    assert saved(GENERIC_DRINK, wanted=wanted).lines[0].article_no == "900010"


def test_a_specific_flavour_is_prescribed_as_itself() -> None:
    assert saved(DRINK).lines[0].article_no == "900001"


def test_the_number_of_a_prescription_is_never_used_twice() -> None:
    with pytest.raises(NumberTaken):
        prescribe(
            PRESCRIPTION,
            PATIENT,
            (DRINK,),
            None,
            prescription_no=NUMBER,
            wanted=WANTED,
            by=DIETITIAN,
            rules=OF_FOODS,
            on=TODAY,
        )


def test_trying_runs_the_same_rules_and_changes_nothing() -> None:
    asked = partial(try_prescribing, wanted=WANTED, by=DIETITIAN, rules=OF_FOODS, on=TODAY)

    assert asked(PATIENT, (DRINK,), None) == (PATIENT, (DRINK,), None, [])
    with pytest.raises(Refused, match="dietitian-only-from-16"):
        asked(FIFTEEN, (DRINK,), None)


def test_every_reason_is_given_at_once_and_names_its_line() -> None:
    wanted = PrescriptionRequest(
        "coeliac_metabolic",
        "SE-UNIT-1",
        (replace(LINE_WANTED, days=91), replace(LINE_WANTED, article_no="999999", packages=1)),
    )

    assert reasons(FIFTEEN, wanted=wanted) == [
        ("dietitian-only-from-16", None),
        ("not-of-the-prescription-type", 1),
        ("more-than-365-days", 1),
        ("more-than-90-days-under-16", 1),
        ("unknown-article", 2),
        ("one-way-to-say-how-much", 2),
    ]


def test_a_prescription_has_at_least_one_line() -> None:
    assert reasons(wanted=replace(WANTED, lines=())) == [("no-lines", None)]


def test_there_are_exactly_four_types() -> None:
    assert len(FOODS_TYPES) == 4


@pytest.mark.parametrize("subgroup", [each.key for each in SUBGROUPS if is_food(each)])
def test_a_type_opens_its_own_subgroups_and_no_other(subgroup: str) -> None:
    article = replace(DRINK, subgroup=subgroup)

    opened = [
        each.key
        for each in FOODS_TYPES
        if ("not-of-the-prescription-type", 1)
        not in reasons(PATIENT, article, wanted=replace(WANTED, prescription_type=each.key))
    ]

    assert opened == [type_of(subgroup)]


def test_an_article_of_another_product_area_is_not_of_the_type() -> None:
    assert reasons(PATIENT, replace(DRINK, product_area="diabetes")) == [("not-of-the-prescription-type", 1)]


def test_a_discontinued_article_is_refused_and_its_successor_named() -> None:
    gone = replace(DRINK, status="discontinued", replaced_by="900002")

    (reason,) = against_prescribing(
        PATIENT, (gone,), None, wanted=WANTED, by=DIETITIAN, rules=OF_FOODS, on=TODAY
    )

    assert (reason.rule, reason.facts["replaced_by"]) == ("article-discontinued", "900002")


def test_an_outgoing_article_may_still_be_prescribed() -> None:
    assert reasons(PATIENT, replace(DRINK, status="outgoing")) == []


@pytest.mark.parametrize(("days", "withdrawals"), [(365, 1), (73, 5), (1, 365)])
def test_a_line_lasts_a_year_at_most(days: int, withdrawals: int) -> None:
    assert reasons(wanted=with_line(days=days, withdrawals=withdrawals)) == []
    assert reasons(wanted=with_line(days=days + 1, withdrawals=withdrawals)) == [("more-than-365-days", 1)]


@given(st.integers(1, 400), st.integers(1, 400))
def test_days_times_withdrawals_decide(days: int, withdrawals: int) -> None:
    refused = reasons(wanted=with_line(days=days, withdrawals=withdrawals)) != []

    assert refused == (days * withdrawals > 365)


@pytest.mark.parametrize("on", [date(2026, 3, 2), date(2024, 2, 29), date(2026, 10, 25)])
def test_a_prescription_is_valid_through_day_365(on: date) -> None:
    prescription, *_ = prescribe(
        None,
        PATIENT,
        (DRINK,),
        None,
        prescription_no=NUMBER,
        wanted=WANTED,
        by=DIETITIAN,
        rules=OF_FOODS,
        on=on,
    )

    assert prescription.valid_through == on + timedelta(days=365)


def test_under_16_a_withdrawal_is_for_90_days_at_most() -> None:
    in_90, in_91 = (with_line(days=days, withdrawals=2, per_day=Decimal(1)) for days in (90, 91))

    assert reasons(FIFTEEN, wanted=in_90, by=PHYSICIAN) == []
    assert reasons(FIFTEEN, wanted=in_91, by=PHYSICIAN) == [("more-than-90-days-under-16", 1)]
    assert reasons(PATIENT, wanted=in_91) == []


def test_a_region_may_lift_the_90_days_from_a_date() -> None:
    (row,) = OF_FOODS.longest_withdrawals
    lifted = replace(row, holds=replace(row.holds, valid_through=date(2026, 6, 30)))
    rules = replace(OF_FOODS, longest_withdrawals=(lifted,))
    wanted = with_line(days=120, withdrawals=3, per_day=Decimal(1))

    def on(day: date) -> list[tuple[str, object]]:
        return reasons(FIFTEEN, wanted=wanted, by=PHYSICIAN, rules=rules, on=day)

    assert on(date(2026, 6, 30)) == [("more-than-90-days-under-16", 1)]
    assert on(date(2026, 7, 1)) == []


def test_the_newest_copy_of_an_article_wins_whatever_the_order() -> None:
    newer = replace(DRINK, version=2, status="discontinued")

    assert note_article(None, published=DRINK) == (DRINK, [])
    assert note_article(DRINK, published=newer) == (newer, [])
    assert note_article(newer, published=DRINK)[0] is newer
