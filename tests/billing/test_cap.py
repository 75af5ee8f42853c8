"""The most that one patient pays within any so many days, whatever comes in whatever order."""

from dataclasses import replace

import pytest

from services.billing.domain.fees.account import Account, charge_withdrawal
from services.billing.domain.fees.cap import OverTheCap, capped, given_back, room
from services.billing.domain.fees.correction import Correction, approve_correction
from services.billing.domain.fees.ledger import COMPENSATION, Fee
from services.billing.domain.fees.payer import MergedOnward, note_merged, note_payer
from services.billing.domain.fees.statement import NO_FEE, status_of
from services.billing.domain.fees.waiver import Group, Waiver, waive
from shared.domain.money import NOTHING, Money
from shared.events.billing import FeeCharged
from tests.billing.capped import CAP, CAPS, Ledger, entry, on, paid
from tests.billing.examples import AT, ENTRY, PAYER, charged


def test_the_first_fees_are_whole_the_next_is_cut_and_then_nothing_is_paid() -> None:
    ledger = Ledger()

    fees = [ledger.charge(entry(number, day=number, kronor=120)) for number in range(4)]

    assert [str(fee.entry.amount) for fee in fees] == ["120.00", "120.00", "60.00", "0.00"]
    assert [fee.entry.before_cap for fee in fees] == [None, None, Money.of(120), Money.of(120)]
    assert (fees[3].stage, status_of(fees[3])) == ("nothing_due", NO_FEE)


def test_a_cut_fee_says_what_was_taken_off() -> None:
    payer = replace(PAYER, spent=(paid(0, 200),))
    _, _, _, _, facts = charge_withdrawal(
        None, (None,), (None,), payer,
        opened=Account("U", "p-1"), entries=[entry(1, 0, 120)], at=AT, caps=CAPS,
    )  # fmt: skip

    (told,) = [fact for fact in facts if isinstance(fact, FeeCharged)]
    assert (str(told.amount), str(told.taken_off)) == ("100.00", "20.00")


@pytest.mark.parametrize(("day", "left"), [(0, 100), (29, 100), (30, 300), (-29, 100), (-30, 300)])
def test_a_day_shares_its_room_with_the_29_days_on_either_side(day: int, left: int) -> None:
    assert room([paid(0, 200)], day=on(day), cap=CAP) == Money.of(left)


def test_of_the_windows_that_hold_a_day_the_fullest_decides() -> None:
    both_sides = [paid(0, 100), paid(20, 150), paid(45, 120)]

    assert room(both_sides, day=on(25), cap=CAP) == Money.of(30)
    assert room(both_sides, day=on(31), cap=CAP) == Money.of(30)
    assert room(both_sides, day=on(60), cap=CAP) == Money.of(180)


def test_a_tariff_without_a_cap_counts_nothing_and_writes_nothing() -> None:
    elsewhere = replace(ENTRY, tariff="2025-01-01")

    payer, whole = capped(PAYER, elsewhere, caps=CAPS)

    assert payer is PAYER
    assert whole is elsewhere


def test_the_payer_is_written_also_when_nothing_fits() -> None:
    full = replace(PAYER, spent=(paid(0, 300),))

    payer, cut = capped(full, entry(1, 0, 120), caps=CAPS)

    assert (payer, payer is full, cut.amount) == (full, False, NOTHING)


def test_a_patient_of_whom_nothing_is_known_has_a_cap_too() -> None:
    payer, _ = capped(None, entry(1, 0, 120), caps=CAPS)
    assert payer

    heard, _ = note_payer(payer, published=PAYER)

    assert (payer.is_known, [each.amount for each in payer.spent]) == (False, [Money.of(120)])
    assert heard
    assert (heard.identity, heard.spent) == (PAYER.identity, payer.spent)


def test_a_fee_of_an_unknown_patient_waits_and_asks_nobody() -> None:
    ledger = Ledger(payer=None)

    assert [step.note for step in ledger.charge(entry(1, 0, 120)).progress] == [None]


def test_an_annulled_withdrawal_gives_its_room_to_the_next() -> None:
    ledger = Ledger()
    first, second, third = (entry(number, 0, 200) for number in range(3))
    ledger.charge(first)
    cut = ledger.charge(second)

    ledger.annul(first)
    whole = ledger.charge(third)

    assert (cut.entry.amount, whole.entry.amount) == (Money.of(100), Money.of(200))


