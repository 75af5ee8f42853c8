"""What a person reads about a fee."""

from dataclasses import replace

import pytest

from services.billing.domain.fees.ledger import Kind, Stage
from services.billing.domain.fees.statement import status_of
from tests.billing.examples import ENTRY, charged

FEE = charged(ENTRY)[0][0]


@pytest.mark.parametrize(
    ("kind", "stage", "text"),
    [
        ("charge", "held", "Ska faktureras"),
        ("charge", "told", "Ska faktureras"),
        ("charge", "accepted", "Ska faktureras"),
        ("charge", "rejected", "Ska faktureras"),
        ("charge", "invoiced", "Fakturerad"),
        ("charge", "credited", "Fakturerad"),
        ("charge", "nothing_due", "Ingen avgift"),
        ("charge", "removed", "Borttagen"),
        ("credit", "told", "Ska krediteras"),
        ("credit", "credited", "Krediterad"),
    ],
)
def test_a_fee_is_to_be_invoiced_until_invoicing_says_that_it_is(kind: Kind, stage: Stage, text: str) -> None:
    fee = replace(FEE, entry=replace(ENTRY, kind=kind), stage=stage)

    assert status_of(fee).sv == text
