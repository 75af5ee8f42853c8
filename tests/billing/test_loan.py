"""What billing keeps of a device on loan, in whatever order it is heard."""

import pytest

from services.billing.domain.devices.loan import device_now, verdict_of
from tests.billing.loans import (
    OPENED,
    Book,
    Note,
    annulled,
    at_care_unit,
    at_home,
    day,
    exchanged,
    fetched,
    handed_out,
    returned,
)


def heard(*notes: Note, after: Book | None = None) -> Book:
    book = after or Book()
    for note in notes:
        note(book)
    return book


def verdict(book: Book) -> str:
    return verdict_of(book.loans["loan-1"], last=day(90))


@pytest.mark.parametrize(
    "note",
    [handed_out(), exchanged("A", "B", day(1)), returned("A", day(1)), at_care_unit(day(1))],
    ids=["hand-out", "exchange", "return", "collection order"],
)
def test_what_is_consumed_again_changes_nothing(note: Note) -> None:
    once = heard(note)
    before = once.loans["loan-1"], once.order

    note(once)

    assert once.loans["loan-1"] is before[0]
    assert once.order is before[1]


def test_a_closing_that_is_consumed_before_its_collection_order_waits_for_it() -> None:
    early = heard(handed_out(), fetched(day(20)))

    assert (verdict(early), verdict(heard(handed_out(), fetched(day(20)), at_home(day(10))))) == (
        "runs",
        "removed",
    )


def test_two_orders_are_kept_apart() -> None:
    loan = heard(
        handed_out(), at_care_unit(day(1)), at_care_unit(day(2), number="H2"), annulled(day(3)),
    )  # fmt: skip

    assert verdict(loan) == "waits"
    assert verdict(heard(annulled(day(4), number="H2"), after=loan)) == "runs"


def test_the_first_device_may_come_back_after_its_repair() -> None:
    loan = heard(
        handed_out(), returned("A", day(10)), exchanged("A", "B", day(10)), exchanged("B", "A", day(30))
    )

    assert (device_now(loan.loans["loan-1"]), verdict(loan)) == (("A", day(30)), "runs")
    assert verdict(heard(returned("A", day(50)), after=loan)) == "removed"


def test_an_order_from_before_the_device_came_does_not_count() -> None:
    loan = heard(
        handed_out(), at_care_unit(day(5)), exchanged("A", "B", day(10)), exchanged("B", "A", day(30))
    )

    assert verdict(loan) == "runs"


def test_exchanges_of_one_day_are_followed_from_device_to_device() -> None:
    loan = heard(exchanged("B", "C", day(4)), exchanged("A", "B", day(4)), handed_out())

    assert device_now(loan.loans["loan-1"]) == ("C", day(4))


def test_without_a_hand_out_there_is_nothing_to_say() -> None:
    with pytest.raises(LookupError, match="was not handed out"):
        device_now(OPENED)
