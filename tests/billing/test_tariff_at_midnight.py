"""The tariff changes at midnight between draft and send: the fee is that of the day of sending (Q5)."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from services.billing.handlers.withdrawals import _withdrawal
from services.ordering.domain.catalogue import Catalogue
from services.ordering.domain.withdrawal import Withdrawal
from services.ordering.domain.withdrawing.sending import send
from shared.domain.tariff import price_under
from shared.events.ordering import WithdrawalSent
from tests.ordering.examples import (
    ABSENT,
    ALLOWANCE,
    BREAD_ITEM,
    CATALOGUE,
    CHOICE,
    DISPATCH,
    DRAWN,
    PATIENT,
    TARIFF,
    WITHDRAWAL_NO,
)

RAISED = TARIFF.model_copy(
    update={
        "tariff": "2026-11-24",
        "valid_from": date(2026, 11, 24),
        "types": tuple(
            each.model_copy(update={"amount": each.amount + Decimal(30)}) if each.amount else each
            for each in TARIFF.types
        ),
    }
)
BOTH_TARIFFS = Catalogue(CATALOGUE.articles, (*CATALOGUE.tariffs, RAISED))
DRAFT = Withdrawal(
    WITHDRAWAL_NO,
    PATIENT,
    replace(CHOICE, items=(BREAD_ITEM,)),
    payer="region",
    product_area="foods",
    care_units=("DEMO-101",),
    channel="customer_service",
    made_by="clerk-1",
    made_at=datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
)


def told_at(moment: datetime) -> WithdrawalSent:
    requested = replace(DRAWN, choice=DRAFT.choice, catalogue=BOTH_TARIFFS)
    *_, facts = send(DRAFT, ALLOWANCE, ABSENT, requested=requested, dispatch=replace(DISPATCH, at=moment))
    return next(fact for fact in facts if isinstance(fact, WithdrawalSent))


def test_a_draft_sent_at_midnight_costs_what_the_new_tariff_says() -> None:
    before = told_at(datetime(2026, 11, 23, 22, 59, 59, tzinfo=UTC))
    after = told_at(datetime(2026, 11, 23, 23, 0, tzinfo=UTC))

    assert [(fee.tariff, str(before.sent_on)) for fee in before.fees] == [("2026-01-01", "2026-11-23")]
    assert [(fee.tariff, str(after.sent_on)) for fee in after.fees] == [("2026-11-24", "2026-11-24")]
    assert after.fees[0].amount - before.fees[0].amount == Decimal(30)


def test_what_is_published_of_a_withdrawal_is_enough_to_price_it_again() -> None:
    told = told_at(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))

    heard = _withdrawal(told)
    assert heard.lines
    assert heard.known_conditions is not None
    assert price_under(TARIFF, heard.lines, conditions=heard.known_conditions) == list(told.fees)
