"""Who has, or had, the goods of a lot or a device: the first question of a recall (T17, T19, N4)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from services.inventory.domain.devices.loan import Loan
from services.inventory.domain.goods.lots import same_piece_number
from services.inventory.domain.orders.order import DeviceOrder, Goods

HoldingState = Literal["waits", "has", "had"]
"""Is on its way or waits at the unit; was handed out; came back, was exchanged or lost, or never fetched."""


@dataclass(frozen=True)
class Holding:
    """Goods that a patient has, had, or is to get; the patient by reference only (Q61)."""

    patient_ref: str
    care_unit: str
    product_area: str
    order_no: str
    article_no: str
    quantity: int
    state: HoldingState
    lot: str = ""
    device_no: str | None = None
    since: date | None = None
    """Of a device: the day of the hand-out."""
    until: date | None = None
    """Of a device: the day of the return or exchange, or on which it was stolen or lost."""

    def of_patient(self, patient_ref: str) -> "Holding":
        """Give it under the reference that the patient has after a merger (S65)."""
        return replace(self, patient_ref=patient_ref)


def holdings_of_lot(orders: Iterable[DeviceOrder], *, lot: str, article_no: str | None) -> list[Holding]:
    """List what of a lot went out for each order; a lot number may be used by several articles.

    What was handed out by mistake never was with the patient (Q51).
    """
    return [
        Holding(
            order.patient_ref, order.care_unit, order.product_area, order.order_no, each.article_no,
            each.quantity, _state(each), each.lot, each.device_no,
        )
        for order in orders
        if order.state != "taken_back" and order.replenishment is None
        for parcel in order.parcels
        for each in parcel.goods
        if same_piece_number(each.lot, lot) and article_no in {None, each.article_no}
    ]  # fmt: skip


def holdings_of_device(loans: Iterable[Loan], *, device_no: str) -> list[Holding]:
    """List who has and had a device, the last first; a hand-out by mistake was none (Q51)."""
    found = [each for loan in loans if loan.state != "mistaken" for each in _of_loan(loan, device_no)]
    return sorted(found, key=lambda each: each.since or date.min, reverse=True)


def _of_loan(loan: Loan, device_no: str) -> Iterator[Holding]:
    """Give the times of one loan in which the patient had this device: it may have been exchanged (Q48)."""
    since = loan.handed_out_on
    for each in loan.exchanged:
        if each.device_no == device_no:
            yield _held(loan, device_no, each.article_no, since, each.through)
        since = each.through
    if loan.device_no == device_no:
        yield _held(loan, device_no, loan.article_no, since, loan.returned_on or loan.ended_on)


def _held(loan: Loan, device_no: str, article_no: str, since: date, until: date | None) -> Holding:
    is_gone = until is not None or loan.state == "written_off"
    state: HoldingState = "had" if is_gone else "has"
    return Holding(
        loan.patient_ref, loan.care_unit, loan.product_area, loan.order_no, article_no, 1, state,
        device_no=device_no, since=since, until=until,
    )  # fmt: skip


def _state(goods: Goods) -> HoldingState:
    if goods.returned:
        return "had"
    return "has" if goods.handed_over else "waits"
