"""The 90 days of a device's fee: removed or due, never both and never neither (Q10)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.billing.domain.devices.deferral import settle_order
from services.billing.domain.devices.order import DeviceOrder
from services.billing.domain.fees.account import Account, AccountMoved
from services.billing.domain.fees.ledger import net
from services.billing.domain.fees.payer import Payer
from services.billing.domain.fees.statement import LATER, TO_INVOICE, status_of
from shared.domain.money import NOTHING
from shared.events.billing import FeeCharged, FeeCredited
from shared.events.tasks import TaskRaised, TaskResolved
from shared.partners import FeeEvent
from tests.billing.examples import PAYER
from tests.billing.loans import (
    AMOUNT,
    OF_ORDER,
    ORDER,
    Book,
    annulled,
    at_care_unit,
    at_home,
    day,
    exchanged,
    fetched,
    handed_out,
    noon,
    returned,
)

REMOVED = [("charge", "removed")]
DEFERRED = [("charge", "deferred")]
TOLD = [("charge", "told")]
CREDITED = [("charge", "told"), ("credit", "told")]


def test_the_fee_falls_due_on_day_91_and_is_sent_then() -> None:
    book = Book().hear(handed_out())

    before = (book.settle(day(90)).stages, status_of(book.fees[0]), list(book.told))
    book.settle(day(91))

    assert before == (DEFERRED, LATER, [])
    assert (book.stages, status_of(book.fees[0])) == (TOLD, TO_INVOICE)
    assert [type(each) for each in book.told] == [FeeCharged, FeeEvent]
    assert [str(each.due_on) for each in book.told if isinstance(each, FeeCharged)] == [str(day(91))]


@pytest.mark.parametrize("number", [0, 1, 89, 90])
def test_a_return_by_day_90_removes_the_fee_and_invoicing_gets_nothing(number: int) -> None:
    book = Book().hear(handed_out()).hear(returned("A", day(number)), on=day(number)).settle(day(91))

    assert (book.stages, book.told) == (REMOVED, [])


def test_a_return_on_day_91_does_not_remove_the_fee() -> None:
    book = Book().hear(handed_out(), returned("A", day(91)), on=day(91))

    assert book.stages == TOLD


@pytest.mark.parametrize(
    ("last", "first"),
    [("2028-02-29", "2027-12-01"), ("2027-03-01", "2026-12-01"), ("2028-05-29", "2028-02-29")],
)
def test_the_days_are_days_of_the_calendar_also_in_a_leap_year(first: str, last: str) -> None:
    day_0, day_90 = date.fromisoformat(first), date.fromisoformat(last)

    in_time = Book().hear(handed_out(day_0), returned("A", day_90)).settle(day(91, first=day_0))
    late = Book().hear(handed_out(day_0), returned("A", day_90 + timedelta(days=1)))

    assert (in_time.stages, late.settle(day(91, first=day_0)).stages) == (REMOVED, TOLD)


def test_a_return_that_is_consumed_after_the_fee_was_sent_credits_it_once() -> None:
    book = Book().hear(handed_out()).settle(day(91))

    book.hear(returned("A", day(90)), returned("A", day(90)), on=day(93)).settle(day(94))

    assert (book.stages, net(book.fees)) == (CREDITED, NOTHING)
    assert [each.why for each in book.told if isinstance(each, FeeCredited)] == ["returned"]


def test_a_collection_order_at_the_care_unit_holds_the_fee_until_it_is_closed() -> None:
    book = Book().hear(handed_out()).hear(at_care_unit(day(90)), on=day(90)).settle(day(95))
    waiting = book.stages

    book.hear(fetched(day(120)), on=day(120))

    assert (waiting, book.stages) == (DEFERRED, REMOVED)


def test_a_collection_order_at_the_care_unit_on_day_91_is_too_late() -> None:
    assert Book().hear(handed_out(), at_care_unit(day(91)), fetched(day(92)), on=day(92)).stages == TOLD


@pytest.mark.parametrize(("number", "stages"), [(60, DEFERRED), (95, TOLD)])
def test_after_an_annulled_collection_order_the_fee_goes_on_with_its_clock(
    number: int, stages: list[tuple[str, str]]
) -> None:
    book = Book().hear(handed_out(), at_care_unit(day(50)), on=day(50))

    book.hear(annulled(day(number)), on=day(number))

    assert book.stages == stages
    assert book.settle(day(95)).stages == TOLD


@pytest.mark.parametrize(("number", "stages"), [(90, REMOVED), (91, TOLD)])
def test_of_a_collection_at_home_the_day_of_fetching_counts(
    number: int, stages: list[tuple[str, str]]
) -> None:
    book = Book().hear(handed_out(), at_home(day(10)), on=day(10))

    book.hear(fetched(day(number)), on=day(number)).settle(day(91))

    assert book.stages == stages


def test_a_collection_at_home_that_nobody_fetches_holds_nothing() -> None:
    assert Book().hear(handed_out(), at_home(day(10))).settle(day(91)).stages == TOLD
    assert Book().hear(handed_out(), at_home(day(10)), annulled(day(11))).settle(day(91)).stages == TOLD


def test_an_exchange_carries_fee_and_clock_over_to_the_new_device() -> None:
    book = Book().hear(handed_out(), exchanged("A", "B", day(40)), returned("A", day(40)), on=day(40))
    carried = book.settle(day(90)).stages

    book.hear(returned("B", day(90)), on=day(90))

    assert (carried, book.stages) == (DEFERRED, REMOVED)


def test_a_new_device_does_not_start_the_clock_again() -> None:
    book = Book().hear(handed_out(), exchanged("A", "B", day(80)), on=day(80))

    assert book.settle(day(91)).stages == TOLD
    assert book.hear(returned("B", day(100)), on=day(100)).stages == TOLD


def test_collecting_the_defective_device_after_an_exchange_leaves_the_fee_alone() -> None:
    book = Book().hear(handed_out(), exchanged("A", "B", day(5)), at_care_unit(day(6)), fetched(day(7)))

    assert book.settle(day(91)).stages == TOLD


def test_what_came_back_and_turns_out_to_have_been_exchanged_is_deferred_again() -> None:
    book = Book().hear(handed_out(), returned("A", day(40)), on=day(40))
    removed = book.stages

    book.hear(exchanged("A", "B", day(40)), on=day(41))

    assert (removed, book.stages) == (REMOVED, DEFERRED)
    assert [step.note for step in book.fees[0].progress] == [None, "returned", "taken-up"]


def test_a_fee_that_was_credited_by_mistake_is_booked_again_and_can_be_credited_again() -> None:
    book = Book().hear(handed_out()).settle(day(91)).hear(returned("A", day(80)), on=day(92))

    book.hear(exchanged("A", "B", day(80)), on=day(93))
    again = net(book.fees)
    book.hear(returned("B", day(85)), on=day(94))

    assert (again, net(book.fees)) == (AMOUNT, NOTHING)
    assert [fee.entry.fee_no for fee in book.fees] == [1, 1, 1001, 1001]


def test_who_pays_by_now_is_who_gets_the_fee() -> None:
    book = Book()
    handed_out()(book)
    assert book.order

    _, _, account, fees, _, _ = settle_order(
        book.order, tuple(book.loans.values()), None, (None, None, None), replace(PAYER, patient_ref="p-2"),
        seen=book.order, opened=Account(ORDER, "p-2"), at=noon(day(0)),
    )  # fmt: skip

    assert account
    assert (account.patient_ref, fees[0] and fees[0].patient_ref) == ("p-2", "p-2")


@pytest.mark.parametrize(
    ("seen", "payer", "corrected"),
    [
        (None, replace(PAYER, merged_into="p-2"), ()),
        (None, PAYER, (1,)),
        (replace(OF_ORDER, charged=()), PAYER, ()),
    ],
    ids=["a merged patient", "a correction", "another hand-out"],
)
def test_what_moved_since_it_was_read_is_read_again(
    seen: DeviceOrder | None, payer: Payer, corrected: tuple[int, ...]
) -> None:
    book = Book()
    handed_out()(book)
    assert book.order

    with pytest.raises(AccountMoved):
        settle_order(
            book.order, tuple(book.loans.values()), Account(ORDER, "p-1", corrected=corrected),
            (None, None, None), payer, seen=seen or book.order, opened=Account(ORDER, "p-1"), at=noon(day(0)),
        )  # fmt: skip


def test_a_device_without_a_fee_costs_nothing() -> None:
    book = Book().hear(handed_out(fee=None)).settle(day(91))

    assert (book.fees, book.told, book.account) == ([], [], None)


def test_what_changes_nothing_writes_nothing() -> None:
    book = Book().hear(handed_out())
    before = (book.order, book.account, dict(book.kept))

    book.settle(day(1))

    assert (book.order, book.account, book.kept) == before
    assert (book.order is before[0], book.account is before[1]) == (True, True)


def test_an_order_that_holds_a_fee_past_its_day_asks_a_person_until_it_is_closed() -> None:
    book = Book().hear(handed_out(), at_care_unit(day(80)), on=day(80)).settle(day(90))
    quiet = list(book.told)

    book.settle(day(91)).settle(day(92)).hear(fetched(day(93)), on=day(93))

    assert quiet == []
    assert [type(each) for each in book.told] == [TaskRaised, TaskResolved]
    assert {getattr(each, "task_id", None) for each in book.told} == {
        f"fee-awaits-collection:{book.fees[0].event_id}"
    }


def test_a_fee_that_becomes_late_again_is_asked_about_again() -> None:
    book = Book().hear(handed_out(), at_care_unit(day(80)), on=day(80)).settle(day(91))
    book.hear(fetched(day(93)), on=day(93))

    # What was fetched had been exchanged before, and the new device is to be collected too.
    book.hear(at_care_unit(day(89), device_no="B", number="H2"), exchanged("A", "B", day(80)), on=day(94))

    assert [type(each) for each in book.told] == [TaskRaised, TaskResolved, TaskRaised]
