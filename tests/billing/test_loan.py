"""What billing keeps of a device on loan, in whatever order it is heard."""

from dataclasses import replace

import pytest

from services.billing.domain.loan import HandedOut, Loan, device_now, verdict_of
from tests.billing.loans import (
    OPENED,
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


def heard(*notes: Note) -> Loan:
    loan: Loan | None = None
    for note in notes:
        loan, facts = note(loan)
        assert facts == []
    assert loan
    return loan


@pytest.mark.parametrize(
    "note",
    [handed_out(), exchanged("A", "B", day(1)), returned("A", day(1)), at_care_unit(day(1))],
    ids=["hand-out", "exchange", "return", "collection order"],
)
def test_what_is_heard_again_changes_nothing(note: Note) -> None:
    once = heard(note)

    again, _ = note(once)

    assert again is once


def test_a_closing_that_is_heard_before_its_collection_order_waits_for_it() -> None:
    early = heard(handed_out(), fetched(day(20)))

    assert (verdict_of(early), verdict_of(heard(handed_out(), fetched(day(20)), at_home(day(10))))) == (
        "runs",
        "removed",
    )


def test_two_orders_are_kept_apart() -> None:
    loan = heard(
        handed_out(), at_care_unit(day(1)), at_care_unit(day(2), number="H2"), annulled(day(3)),
    )  # fmt: skip

    assert verdict_of(loan) == "waits"
    assert verdict_of(heard(lambda _: (loan, []), annulled(day(4), number="H2"))) == "runs"


def test_the_first_device_may_come_back_after_its_repair() -> None:
    loan = heard(
        handed_out(), returned("A", day(10)), exchanged("A", "B", day(10)), exchanged("B", "A", day(30))
    )

    assert (device_now(loan), verdict_of(loan)) == (("A", day(30)), "runs")
    assert verdict_of(heard(lambda _: (loan, []), returned("A", day(50)))) == "removed"


def test_an_order_from_before_the_device_came_does_not_count() -> None:
    loan = heard(
        handed_out(), at_care_unit(day(5)), exchanged("A", "B", day(10)), exchanged("B", "A", day(30))
    )

    assert verdict_of(loan) == "runs"


def test_exchanges_of_one_day_are_followed_from_device_to_device() -> None:
    loan = heard(exchanged("B", "C", day(4)), exchanged("A", "B", day(4)), handed_out())

    assert device_now(loan) == ("C", day(4))


def test_without_a_hand_out_or_a_fee_there_is_nothing_to_say() -> None:
    free = replace(OPENED, handed_out=HandedOut("A", day(0), entry=None))

    with pytest.raises(LookupError, match="has no fee"):
        verdict_of(free)
    with pytest.raises(LookupError, match="was not handed out"):
        device_now(OPENED)
    assert (OPENED.entry, free.entry) == (None, None)
