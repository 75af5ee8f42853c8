"""How a swap went, device by device: the loan continues with the new one, or the old one stays (Q56)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from services.inventory.domain.devices.device import Device, device_changed, moved
from services.inventory.domain.devices.loan import Exchanged, Loan
from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.maintenance.job import demand_no_person
from services.inventory.domain.maintenance.lending import demand_fit
from services.inventory.domain.orders.hand_over import LineHanded, taken_over
from services.inventory.domain.orders.handing import Handing, OrderMoved, on_loan
from services.inventory.domain.orders.order import DeviceOrder
from services.inventory.domain.orders.swap import Swap, SwapResult, SwapRow, with_row
from services.inventory.domain.orders.swapping import new_device, swap_told, with_swap
from services.inventory.domain.returns.refusals import BackBeforeLent
from services.inventory.domain.swaps.refusals import (
    DeviceNotLent,
    NewDeviceNotSent,
    NotAtUnitYet,
    NotInSwap,
    SwapOver,
    SwapRegisteredAlready,
)
from services.inventory.domain.swaps.taking_back import new_back
from services.inventory.domain.swaps.tasks import not_swapped_task
from shared.domain.days import DayToCome, begins_at, local_day
from shared.domain.decision import Decision
from shared.events.fact import Fact
from shared.events.inventory import DeviceExchanged

Devices = tuple[Device | None, ...]
Loans = tuple[Loan | None, ...]
Balances = tuple[Balance | None, ...]


@dataclass(frozen=True)
class RowResult:
    """How it went with one device on loan."""

    device_no: str
    result: SwapResult
    why: str | None
    """Demanded of what was not swapped."""


@dataclass(frozen=True)
class SwapReport:
    """What the transport reports, of one or several devices."""

    results: tuple[RowResult, ...]
    on: date
    by: str
    at: datetime

    @property
    def made_at(self) -> datetime:
        """Give the last moment at which they can have been swapped: a later recall is no reason (N4)."""
        return min(self.at, begins_at(self.on + timedelta(days=1)))


@dataclass(frozen=True)
class Swapping:
    """A swap with all that it decides about, while it changes row by row."""

    order: DeviceOrder
    devices: Mapping[str, Device]
    loans: Mapping[str, Loan]
    balances: Balances
    facts: tuple[Fact, ...] = ()

    @property
    def swap(self) -> Swap:
        return swap_of(self.order)


def swap_of(order: DeviceOrder) -> Swap:
    """Give what makes the order a swap."""
    if order.swap is None:
        raise ValueError(f"{order.order_no} is no swap")
    return order.swap


def device_nos(order: DeviceOrder) -> tuple[str, ...]:
    """Name the devices that a swap is about: the old ones, then those that are sent for them."""
    swap = swap_of(order)
    new = (new_device(order, each) for each in swap.rows)
    return tuple(dict.fromkeys([*(each.device_no for each in swap.rows), *(each for each in new if each)]))


def loan_ids(order: DeviceOrder) -> tuple[str, ...]:
    return tuple(each.loan_id for each in swap_of(order).rows)


def register_results(
    order: DeviceOrder, devices: Devices, loans: Loans, balances: Balances, *, report: SwapReport
) -> Decision[DeviceOrder, Devices, Loans, Balances]:
    """Register what was swapped and what was not; what was not stays on loan and is a task.

    `devices` stand in the order of `device_nos`, `loans` in that of `loan_ids`; `balances` are the
    warehouse's, of the order's articles. Raises the reason against one of them: then none is registered.
    """
    swapping = begun(order, devices, loans, balances)
    if not swapping.swap.is_open:
        raise SwapOver(swap_no=order.order_no)
    if report.on > local_day(report.at):
        raise DayToCome(day=report.on.isoformat())
    for each in report.results:
        row = _row(swapping, each)
        register = _swapped if each.result == "swapped" else _not_swapped
        swapping = register(swapping, row, each, report)
    return ended(swapping, devices, loans)


def begun(order: DeviceOrder, devices: Devices, loans: Loans, balances: Balances) -> Swapping:
    """Put together what was read; raises OrderMoved when the order has other devices by now."""
    numbers = device_nos(order)
    known = {each.device_no: each for each in devices if each}
    if known.keys() != set(numbers):
        raise OrderMoved(order_no=order.order_no)
    return Swapping(order, known, {each.loan_id: each for each in loans if each}, balances)


def ended(
    swapping: Swapping, devices: Devices, loans: Loans
) -> Decision[DeviceOrder, Devices, Loans, Balances]:
    """Give all states as they are now, and what is published of the swap."""
    order, told = swap_told(with_swap(swapping.order, swapping.swap))
    after = tuple(each and swapping.devices[each.device_no] for each in devices)
    lent = tuple(each and swapping.loans[each.loan_id] for each in loans)
    return order, after, lent, swapping.balances, [*swapping.facts, *told]


def note_settings_ready(order: DeviceOrder, *, by: str, at: datetime) -> Decision[DeviceOrder]:
    """The unit has set the new devices for the patient: the transport may fetch them (S132).

    Raises SwapOver and NotAtUnitYet.
    """
    swap = swap_of(order)
    if not swap.is_open:
        raise SwapOver(swap_no=order.order_no)
    if not any(each.state == "received" and each.goods for each in order.parcels):
        raise NotAtUnitYet(swap_no=order.order_no)
    return with_swap(order, replace(swap, settings_by=by, settings_at=at)), []


def _row(swapping: Swapping, result: RowResult) -> SwapRow:
    row = swapping.swap.row(result.device_no)
    if row is None:
        raise NotInSwap(device_no=result.device_no)
    if row.result is not None:
        raise SwapRegisteredAlready(device_no=result.device_no)
    return row


def _swapped(swapping: Swapping, row: SwapRow, result: RowResult, report: SwapReport) -> Swapping:
    """Let the loan continue with the new device; the old one is with the transport (Q10, Q48)."""
    order, number = swapping.order, new_device(swapping.order, row)
    old, loan = swapping.devices[row.device_no], swapping.loans[row.loan_id]
    if number is None or swapping.devices[number].state not in {"under_way", "at_unit"}:
        raise NewDeviceNotSent(device_no=row.device_no)
    if old.state != "on_loan" or old.loan_id != loan.loan_id:
        raise DeviceNotLent(device_no=row.device_no)
    if report.on < loan.since:
        raise BackBeforeLent(device_no=row.device_no, handed_out_on=loan.since.isoformat())
    new = swapping.devices[number]
    demand_fit((new,), on=report.on, at=report.made_at)
    handing = Handing(order.order_no, report.on, report.made_at, "delivered")
    line = LineHanded(row.line_no, 1, (number,))
    order, _ = taken_over(order, (line,), handing, continued={number: loan.loan_id})
    lent = on_loan(new, replace(loan, order_no=order.order_no))
    came = moved(old, state="to_collect", order_no=old.order_no, swap_no=order.order_no)
    had = Exchanged(old.device_no, old.article_no, report.on)
    loan = replace(loan, device_no=number, article_no=new.article_no, exchanged=(*loan.exchanged, had))
    made = replace(_registered(row, result, report), new_device_no=number)
    facts = (device_changed(lent), device_changed(came), exchanged_fact(order, loan, old, on=report.on))
    return _with(swapping, order, made, devices=(lent, came), loan=loan, facts=facts)


def _not_swapped(swapping: Swapping, row: SwapRow, result: RowResult, report: SwapReport) -> Swapping:
    """Leave the old device on loan: a task of the warehouse; the new one comes back, or stays there."""
    demand_no_person(swapping.devices[row.device_no], result.why)
    swapping = not_made(swapping, row)
    made = _registered(row, result, report)
    return _with(swapping, swapping.order, made, facts=(not_swapped_task(swapping.order, made),))


def not_made(swapping: Swapping, row: SwapRow) -> Swapping:
    """Take the new device back, and let the old one be in no swap. Raises SwapBeingPicked."""
    back = new_back(swapping.order, row.line_no, swapping.devices, swapping.balances)
    old = swapping.devices[row.device_no]
    free = (replace(old, swap_no=None),) if old.swap_no == swapping.order.order_no else ()
    known = {**swapping.devices, **{each.device_no: each for each in (*free, *back.devices)}}
    facts = (*swapping.facts, *map(device_changed, back.devices))
    return replace(swapping, order=back.order, devices=known, balances=back.balances, facts=facts)


def exchanged_fact(order: DeviceOrder, loan: Loan, before: Device, *, on: date) -> DeviceExchanged:
    """Tell that the loan is about another device; `nth` sorts what one swap changes on one day."""
    return DeviceExchanged(
        loan_id=loan.loan_id,
        patient_ref=loan.patient_ref,
        device_no=loan.device_no,
        in_place_of=before.device_no,
        exchanged_on=on,
        why="maintenance",
        nth=order.version + 1,
    )


def _registered(row: SwapRow, result: RowResult, report: SwapReport) -> SwapRow:
    return replace(
        row,
        result=result.result,
        result_on=report.on,
        result_by=report.by,
        registered_at=report.at,
        why=result.why,
    )


def _with(
    swapping: Swapping,
    order: DeviceOrder,
    row: SwapRow,
    *,
    devices: tuple[Device, ...] = (),
    loan: Loan | None = None,
    facts: tuple[Fact, ...],
) -> Swapping:
    known = {**swapping.devices, **{each.device_no: each for each in devices}}
    loans = {**swapping.loans, **({loan.loan_id: loan} if loan else {})}
    order = replace(order, swap=with_row(swap_of(order), row))
    return Swapping(order, known, loans, swapping.balances, (*swapping.facts, *facts))
