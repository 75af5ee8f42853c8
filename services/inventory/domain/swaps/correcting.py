"""A swap is annulled, or what was registered of it by mistake is corrected (Q56)."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.inventory.domain.devices.device import Device, device_changed, moved
from services.inventory.domain.devices.loan import Loan
from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.maintenance.job import demand_no_person
from services.inventory.domain.orders.order import DeviceOrder, Goods, Parcel, with_parcel
from services.inventory.domain.orders.swap import SwapRow, with_row
from services.inventory.domain.orders.swapping import goods_of
from services.inventory.domain.swaps.refusals import (
    NothingRegistered,
    NotInSwap,
    SwapMadePartly,
    SwapOver,
    SwapStands,
)
from services.inventory.domain.swaps.results import Swapping, begun, ended, exchanged_fact, not_made
from services.inventory.domain.swaps.tasks import not_swapped_over
from shared.domain.decision import Decision
from shared.events.fact import Fact

Devices = tuple[Device | None, ...]
Loans = tuple[Loan | None, ...]
Balances = tuple[Balance | None, ...]


@dataclass(frozen=True)
class Corrected:
    """Why a swap is annulled or a result is corrected, by whom."""

    why: str
    by: str
    at: datetime


def annul_swap(
    order: DeviceOrder, devices: Devices, loans: Loans, balances: Balances, *, annulled: Corrected
) -> Decision[DeviceOrder, Devices, Loans, Balances]:
    """End a swap of which nothing is registered: what was sent comes back, all stays on loan.

    Raises SwapOver, SwapMadePartly, SwapBeingPicked and NoteAboutPerson.
    """
    swapping = begun(order, devices, loans, balances)
    if swapping.swap.annulled_at is not None or not swapping.swap.is_open:
        raise SwapOver(swap_no=order.order_no)
    if any(each.result is not None for each in swapping.swap.rows):
        raise SwapMadePartly(swap_no=order.order_no)
    for device in swapping.devices.values():
        demand_no_person(device, annulled.why)
    rows = swapping.swap.rows
    for row in rows:
        swapping = not_made(swapping, row)
    over = tuple(
        replace(each, result="not_swapped", result_by=annulled.by, registered_at=annulled.at) for each in rows
    )
    swap = replace(
        swapping.swap,
        rows=over,
        annulled_by=annulled.by,
        annulled_at=annulled.at,
        annulled_why=annulled.why,
    )
    return ended(replace(swapping, order=replace(swapping.order, swap=swap)), devices, loans)


def correct_result(
    order: DeviceOrder,
    devices: Devices,
    loans: Loans,
    balances: Balances,
    *,
    device_no: str,
    corrected: Corrected,
) -> Decision[DeviceOrder, Devices, Loans, Balances]:
    """Take back what was registered of one device, as long as neither of the two has moved on.

    Raises NotInSwap, NothingRegistered, SwapOver of an annulled one, SwapStands and NoteAboutPerson.
    """
    swapping = begun(order, devices, loans, balances)
    row = swapping.swap.row(device_no)
    if row is None:
        raise NotInSwap(device_no=device_no)
    if swapping.swap.annulled_at is not None:
        raise SwapOver(swap_no=order.order_no)
    if row.result is None:
        raise NothingRegistered(device_no=device_no)
    old = swapping.devices[device_no]
    if row.came_as is not None:
        raise SwapStands(device_no=device_no)
    demand_no_person(old, corrected.why)
    undone = _swapped_undone if row.result == "swapped" else _not_swapped_undone
    swapping = undone(swapping, row, old)
    again = SwapRow(
        row.loan_id, row.device_no, row.article_no, row.line_no, row.job_no, components=row.components,
        registered_at=corrected.at, result_by=corrected.by, why=corrected.why,
    )  # fmt: skip
    swap = with_row(swapping.swap, again)
    return ended(replace(swapping, order=replace(swapping.order, swap=swap)), devices, loans)


def _swapped_undone(swapping: Swapping, row: SwapRow, old: Device) -> Swapping:
    """Give the loan its old device back; the new one waits at the unit again."""
    order, loan = swapping.order, swapping.loans[row.loan_id]
    new = swapping.devices[row.new_device_no or ""]
    is_here = old.state == "to_collect" and old.swap_no == order.order_no
    if not is_here or loan.state != "on_loan" or loan.device_no != new.device_no:
        raise SwapStands(device_no=row.device_no)
    loan = replace(loan, device_no=old.device_no, article_no=old.article_no, exchanged=loan.exchanged[:-1])
    back = moved(
        old, state="on_loan", order_no=old.order_no, loan_id=loan.loan_id, care_unit=loan.care_unit,
        swap_no=order.order_no,
    )  # fmt: skip
    waits = moved(new, state="at_unit", order_no=order.order_no, care_unit=order.care_unit)
    for parcel in order.parcels:
        goods = tuple(_with_nobody(each, new.device_no) for each in parcel.goods)
        order = with_parcel(order, replace(parcel, goods=goods))
    undone = exchanged_fact(order, loan, new, on=row.result_on or loan.since)
    facts: tuple[Fact, ...] = (device_changed(back), device_changed(waits), undone)
    known = {**swapping.devices, back.device_no: back, waits.device_no: waits}
    loans = {**swapping.loans, loan.loan_id: loan}
    return replace(swapping, order=order, devices=known, loans=loans, facts=(*swapping.facts, *facts))


def _not_swapped_undone(swapping: Swapping, row: SwapRow, old: Device) -> Swapping:
    """Let the new device, which is on its way back, be for the patient again; its task is over."""
    order = swapping.order
    parcel = next((each for each in order.parcels if _brings_back(each, row.line_no)), None)
    if parcel is None or old.loan_id != row.loan_id or old.swap_no is not None:
        raise SwapStands(device_no=row.device_no)
    numbers = {each.device_no for each in goods_of(order, row.line_no) if not each.component}
    waits = tuple(
        moved(each, state="at_unit", order_no=order.order_no, care_unit=order.care_unit)
        for no, each in swapping.devices.items()
        if no in numbers
    )
    order = with_parcel(order, replace(parcel, state="received"))
    marked = replace(old, swap_no=order.order_no)
    known = {**swapping.devices, **{each.device_no: each for each in (marked, *waits)}}
    facts = (*swapping.facts, *map(device_changed, waits), not_swapped_over(order, row))
    return replace(swapping, order=order, devices=known, facts=facts)


def _brings_back(parcel: Parcel, line_no: int) -> bool:
    return parcel.state == "sent_back" and any(
        each.line_no == line_no and not each.returned for each in parcel.goods
    )


def _with_nobody(goods: Goods, device_no: str) -> Goods:
    return replace(goods, handed_over=False, loan_id=None) if goods.device_no == device_no else goods
