"""Fees and the patient who turned out to be another, in two processes at once (S65, S68)."""

from collections.abc import Iterator
from functools import partial

import pytest

from services.billing.domain.fees.payer import note_merged
from services.billing.repository.collections import PAYERS, WITHDRAWALS
from shared.fault import Disturbed, Order, arm
from shared.repository import Cause
from tests.billing.in_memory import SENT, Billing

NEW_NUMBER = "200207022385"


@pytest.fixture(autouse=True)
def disarmed() -> Iterator[None]:
    yield
    arm("billing", [], book=None, mode="embedded")


async def merged_elsewhere(billing: Billing) -> None:
    """Let another process merge at the same moment: it looked for fees before these were there."""
    note = partial(note_merged, patient_ref="p-1", into_ref="p-2", at=billing.service.clock.now())
    await billing.service.repository.change(
        PAYERS.maybe("p-1") & PAYERS.maybe("p-2"), note, cause=Cause(key=None)
    )


async def test_a_fee_booked_at_the_moment_when_its_patient_was_merged_is_found_and_moved(
    billing: Billing,
) -> None:
    await billing.hear(billing.patient(number=NEW_NUMBER).model_copy(update={"patient_ref": "p-2"}))
    await billing.hear(billing.patient(), SENT)
    await merged_elsewhere(billing)
    before = (await billing.statement(patient_ref="p-2")).json()["fees"]

    await billing.service.run_jobs()
    await billing.service.run_jobs()

    after = (await billing.statement(patient_ref="p-2")).json()["fees"]
    row = await billing.service.repository.get(WITHDRAWALS.ref(SENT.withdrawal_no))
    assert (before, len(after), row.patient_ref) == ([], 2, "p-2")


async def test_who_was_merged_long_ago_is_looked_through_no_more(billing: Billing) -> None:
    await billing.hear(billing.patient(), SENT)
    await merged_elsewhere(billing)
    billing.service.clock.move(days=2)

    await billing.service.run_jobs()

    assert (await billing.statement(patient_ref="p-2")).json()["fees"] == []


async def test_what_a_broken_run_had_not_moved_is_moved_by_the_next(billing: Billing) -> None:
    await billing.hear(billing.patient(), SENT)
    await merged_elsewhere(billing)
    (follow,) = [job.run for job in billing.service.assembled.jobs if job.name == "follow merged patients"]
    rows = billing.service.repository
    arm("billing", [Order(point="billing.follow.with_part", action="raise")], book=None, mode="embedded")

    with pytest.raises(Disturbed):
        await follow()
    halfway = await rows.get(WITHDRAWALS.ref(SENT.withdrawal_no))
    await follow()

    fees = (await billing.statement(patient_ref="p-2")).json()["fees"]
    row = await rows.get(WITHDRAWALS.ref(SENT.withdrawal_no))
    assert (halfway.patient_ref, row.patient_ref, len(fees)) == ("p-1", "p-2", 2)
