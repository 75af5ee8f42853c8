"""A hand-out that was registered by mistake is taken back: goods and devices are where they were (Q51)."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.inventory.domain.devices.device import Device, device_changed, moved
from services.inventory.domain.devices.loan import Loan
from services.inventory.domain.devices.shelving import lying_in, put_in
from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.goods.movement import Movement, added, order_place
from services.inventory.domain.goods.stock import Stock
from services.inventory.domain.orders.goods_in import goods_in
from services.inventory.domain.orders.handing import OrderMoved
from services.inventory.domain.orders.order import DeviceOrder, Goods
from services.inventory.domain.orders.refusals import ExchangedSince, LostSince, NothingHandedOut
from shared.domain.decision import Decision, Refused
from shared.events.inventory_goods import HandOutNotTakenBack, HandOutTakenBack

Balances = tuple[Balance | None, ...]
Devices = tuple[Device, ...]
Loans = tuple[Loan, ...]


@dataclass(frozen=True)
class Mistake:
    """A request to take back a hand-out."""

    order_no: str
    patient_ref: str
    movement_no: str
    mistaken_at: datetime
    at: datetime


def take_back(
    kept: DeviceOrder | None,
    devices: Devices,
    balances: Balances,
    loans: Loans,
    movement: Movement | None,
    *,
    mistake: Mistake,
) -> Decision[DeviceOrder, Devices, Balances, Loans, Movement | None]:
    """Undo what was handed out, or say what is in the way.

    Nothing happens the second time, and a request that comes first is kept.
    """
    order = kept or DeviceOrder(mistake.order_no, mistake.patient_ref)
    if order.state == "expected":
        early = replace(order, mistaken_at=order.mistaken_at or mistake.mistaken_at)
        return early, devices, balances, loans, movement, []
    if order.state == "taken_back" or (not handed_goods(order) and order.mistaken_at is not None):
        return order, devices, balances, loans, movement, []
    if (reason := _hindrance(order, loans)) is not None:
        return order, devices, balances, loans, movement, [_stands(order, reason, mistake)]
    if tuple(each.loan_id for each in loans) != loan_ids(order):
        raise OrderMoved(order_no=order.order_no)
    theirs = {each.device_no: each for each in devices if each.loan_id in loan_ids(order)}
    if order.kind == "hand_out":
        stock, back = _to_storeroom(order, balances, theirs)
        balances, movement = stock.balances, added(movement, _movement(order, stock, mistake))
        order = replace(order, state="taken_back")
    else:
        back = {no: _at_unit(each, order) for no, each in theirs.items()}
    order = replace(_undone(order), mistaken_at=mistake.mistaken_at)
    fact = HandOutTakenBack(
        order_no=order.order_no,
        patient_ref=order.patient_ref,
        loan_ids=tuple(each.loan_id for each in loans),
        taken_back_at=mistake.at,
    )
    changed = tuple(back.get(each.device_no, each) for each in devices)
    undone = tuple(replace(each, state="mistaken") for each in loans)
    facts = [*(device_changed(each) for each in back.values()), fact]
    return order, changed, balances, undone, movement, facts


def _hindrance(order: DeviceOrder, loans: Loans) -> Refused | None:
    """Say why the hand-out stands: an exchange is undone by another exchange, for the loan goes on (Q48)."""
    if not handed_goods(order):
        return NothingHandedOut(order_no=order.order_no)
    is_exchange = any(each.exchange for each in order.lines)
    if is_exchange or any(each.exchanged for each in loans):
        return ExchangedSince(order_no=order.order_no)
    if any(each.state == "written_off" for each in loans):
        return LostSince(order_no=order.order_no)
    return None


def _stands(order: DeviceOrder, reason: Refused, mistake: Mistake) -> HandOutNotTakenBack:
    return HandOutNotTakenBack(
        order_no=order.order_no,
        rule=reason.rule,
        sv=reason.said.sv,
        en=reason.said.en,
        refused_at=mistake.at,
    )


def handed_goods(order: DeviceOrder) -> tuple[Goods, ...]:
    """Give what of the order the patient has."""
    return tuple(each for parcel in order.parcels for each in parcel.goods if each.handed_over)


def loan_ids(order: DeviceOrder) -> tuple[str, ...]:
    """Name the loans that hand-outs of the order opened, but those that were taken back."""
    return tuple(each.loan_id for each in handed_goods(order) if each.loan_id)


def lent_devices(order: DeviceOrder) -> tuple[str, ...]:
    return tuple(each.device_no for each in handed_goods(order) if each.loan_id and each.device_no)


def _to_storeroom(
    order: DeviceOrder, balances: Balances, devices: dict[str, Device]
) -> tuple[Stock, dict[str, Device]]:
    """Put counted goods, devices and their components back on the shelf."""
    stock, source = Stock.of(order.storeroom_no, order.articles, balances), order_place(order.order_no)
    back: dict[str, Device] = {}
    for each in handed_goods(order):
        if each.returned or (each.device_no and each.device_no not in devices):
            continue  # it is where its return or exchange put it
        device_no = each.device_no if not each.component else None
        if device_no is None:
            stock = goods_in(stock, each, source=source)
        else:
            stock = put_in(stock, devices[device_no], source=source)
            taken_off = sum(each.component and each.device_no == device_no for each in handed_goods(order))
            device = devices[device_no]
            before = device.components[: len(device.components) - taken_off]
            back[device_no] = lying_in(replace(device, components=before), order.storeroom_no)
    return stock, back


def _undone(order: DeviceOrder) -> DeviceOrder:
    parcels = tuple(
        replace(
            parcel,
            state="received" if parcel.state == "delivered" else parcel.state,
            goods=tuple(
                each if each.returned else replace(each, handed_over=False, loan_id=None)
                for each in parcel.goods
            ),
        )
        for parcel in order.parcels
    )
    return replace(order, parcels=parcels)


def _movement(order: DeviceOrder, stock: Stock, mistake: Mistake) -> Movement:
    return Movement(
        mistake.movement_no, order.storeroom_no, "taken_back", mistake.at, "ordering", stock.moved,
        order_no=order.order_no,
    )  # fmt: skip


def _at_unit(device: Device, order: DeviceOrder) -> Device:
    return moved(device, state="at_unit", order_no=order.order_no, care_unit=order.care_unit)
