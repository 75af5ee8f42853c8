"""Recalled goods that a patient has: a task for the care unit, a message, and when they came back (N4)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from services.inventory.domain.devices.device import Device, device_changed
from services.inventory.domain.devices.loan import Loan
from services.inventory.domain.goods.lots import same_piece_number
from services.inventory.domain.orders.order import DeviceOrder, Goods, with_parcel
from services.inventory.domain.recalls.recall import Recall
from shared.domain.decision import Decision, Refused, Sentence
from shared.events.fact import Fact
from shared.events.inventory import RecallConcernsPatient
from shared.events.tasks import TaskRaised, TaskResolved

How = Literal["came_back", "ended_by_hand", "withdrawn"]


class NoticeEnded(Refused):
    """What became of the goods is known already."""

    rule = "recall-notice-ended"
    sentence = Sentence(
        "Det är redan känt vad som hände med varan.", "What became of the goods is known already."
    )


@dataclass(frozen=True)
class RecallNotice:
    """Recalled goods of one hand-out, until they came back or somebody says what became of them."""

    notice_id: str
    recall_no: str
    patient_ref: str
    care_unit: str
    product_area: str
    order_no: str
    article_no: str
    quantity: int
    noticed_at: datetime
    device_no: str | None = None
    loan_id: str | None = None
    lot: str = ""
    is_open: bool = True
    ended_at: datetime | None = None
    ended_by: str | None = None
    how: How | None = None
    why: str | None = None


Notices = tuple[RecallNotice | None, ...]


def notice_id(recall_no: str, held: str) -> str:
    """Name the notice of a recall about one loan, or one order's goods of a lot."""
    return f"{recall_no}:{held}"


def mark_devices(
    devices: tuple[Device, ...],
    loans: tuple[Loan | None, ...],
    notices: Notices,
    *,
    recall: Recall,
    at: datetime,
) -> Decision[tuple[Device, ...], tuple[Loan | None, ...], Notices]:
    """Mark devices as recalled: none is lent any more, and who has one is noticed (N4).

    `loans` and `notices` stand in the order of the devices that were on loan; one that is lent to another
    by now is found the next time.
    """
    marked = tuple(_marked(each, recall) for each in devices)
    facts: list[Fact] = [
        device_changed(after) for after, before in zip(marked, devices, strict=True) if after != before
    ]
    lent = {each.loan_id: each for each in marked if each.loan_id}
    after: list[RecallNotice | None] = []
    for loan, kept in zip(loans, notices, strict=True):
        device = lent.get(loan.loan_id) if loan else None
        if kept is not None or loan is None or device is None:
            after.append(kept)
            continue
        notice = _of_loan(loan, device, recall, at)
        after.append(notice)
        facts += _told(notice, recall)
    return marked, loans, tuple(after), facts


def unmark_devices(devices: tuple[Device, ...], *, recall_no: str) -> Decision[tuple[Device, ...]]:
    """Take the mark of a withdrawn recall off; what is set apart stays so until somebody looks (N4)."""
    after = tuple(
        replace(each, recall_no=None, version=each.version + 1) if each.recall_no == recall_no else each
        for each in devices
    )
    return after, [device_changed(new) for new, old in zip(after, devices, strict=True) if new != old]


def notice_lots(
    orders: tuple[DeviceOrder, ...], notices: Notices, *, recall: Recall, at: datetime
) -> Decision[tuple[DeviceOrder, ...], Notices]:
    """Notice each order of which goods of the lot are with a patient, or wait for one (N4)."""
    after, facts = list[RecallNotice | None](), list[Fact]()
    for order, kept in zip(orders, notices, strict=True):
        pieces = sum(quantity for _, quantity in pieces_of(order, recall))
        if kept is not None or not pieces:
            after.append(kept)
            continue
        notice = _of_order(order, recall, pieces, at)
        after.append(notice)
        facts += _told(notice, recall)
    return tuple(_goods_marked(each, recall, recall.recall_no) for each in orders), tuple(after), facts


def unmark_goods(orders: tuple[DeviceOrder, ...], *, recall: Recall) -> Decision[tuple[DeviceOrder, ...]]:
    """Let what waits at care units be handed over again after a recall was withdrawn (N4)."""
    return tuple(_goods_marked(each, recall, "") for each in orders), []


