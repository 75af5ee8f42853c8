"""The mark of a piece is the set of open recalls, in whatever order they mark, end and are taken off (N4)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import combinations

import pytest

from services.inventory.domain.devices.device import Device
from services.inventory.domain.goods.balance import Balance, Lot
from services.inventory.domain.orders.order import DeviceOrder, Goods, Parcel
from services.inventory.domain.recalls.marking import (
    mark_devices,
    mark_orders,
    unmark_balance,
    unmark_devices,
    unmark_orders,
)
from services.inventory.domain.recalls.quarantine import ApartByRecall, set_goods_apart_by_recall
from services.inventory.domain.recalls.recall import (
    FoundPieces,
    Recall,
    RecallEnded,
    WhichPieces,
    end_recall,
    mark_made,
)

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
WHICH = WhichPieces(("910001", "910300"), counted=("910300",))
FIRST = Recall("R1", WHICH, "Tryckfel", None, False, "keeper", AT, FoundPieces(on_shelves=1))
SECOND = replace(FIRST, recall_no="R2", reason="Sprickor")
PARCEL = Parcel("B1.1", "received", "keeper", AT, goods=(Goods(1, "910300", 1, lot="AB12"),))


@dataclass
class Pieces:
    """A device on loan, goods on a shelf and goods at a unit, with the recalls that concern them."""

    recalls: dict[str, Recall] = field(default_factory=lambda: {"R1": FIRST, "R2": SECOND})
    device: Device = field(
        default_factory=lambda: Device("D1", "910001", "central", None, state="on_loan", loan_id="L1")
    )
    balance: Balance = field(
        default_factory=lambda: Balance("DEMO-S1", "910300", (Lot("AB12", None, on_hand=3),))
    )
    order: DeviceOrder = field(default_factory=lambda: DeviceOrder("B1", parcels=(PARCEL,)))

    def mark(self, no: str) -> None:
        """Mark all, as the job does in changes of its own; after the end it marks nothing."""
        try:
            self.recalls[no], (self.device,), (), _ = mark_devices(self.recalls[no], (self.device,), ())
            self.recalls[no], (self.order,), _ = mark_orders(self.recalls[no], (self.order,))
            apart = ApartByRecall("M1", "DEMO-S1", "910300", ("910300",), AT)
            self.recalls[no], _, (balance,), (), _ = set_goods_apart_by_recall(
                self.recalls[no], None, (self.balance,), (), apart=apart
            )
            assert balance
            self.balance = balance
        except RecallEnded:
            assert self.recalls[no].state == "withdrawn"

    def withdraw(self, no: str) -> None:
        self.recalls[no], _ = end_recall(
            self.recalls[no], outcome="withdrawn", left=5, reason="Fel artikel", by="keeper", at=AT
        )

    def unmark(self, no: str) -> None:
        (self.device,), _ = unmark_devices((self.device,), recall_no=no)
        (self.order,), _ = unmark_orders((self.order,), recall_no=no)
        self.balance, _ = unmark_balance(self.balance, recall_no=no)

    def marks(self) -> tuple[set[str], ...]:
        (goods,) = self.order.parcels[0].goods
        marked = (self.device.recalls, self.balance.recalls, goods.recalls)
        return tuple({each.recall_no for each in marks} for marks in marked)


def merged(one: Sequence[str], other: Sequence[str]) -> Iterator[list[str]]:
    """Give every order in which the steps of two can happen."""
    for places in combinations(range(len(one) + len(other)), len(one)):
        mine, theirs = iter(one), iter(other)
        yield [next(mine) if place in places else next(theirs) for place in range(len(one) + len(other))]


JOB, SECOND_JOB = ("mark R1", "mark R1"), ("mark R2", "mark R2")
END, SECOND_END = ("withdraw R1", "unmark R1"), ("withdraw R2", "unmark R2")


@pytest.mark.parametrize("ends", [(), ("R1",), ("R2",), ("R1", "R2")])
def test_whatever_the_order_the_mark_is_the_set_of_open_recalls(ends: tuple[str, ...]) -> None:
    firsts = list(merged(JOB, END if "R1" in ends else ()))
    seconds = list(merged(SECOND_JOB, SECOND_END if "R2" in ends else ()))
    seen = 0
    for first in firsts:
        for second in seconds:
            for steps in merged(first, second):
                pieces = Pieces()
                for step in steps:
                    act, no = step.split()
                    getattr(pieces, act)(no)
                still_open = {"R1", "R2"} - set(ends)
                assert pieces.marks() == (still_open,) * 3, steps
                assert pieces.device.is_stopped == bool(still_open)
                seen += 1
    assert seen >= 6


def test_a_change_that_marks_raises_the_recall_so_that_its_end_is_not_made_at_the_same_moment() -> None:
    changed, *_ = mark_orders(FIRST, (DeviceOrder("B1", parcels=(PARCEL,)),))

    assert changed.rounds == FIRST.rounds + 1
    with pytest.raises(RecallEnded):
        mark_made(replace(FIRST, state="carried_out"))


def test_a_recall_that_concerns_a_piece_already_marks_it_once() -> None:
    pieces = Pieces()

    pieces.mark("R1")
    before = pieces.device
    pieces.mark("R1")

    assert pieces.device is before
    assert len(pieces.balance.recalls) == 1
    assert [each.quarantined for each in pieces.balance.lots] == [3]
