"""What else sending does: the day decides the fee, an address is kept, a passed block is followed up."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from services.ordering.domain.catalogue import ArticleNotKnownYet, Catalogue
from services.ordering.domain.channels import Asker, GuardianOfAdult
from services.ordering.domain.withdrawal import BlockPassed
from services.ordering.domain.withdrawing.drafting import draft
from services.ordering.domain.withdrawing.sending import against_sending, send
from shared.events.ordering import AddressKept, WithdrawalSent
from tests.ordering.examples import (
    ABSENT,
    ALLOWANCE,
    CATALOGUE,
    CHOICE,
    DISPATCH,
    DRAFT,
    DRAWN,
    HOME,
    ITEM,
    LINE,
    NOW,
    ORDER_PLACER,
    OTHER_WITHDRAWAL_NO,
    PATIENT,
    TARIFF,
    TODAY,
    TOLD,
    USED,
    WITHDRAWAL_NO,
    drawing,
)


def test_a_tariff_that_changes_at_midnight_between_draft_and_sending_sets_the_fee_of_the_new_day() -> None:
    new_year = TARIFF.model_copy(
        update={
            "tariff": "2027-01-01",
            "valid_from": date(2027, 1, 1),
            "types": tuple(each.model_copy(update={"amount": Decimal(250)}) for each in TARIFF.types),
        }
    )
    requested = replace(DRAWN, catalogue=Catalogue(CATALOGUE.articles, (TARIFF, new_year)))
    last_second = datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC)
    midnight = datetime(2026, 12, 31, 23, 0, tzinfo=UTC)
    made, *_ = draft(None, ALLOWANCE, requested=requested, withdrawal_no=WITHDRAWAL_NO, at=last_second)

    old, *_ = send(made, ALLOWANCE, ABSENT, requested=requested, dispatch=replace(DISPATCH, at=last_second))
    new, *_ = send(made, ALLOWANCE, ABSENT, requested=requested, dispatch=replace(DISPATCH, at=midnight))

    assert [(fee.amount, fee.tariff) for fee in old.fees] == [(Decimal(210), "2026-01-01")]
    assert [(fee.amount, fee.tariff) for fee in new.fees] == [(Decimal(250), "2027-01-01")]


def test_what_is_published_can_be_priced_again_by_any_tariff() -> None:
    told = TOLD[0]
    assert isinstance(told, WithdrawalSent)

    assert [(line.prescription_type, line.cost) for line in told.lines] == [
        ("specific_content", Decimal(480))
    ]
    assert told.conditions == ()


def test_an_address_to_keep_is_published_sealed_when_the_withdrawal_is_sent() -> None:
    delivery = replace(HOME, keep_address=True, kept_address="sealed:whole", kept_label="sealed:label")
    made = replace(DRAFT, choice=replace(CHOICE, delivery=delivery))

    *_, told = send(made, ALLOWANCE, ABSENT, requested=DRAWN, dispatch=DISPATCH)

    (kept,) = [each for each in told if isinstance(each, AddressKept)]
    assert (kept.address, kept.label, kept.kept_by) == ("sealed:whole", "sealed:label", "clerk-1")
    assert kept.kept_on == TODAY
    assert not [each for each in TOLD if isinstance(each, AddressKept)]


def test_the_day_of_a_passed_block_is_kept_for_follow_up() -> None:
    passed = (BlockPassed(LINE.article_no, "skadat", "clerk-2"),)
    requested = replace(DRAWN, choice=replace(CHOICE, passed=passed))
    made, *_ = draft(None, USED, requested=requested, withdrawal_no=OTHER_WITHDRAWAL_NO, at=NOW)

    sent, *_ = send(made, USED, ABSENT, requested=requested, dispatch=DISPATCH)
    unneeded, *_ = send(made, ALLOWANCE, ABSENT, requested=requested, dispatch=DISPATCH)

    assert (sent.passed_on, unneeded.passed_on) == (TODAY, None)


def test_a_chosen_article_that_is_not_known_yet_has_no_distributor_and_is_refused() -> None:
    unknown = Catalogue({"900101": CATALOGUE.articles["900101"]}, CATALOGUE.tariffs)

    reasons = against_sending(ALLOWANCE, drawing(ITEM, catalogue=unknown), on=TODAY)

    assert {type(each) for each in reasons} == {ArticleNotKnownYet}


def test_a_guardian_of_an_adult_cannot_ask_customer_service() -> None:
    requested = replace(DRAWN, choice=replace(CHOICE, asked_by="guardian"))

    assert [type(each) for each in against_sending(ALLOWANCE, requested, on=TODAY)] == [GuardianOfAdult]


@pytest.mark.parametrize(
    ("asker", "role"),
    [
        (ORDER_PLACER, "order_placer"),
        (Asker("p", frozenset({"patient"}), patient_ref=PATIENT), "customer_service"),
    ],
)
def test_the_list_on_which_the_draft_is_reminded_of_is_kept_with_it(asker: Asker, role: str) -> None:
    requested = replace(DRAWN, asker=asker)

    made, *_ = draft(None, ALLOWANCE, requested=requested, withdrawal_no=WITHDRAWAL_NO, at=NOW)

    assert made.maker_role == role
