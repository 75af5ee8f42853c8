"""The rules of recalls where something moved since it was read, or nothing is to be done (N4, Q60)."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from services.inventory.domain.devices.device import Device
from services.inventory.domain.goods.marks import RecallMark
from services.inventory.domain.orders.handing import OrderMoved
from services.inventory.domain.orders.order import DeviceOrder, Goods, Parcel
from services.inventory.domain.recalls.answering import correct_device
from services.inventory.domain.recalls.distributed import DistributedOrder, SentGoods, concerned
from services.inventory.domain.recalls.notices import RecallNotice, how_it_ended
from services.inventory.domain.recalls.noticing import notice_loans, notice_orders
from services.inventory.domain.recalls.piece import held_in
from services.inventory.domain.recalls.recall import FoundPieces, Recall, WhichPieces, start_recall

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
MARK = RecallMark("R1", AT)
RECALL = Recall("R1", WhichPieces(("910001",)), "Tryckfel", None, False, "keeper", AT, FoundPieces())
DEVICE = Device(
    "D1", "910001", "central", None, "on_loan", loan_id="L1", order_no="B1", recalls=(MARK,), to_notice=True
)
GOODS = Goods(1, "910300", 1, lot="AB12", recalls=(MARK,), handed_over=True)
ORDER = DeviceOrder("B1", parcels=(Parcel("B1.1", "received", "keeper", AT, goods=(GOODS,)),))
NOTICE = RecallNotice("R1:B1", "R1", "p-1", "DEMO-101", "cpap", "B1", "910300", 1, AT)


def test_a_device_that_moved_since_it_was_read_is_read_again() -> None:
    with pytest.raises(OrderMoved):
        correct_device(
            DEVICE, (), (), read=replace(DEVICE, loan_id="L2"), recall_no="R1", reason="Bytt", by="t", at=AT
        )


def test_who_was_not_read_is_noticed_the_next_time() -> None:
    _, devices, *_ = notice_loans((RECALL,), (DEVICE,), (None,), (), helds=(), at=AT)
    _, orders, *_ = notice_orders((RECALL,), (ORDER,), (), helds=(), at=AT)

    assert devices == (DEVICE,)
    assert orders == (ORDER,)


def test_goods_that_waited_and_are_handed_over_are_one_notice_and_one_message_where_wanted() -> None:
    (recall,), _, (notice,), facts = notice_orders(
        (RECALL,), (ORDER,), (NOTICE,), helds=(("R1", "B1"),), at=AT
    )

    assert notice is not None
    assert recall is not None
    assert (notice.is_told, recall.rounds, facts) == (True, 1, [])


def test_a_hand_out_that_was_a_mistake_has_nothing_of_a_recall() -> None:
    undone = replace(ORDER, state="taken_back")

    assert how_it_ended(NOTICE, None, undone) == "came_back"
    assert list(held_in(undone, WhichPieces(("910300",), counted=("910300",)))) == []


def test_of_a_distributors_order_only_the_recalled_article_is_meant() -> None:
    goods = (SentGoods("900001", "L1", despatched=2), SentGoods("900002", "L1", despatched=3))
    order = DistributedOrder("B1", first_on=date(2026, 11, 20), goods=goods)
    which = WhichPieces(("900002",), foods=("900002",), last_day=date(2026, 11, 19))

    assert [each.packages for each in concerned(order, replace(which, lot="L1"))] == [3]
    assert list(concerned(order, which)) == []


def test_a_recall_begins_once() -> None:
    with pytest.raises(ValueError, match="began already"):
        start_recall(RECALL, made=RECALL)
