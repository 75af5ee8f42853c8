"""A device on loan that was stolen, lost or damaged by carelessness (S181, Q57)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from services.inventory.domain.devices.device import Device, device_changed, moved
from services.inventory.domain.devices.loan import Loan
from services.inventory.domain.goods.movement import LOST, Moved, Movement, added, order_place
from services.inventory.domain.orders.handing import OrderMoved
from services.inventory.domain.orders.order import DeviceOrder
from services.inventory.domain.returns.returning import mark_returned
from shared.domain.days import DayToCome, local_day
from shared.domain.decision import Decision, Refused, Sentence, refuse_any
from shared.domain.money import Money
from shared.events.inventory import DeviceLossReported

Orders = tuple[DeviceOrder, ...]
How = Literal["stolen", "lost", "damaged"]


class NotWithPatient(Refused):
    """The patient has no such device; who has it, if anybody, is not said."""

    rule = "device-not-with-patient"
    sentence = Sentence(
        "Patienten har inte det hjälpmedlet på lån. Kontrollera individnumret, patienten och om det redan är "
        "återlämnat eller anmält.",
        "The patient has no such device on loan. Check the device number, the patient, and whether it is "
        "returned or reported already.",
    )


class LossBeforeLent(Refused):
    """The day is before the one on which the patient got the device."""

    rule = "loss-before-lent"
    sentence = Sentence(
        "Patienten hade inte fått hjälpmedlet den dagen. Kontrollera dagen när det hände.",
        "The patient had not got the device on that day. Check the day when it happened.",
    )


class DamageReported(Refused):
    """The damage of the device is reported already; it is collected and replaced."""

    rule = "damage-reported-already"
    sentence = Sentence(
        "Skadan är redan anmäld. Gör ett byte eller en hämtorder för hjälpmedlet.",
        "The damage is reported already. Make an exchange or a collection order for the device.",
    )


@dataclass(frozen=True)
class Loss:
    """What somebody reports of a patient's device."""

    loss_no: str
    patient_refs: tuple[str, ...]
    """Every reference by which the patient's loans may be kept (S65)."""
    how: How
    happened_on: date
    reason: str
    by: str
    at: datetime
    price: Money | None = None
    """Of the article now, for a device whose own price nobody knows."""


@dataclass(frozen=True)
class LossReport:
    """The newest report about one device of one loan."""

    loss_no: str
    loan_id: str
    device_no: str
    how: How
    happened_on: date
    reason: str
    by: str
    at: datetime


def loss_id(loan_id: str, device_no: str) -> str:
    return f"{loan_id}:{device_no}"


def report_loss(
    known: LossReport | None,
    device: Device,
    loan: Loan | None,
    orders: Orders,
    movement: Movement | None,
    *,
    loss: Loss,
) -> Decision[LossReport | None, Device, Loan | None, Orders, Movement | None]:
    """Write a stolen or lost device off with its loan; a damaged one stays on loan until it is collected.

    `orders` holds the one that the device came with. Raises NotWithPatient, DayToCome, LossBeforeLent and
    DamageReported; and OrderMoved when the device came with another by now.
    """
    if loan is None or device.loan_id != loan.loan_id or loan.patient_ref not in loss.patient_refs:
        raise NotWithPatient(device_no=device.device_no)
    refuse_any(_against(known, device, loan, loss))
    if [each.order_no for each in orders] != [device.order_no]:
        raise OrderMoved(order_no=device.order_no)
    report = LossReport(
        loss.loss_no,
        loan.loan_id,
        device.device_no,
        loss.how,
        loss.happened_on,
        loss.reason,
        loss.by,
        loss.at,
    )
    fact = _fact(device, loan, loss)
    if loss.how == "damaged":
        return report, device, loan, orders, movement, [fact]
    gone = replace(moved(replace(device, components=()), state="written_off"), lost=True)
    return (
        report,
        gone,
        replace(loan, state="written_off", ended_on=loss.happened_on),
        mark_returned(orders, {device.device_no}),
        added(movement, _movement(device, orders[0], loss)),
        [device_changed(gone), fact],
    )


def _movement(device: Device, order: DeviceOrder, loss: Loss) -> Movement:
    """Note that the device and what was on it are with the patient no more."""
    source = order_place(order.order_no)
    rows = [Moved(device.article_no, 1, source, LOST, device_no=device.device_no)]
    rows += [Moved(each.article_no, each.quantity, source, LOST, each.lot) for each in device.components]
    return Movement(
        loss.loss_no, order.storeroom_no, "lost", loss.at, loss.by, tuple(rows),
        order_no=order.order_no, reason=loss.reason,
    )  # fmt: skip


def _against(known: LossReport | None, device: Device, loan: Loan, loss: Loss) -> Iterator[Refused]:
    if loss.happened_on > local_day(loss.at):
        yield DayToCome(day=loss.happened_on.isoformat())
    if loss.happened_on < loan.since:
        yield LossBeforeLent(device_no=device.device_no, day=loan.since.isoformat())
    if known is not None and known.how == loss.how == "damaged":
        yield DamageReported(device_no=device.device_no, loss_no=known.loss_no)


def _fact(device: Device, loan: Loan, loss: Loss) -> DeviceLossReported:
    price = device.purchase_price or loss.price
    return DeviceLossReported(
        loss_no=loss.loss_no,
        loan_id=loan.loan_id,
        patient_ref=loan.patient_ref,
        device_no=device.device_no,
        article_no=device.article_no,
        product_area=loan.product_area,
        care_unit=loan.care_unit,
        order_no=loan.order_no,
        how=loss.how,
        happened_on=loss.happened_on,
        reported_at=loss.at,
        price=price.amount if price else None,
        purchased_on=device.purchased_on,
        handed_out_on=loan.handed_out_on,
    )
