"""A wrong fee is put right by two people (S97)."""

from dataclasses import replace

import pytest

from services.billing.domain.fees.account import Booked
from services.billing.domain.fees.correction import (
    Correction,
    CorrectionDecided,
    CorrectionWaits,
    FeeNotStanding,
    NothingToCorrect,
    approve_correction,
    ask_correction,
    corrected_id,
    decline_correction,
    move_correction,
)
from services.billing.domain.fees.ledger import Fee, net
from shared.domain.money import Money
from shared.domain.two_people import AnotherProposal, SamePerson
from shared.events.billing import FeeCharged, FeeCredited
from shared.events.tasks import TaskRaised, TaskResolved
from shared.partners import FeeEvent
from tests.billing.examples import AT, ENTRY, LATER, OPENED, PAYER, charged

(FEE,) = charged(ENTRY)[0]
ACCOUNT = replace(OPENED, charged=True)
RIGHT = Money.of(50)
ASKED = Correction(
    event_id=ENTRY.event_id,
    source_no=ENTRY.source_no,
    fee_no=1,
    patient_ref="p-1",
    amount=Money.of(50),
    reason="the LMA card was not registered",
    asked_by="eko",
    asked_at=AT,
)


def approved(charge: Fee, asked: Correction = ASKED) -> Booked:
    _, account, booked, _, _ = approve_correction(
        asked, ACCOUNT, (charge, None, None), PAYER, amount=asked.amount, by="ekon", at=LATER
    )
    assert account.standing(1) == 1001
    return booked


def test_a_correction_waits_for_a_second_person() -> None:
    correction, charge, _, facts = ask_correction(None, FEE, None, asked=ASKED)

    assert (correction, charge) == (ASKED, FEE)
    assert [type(fact) for fact in facts] == [TaskRaised]


def test_the_second_of_two_who_correct_one_fee_is_told_of_the_first() -> None:
    with pytest.raises(CorrectionWaits):
        ask_correction(ASKED, FEE, None, asked=replace(ASKED, asked_by="ekon"))


def test_the_second_of_two_who_decide_is_told_that_it_is_decided() -> None:
    decided = replace(ASKED, state="approved")

    with pytest.raises(CorrectionDecided):
        approve_correction(
            decided, ACCOUNT, (FEE, None, None), PAYER, amount=Money.of(50), by="ekon", at=LATER
        )
    with pytest.raises(CorrectionDecided):
        decline_correction(decided, by="ekon", at=LATER)


def test_the_one_who_asked_cannot_approve() -> None:
    with pytest.raises(SamePerson):
        approve_correction(ASKED, ACCOUNT, (FEE, None, None), PAYER, amount=RIGHT, by="eko", at=LATER)


def test_an_amount_that_the_second_person_did_not_read_is_not_approved() -> None:
    with pytest.raises(AnotherProposal):
        approve_correction(ASKED, ACCOUNT, (FEE, None, None), PAYER, amount=Money.of(60), by="ekon", at=LATER)


def test_an_approved_correction_credits_the_charge_and_books_the_right_one() -> None:
    decided, account, (charge, credit, right), _, facts = approve_correction(
        ASKED, ACCOUNT, (FEE, None, None), PAYER, amount=Money.of(50), by="ekon", at=LATER
    )

    assert charge is FEE
    assert credit
    assert right
    assert (credit.entry.amount, credit.entry.why, right.entry.amount) == (
        ENTRY.amount,
        "corrected",
        Money.of(50),
    )
    assert net([charge, credit, right]) == Money.of(50)
    assert (right.event_id, right.entry.fee_no, right.entry.due_on) == (
        corrected_id(ASKED),
        1001,
        ENTRY.due_on,
    )
    assert (decided.state, decided.decided_by, account.corrected) == ("approved", "ekon", (1,))
    assert [type(fact) for fact in facts] == [FeeCredited, FeeEvent, FeeCharged, FeeEvent, TaskResolved]


def test_a_corrected_fee_says_nothing_of_what_the_cap_took_off_and_has_the_corrections_moment() -> None:
    (cut,) = charged(replace(ENTRY, before_cap=Money.of(200)))[0]

    _, _, right = approved(cut)

    assert right
    assert (right.entry.before_cap, right.entry.occurred_at, right.entry.because) == (
        None,
        LATER,
        ASKED.event_id,
    )


def test_a_fee_corrected_to_nothing_stands_as_0_kr() -> None:
    _, _, right = approved(FEE, replace(ASKED, amount=Money.of(0)))

    assert right
    assert right.stage == "nothing_due"


@pytest.mark.parametrize("stage", ["held", "rejected"])
def test_what_invoicing_does_not_have_is_removed_and_booked_right(stage: str) -> None:
    charge = charged(ENTRY, payer=None)[0][0] if stage == "held" else FEE.came_to("rejected", at=AT)

    removed, credit, right = approved(charge)

    assert removed
    assert right
    assert (removed.stage, credit, right.stage) == ("removed", None, "told")
    assert net([removed, right]) == Money.of(50)


def test_only_a_charge_that_stands_is_corrected() -> None:
    credit = approved(FEE)[1]
    assert credit

    for charge, its_credit in ((FEE, credit), (credit, None), (FEE.came_to("removed", at=AT), None)):
        with pytest.raises(FeeNotStanding):
            ask_correction(None, charge, its_credit, asked=ASKED)
    with pytest.raises(FeeNotStanding):
        approve_correction(
            ASKED, ACCOUNT, (FEE, credit, None), PAYER, amount=Money.of(50), by="ekon", at=LATER
        )
    with pytest.raises(LookupError, match="no charge"):
        approve_correction(
            ASKED, ACCOUNT, (None, None, None), PAYER, amount=Money.of(50), by="ekon", at=LATER
        )


def test_the_amount_that_stands_is_no_correction() -> None:
    with pytest.raises(NothingToCorrect):
        ask_correction(None, FEE, None, asked=replace(ASKED, amount=ENTRY.amount))


def test_a_declined_correction_leaves_the_fee_and_may_be_asked_again() -> None:
    declined, facts = decline_correction(ASKED, by="eko", at=LATER)
    again, _, _, _ = ask_correction(declined, FEE, None, asked=ASKED)

    assert [type(fact) for fact in facts] == [TaskResolved]
    assert again
    assert (again.state, again.earlier) == ("asked", (declined,))


def test_a_correction_follows_its_patient() -> None:
    moved, _ = move_correction(ASKED, into_ref="p-2")

    assert moved.patient_ref == "p-2"
    assert move_correction(moved, into_ref="p-2") == (moved, [])


def test_what_was_declined_before_is_kept_once_each_the_oldest_first() -> None:
    kept: Correction | None = None
    for amount in (10, 20, 30):
        asked = replace(ASKED, amount=Money.of(amount))
        kept, _, _, _ = ask_correction(kept, FEE, None, asked=asked)
        assert kept
        if amount < 30:
            kept, _ = decline_correction(kept, by="ekon", at=LATER)

    assert kept
    assert [each.amount for each in kept.earlier] == [Money.of(10), Money.of(20)]
    assert all(each.earlier == () for each in kept.earlier)