def test_what_was_annulled_before_it_was_known_takes_no_room() -> None:
    ledger = Ledger()
    ledger.annul(entry(1, 0, 300))
    ledger.charge(entry(1, 0, 300))

    assert ledger.charge(entry(2, 0, 300)).entry.amount == Money.of(300)


def test_a_waived_fee_gives_its_room_back() -> None:
    ledger = Ledger()
    charge = ledger.charge(entry(1, 0, 300))
    waiver = Waiver("w-1", Group(on(0), on(0)), "delivery crisis", "eko", AT)

    _, payer, _ = waive((charge, None), ledger.payer, waiver=waiver, at=AT)

    assert payer
    assert payer.spent == ()


def test_nothing_is_given_back_of_what_was_never_counted() -> None:
    payer = replace(PAYER, spent=(paid(0, 100),))

    assert given_back(payer, ["another"]) is payer
    assert given_back(None, ["another"]) is None


def corrected(ledger: Ledger, charge: Fee, kronor: int) -> Fee:
    proposal = Correction(
        event_id=charge.event_id, source_no=charge.source_no, fee_no=1, patient_ref="p-1",
        amount=Money.of(kronor), reason="wrong", asked_by="eko", asked_at=AT,
    )  # fmt: skip
    account = ledger.accounts[charge.source_no]
    _, _, (_, _, right), ledger.payer, _ = approve_correction(
        proposal,
        account,
        (charge, None, None),
        ledger.payer,
        amount=proposal.amount,
        by="ekon",
        at=AT,
        caps=CAPS,
    )
    assert right
    return right


def test_a_correction_is_held_to_the_cap_and_counts_for_what_comes_after() -> None:
    ledger = Ledger()
    charge = ledger.charge(entry(1, 0, 120))
    ledger.charge(entry(2, 0, 120))

    with pytest.raises(OverTheCap) as refused:
        corrected(ledger, charge, 181)
    right = corrected(ledger, charge, 180)

    assert refused.value.facts == {"most": "180.00"}
    assert (right.entry.amount, right.entry.before_cap) == (Money.of(180), None)
    assert ledger.charge(entry(3, 0, 120)).entry.amount == NOTHING


def test_a_corrected_compensation_is_not_held_to_the_cap_and_takes_no_room() -> None:
    (charge,) = charged(replace(ENTRY, reason=COMPENSATION, amount=Money.of(3284)))[0]
    asked = Correction(charge.event_id, "U", 1, "p-1", Money.of(2000), "insured", "eko", AT)
    payer = replace(PAYER, spent=(paid(0, 300),))

    _, _, (_, _, right), after, _ = approve_correction(
        asked,
        Account("U", "p-1"),
        (charge, None, None),
        payer,
        amount=asked.amount,
        by="ekon",
        at=AT,
        caps=CAPS,
    )

    assert right
    assert right.entry.amount == Money.of(2000)
    assert after is payer


def test_two_patients_who_were_one_are_counted_together_from_then_on() -> None:
    old, other = (
        replace(PAYER, spent=(paid(0, 200),)),
        replace(PAYER, patient_ref="p-2", spent=(paid(1, 50),)),
    )

    gone, into, _ = note_merged(old, other, patient_ref="p-1", into_ref="p-2", at=AT)
    _, created, _ = note_merged(old, None, patient_ref="p-1", into_ref="p-2", at=AT)

    assert gone
    assert into
    assert created
    assert (gone.spent, into.spent) == ((), (paid(1, 50), paid(0, 200)))
    assert (created.patient_ref, created.is_known, created.spent) == ("p-2", False, old.spent)
    assert note_payer(created, published=replace(PAYER, patient_ref="p-2", version=1))[0] == replace(
        PAYER, patient_ref="p-2", version=1, spent=old.spent
    )
    assert created.version == 0


def test_what_counts_never_goes_to_somebody_who_is_merged_away_too() -> None:
    old = replace(PAYER, spent=(paid(0, 200),))
    away = replace(PAYER, patient_ref="p-2", merged_into="p-3")

    with pytest.raises(MergedOnward):
        note_merged(old, away, patient_ref="p-1", into_ref="p-2", at=AT)
