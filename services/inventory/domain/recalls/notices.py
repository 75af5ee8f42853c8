"""Recalled goods that reached a unit or a patient: a task, a message, and when they came back (N4)."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from services.inventory.domain.devices.device import Device
from services.inventory.domain.devices.loan import Loan
from services.inventory.domain.goods.marks import is_marked_by
from services.inventory.domain.orders.order import DeviceOrder, Goods
from services.inventory.domain.recalls.recall import demand_nobody_named
from shared.domain.decision import Decision, Refused, Sentence
from shared.events.tasks import TaskResolved

How = Literal["came_back", "ended_by_hand", "withdrawn", "handed_over", "corrected"]
"""`handed_over`: what waited at a unit is with the patient, who has a notice of the loan."""


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
    source: Literal["storeroom", "distributor"] = "storeroom"
    """Where the goods came from: what a distributor sent comes back to nobody here."""
    is_told: bool = False
    """The patient has the goods, and is told where the recall says so."""


def notice_id(recall_no: str, held: str) -> str:
    """Name the notice of a recall about one loan, one order's goods, or a device that waits at a unit."""
    return f"{recall_no}:{held}"


def held_as(device: Device) -> str:
    """Name a device that a patient has: its loan may continue with another one (Q48)."""
    return f"{device.loan_id}:{device.device_no}"


def held_of(order: DeviceOrder, goods: Goods) -> str:
    is_device = goods.device_no is not None and not goods.component
    return f"{order.order_no}:{goods.device_no}" if is_device else order.order_no


def end_notice(
    notice: RecallNotice, *, how: How, by: str, at: datetime, why: str | None = None
) -> Decision[RecallNotice]:
    """End a notice, with the unit's task. Raises NoticeEnded and RecallNamesPerson (N4)."""
    if not notice.is_open:
        raise NoticeEnded(article_no=notice.article_no, order_no=notice.order_no)
    demand_nobody_named(why)
    ended = replace(notice, is_open=False, ended_at=at, ended_by=by, how=how, why=why)
    return ended, [TaskResolved(task_id=task_id(notice), how=how)]


def how_it_ended(notice: RecallNotice, loan: Loan | None, order: DeviceOrder | None) -> How | None:
    """Say how the goods came to be with nobody or somebody else; None while they are where they were."""
    if notice.source == "distributor":
        return None  # its own follower knows
    if notice.loan_id is not None:
        is_there = loan is not None and loan.state == "on_loan" and loan.device_no == notice.device_no
        return None if is_there else "came_back"
    if order is None or order.state == "taken_back":
        return "came_back"
    theirs = [
        each
        for parcel in order.parcels
        for each in parcel.goods
        if is_marked_by(each.recalls, notice.recall_no)
        and not each.returned
        and notice_id(notice.recall_no, held_of(order, each)) == notice.notice_id
    ]
    if notice.device_no is not None and any(each.handed_over for each in theirs):
        return "handed_over"
    return None if theirs else "came_back"


def task_id(notice: RecallNotice) -> str:
    return f"recalled:{notice.notice_id}"