def pieces_of(order: DeviceOrder, recall: Recall) -> Iterator[tuple[str, int]]:
    """Give article and quantity of recalled goods that the order has out and that did not come back."""
    is_out = order.state != "taken_back" and order.kind != "replenishment"
    if recall.which.lot is None or not is_out:
        return
    for parcel in order.parcels:
        for each in parcel.goods:
            if is_meant(each, recall) and not each.returned:
                yield each.article_no, each.quantity


def end_notice(
    notice: RecallNotice, *, how: How, by: str, at: datetime, why: str | None = None
) -> Decision[RecallNotice]:
    """End a notice, with the unit's task. Raises NoticeEnded (N4)."""
    if not notice.is_open:
        raise NoticeEnded(article_no=notice.article_no, order_no=notice.order_no)
    ended = replace(notice, is_open=False, ended_at=at, ended_by=by, how=how, why=why)
    return ended, [TaskResolved(task_id=_task_id(notice), how=how)]


def has_come_back(notice: RecallNotice, loan: Loan | None, order: DeviceOrder | None, recall: Recall) -> bool:
    """Tell whether the patient has the goods no more: returned, exchanged, or written off."""
    if notice.loan_id is not None:
        return loan is None or loan.state != "on_loan" or loan.device_no != notice.device_no
    return order is None or not any(pieces_of(order, recall))


def _goods_marked(order: DeviceOrder, recall: Recall, recall_no: str) -> DeviceOrder:
    """Mark the recalled goods that a patient has not got yet."""
    for parcel in order.parcels:
        goods = tuple(
            replace(each, recall_no=recall_no) if is_meant(each, recall) and not each.handed_over else each
            for each in parcel.goods
        )
        order = with_parcel(order, replace(parcel, goods=goods))
    return order


def is_meant(goods: Goods, recall: Recall) -> bool:
    """Tell whether goods are of the lot that is recalled (N4)."""
    which = recall.which
    return goods.article_no in which.article_nos and same_piece_number(goods.lot, which.lot or "")


def is_to_mark(device: Device, recall: Recall) -> bool:
    """Tell whether the recall concerns the device, and none marked it yet."""
    is_there = device.recall_no is None and device.state != "written_off"
    return is_there and recall.which.concerns(device)


def _marked(device: Device, recall: Recall) -> Device:
    if not is_to_mark(device, recall):
        return device
    return replace(device, recall_no=recall.recall_no, version=device.version + 1)


def _told(notice: RecallNotice, recall: Recall) -> Iterable[Fact]:
    yield TaskRaised(
        task_id=_task_id(notice),
        kind="goods_recalled",
        role="order_placer",
        care_unit=notice.care_unit,
        patient_ref=notice.patient_ref,
        subject_no=notice.order_no,
        reason="patient-has-recalled-goods",
        details={
            "article_no": notice.article_no,
            "piece": notice.device_no or notice.lot,
            "quantity": str(notice.quantity),
        },
    )
    if recall.notify_patients:
        yield RecallConcernsPatient(
            notice_id=notice.notice_id,
            recall_no=notice.recall_no,
            patient_ref=notice.patient_ref,
            care_unit=notice.care_unit,
            article_no=notice.article_no,
            noticed_at=notice.noticed_at,
        )


def _task_id(notice: RecallNotice) -> str:
    return f"recalled:{notice.notice_id}"


def _of_loan(loan: Loan, device: Device, recall: Recall, at: datetime) -> RecallNotice:
    return RecallNotice(
        notice_id(recall.recall_no, loan.loan_id), recall.recall_no, loan.patient_ref, loan.care_unit,
        loan.product_area, loan.order_no, device.article_no, 1, at,
        device_no=device.device_no, loan_id=loan.loan_id,
    )  # fmt: skip


def _of_order(order: DeviceOrder, recall: Recall, pieces: int, at: datetime) -> RecallNotice:
    article_no = next(no for no, _ in pieces_of(order, recall))
    return RecallNotice(
        notice_id(recall.recall_no, order.order_no), recall.recall_no, order.patient_ref, order.care_unit,
        order.product_area, order.order_no, article_no, pieces, at,
        lot=recall.which.lot or "",
    )  # fmt: skip
