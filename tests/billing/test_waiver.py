"""A waiver for a group: previewed, decided by two people, each fee credited once (N5)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.billing.domain.fees.ledger import event_id_of, net
from services.billing.domain.fees.waiver import (
    DaysTurned,
    Group,
    Waived,
    Waiver,
    WaiverDecided,
    decide_waiver,
    decline_waiver,
    finish_waiver,
    foreseen,
    propose_waiver,
    waive,
)
from shared.domain.money import NOTHING, Money
from shared.domain.two_people import SamePerson
from shared.events.billing import FeeCredited
from shared.events.tasks import TaskRaised, TaskResolved
from shared.partners import FeeEvent
from tests.billing.examples import AT, ENTRY, LATER, PAYER, TODAY, WITHDRAWAL, charged

TYPED = replace(ENTRY, prescription_type="coeliac_metabolic")
SECOND = replace(TYPED, event_id=event_id_of(WITHDRAWAL, 2, kind="charge"), fee_no=2, amount=Money.of(210))
FEES = charged(TYPED, SECOND)[0]
GROUP = Group(TODAY, TODAY)
WAIVER = Waiver("w-1", GROUP, "delivery crisis", "eko", AT)


@pytest.mark.parametrize(
    ("change", "held"),
    [
        ({}, True),
        ({"fee_codes": ("LMN-10",)}, True),
        ({"fee_codes": ("LMN-99",)}, False),
        ({"reasons": ("type", "product")}, True),
        ({"reasons": ("asylum",)}, False),
        ({"prescription_types": ("coeliac_metabolic",)}, True),
        ({"prescription_types": ("infant_formula",)}, False),
        ({"sent_from": TODAY + timedelta(days=1), "sent_through": TODAY + timedelta(days=9)}, False),
        ({"sent_from": TODAY - timedelta(days=9), "sent_through": TODAY - timedelta(days=1)}, False),
    ],
)
def test_a_group_is_chosen_by_day_code_type_and_rule(change: dict[str, object], held: bool) -> None:
    assert replace(GROUP, **change).holds(FEES[0]) is held  # type: ignore[arg-type]


def test_the_preview_counts_and_sums_what_is_not_taken_back_yet() -> None:
    free = replace(FEES[0], entry=replace(TYPED, amount=NOTHING))

    assert foreseen(GROUP, FEES, credited=frozenset()) == Waived(2, Money.of(330))
    assert foreseen(GROUP, FEES, credited=frozenset({FEES[0].event_id})) == Waived(1, Money.of(210))
    assert foreseen(GROUP, [free], credited=frozenset()) == Waived(0, NOTHING)


def test_a_proposal_asks_a_second_person() -> None:
    waiver, facts = propose_waiver(None, proposed=WAIVER)

    assert waiver == WAIVER
    assert [type(fact) for fact in facts] == [TaskRaised]
    assert propose_waiver(WAIVER, proposed=WAIVER) == (WAIVER, [])


def test_turned_days_are_refused() -> None:
    turned = replace(WAIVER, group=replace(GROUP, sent_from=TODAY + timedelta(days=1)))

    with pytest.raises(DaysTurned):
        propose_waiver(None, proposed=turned)


def test_the_proposer_cannot_decide_and_a_waiver_is_decided_once() -> None:
    decided, facts = decide_waiver(WAIVER, by="ekon", at=LATER)

    assert (decided.state, [type(fact) for fact in facts]) == ("decided", [TaskResolved])
    with pytest.raises(SamePerson):
        decide_waiver(WAIVER, by="eko", at=LATER)
    with pytest.raises(WaiverDecided):
        decline_waiver(decided, by="ekon", at=LATER)


def test_the_proposer_may_take_the_proposal_back() -> None:
    declined, facts = decline_waiver(WAIVER, by="eko", at=LATER)

    assert (declined.state, [type(fact) for fact in facts]) == ("declined", [TaskResolved])


def test_a_waived_fee_is_credited_once() -> None:
    (charge, credit), _, facts = waive((FEES[0], None), PAYER, waiver=WAIVER, at=LATER)

    assert charge is FEES[0]
    assert credit
    assert (credit.entry.why, credit.entry.because, net([charge, credit])) == ("waived", "w-1", NOTHING)
    assert [type(fact) for fact in facts] == [FeeCredited, FeeEvent]
    assert waive((charge, credit), PAYER, waiver=WAIVER, at=LATER) == ((charge, credit), PAYER, [])


def test_a_held_fee_is_removed_by_a_waiver() -> None:
    held = charged(TYPED, payer=None)[0][0]

    (removed, credit), _, facts = waive((held, None), None, waiver=WAIVER, at=LATER)

    assert removed
    assert (removed.stage, removed.progress[-1].note, credit, facts) == ("removed", "w-1", None, [])


def test_what_is_not_of_the_group_or_costs_nothing_is_left_alone() -> None:
    free = charged(replace(TYPED, amount=NOTHING))[0][0]
    elsewhere = replace(WAIVER, group=replace(GROUP, fee_codes=("LMN-99",)))

    assert waive((None, None), PAYER, waiver=WAIVER, at=LATER) == ((None, None), PAYER, [])
    assert waive((free, None), PAYER, waiver=WAIVER, at=LATER) == ((free, None), PAYER, [])
    assert waive((FEES[0], None), PAYER, waiver=elsewhere, at=LATER) == ((FEES[0], None), PAYER, [])


def test_a_waiver_is_done_when_its_last_day_has_passed() -> None:
    decided = replace(WAIVER, state="decided")
    waived = Waived(2, Money.of(330))

    during, _ = finish_waiver(decided, waived=waived, today=TODAY)
    after, _ = finish_waiver(during, waived=waived, today=TODAY + timedelta(days=1))

    assert (during.state, during.count, during.total) == ("decided", 2, Money.of(330))
    assert finish_waiver(during, waived=waived, today=TODAY)[0] is during
    assert after.state == "done"
