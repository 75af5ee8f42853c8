"""Lots that a distributor names in its replies are published with the goods, once each (Q60, N4)."""

from dataclasses import replace
from datetime import date

import pytest

from shared.domain.code import lot_of
from shared.events.fact import Fact
from shared.events.ordering import LotsReported, OrderDelivered, OrderDespatched
from shared.partners import DespatchedLine
from tests.ordering.conversation import DELIVERED, DESPATCHED, after, arrived, goods, left
from tests.ordering.examples import ORDER, SENT, USED

FIRST = DespatchedLine(line=1, quantity=4, batch="L2345A", best_before=date(2027, 3, 31))
SECOND = DespatchedLine(line=1, quantity=6, batch="l 2345 b")


def named(facts: list[Fact]) -> list[tuple[type[Fact], list[tuple[str, int, str | None]]]]:
    return [
        (type(each), [(one.article_no, one.packages, one.lot) for one in each.goods])
        for each in facts
        if isinstance(each, OrderDespatched | OrderDelivered | LotsReported)
    ]


def test_each_despatch_says_which_packages_of_which_lot_left() -> None:
    article_no = ORDER.lines[0].article_no
    others = [goods(each.line, each.packages) for each in ORDER.lines[1:]]

    *_, told = after(left(FIRST, SECOND), arrived(FIRST, SECOND), arrived(*others))

    rows = [(article_no, 4, "L2345A"), (article_no, 6, "L2345B")]
    rest = [(each.article_no, each.packages, None) for each in ORDER.lines[1:]]
    assert named(told) == [(OrderDespatched, rows), (LotsReported, rows), (OrderDelivered, rest)]
    (despatched,) = [each for each in told if isinstance(each, OrderDespatched)]
    assert despatched.goods[0].best_before == date(2027, 3, 31)
    assert (despatched.care_unit, despatched.product_area) == (SENT.care_units[0], SENT.product_area)


def test_a_distributor_that_names_no_lines_names_no_lot() -> None:
    *_, told = after(DESPATCHED, DELIVERED)

    assert {lot for _, rows in named(told) for _, _, lot in rows} == {None}
    assert [sum(packages for _, packages, _ in rows) for _, rows in named(told)] == [20, 20]


def test_a_part_that_is_delivered_names_its_lots_too_and_one_without_lots_is_not_told_of() -> None:
    *_, told = after(arrived(FIRST))
    *_, silent = after(arrived(FIRST.model_copy(update={"batch": None})))

    assert [kind for kind, _ in named(told)] == [LotsReported]
    assert named(silent) == []


def test_a_second_parcel_that_is_left_outside_has_no_notice_and_its_lots_are_told_of() -> None:
    outside = replace(SENT.choice.delivery, rule="leave_outside")
    sent = replace(SENT, choice=replace(SENT.choice, delivery=outside))

    *_, told = after(left(FIRST), left(SECOND), start=(sent, USED, ORDER))

    assert [kind for kind, _ in named(told)] == [OrderDespatched, LotsReported]


@pytest.mark.parametrize(
    ("written", "lot"),
    [
        ("25A 0312", "25A0312"),
        ("lot-7/B", "LOT-7/B"),
        ("19121212-1212", None),
        ("Ring Anna", None),
        ("", None),
        (None, None),
    ],
)
def test_a_lot_is_read_as_it_is_sent_and_never_a_name_or_a_persons_number(
    written: str | None, lot: str | None
) -> None:
    assert lot_of(written) == lot
