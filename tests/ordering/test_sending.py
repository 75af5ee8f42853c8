"""A withdrawal is sent: counted, blocked, priced and ordered in one change."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from services.ordering.domain.allowance import AnnulledLine, ArticleOnTheWay, note_annulled
from services.ordering.domain.catalogue import Catalogue
from services.ordering.domain.channels import OwnPrescription
from services.ordering.domain.delivery import NoDeliveryAddress
from services.ordering.domain.flavours import NoFlavourChosen, Share
from services.ordering.domain.person import Deceased, ProtectedIdentity
from services.ordering.domain.withdrawal import AlreadySent, BlockPassed, Item, Step
from services.ordering.domain.withdrawing.drafting import WithdrawalRequest, draft
from services.ordering.domain.withdrawing.pricing import TooManyDays
from services.ordering.domain.withdrawing.sending import Dispatch, against_sending, send
from shared import partners
from shared.domain.days import Period
from shared.domain.decision import Refused
from shared.domain.numbers import is_number
from shared.domain.tariff import NoTariff, NotPriced
from shared.events.fees import FeePriced
from shared.events.ordering import OrderSent, WithdrawalSent
from tests.ordering.examples import (
    ABSENT,
    ALLOWANCE,
    BOTH,
    BOTH_SENT,
    BOTH_TOLD,
    BREAD_ITEM,
    CATALOGUE,
    CHOICE,
    CLERK,
    DISPATCH,
    DRAFT,
    DRAWN,
    HOME,
    ITEM,
    LINE,
    NOW,
    ORDER,
    ORDER_NO,
    OTHER_ORDER_NO,
    OTHER_WITHDRAWAL_NO,
    PATIENT,
    PERSON,
    SENT,
    TARIFF,
    TODAY,
    TOLD,
    USED,
    WITHDRAWAL_NO,
    drawing,
)

CHILD = replace(PERSON, born=date(2011, 8, 8))


def against(
    requested: WithdrawalRequest, allowance: object = ALLOWANCE, on: date = TODAY
) -> list[type[Refused]]:
    assert isinstance(allowance, type(ALLOWANCE))
    return [type(each) for each in against_sending(allowance, requested, on=on)]


def fees_for(
    requested: WithdrawalRequest, allowance: object = ALLOWANCE, at: datetime = NOW
) -> tuple[FeePriced, ...]:
    assert isinstance(allowance, type(ALLOWANCE))
    made, *_ = draft(None, allowance, requested=requested, withdrawal_no=WITHDRAWAL_NO, at=at)
    sent, *_ = send(made, allowance, ABSENT, requested=requested, dispatch=replace(DISPATCH, at=at))
    return sent.fees


def test_sending_gives_the_distributor_one_order_with_a_line_for_each_flavour() -> None:
    message = TOLD[2]

    assert isinstance(message, partners.Order)
    assert message.order_no == ORDER_NO
    assert message.routing_key == "distributor.demo-a.orders"
    assert [(line.article_no, line.quantity) for line in message.lines] == [
        ("900101", 10),
        ("900102", 5),
        ("900103", 5),
    ]


def test_the_order_carries_sealed_personal_text_and_neither_number_nor_prescriber() -> None:
    body = TOLD[2].model_dump_json()

    assert "sealed:Test Testsson" in body
    assert "sealed:1234" in body
    assert LINE.prescriber not in body
    assert LINE.prescription_no not in body
    assert PATIENT not in body


def test_sending_publishes_the_withdrawal_and_of_the_order() -> None:
    withdrawal, order, _ = TOLD

    assert isinstance(withdrawal, WithdrawalSent)
    assert withdrawal.order_nos == (ORDER_NO,)
    assert [line.packages for line in withdrawal.lines] == [20]
    assert (withdrawal.sent_on, withdrawal.care_unit) == (TODAY, "DEMO-101")
    assert isinstance(order, OrderSent)
    assert order.notify.to == HOME.notice_to


def test_a_sent_withdrawal_is_ordered_and_its_line_is_used_once_and_blocked() -> None:
    assert SENT.state == "ordered"
    assert [(step.what, step.by) for step in SENT.history] == [("drafted", "clerk-1"), ("sent", "clerk-1")]
    assert USED.line(LINE.line_id).used_by == (WITHDRAWAL_NO,)
    assert USED.blocks(LINE.article_no)[0].order_no == ORDER_NO
    assert ORDER.state == "sent"


def test_numbers_of_withdrawals_and_orders_are_typed() -> None:
    assert is_number(SENT.withdrawal_no, "U")
    assert is_number(SENT.order_nos[0], "B")


def test_a_withdrawal_is_sent_once() -> None:
    with pytest.raises(AlreadySent):
        send(SENT, USED, ABSENT, requested=DRAWN, dispatch=DISPATCH)


def test_of_two_drafts_of_the_same_article_only_the_first_is_sent() -> None:
    second = replace(DRAFT, withdrawal_no=OTHER_WITHDRAWAL_NO)

    with pytest.raises(ArticleOnTheWay):
        send(second, USED, ABSENT, requested=DRAWN, dispatch=replace(DISPATCH, order_nos=(OTHER_ORDER_NO,)))


def test_a_line_annulled_after_the_draft_was_made_is_not_sent() -> None:
    annulled, _ = note_annulled(ALLOWANCE, patient_ref=PATIENT, line_id=LINE.line_id)

    with pytest.raises(AnnulledLine):
        send(DRAFT, annulled, ABSENT, requested=DRAWN, dispatch=DISPATCH)


def test_a_withdrawal_sent_before_the_annulment_was_consumed_stands() -> None:
    allowance, told = note_annulled(USED, patient_ref=PATIENT, line_id=LINE.line_id)

    assert allowance.line(LINE.line_id).used_by == (WITHDRAWAL_NO,)
    assert allowance.blocks(LINE.article_no)
    assert told == []


def test_the_prescriber_does_not_send_a_draft_that_customer_service_made() -> None:
    own = replace(CLERK, sub=LINE.prescriber)

    with pytest.raises(OwnPrescription):
        send(DRAFT, ALLOWANCE, ABSENT, requested=replace(DRAWN, asker=own), dispatch=DISPATCH)


@pytest.mark.parametrize(
    ("person", "reason"),
    [(replace(PERSON, protected=True), ProtectedIdentity), (replace(PERSON, deceased_on=TODAY), Deceased)],
)
def test_a_draft_of_a_person_who_became_protected_or_died_is_not_sent(
    person: object, reason: type[Refused]
) -> None:
    assert isinstance(person, type(PERSON))

    assert against(DRAWN, replace(ALLOWANCE, person=person)) == [reason]


def test_a_block_that_was_passed_is_in_the_history_with_its_reason_and_who_did_it() -> None:
    passed = (
        BlockPassed(LINE.article_no, "Paketet skadades", "clerk-2"),
        BlockPassed("900200", "behövs inte", "clerk-2"),
    )
    requested = replace(DRAWN, choice=replace(CHOICE, passed=passed))
    made, *_ = draft(None, USED, requested=requested, withdrawal_no=OTHER_WITHDRAWAL_NO, at=NOW)

    sent, allowance, *_ = send(
        made, USED, ABSENT, requested=requested, dispatch=replace(DISPATCH, order_nos=("B-2",))
    )

    (step,) = [step for step in sent.history if step.what == "block_passed"]
    assert (step.by, step.passed) == ("clerk-2", ("900100", "Paketet skadades"))
    before = Step(NOW, "clerk-2", "block_passed", "900100: Paketet: skadat")
    assert before.passed == ("900100", "Paketet: skadat")
    assert len(allowance.blocks(LINE.article_no)) == 2


def test_flavours_must_be_chosen_before_a_withdrawal_is_sent() -> None:
    assert against(drawing(Item(LINE.line_id))) == [NoFlavourChosen]


def test_without_an_address_nothing_is_sent() -> None:
    requested = replace(DRAWN, choice=replace(CHOICE, delivery=replace(HOME, address=None)))

    assert against(requested) == [NoDeliveryAddress]


def test_one_fee_is_charged_per_prescription_type_that_the_withdrawal_has() -> None:
    assert [(fee.amount, fee.reason) for fee in BOTH_SENT.fees] == [
        (Decimal(210), "type"),
        (Decimal(120), "type"),
    ]
    assert [fee.fee_no for fee in BOTH_SENT.fees] == [1, 2]
    assert isinstance(BOTH_TOLD[0], WithdrawalSent)
    assert BOTH_TOLD[0].fees == BOTH_SENT.fees


def test_an_asylum_seeker_has_one_fee_for_the_whole_withdrawal() -> None:
    seeker = replace(CHILD, asylum_seeker=Period(date(2026, 1, 1), date(2026, 12, 31)))

    fees = fees_for(BOTH, replace(ALLOWANCE, person=seeker))

    assert [(fee.amount, fee.reason) for fee in fees] == [(Decimal(50), "asylum")]


def test_a_child_pays_no_more_than_the_goods_cost() -> None:
    allowance = replace(ALLOWANCE, person=CHILD)

    assert [fee.amount for fee in fees_for(BOTH, allowance)] == [120]
    cheap = drawing(Item(LINE.line_id, (Share("900101", 3),)))
    assert [fee.amount for fee in fees_for(cheap, allowance)] == [Decimal("72.00")]


def test_the_age_that_decides_the_fee_is_that_of_the_day_of_sending_in_stockholm() -> None:
    requested = drawing(BREAD_ITEM)
    allowance = replace(ALLOWANCE, person=replace(PERSON, born=date(2010, 11, 24)))
    before_midnight = datetime(2026, 11, 23, 22, 59, tzinfo=UTC)
    at_midnight = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)

    assert [fee.reason for fee in fees_for(requested, allowance, before_midnight)] == ["under16"]
    assert [fee.reason for fee in fees_for(requested, allowance, at_midnight)] == ["type"]


def test_a_draft_from_before_the_birthday_is_priced_on_the_day_it_is_sent() -> None:
    allowance = replace(ALLOWANCE, person=replace(PERSON, born=date(2010, 11, 24)))
    tomorrow = Dispatch((ORDER_NO,), "9520000000011", datetime(2026, 11, 24, 9, 0, tzinfo=UTC))

    sent, *_ = send(DRAFT, allowance, ABSENT, requested=DRAWN, dispatch=tomorrow)

    assert [(fee.amount, fee.reason) for fee in sent.fees] == [(Decimal(210), "type")]


def test_without_a_tariff_or_a_price_nothing_is_sent() -> None:
    none = Catalogue(CATALOGUE.articles, ())
    unpriced = Catalogue(CATALOGUE.articles, (TARIFF.model_copy(update={"types": ()}),))

    assert against(drawing(ITEM, catalogue=none)) == [NoTariff]
    assert against(drawing(ITEM, catalogue=unpriced)) == [NotPriced]


def test_a_withdrawal_for_a_child_lasts_90_days_at_most() -> None:
    long = replace(LINE, days=180)
    allowance = replace(ALLOWANCE, person=CHILD, lines=(long,))

    (reason,) = against_sending(allowance, drawing(ITEM), on=TODAY)

    assert isinstance(reason, TooManyDays)
    assert reason.facts["next_possible"] == "2027-08-08"
    assert against(drawing(Item(LINE.line_id, (Share("900101", 10),))), allowance) == []
    assert against(drawing(ITEM), replace(allowance, person=PERSON)) == []


def test_the_90_days_are_the_tariffs_and_may_be_lifted() -> None:
    lifted = Catalogue(CATALOGUE.articles, (TARIFF.model_copy(update={"longest_days_under_16": None}),))
    allowance = replace(ALLOWANCE, person=CHILD, lines=(replace(LINE, days=180),))

    assert against(drawing(ITEM, catalogue=lifted), allowance) == []


def test_a_person_of_unknown_age_has_the_fee_of_the_type() -> None:
    fees = fees_for(DRAWN, replace(ALLOWANCE, person=replace(PERSON, born=None)))

    assert [fee.reason for fee in fees] == ["type"]
