"""The day's file with control totals."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.billing.domain.fees.account import Reversal, reverse_fees
from services.billing.domain.fees.ledger import Fee, event_id_of, event_of
from services.billing.domain.files.batch import (
    CLOSES_AT,
    Batch,
    FileDiffers,
    NothingToClose,
    NotWritten,
    Rendered,
    answer_batch,
    batch_id_of,
    freeze,
    hashes_of,
    last_closing,
    mark_written,
    next_at,
    render,
    send_again,
    watch_batch,
)
from shared.domain.days import STOCKHOLM
from shared.domain.money import NOTHING, Money
from shared.events.tasks import TaskRaised, TaskResolved
from tests.billing.examples import AT, ENTRY, LATER, OPENED, PAYER, TODAY, WITHDRAWAL, charged

SECOND = replace(
    ENTRY, event_id=event_id_of(WITHDRAWAL, 2, kind="charge"), fee_no=2, amount=Money.of("210.50")
)
FEES = charged(ENTRY, SECOND)[0]
BATCH_ID = "20261121-0001"


def frozen(*fees: Fee) -> Batch:
    batch, _, _ = freeze(None, fees, batch_id=BATCH_ID, at=AT)
    assert batch
    return batch


def credit() -> Fee:
    annulled = replace(OPENED, reversals=(Reversal(1, TODAY),))
    known = replace(OPENED, charged=True)
    _, _, (fee,), _, _ = reverse_fees(known, FEES[:1], (None,), PAYER, opened=annulled, at=LATER)
    assert fee
    return fee


def rendered(batch: Batch, *fees: Fee) -> Rendered:
    return render(batch, [event_of(fee) for fee in fees])


def written() -> Batch:
    file = rendered(frozen(*FEES), *FEES)
    batch, _ = mark_written(frozen(*FEES), rendered=file, copies=(), unfit={}, at=LATER)
    return batch


def test_a_batch_freezes_the_sent_entries_in_order_with_their_total() -> None:
    batch, fees, facts = freeze(None, FEES, batch_id=BATCH_ID, at=AT)

    assert batch
    assert batch.event_ids == tuple(fee.event_id for fee in FEES)
    assert (batch.day, str(batch.total), batch.file_name) == (
        TODAY,
        "330.50",
        "egenavgift_20261121-0001.jsonl",
    )
    assert {fee.batch for fee in fees} == {BATCH_ID}
    assert facts == []


def test_in_the_file_a_charge_stands_before_its_credit() -> None:
    at_once = replace(credit(), told_at=AT)

    assert frozen(at_once, FEES[0]).event_ids == (FEES[0].event_id, at_once.event_id)


def test_an_entry_is_in_one_file_only() -> None:
    taken = FEES[0].put_in("20261120-0001", at=AT)

    batch, fees, _ = freeze(None, (taken, FEES[1]), batch_id=BATCH_ID, at=AT)

    assert batch
    assert batch.event_ids == (FEES[1].event_id,)
    assert fees[0] is taken


def test_a_held_entry_is_in_no_file() -> None:
    held = charged(ENTRY, payer=None)[0]

    with pytest.raises(NothingToClose):
        freeze(None, held, batch_id=BATCH_ID, at=AT)


def test_a_batch_number_that_is_taken_is_left_alone() -> None:
    with pytest.raises(NothingToClose):
        freeze(frozen(FEES[0]), FEES, batch_id=BATCH_ID, at=LATER)


def test_the_total_is_charges_minus_credits() -> None:
    assert frozen(FEES[0], credit()).total == NOTHING


def test_the_file_has_head_rows_and_trailer_with_control_totals() -> None:
    content = rendered(frozen(*FEES), *FEES).content

    head, *rows, trailer = [json.loads(line) for line in content.decode().splitlines()]
    assert head == {
        "rec": "head",
        "batch": BATCH_ID,
        "created": "2026-11-21T10:15:00+01:00",
        "system": "lmn",
    }
    assert rows == [json.loads(event_of(fee).model_dump_json()) for fee in FEES]
    before = b"".join(content.splitlines(keepends=True)[:-1])
    assert trailer == {"rec": "trailer", "rows": 2, "sum": "330.50", "sha256": sha256(before).hexdigest()}


def test_a_row_of_the_file_has_exactly_the_fields_of_the_message() -> None:
    row = json.loads(rendered(frozen(FEES[0]), FEES[0]).content.splitlines()[1])

    assert row == {
        "type": "egenavgift.v1",
        "event_id": ENTRY.event_id,
        "kind": "charge",
        "reverses": None,
        "occurred_at": "2026-11-21T10:15:00+01:00",
        "bill_not_before": "2026-11-21",
        "patient": {"id_type": "1.2.752.129.2.1.3.1", "id": "sealed:identity:abc"},
        "source": {"system": "lmn", "uttag": WITHDRAWAL},
        "fee_code": "LMN-10",
        "text": "Egenavgift livsmedel, per uttag",
        "amount": "120.00",
        "currency": "SEK",
        "vat_code": "0",
        "cost_centre": "DEMO-101",
        "tariff": "2026-01-01",
        "reason": "type",
    }


def test_the_same_batch_gives_the_same_bytes() -> None:
    batch = frozen(*FEES)

    assert rendered(batch, *FEES) == rendered(batch, *FEES)


def test_a_written_batch_remembers_its_hash() -> None:
    file = rendered(frozen(*FEES), *FEES)

    batch = written()

    assert (batch.written, batch.sha256, batch.written_at) == (True, file.sha256, LATER)
    assert mark_written(batch, rendered=file, copies=(), unfit={}, at=LATER) == (batch, [])


def test_a_file_that_became_another_is_refused() -> None:
    file = rendered(frozen(*FEES), *FEES)
    copies = hashes_of({".csv": b"a"})
    batch, _ = mark_written(frozen(*FEES), rendered=file, copies=copies, unfit={}, at=LATER)

    with pytest.raises(FileDiffers):
        mark_written(batch, rendered=replace(file, sha256="other"), copies=copies, unfit={}, at=LATER)
    with pytest.raises(FileDiffers):
        mark_written(batch, rendered=file, copies=hashes_of({".csv": b"b"}), unfit={}, at=LATER)


def test_a_copy_that_does_not_fit_is_a_persons_work_and_stops_nothing() -> None:
    file = rendered(frozen(*FEES), *FEES)

    batch, facts = mark_written(
        frozen(*FEES), rendered=file, copies=(), unfit={".txt": NothingToClose()}, at=LATER
    )

    assert batch.written
    assert [type(fact) for fact in facts] == [TaskRaised]


def test_a_rejected_file_becomes_a_task_once() -> None:
    batch, facts = answer_batch(frozen(*FEES), answer="rejected", at=LATER)

    assert batch.answer == "rejected"
    assert [type(fact) for fact in facts] == [TaskRaised]
    assert answer_batch(batch, answer="rejected", at=LATER) == (batch, [])


def test_an_accepted_file_is_noted_without_a_task() -> None:
    batch, facts = answer_batch(frozen(*FEES), answer="accepted", at=LATER)

    assert (batch.answer, batch.answered_at, facts) == ("accepted", LATER, [])


def test_a_file_accepted_after_a_rejection_ends_its_task() -> None:
    rejected, _ = answer_batch(written(), answer="rejected", at=LATER)

    _, facts = answer_batch(rejected, answer="accepted", at=LATER)

    assert [type(fact) for fact in facts] == [TaskResolved]


def test_a_file_that_nobody_answers_for_24_hours_is_an_alarm_once() -> None:
    early, _, nothing = watch_batch(written(), FEES, at=LATER + timedelta(hours=23, minutes=59))
    batch, _, facts = watch_batch(written(), FEES, at=LATER + timedelta(hours=24))

    assert (early, nothing) == (written(), [])
    assert batch.alarmed_at == LATER + timedelta(hours=24)
    assert [type(fact) for fact in facts] == [TaskRaised]
    assert watch_batch(batch, FEES, at=LATER + timedelta(days=2)) == (batch, FEES, [])


def test_the_alarm_ends_with_the_answer_to_the_file_or_to_each_entry() -> None:
    batch, _, (raised,) = watch_batch(written(), FEES, at=LATER + timedelta(hours=24))
    accepted = tuple(fee.came_to("accepted", at=LATER) for fee in FEES)

    by_head, (resolved,) = answer_batch(batch, answer="accepted", at=LATER)
    by_rows, _, (also,) = watch_batch(batch, accepted, at=LATER)

    assert (by_head.over, by_rows.over) == (True, True)
    assert {raised.subject, resolved.subject, also.subject} == {"batch-unanswered:20261121-0001"}
    assert watch_batch(by_rows, accepted, at=LATER) == (by_rows, accepted, [])
    assert watch_batch(frozen(*FEES), FEES, at=LATER) == (frozen(*FEES), FEES, [])


def test_a_file_is_sent_again_under_the_same_name_and_ids() -> None:
    accepted = FEES[0].came_to("accepted", at=LATER)

    again, fees, facts = send_again(written(), (accepted, FEES[1]), at=LATER + timedelta(hours=25))

    assert (again.batch_id, again.sent_at) == (BATCH_ID, LATER + timedelta(hours=25))
    assert fees == (accepted, FEES[1])
    assert facts == [event_of(FEES[1])]


def test_a_file_that_is_not_written_cannot_be_sent_again() -> None:
    with pytest.raises(NotWritten):
        send_again(frozen(*FEES), FEES, at=LATER)


def test_the_same_answer_after_a_file_was_sent_again_ends_the_waiting() -> None:
    answered, _ = answer_batch(written(), answer="accepted", at=LATER)
    again, _, _ = send_again(answered, FEES, at=LATER)

    assert not again.over
    assert answer_batch(again, answer="accepted", at=LATER)[0].over


def test_the_number_of_a_batch_is_its_day_and_a_running_number() -> None:
    assert batch_id_of(date(2026, 11, 21), 12) == "20261121-0012"


@given(st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))
def test_the_next_closing_is_after_now_and_within_25_hours(now: datetime) -> None:
    closing = next_at(CLOSES_AT, now)

    assert timedelta(0) < closing.astimezone(UTC) - now <= timedelta(hours=25)
    assert closing.astimezone(STOCKHOLM).hour == 18


@given(st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))
def test_the_last_closing_is_the_one_before_the_next(now: datetime) -> None:
    last = last_closing(now)

    assert last <= now < next_at(CLOSES_AT, last) == next_at(CLOSES_AT, now)
