"""What stands of a device's fee when two people, economists and facts about the device change it (S97)."""

from dataclasses import replace
from decimal import Decimal

from services.billing.domain.devices.following import adopt
from services.billing.domain.devices.loan import HandedOut
from services.billing.domain.devices.order import LineSent, Made, Sent
from services.billing.domain.fees.hold import hold_fee
from services.billing.domain.fees.ledger import event_id_of, net
from shared.domain.money import NOTHING, Money
from shared.events.tasks import TaskRaised, TaskResolved
from tests.billing.examples import ENTRY
from tests.billing.loans import (
    FEE,
    OF_ORDER,
    OPENED,
    ORDER,
    Book,
    at_care_unit,
    day,
    decided,
    exchanged,
    goods,
    handed_out,
    noon,
    returned,
    taken_back,
)

LESS = FEE.model_copy(update={"amount": Decimal(300)})
FREE = FEE.model_copy(update={"amount": Decimal(0)})


def test_a_fee_that_people_waived_stays_waived_whatever_comes() -> None:
    book = Book().hear(handed_out())
    (fee,) = book.fees
    book.kept[fee.event_id] = fee.came_to("removed", at=noon(day(2)), note="a-waiver")

    book.hear(decided(1, LESS), on=day(3)).settle(day(91))

    assert (book.stages, book.told) == ([("charge", "removed")], [])


def test_another_amount_stays_on_hold_with_the_reason_and_its_task() -> None:
    book = Book().hear(handed_out())
    held, _ = hold_fee(book.fees[0], reason="the patient disputes it", by="eko", at=noon(day(5)))
    book.kept[held.event_id] = held

    book.hear(decided(1, LESS), on=day(6))

    before, after = book.fees
    assert (before.hold, after.hold and after.hold.reason) == (None, "the patient disputes it")
    assert [type(each) for each in book.told] == [TaskResolved, TaskRaised]


def test_another_amount_of_a_fee_that_waits_past_its_day_is_asked_about_under_its_own_name() -> None:
    book = Book().hear(handed_out(), at_care_unit(day(80)), on=day(80)).settle(day(91))

    book.hear(decided(1, LESS), on=day(92))

    tasks = [each.task_id for each in book.told if isinstance(each, TaskRaised | TaskResolved)]
    first, second = (f"fee-awaits-collection:{fee.event_id}" for fee in book.fees)
    assert tasks == [first, first, second]


def test_a_removed_fee_that_is_another_by_now_is_booked_anew_when_it_stands_again() -> None:
    book = Book().hear(handed_out(), returned("A", day(3)), on=day(3)).hear(decided(1, LESS), on=day(4))

    book.hear(exchanged("A", "B", day(3)), on=day(5))

    assert (book.stages, net(book.fees)) == ([("charge", "removed"), ("charge", "deferred")], Money.of(300))


def test_free_and_paid_take_turns() -> None:
    book = Book().hear(handed_out(fee=FREE)).hear(decided(1, FEE), on=day(1))
    paid = net(book.fees)

    book.hear(decided(2, FREE), on=day(2)).settle(day(91))

    assert (paid, net(book.fees), book.told) == (Money.of(500), NOTHING, [])


def test_after_a_mistake_the_days_count_from_the_hand_out_that_was_none() -> None:
    book = Book().hear(handed_out(day(0)), handed_out(day(20), loan_id="loan-2", device_no="B"))

    book.hear(taken_back(day(21), "loan-1"), on=day(21)).settle(day(91))
    deferred = [stage for _, stage in book.stages]
    book.settle(day(111))

    assert deferred == ["removed", "deferred"]
    assert [stage for _, stage in book.stages] == ["removed", "told"]


def test_a_fee_that_is_with_invoicing_is_not_sent_again_for_another_day_that_has_come_too() -> None:
    book = Book().hear(handed_out(day(5)), on=day(5)).settle(day(100))

    book.hear(handed_out(day(0), loan_id="loan-2", device_no="B"), on=day(101))

    assert book.stages == [("charge", "told")]


def test_a_return_of_counted_goods_is_not_awaited_and_their_fee_may_be_deferred() -> None:
    book = Book().hear(goods()).settle(day(90))
    deferred = book.stages

    book.hear(returned("A", day(80)), on=day(90)).settle(day(91))

    assert (deferred, book.stages) == ([("charge", "deferred")], [("charge", "told")])


def test_counted_goods_that_cost_nothing_are_paid_after_all_from_the_day_that_the_patient_got_them() -> None:
    sent = Sent("cpap", "DEMO-101", "DEMO-101", (LineSent(1, "910300", None),))
    order = replace(OF_ORDER, sent=sent, made=(Made(1, day(0), noon(day(0))),))
    book = Book(order=order).settle(day(1))
    nothing = list(book.fees)

    book.hear(decided(1, FEE), on=day(10)).settle(day(90))
    deferred = book.stages
    book.settle(day(91))

    assert (nothing, deferred, book.stages) == ([], [("charge", "deferred")], [("charge", "told")])
    assert (book.fees[0].entry.article_nos, book.fees[0].entry.due_on) == (("910300",), day(91))


def test_the_fee_of_a_line_is_known_from_a_piece_that_was_handed_out_by_mistake_too() -> None:
    book = Book().hear(handed_out(), handed_out(day(2), fee=None, loan_id="loan-2", device_no="B"))

    book.hear(taken_back(day(3), "loan-1"), on=day(3)).settle(day(93))

    assert sorted(book.stages) == [("charge", "removed"), ("charge", "told")]


def test_two_fees_of_one_order_go_each_its_way() -> None:
    second = FEE.model_copy(update={"fee_no": 2, "deferred_days": 0})
    book = Book().hear(handed_out(), goods(line_no=2, fee=second))

    book.hear(decided(1, None), on=day(2)).settle(day(91))

    assert sorted(book.stages) == [("charge", "removed"), ("charge", "told")]


def test_a_fee_of_the_version_before_is_given_to_its_order_once() -> None:
    entry = replace(ENTRY, event_id=event_id_of(ORDER, 1, kind="charge"), source_no=ORDER, loan_id="loan-1")
    kept = replace(OPENED, handed_out=HandedOut("A", day(0), entry))

    loan, order, _ = adopt(kept, None)
    again = adopt(loan, order)

    assert order
    assert (order.loan_ids, again) == (("loan-1",), (loan, order, []))
