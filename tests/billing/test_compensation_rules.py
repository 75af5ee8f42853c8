"""What a compensation comes to by the tariff, and how often one is proposed: the rules (Q57)."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from services.billing.domain.devices.compensating import MOST_GIVEN_BACK, ProposedTooOften, give_back
from services.billing.domain.devices.compensation import Compensation, Proposal
from services.billing.domain.devices.compensation_tariff import amount_by, row_for
from shared.domain.money import Money
from shared.events.fees import CompensationRow
from tests.billing.in_memory import AT, TODAY
from tests.billing.test_devices_in_memory import ORDER
from tests.shared.fees import TARIFF as EVENT

LOSS_NO = "E2026-000001-4"
CASE = Compensation(
    LOSS_NO, "loan-1", "p-1", "4711", "910001", "cpap", "DEMO-101", ORDER, "stolen", TODAY, AT,
    Money(Decimal(1000)), TODAY,
)  # fmt: skip
ROW = CompensationRow(how="stolen", percent=100, less_each_year=30, at_least=15, fee_code="X", text="X")


@pytest.mark.parametrize(
    ("days", "amount"), [(0, 1000), (364, 1000), (365, 700), (730, 400), (1096, 150), (9000, 150)]
)
def test_the_share_is_less_for_each_whole_year_and_never_below_the_least(days: int, amount: int) -> None:
    bought = CompensationRow.model_copy(ROW)
    case = replace(CASE, bought_on=TODAY - timedelta(days=days))

    assert amount_by(bought, case) == Money(Decimal(amount))


def test_a_row_of_the_product_area_counts_before_the_one_for_all_areas() -> None:
    own = ROW.model_copy(update={"product_area": "cpap", "at_most": Decimal("99.50")})
    tariff = EVENT.model_copy(update={"compensations": (ROW, own)})

    assert row_for(CASE, tariff) == own
    assert amount_by(own, CASE) == Money(Decimal(99))


def test_a_proposal_is_not_given_back_without_end() -> None:
    proposal = Proposal(Money.of(1), "X", "X", "2026-01-01", None, "r", "eko", AT)
    case = replace(CASE, state="proposed", proposal=proposal, earlier=(proposal,) * MOST_GIVEN_BACK)

    with pytest.raises(ProposedTooOften):
        give_back(case)
