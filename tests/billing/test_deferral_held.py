"""A deferred fee that somebody holds, that no number is known for, or that a cap cuts."""

from decimal import Decimal

from services.billing.domain.fees.cap import Caps
from services.billing.domain.fees.hold import hold_fee, release_fee
from services.billing.domain.fees.ledger import net
from shared.domain.money import Money
from shared.events.billing import FeeCharged
from shared.events.fees import Cap
from shared.events.tasks import TaskRaised, TaskResolved
from shared.partners import FeeEvent
from tests.billing.examples import PAYER, PROTECTED
from tests.billing.loans import (
    AMOUNT,
    FEE,
    Book,
    at_care_unit,
    day,
    exchanged,
    handed_out,
    noon,
    returned,
)

CAP = Cap(scope="patient", amount=Money.of(300).amount, window_days=30)
CAPS: Caps = {FEE.tariff: CAP}


def test_a_deferred_fee_can_be_held_and_its_days_go_on() -> None:
    book = Book().hear(handed_out())
    held, _ = hold_fee(book.fees[0], reason="the patient disputes it", by="eko", at=noon(day(5)))
    book.kept[held.event_id] = held
    book.settle(day(91))
    over_by_hand = book.stages

    free, _, facts = release_fee(book.fees[0], PAYER, by="ekon", at=noon(day(92)))

    assert (held.stage, over_by_hand, free.stage) == ("deferred", [("charge", "held")], "told")
    assert [type(each) for each in facts] == [TaskResolved, FeeCharged, FeeEvent]


def test_a_deferred_fee_that_is_released_by_hand_is_deferred_on() -> None:
    book = Book().hear(handed_out(), at_care_unit(day(80)), on=day(80))
    held, _ = hold_fee(book.fees[0], reason="the patient disputes it", by="eko", at=noon(day(81)))

    free, _, _ = release_fee(held, PAYER, by="ekon", at=noon(day(95)))

    assert (free.stage, free.hold) == ("deferred", None)


def test_a_fee_without_a_number_waits_on_day_91_and_a_person_is_asked() -> None:
    book = Book(payer=PROTECTED).hear(handed_out()).settle(day(91))

    assert book.stages == [("charge", "held")]
    assert [each.kind for each in book.told if isinstance(each, TaskRaised)] == ["fee_without_number"]


def test_a_device_of_0_kr_has_nothing_to_remove() -> None:
    book = Book().hear(handed_out(fee=FEE.model_copy(update={"amount": Decimal(0)})))

    book.hear(returned("A", day(1)), on=day(1)).settle(day(91))

    assert (book.stages, book.told) == ([("charge", "nothing_due")], [])


def test_a_deferred_fee_counts_under_the_cap_until_the_device_comes_back() -> None:
    book = Book(caps=CAPS).hear(handed_out())
    counted = [each.amount for each in book.payer.spent] if book.payer else []

    book.hear(returned("A", day(3)), on=day(3))
    given_back = book.payer.spent if book.payer else None
    book.hear(exchanged("A", "B", day(3)), on=day(4))

    assert (counted, given_back) == ([Money.of(300)], ())
    assert [each.amount for each in book.payer.spent] == [Money.of(300)] if book.payer else False
    assert (net(book.fees), book.fees[0].entry.before_cap) == (Money.of(300), AMOUNT)


def test_consumed_as_return_hand_out_exchange_the_fee_is_held_to_the_cap() -> None:
    caps = {FEE.tariff: Cap(scope="patient", amount=Money.of(100).amount, window_days=30)}
    book = Book(caps=caps, payer=None).hear(returned("A", day(3)), handed_out(), exchanged("A", "B", day(3)))

    assert net(book.fees) == Money.of(100)
    assert [each.amount for each in book.payer.spent] == [Money.of(100)] if book.payer else False
