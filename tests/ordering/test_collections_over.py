"""A collection order that is over stays as it ended, whatever becomes of its devices later (Q54)."""

import pytest

from services.ordering.domain.collecting import following
from services.ordering.domain.collecting.order import CollectionOrder
from services.ordering.domain.collecting.registering import register_collection
from tests.ordering.plays_of_collections import ASKED, LOANS, STAMP
from tests.ordering.plays_of_devices import ALLOWED, LATER

ORDER, *_ = register_collection(None, LOANS, ALLOWED, request=ASKED)
ANNULLED, *_ = following.annul(ORDER, LOANS, stamp=STAMP)


@pytest.mark.parametrize("order", [ANNULLED, None], ids=["annulled", "never heard of"])
def test_a_loan_that_ends_after_its_collection_order_changes_nothing(order: CollectionOrder | None) -> None:
    assert following.note_loan_over(order, loan_id="loan-1", ended="lost", at=LATER) == (order, [])
