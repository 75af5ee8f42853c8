"""Withdrawals = orders = deliveries = fees = files (N11)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from services.billing.domain.fees.ledger import Fee, event_id_of, reversal_of
from services.billing.domain.fees.withdrawal import (
    OrderHeard,
    Withdrawal,
    came_to,
    move_withdrawal,
    note_annulled,
    note_order,
    note_sent,
    note_settled,
    was_sent,
)
from services.billing.domain.reconciling.comparison import Case, Moment, differences, is_settled
from services.billing.domain.reconciling.reconciliation import (
    AddedUp,
    Reconciliation,
    Sums,
    add_up,
    reconcile,
)
from shared.domain.decision import Decision
from shared.domain.money import NOTHING, Money
from shared.events.fees import FeePriced
from shared.events.tasks import TaskRaised, TaskResolved
from tests.billing.examples import AT, ENTRY, TODAY, WITHDRAWAL, charged
from tests.billing.test_tariff import TARIFF

ORDER = "B2026-000007-1"
DELIVERED = OrderHeard(ORDER, sent=True, outcome="delivered")
SHOWN = FeePriced(
    fee_no=1,
    fee_code="LMN-10",
    text="Egenavgift",
    prescription_type="coeliac_metabolic",
    line_ids=("F1-1",),
    amount=Decimal(120),
    reason="type",
    tariff="2026-01-01",
)
ROW = Withdrawal(WITHDRAWAL, "p-1", TODAY, heard=True, order_nos=(ORDER,), orders=(DELIVERED,), fees=(SHOWN,))
FEE: Fee = charged(ENTRY)[0][0].put_in("20261121-0001", at=AT).came_to("accepted", at=AT)
CASE = Case(ROW, (FEE,))
NEXT_NIGHT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
MOMENT = Moment(
    at=NEXT_NIGHT,
    today=NEXT_NIGHT.date(),
    closed_at=datetime(2026, 11, 21, 17, 0, tzinfo=UTC),
    tariffs=(TARIFF,),
)


def kinds(case: Case, moment: Moment = MOMENT) -> list[tuple[str, str]]:
    return [(each.kind, each.subject) for each in differences(case, moment=moment)]


def looked_at(known: Reconciliation | None, cases: list[Case]) -> Decision[Reconciliation | None]:
    added = add_up(AddedUp(), cases, moment=MOMENT)
    return reconcile(known, day=TODAY, added=added, at=MOMENT.at)


def credit(why: str = "annulled") -> Fee:
    entry = reversal_of(ENTRY, on=TODAY, at=AT)
    entry = replace(entry, why=why)  # type: ignore[arg-type]
    return charged(entry)[0][0].put_in("20261121-0001", at=AT).came_to("accepted", at=AT)


def test_a_delivered_and_filed_withdrawal_agrees_and_is_settled() -> None:
    assert kinds(CASE) == []
    assert is_settled(CASE)


@pytest.mark.parametrize(
    ("case", "kind"),
    [
        (
            Case(Withdrawal(WITHDRAWAL, "p-1", TODAY, orders=(DELIVERED,)), ()),
            ("withdrawal-unknown", WITHDRAWAL),
        ),
        (Case(replace(ROW, orders=()), (FEE,)), ("order-missing", ORDER)),
        (
            Case(replace(ROW, orders=(DELIVERED, OrderHeard("B2", sent=True))), (FEE,)),
            ("order-unasked", "B2"),
        ),
        (Case(ROW, ()), ("fee-missing", "1")),
        (
            Case(replace(ROW, fees=(SHOWN.model_copy(update={"amount": Decimal(50)}),)), (FEE,)),
            ("fee-differs", "1"),
        ),
        (Case(replace(ROW, fees=()), (FEE,)), ("fee-unasked", "1")),
        (
            Case(replace(ROW, fees=(SHOWN.model_copy(update={"tariff": "2027-01-01"}),)), (FEE,)),
            ("fee-by-another-tariff", "1"),
        ),
        (Case(replace(ROW, annulled_fees=(1,)), (FEE,)), ("credit-missing", "1")),
        (
            Case(replace(ROW, orders=(replace(DELIVERED, outcome="undeliverable"),)), (FEE,)),
            ("credit-missing", "1"),
        ),
        (Case(ROW, (FEE, credit())), ("credit-unasked", "1")),
        (Case(ROW, (replace(FEE, batch=None),)), ("fee-in-no-file", FEE.event_id)),
    ],
)
def test_each_thing_that_does_not_agree_has_a_name(case: Case, kind: tuple[str, str]) -> None:
    assert kinds(case) == [kind]


def test_a_fee_sent_after_the_last_closing_may_still_be_in_no_file() -> None:
    late = replace(FEE, batch=None, told_at=datetime(2026, 11, 21, 17, 1, tzinfo=UTC))

    assert kinds(Case(ROW, (late,))) == []
    assert not is_settled(Case(ROW, (late,)))
    assert not is_settled(Case(ROW, (FEE, late)))
    assert not is_settled(Case(ROW, (late, FEE)))


def test_a_held_fee_belongs_in_no_file_and_keeps_its_withdrawal_open() -> None:
    held = Case(ROW, charged(ENTRY, payer=None)[0])

    assert kinds(held) == []
    assert not is_settled(held)


def test_a_fee_without_an_answer_is_a_difference_after_48_hours() -> None:
    told = replace(FEE, stage="told")

    assert kinds(Case(ROW, (told,))) == []
    assert kinds(Case(ROW, (told,)), replace(MOMENT, at=AT + timedelta(hours=49))) == [
        ("fee-unanswered", FEE.event_id)
    ]


def test_an_order_may_be_on_its_way_for_14_days() -> None:
    on_its_way = Case(replace(ROW, orders=(replace(DELIVERED, outcome=None),)), (FEE,))

    assert kinds(on_its_way, replace(MOMENT, today=TODAY + timedelta(days=14))) == []
    assert not is_settled(on_its_way)
    assert kinds(on_its_way, replace(MOMENT, today=TODAY + timedelta(days=15))) == [("order-not-over", ORDER)]


def test_a_fee_before_the_first_tariff_is_by_another_one() -> None:
    assert kinds(CASE, replace(MOMENT, tariffs=())) == [("fee-by-another-tariff", "1")]


def test_an_annulled_and_credited_withdrawal_agrees() -> None:
    annulled = replace(ROW, annulled_fees=(1,), orders=(replace(DELIVERED, outcome="annulled"),))

    assert kinds(Case(annulled, (FEE, credit()))) == []


def test_a_waived_fee_agrees_and_a_corrected_one_too() -> None:
    right = replace(
        ENTRY,
        event_id=event_id_of(WITHDRAWAL, 1001, kind="charge"),
        fee_no=1001,
        amount=Money.of(50),
        why="corrected",
    )
    booked = charged(right)[0][0].put_in("20261121-0001", at=AT).came_to("accepted", at=AT)

    assert kinds(Case(ROW, (FEE, credit("waived")))) == []
    assert kinds(Case(ROW, (FEE, credit("corrected"), booked))) == []


def test_a_day_is_added_up_and_its_differences_become_work_that_ends() -> None:
    differing = Case(replace(ROW, orders=()), (FEE, credit("waived")))

    first, raised = looked_at(None, [differing])
    again, nothing = looked_at(first, [differing])
    mended, ended = looked_at(again, [CASE])

    assert first
    assert mended
    assert [type(fact) for fact in raised] == [TaskRaised]
    assert nothing == []
    assert [type(fact) for fact in ended] == [TaskResolved]
    assert raised[0].subject == ended[0].subject
    assert mended.sums == Sums(
        withdrawals=1,
        orders=1,
        delivered=1,
        undelivered=0,
        fees=1,
        charged=Money.of(120),
        credited=NOTHING,
        in_files=Money.of(120),
        not_in_files=NOTHING,
    )
    assert (first.sums.credited, first.sums.in_files) == (Money.of(120), NOTHING)


def test_a_day_that_is_added_up_in_parts_comes_to_the_same() -> None:
    differing = Case(replace(ROW, withdrawal_no="U2", orders=()), (FEE, credit("waived")))

    whole = add_up(AddedUp(), [CASE, differing], moment=MOMENT)
    parts = add_up(add_up(AddedUp(), [CASE], moment=MOMENT), [differing], moment=MOMENT)

    assert parts == whole
    assert (whole.sums.withdrawals, whole.patient_refs) == (2, {"U2": "p-1"})


def test_a_withdrawal_keeps_what_was_consumed_of_its_orders_before_it() -> None:
    opened = Withdrawal(WITHDRAWAL, "p-1", TODAY)
    early, _ = note_order(None, opened=opened, order_no=ORDER, change=was_sent)
    annulled, _ = note_annulled(early, opened=opened, fee_nos=(1, 1))

    known, _ = note_sent(annulled, published=replace(ROW, orders=()))

    assert known == replace(ROW, orders=(OrderHeard(ORDER, sent=True),), annulled_fees=(1,))
    assert note_sent(known, published=ROW) == (known, [])
    assert note_sent(None, published=ROW) == (ROW, [])


def test_an_order_keeps_its_outcome_and_a_delivery_counts_most() -> None:
    sent = OrderHeard(ORDER, sent=True)
    undeliverable = came_to(sent, outcome="undeliverable")

    assert came_to(undeliverable, outcome="annulled") is undeliverable
    assert came_to(undeliverable, outcome="delivered").outcome == "delivered"
    assert note_order(ROW, opened=ROW, order_no=ORDER, change=was_sent) == (ROW, [])
    assert note_annulled(replace(ROW, annulled_fees=(1,)), opened=ROW, fee_nos=(1,))[1] == []
    assert note_annulled(None, opened=ROW, fee_nos=()) == (ROW, [])


def test_only_what_was_looked_at_is_settled_and_something_new_opens_it_again() -> None:
    settled, _ = note_settled(ROW, seen=ROW.fingerprint)

    assert settled.settled
    assert note_settled(settled, seen=settled.fingerprint) == (settled, [])
    assert note_settled(ROW, seen=replace(ROW, annulled_fees=(1,)).fingerprint) == (ROW, [])
    opened, _ = note_annulled(settled, opened=ROW, fee_nos=(1,))
    assert opened
    assert not opened.settled


def test_a_withdrawal_follows_its_patient() -> None:
    moved, _ = move_withdrawal(ROW, into_ref="p-2")

    assert moved.patient_ref == "p-2"
    assert move_withdrawal(moved, into_ref="p-2") == (moved, [])
