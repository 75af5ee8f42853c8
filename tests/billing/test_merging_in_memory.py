"""Fees and the patient who turned out to be another, in two processes at once (S65, S68)."""

from functools import partial

from services.billing.domain.payer import note_merged
from services.billing.repository.ledger import PAYERS
from services.billing.repository.withdrawals import WITHDRAWALS
from shared.repository import Cause
from tests.billing.in_memory import SENT, Billing

NEW_NUMBER = "200207022385"


async def test_a_fee_booked_at_the_moment_when_its_patient_was_merged_is_found_and_moved(
    billing: Billing,
) -> None:
    await billing.hear(billing.patient(number=NEW_NUMBER).model_copy(update={"patient_ref": "p-2"}))
    await billing.hear(billing.patient(), SENT)
    # Another process merged at the same moment: it had looked for fees before this one was there.
    note = partial(note_merged, patient_ref="p-1", into_ref="p-2", at=billing.service.clock.now())
    await billing.service.repository.change(
        (PAYERS.maybe("p-1"), PAYERS.maybe("p-2")), note, cause=Cause(key=None)
    )
    before = (await billing.statement(patient_ref="p-2")).json()["fees"]

    await billing.service.run_jobs()
    await billing.service.run_jobs()

    after = (await billing.statement(patient_ref="p-2")).json()["fees"]
    row = await billing.service.repository.get(WITHDRAWALS.ref(SENT.withdrawal_no))
    assert (before, len(after), row.patient_ref) == ([], 2, "p-2")


async def test_who_was_merged_long_ago_is_looked_through_no_more(billing: Billing) -> None:
    await billing.hear(billing.patient(), SENT)
    note = partial(note_merged, patient_ref="p-1", into_ref="p-2", at=billing.service.clock.now())
    await billing.service.repository.change(
        (PAYERS.maybe("p-1"), PAYERS.maybe("p-2")), note, cause=Cause(key=None)
    )
    billing.service.clock.move(days=2)

    await billing.service.run_jobs()

    assert (await billing.statement(patient_ref="p-2")).json()["fees"] == []
