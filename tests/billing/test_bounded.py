"""What economists do again and again does not make a fee, a file or a day grow without end."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.billing.domain.fees.correction import (
    MOST_CORRECTIONS,
    CorrectedTooOften,
    Correction,
    ask_correction,
    decline_correction,
)
from services.billing.domain.fees.hold import MOST_STEPS, FeeHeldTooOften, hold_fee, release_fee
from services.billing.domain.files.batch import MOST_SENT_AGAIN, SentTooOften, send_again
from services.billing.domain.reconciling.comparison import Case
from services.billing.domain.reconciling.reconciliation import MOST_DIFFERENCES
from shared.domain.money import Money
from shared.events.tasks import TaskRaised
from tests.billing.examples import AT, ENTRY, LATER
from tests.billing.test_batch import FEES, written
from tests.billing.test_correction import ASKED, FEE
from tests.billing.test_hold import WHY, waiting
from tests.billing.test_reconciliation import ROW, looked_at


def test_a_correction_is_asked_for_twenty_times_and_not_more() -> None:
    correction: Correction | None = None
    for each in range(MOST_CORRECTIONS):
        asked = replace(ASKED, amount=Money.of(each))
        correction, *_ = ask_correction(correction, FEE, None, asked=asked)
        assert correction
        correction, _ = decline_correction(correction, by="ekon", at=LATER)

    with pytest.raises(CorrectedTooOften):
        ask_correction(correction, FEE, None, asked=ASKED)


def test_a_fee_that_was_corrected_twenty_times_is_corrected_no_more() -> None:
    last = replace(FEE, entry=replace(ENTRY, fee_no=1 + 1000 * MOST_CORRECTIONS))
    one_before = replace(FEE, entry=replace(ENTRY, fee_no=1 + 1000 * (MOST_CORRECTIONS - 1)))

    assert ask_correction(None, one_before, None, asked=ASKED)
    with pytest.raises(CorrectedTooOften):
        ask_correction(None, last, None, asked=ASKED)


def test_a_fee_that_is_held_and_released_again_and_again_is_held_no_more() -> None:
    fee = waiting()
    while len(fee.progress) < MOST_STEPS:
        held, _ = hold_fee(fee, reason=WHY, by="eko", at=AT)
        fee, *_ = release_fee(held, None, by="ekon", at=LATER)

    with pytest.raises(FeeHeldTooOften):
        hold_fee(fee, reason=WHY, by="eko", at=AT)


def test_a_file_is_sent_again_fifty_times_and_not_more() -> None:
    batch = written()
    for each in range(MOST_SENT_AGAIN):
        batch, *_ = send_again(batch, FEES, at=LATER + timedelta(hours=each))

    with pytest.raises(SentTooOften):
        send_again(batch, FEES, at=LATER + timedelta(days=9))


def test_a_day_lists_two_thousand_differences_and_the_others_as_the_first_are_mended() -> None:
    rows = [replace(ROW, withdrawal_no=f"U{number:06}", orders=()) for number in range(MOST_DIFFERENCES)]
    cases = [Case(each, ()) for each in rows]

    first, raised = looked_at(None, cases)
    assert first
    rest, later = looked_at(first, cases[MOST_DIFFERENCES // 2 :])

    assert rest
    assert len(first.differences) == len(raised) == MOST_DIFFERENCES
    assert first.not_listed > 0
    assert rest.not_listed == 0
    assert sum(isinstance(fact, TaskRaised) for fact in later) == first.not_listed
