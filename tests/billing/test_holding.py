"""Fees are held, released and removed; they follow the patient that they belong to."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from services.billing.domain.fees.account import (
    AccountMoved,
    Reversal,
    move_fee,
    reverse_fees,
    send_held,
)
from services.billing.domain.fees.ledger import Fee, event_of
from services.billing.domain.fees.payer import Identity, Payer, note_merged, note_payer
from services.billing.domain.fees.waiver import Group, Waiver, waive
from shared.domain.money import NOTHING
from shared.events.billing import FeeCharged
from shared.events.fact import Fact
from shared.events.tasks import TaskRaised, TaskResolved
from shared.partners import FeeEvent
from tests.billing.examples import AT, ENTRY, LATER, OPENED, PAYER, PROTECTED, TODAY, charged

ANNULLED = replace(OPENED, reversals=(Reversal(1, TODAY),))


def waive_all(fees: tuple[Fee, ...]) -> tuple[Fee, tuple[Fee | None, ...], Payer | None, Sequence[Fact]]:
    waiver = Waiver("w-1", Group(TODAY, TODAY), "delivery crisis", "eko", AT)
    (charge, credit), payer, facts = waive((fees[0], None), PAYER, waiver=waiver, at=LATER)
    assert charge
    return charge, (credit,), payer, facts


def test_a_fee_waits_until_the_payer_is_known() -> None:
    (fee,), facts = charged(ENTRY, payer=None)

    assert (fee.stage, facts) == ("held", [])
    with pytest.raises(ValueError, match="no payer yet"):
        event_of(fee)

    told, _, telling = send_held(fee, PAYER, at=LATER)

    assert (told.stage, told.told_at) == ("told", LATER)
    assert [type(fact) for fact in telling] == [FeeCharged, FeeEvent]


def test_a_fee_that_was_sent_is_not_sent_again() -> None:
    (fee,), _ = charged(ENTRY)

    assert send_held(fee, PAYER, at=LATER) == (fee, PAYER, [])


def test_a_held_fee_of_a_patient_still_unknown_goes_on_waiting() -> None:
    (fee,), _ = charged(ENTRY, payer=None)

    assert send_held(fee, None, at=LATER) == (fee, None, [])


def test_the_fee_of_a_patient_without_number_becomes_a_task() -> None:
    (fee,), facts = charged(ENTRY, payer=PROTECTED)

    assert fee.stage == "held"
    assert [type(fact) for fact in facts] == [TaskRaised]


def test_a_patient_who_turns_out_to_have_no_number_makes_the_held_fee_a_task() -> None:
    (fee,), _ = charged(ENTRY, payer=None)

    waiting, _, facts = send_held(fee, PROTECTED, at=LATER)

    assert waiting.stage == "held"
    assert [type(fact) for fact in facts] == [TaskRaised]
    assert send_held(waiting, PROTECTED, at=LATER) == (waiting, PROTECTED, [])


def test_the_task_of_a_fee_without_number_ends_when_the_number_comes() -> None:
    (fee,), (raised,) = charged(ENTRY, payer=PROTECTED)

    told, _, facts = send_held(fee, replace(PAYER, version=3), at=LATER)

    assert told.stage == "told"
    assert [fact.subject for fact in facts if isinstance(fact, TaskResolved)] == [raised.subject]


def test_a_fee_that_is_due_later_is_held_until_its_day() -> None:
    (fee,), facts = charged(replace(ENTRY, due_on=LATER.date()))
    early, _, nothing = send_held(fee, PAYER, at=AT)
    told, _, _ = send_held(fee, PAYER, at=LATER)

    assert (fee.stage, facts, early, nothing) == ("held", [], fee, [])
    assert told.stage == "told"


def test_a_held_fee_is_removed_and_not_credited_when_its_withdrawal_is_annulled() -> None:
    fees, _ = charged(ENTRY, payer=None)
    account = replace(OPENED, charged=True)

    known, (removed,), (credit,), _, facts = reverse_fees(
        account, fees, (None,), None, opened=ANNULLED, at=LATER
    )

    assert known
    assert removed
    assert (removed.stage, removed.signed, credit, facts) == ("removed", NOTHING, None, [])
    assert send_held(removed, PAYER, at=LATER) == (removed, PAYER, [])


def test_a_fee_that_invoicing_rejected_is_removed_and_not_credited() -> None:
    fees, _ = charged(ENTRY)
    rejected = (fees[0].came_to("rejected", at=AT),)

    _, (removed,), (credit,), _, _ = reverse_fees(
        replace(OPENED, charged=True), rejected, (None,), PAYER, opened=ANNULLED, at=LATER
    )

    assert removed
    assert (removed.stage, credit) == ("removed", None)


def test_a_fee_that_is_credited_already_is_not_credited_again_by_an_annulment() -> None:
    fees, _ = charged(ENTRY)
    _, (waived,), _, _ = waive_all(fees)

    known, _, credits_, _, facts = reverse_fees(
        replace(OPENED, charged=True), fees, (waived,), PAYER, opened=ANNULLED, at=LATER
    )

    assert known
    assert (credits_, facts) == ((waived,), [])
    assert known.reversal(1)


def test_an_account_that_was_corrected_meanwhile_is_read_again() -> None:
    fees, _ = charged(ENTRY)
    corrected = replace(OPENED, charged=True, corrected=(1,))

    with pytest.raises(AccountMoved):
        reverse_fees(corrected, fees, (None,), PAYER, opened=ANNULLED, at=LATER)

    assert (corrected.standing(1), corrected.standing(2)) == (1001, 2)


def test_fees_of_a_merged_patient_are_booked_on_the_other_one() -> None:
    merged, _, _ = note_merged(PAYER, None, patient_ref="p-1", into_ref="p-2", at=AT)
    fees, _ = charged(ENTRY)

    with pytest.raises(AccountMoved):
        charged(ENTRY, payer=merged)
    moved, account, _ = move_fee(fees[0], OPENED, into_ref="p-2")

    assert (moved.patient_ref, account.patient_ref, moved.entry) == ("p-2", "p-2", ENTRY)
    assert move_fee(moved, account, into_ref="p-2") == (moved, account, [])


def test_a_merge_is_kept_whatever_version_comes_after() -> None:
    merged, _, _ = note_merged(None, None, patient_ref="p-1", into_ref="p-2", at=AT)
    assert merged

    known, _ = note_payer(merged, published=PAYER)

    assert known
    assert (known.merged_into, known.identity) == ("p-2", PAYER.identity)
    assert note_merged(known, None, patient_ref="p-1", into_ref="p-3", at=LATER) == (known, None, [])


def test_the_newest_version_of_a_payer_is_kept() -> None:
    assert note_payer(None, published=PAYER) == (PAYER, [])
    assert note_payer(PAYER, published=PROTECTED) == (PROTECTED, [])
    assert note_payer(PROTECTED, published=PAYER) == (PROTECTED, [])


def test_a_sent_fee_keeps_the_payer_that_invoicing_got() -> None:
    (fee,), _ = charged(ENTRY)
    renumbered = replace(PAYER, version=3, identity=Identity("1.2.752.129.2.1.3.3", "sealed:identity:new"))

    known, _, _ = send_held(fee, renumbered, at=LATER)

    assert event_of(known).patient.id == "sealed:identity:abc"
