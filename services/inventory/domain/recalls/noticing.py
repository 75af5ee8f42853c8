"""Who has recalled goods is noticed: a task for the unit or customer service, and a message (N4)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from services.inventory.domain.devices.device import Device
from services.inventory.domain.devices.loan import Loan
from services.inventory.domain.goods.marks import is_marked_by
from services.inventory.domain.orders.order import DeviceOrder, Goods, Noticed, to_tell
from services.inventory.domain.recalls.distributed import (
    DistributedOrder,
    SentGoods,
    concerned,
    lot_known,
)
from services.inventory.domain.recalls.notices import (
    RecallNotice,
    end_notice,
    held_as,
    held_of,
    notice_id,
    task_id,
)
from services.inventory.domain.recalls.recall import Recall, mark_made
from shared.domain.decision import Decision
from shared.events.fact import Fact
from shared.events.inventory import RecallConcernsPatient
from shared.events.tasks import TaskRaised

Notices = tuple[RecallNotice | None, ...]
Recalls = tuple[Recall | None, ...]
Held = tuple[str, str]
"""A recall's number, and what of it somebody has: a loan, an order's goods, or a device that waits."""


def held_on_loan(device: Device) -> tuple[Held, ...]:
    """Name the notices about a device that a patient has."""
    return tuple((each.recall_no, held_as(device)) for each in device.recalls)


def held_of_order(order: DeviceOrder) -> tuple[Held, ...]:
    """Name the notices about recalled goods of an order that somebody is to be told of."""
    found = ((mark.recall_no, held_of(order, each)) for each, _ in to_tell(order) for mark in each.recalls)
    return tuple(dict.fromkeys(found))


def notice_loans(
    recalls: Recalls,
    devices: tuple[Device, ...],
    loans: tuple[Loan | None, ...],
    notices: Notices,
    *,
    helds: Sequence[Held],
    at: datetime,
) -> Decision[Recalls, tuple[Device, ...], tuple[Loan | None, ...], Notices]:
    """Notice each recalled device that a patient has, once for each recall (N4).

    `notices` stand in the order of `helds`; what was lent or marked since these were read is found the next
    time.
    """
    made = _Made(recalls, dict(zip(helds, notices, strict=True)), at)
    lent = {each.loan_id: each for each in loans if each}
    after = tuple(_told_of(each, lent.get(each.loan_id or ""), made) for each in devices)
    return made.after(recalls), after, loans, made.of(helds), made.facts


def notice_orders(
    recalls: Recalls,
    orders: tuple[DeviceOrder, ...],
    notices: Notices,
    *,
    helds: Sequence[Held],
    at: datetime,
) -> Decision[Recalls, tuple[DeviceOrder, ...], Notices]:
    """Notice recalled goods that wait at a unit, or that a patient got, who is told only then (N4)."""
    made = _Made(recalls, dict(zip(helds, notices, strict=True)), at)
    after = tuple(_order_told_of(each, made) for each in orders)
    return made.after(recalls), after, made.of(helds), made.facts


class _Made:
    """What one change notices: the notices, and the recalls that it is about."""

    def __init__(self, recalls: Recalls, notices: Mapping[Held, RecallNotice | None], at: datetime) -> None:
        self.at = at
        self.facts: list[Fact] = []
        self._open = {each.recall_no: each for each in recalls if each and each.state == "open"}
        self._notices = dict(notices)
        self._changed = set[str]()

    def note(self, held: Held, new: RecallNotice, *, is_with_patient: bool) -> None:
        """Keep a notice where there is none, also of what came back and went out again; tell once."""
        recall, before = self._open.get(held[0]), self._notices[held]
        is_told = before is not None and before.is_told
        kept = None if before and before.how == "came_back" and is_with_patient else before
        if recall is None or (kept and (is_told or not is_with_patient or not kept.is_open)):
            return
        notice = replace(kept or new, is_told=is_with_patient)
        if kept is None:
            self.facts.append(_task(notice))
        if is_with_patient and not is_told and recall.notify_patients:
            self.facts.append(_message(notice))
        self._notices[held] = notice
        self._changed.add(held[0])

    def knows(self, helds: Iterable[Held]) -> bool:
        return all(each in self._notices for each in helds)

    def of(self, helds: Sequence[Held]) -> Notices:
        return tuple(self._notices[each] for each in helds)

    def after(self, recalls: Recalls) -> Recalls:
        """Give the recalls; one that ends at the same moment notices nothing."""
        return tuple(
            mark_made(each) if each and each.recall_no in self._changed else each for each in recalls
        )


def notice_distributed(
    recall: Recall, orders: tuple[DistributedOrder, ...], notices: Notices, *, at: datetime
) -> Decision[Recall, tuple[DistributedOrder, ...], Notices]:
    """Notice who got recalled goods from a distributor, and tell the patient: nothing stops them (N4, Q60).

    `notices` stand in the order of `orders`. Goods that went back end theirs.
    """
    helds = [(recall.recall_no, each.order_no) for each in orders]
    made = _Made((recall,), dict(zip(helds, notices, strict=True)), at)
    for order, held in zip(orders, helds, strict=True):
        if goods := tuple(concerned(order, recall.which)):
            made.note(held, _of_distributed(order, goods, held, at), is_with_patient=True)
    (after,) = made.after((recall,))
    kept, facts = list[RecallNotice | None](), list[Fact](made.facts)
    for order, notice in zip(orders, made.of(helds), strict=True):
        if notice is None or not notice.is_open or order.state != "gone_back":
            kept.append(notice)
            continue
        ended, told = end_notice(notice, how="came_back", by="inventory", at=at)
        kept.append(ended)
        facts += told
    return after or recall, orders, tuple(kept), facts


def _of_distributed(
    order: DistributedOrder, goods: Sequence[SentGoods], held: Held, at: datetime
) -> RecallNotice:
    return RecallNotice(
        notice_id(*held), held[0], order.patient_ref, order.care_unit, order.product_area, order.order_no,
        goods[0].article_no, sum(each.packages for each in goods), at, lot=lot_known(goods),
        source="distributor",
    )  # fmt: skip


def _told_of(device: Device, loan: Loan | None, made: _Made) -> Device:
    helds = held_on_loan(device)
    if not device.to_notice or loan is None or not made.knows(helds):
        return device
    for each in helds:
        notice = RecallNotice(
            notice_id(*each), each[0], loan.patient_ref, loan.care_unit, loan.product_area, loan.order_no,
            device.article_no, 1, made.at, device_no=device.device_no, loan_id=loan.loan_id,
        )  # fmt: skip
        made.note(each, notice, is_with_patient=True)
    return replace(device, to_notice=False)


def _order_told_of(order: DeviceOrder, made: _Made) -> DeviceOrder:
    told = list(to_tell(order))
    if not told or not made.knows(held_of_order(order)):
        return order
    for goods, whom in told:
        for mark in goods.recalls:
            held = mark.recall_no, held_of(order, goods)
            made.note(held, _of_order(order, goods, held, made.at), is_with_patient=whom == "patient")
    whom_of: dict[int, Noticed] = {id(goods): whom for goods, whom in told}
    parcels = tuple(
        replace(
            parcel,
            goods=tuple(
                replace(each, noticed=whom_of[id(each)]) if id(each) in whom_of else each
                for each in parcel.goods
            ),
        )
        for parcel in order.parcels
    )
    return replace(order, parcels=parcels)


def _of_order(order: DeviceOrder, goods: Goods, held: Held, at: datetime) -> RecallNotice:
    is_device = goods.device_no is not None and not goods.component
    pieces = sum(
        each.quantity
        for parcel in order.parcels
        for each in parcel.goods
        if is_marked_by(each.recalls, held[0]) and not each.returned and held_of(order, each) == held[1]
    )
    return RecallNotice(
        notice_id(*held), held[0], order.patient_ref, order.care_unit, order.product_area, order.order_no,
        goods.article_no, pieces, at, device_no=goods.device_no if is_device else None, lot=goods.lot,
    )  # fmt: skip


def _task(notice: RecallNotice) -> TaskRaised:
    return TaskRaised(
        task_id=task_id(notice),
        kind="goods_recalled" if notice.source == "storeroom" else "foods_recalled",
        role="order_placer" if notice.source == "storeroom" else "customer_service",
        care_unit=notice.care_unit,
        patient_ref=notice.patient_ref,
        subject_no=notice.order_no,
        reason=_reason(notice),
        details={
            "article_no": notice.article_no,
            "piece": notice.device_no or notice.lot,
            "quantity": str(notice.quantity),
        },
    )


def _reason(notice: RecallNotice) -> str:
    if notice.source == "distributor":
        return "patient-got-recalled-lot" if notice.lot else "patient-got-unknown-lot"
    return "patient-has-recalled-goods" if notice.is_told else "recalled-goods-wait-at-unit"


def _message(notice: RecallNotice) -> RecallConcernsPatient:
    return RecallConcernsPatient(
        notice_id=notice.notice_id,
        recall_no=notice.recall_no,
        patient_ref=notice.patient_ref,
        care_unit=notice.care_unit,
        article_no=notice.article_no,
        noticed_at=notice.noticed_at,
    )
