"""What a fee is for keeps its name in documents, `withdrawal_no`, though the code calls it `source_no`."""

import json
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from pydantic import TypeAdapter

from services.billing.domain.devices.loan import HandedOut, Loan
from services.billing.domain.fees.account import Account
from services.billing.domain.fees.correction import Correction
from services.billing.domain.fees.hold import hold_fee
from services.billing.domain.fees.ledger import Fee
from services.billing.repository.collections import (
    ACCOUNTS,
    COLLECTIONS,
    CORRECTIONS,
    FEES,
    LOANS,
    SOURCE,
)
from services.billing.repository.fees import FeeQueries
from shared.domain.money import Money
from shared.repository import Cause, Collection
from shared.repository.backend import Backend
from shared.repository.codec import from_document, to_document
from shared.repository.refs import Loaded
from tests.billing.examples import AT, ENTRY, TODAY, WITHDRAWAL
from tests.shared.examples import repository_on

FEE = Fee(ENTRY.event_id, "p-1", WITHDRAWAL, ENTRY, stage="held", progress=())
EXAMPLES: dict[Collection[Any], Any] = {
    ACCOUNTS: Account(WITHDRAWAL, "p-1"),
    FEES: FEE,
    LOANS: Loan("loan-1", "p-1", handed_out=HandedOut("4711", TODAY, replace(ENTRY, loan_id="loan-1"))),
    CORRECTIONS: Correction(ENTRY.event_id, WITHDRAWAL, 1, "p-1", Money.of(60), "wrong", "eko", AT),
}
A_FEE_OF_THE_VERSION_BEFORE: dict[str, Any] = {
    "event_id": ENTRY.event_id,
    "patient_ref": "p-1",
    "withdrawal_no": WITHDRAWAL,
    "entry": {
        "event_id": ENTRY.event_id, "kind": "charge", "reverses": None, "withdrawal_no": WITHDRAWAL,
        "fee_no": 1, "patient_ref": "p-1", "fee_code": "LMN-10", "text": "Egenavgift",
        "amount": {"amount": "120.00"}, "reason": "type", "tariff": "2026-01-01",
        "occurred_at": "2026-11-21T09:15:00.000000Z", "due_on": "2026-11-21", "cost_centre": "DEMO-101",
        "product_area": "foods", "care_unit": "DEMO-101",
    },
    "stage": "held",
    "progress": [],
    "of_another_version": 1,
}  # fmt: skip
RAW: Collection[Any] = Collection("fees", dict)
"""The same documents, as they lie in the database."""


@pytest.mark.parametrize("collection", EXAMPLES, ids=lambda each: str(each.name))
def test_what_a_fee_is_for_is_stored_under_the_name_of_the_version_before(
    collection: Collection[Any],
) -> None:
    document = to_document(collection, "one", Loaded(EXAMPLES[collection], 1))

    assert ('"withdrawal_no": "' in json.dumps(document), "source_no" in json.dumps(document)) == (
        True,
        False,
    )
    assert from_document(collection, document).state == EXAMPLES[collection]


def test_every_document_that_holds_it_stores_it_under_that_name() -> None:
    holding = {
        each.name for each in COLLECTIONS if "'source_no'" in repr(TypeAdapter(each.state).core_schema)
    }

    assert holding == {each.name for each in COLLECTIONS if each.stored_as == SOURCE}
    assert holding == {each.name for each in EXAMPLES}


async def test_a_fee_that_the_version_before_stored_is_found_read_and_changed(backend: Backend) -> None:
    await backend.prepare([*COLLECTIONS])
    repository = repository_on(backend)
    fees = FEES.ref(ENTRY.event_id)
    await repository.change(
        RAW.maybe(ENTRY.event_id), lambda _: (A_FEE_OF_THE_VERSION_BEFORE, []), cause=Cause(key="before")
    )

    (found,) = await FeeQueries(repository).of_source(WITHDRAWAL)
    held = partial(hold_fee, reason="the patient disputes it", by="eko", at=AT)
    await repository.change(fees, held, cause=Cause(key="now"))

    assert (found.source_no, found.entry.source_no) == (WITHDRAWAL, WITHDRAWAL)
    (row,) = await repository.find(RAW, {"withdrawal_no": WITHDRAWAL})
    assert (row["entry"]["withdrawal_no"], row["of_another_version"]) == (WITHDRAWAL, 1)
    assert "source_no" not in json.dumps(row)
    assert row["hold"]["by"] == "eko"
    await repository.close()
