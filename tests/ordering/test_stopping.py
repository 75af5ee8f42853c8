"""A patient dies or becomes protected with withdrawals waiting and on their way."""

from dataclasses import replace

from services.ordering.domain.stopping import must_stop, stop_for
from services.ordering.domain.withdrawing.annulling import ask_to_stop
from shared.events.ordering import Notify
from shared.events.tasks import TaskRaised
from shared.partners import OrderCancelRequest
from tests.ordering.conversation import LATER, after
from tests.ordering.examples import DRAFT, ORDER, ORDER_NO, PATIENT, PERSON, SENT, TODAY

DEAD = replace(PERSON, deceased_on=TODAY)
PROTECTED = replace(PERSON, protected=True)


def test_only_for_the_dead_and_the_protected_withdrawals_are_stopped() -> None:
    assert [must_stop(each) for each in (None, PERSON, DEAD, PROTECTED)] == [False, False, True, True]


def test_a_draft_is_annulled_with_the_reason_and_forgets_where_it_would_have_gone() -> None:
    dead, *_ = stop_for(DRAFT, (), person=DEAD, at=LATER)
    protected, *_ = stop_for(DRAFT, (), person=PROTECTED, at=LATER)

    assert (dead.state, dead.history[-1].note) == ("annulled", "deceased")
    assert (protected.state, protected.history[-1].note) == ("annulled", "protected-identity")
    assert dead.choice.delivery.address is None
    assert protected.choice.delivery.recipient is None


def test_a_person_who_became_protected_is_named_no_more_whatever_happened_before() -> None:
    protected, *_ = stop_for(SENT, (ORDER,), person=PROTECTED, at=LATER)

    assert SENT.named_ref == PATIENT
    assert len(protected.history) > 1
    assert protected.named_ref is None


def test_for_somebody_who_died_the_distributor_is_asked_to_stop_once() -> None:
    withdrawal, orders, told = stop_for(SENT, (ORDER,), person=DEAD, at=LATER)
    again = stop_for(withdrawal, orders, person=DEAD, at=LATER)

    assert [each.order_no for each in told if isinstance(each, OrderCancelRequest)] == [ORDER_NO]
    assert (withdrawal.history[-1].by, withdrawal.history[-1].note) == ("ordering", "deceased")
    assert again == (withdrawal, orders, [])


def test_of_a_protected_person_nothing_is_stored_and_customer_service_is_told_of_the_order_once() -> None:
    withdrawal, orders, told = stop_for(SENT, (ORDER,), person=PROTECTED, at=LATER)
    again = stop_for(withdrawal, orders, person=PROTECTED, at=LATER)

    delivery = withdrawal.choice.delivery
    assert (delivery.recipient, delivery.address, delivery.notice_to) == (None, None, None)
    assert orders[0].notify == Notify(channel="none")
    (task,) = told
    assert isinstance(task, TaskRaised)
    assert (task.kind, task.subject_no, task.patient_ref) == ("protected_with_order", ORDER_NO, None)
    assert again == (withdrawal, orders, [])


def test_an_order_that_is_over_needs_nobody_when_the_person_becomes_protected() -> None:
    refused, _, order, _ = after()
    over = replace(order, over_at=LATER)

    *_, told = stop_for(refused, (over,), person=PROTECTED, at=LATER)

    assert told == []


def test_nothing_is_asked_of_orders_that_are_over() -> None:
    over = replace(ORDER, over_at=LATER)

    assert ask_to_stop(SENT, (over,), by="clerk-1", at=LATER) == (SENT, (over,), [])
