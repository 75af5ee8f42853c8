"""A hand-out from an own storeroom by number: all of it, or nothing and why not (S107, S111, S112, Q41)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from services.inventory.domain.devices.device import Device
from services.inventory.domain.devices.loan import Loan
from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.goods.movement import Movement, added, order_place
from services.inventory.domain.goods.stock import Stock
from services.inventory.domain.maintenance.lending import against_lending
from services.inventory.domain.orders.drawing import draw_device, draw_set
from services.inventory.domain.orders.handing import Handing, facts_of, lend, loans_of, on_loan
from services.inventory.domain.orders.order import DeviceOrder, Goods, OrderLine, Parcel, settled
from services.inventory.domain.orders.refusals import (
    AnotherArticle,
    DeviceElsewhere,
    DeviceNumberMissing,
    DeviceOnLoan,
    DeviceSetApart,
    NoSuchDevice,
    OnlyReserved,
    StoreroomNotLinked,
    TakenBackAlready,
)
from shared.domain.decision import Decision, Refused
from shared.events.fact import Fact
from shared.events.inventory_goods import HandOutRefused

Devices = tuple[Device | None, ...]
Loans = tuple[Loan | None, ...]
Balances = tuple[Balance | None, ...]


@dataclass(frozen=True)
class HandOutRequest:
    """What is asked for, and what the rule must know of its places and articles."""

    order: DeviceOrder
    handing: Handing
    movement_no: str
    asked_by: str
    linked: bool
    """The storeroom is the care unit's own."""
    marked: frozenset[str]
    """The articles each piece of which is a tracked device."""


def hand_out(
    kept: DeviceOrder | None,
    devices: Devices,
    balances: Balances,
    loans: Loans,
    movement: Movement | None,
    *,
    request: HandOutRequest,
) -> Decision[DeviceOrder, Devices, Balances, Loans, Movement | None]:
    """Give the patient what is asked for, or say what is in the way; a repeated request changes nothing."""
    if kept is not None and kept.state != "expected":
        return kept, devices, balances, loans, movement, []
    try:
        return _made(kept, devices, balances, movement, request=request)
    except Refused as refused:
        order, facts = not_made(request, refused)
        return order, devices, balances, loans, movement, facts


def not_made(request: HandOutRequest, refused: Refused) -> tuple[DeviceOrder, list[Fact]]:
    """Say why a hand-out was not made: nothing was moved (Q41)."""
    line_no = refused.facts.get("line_no")
    fact = HandOutRefused(
        order_no=request.order.order_no,
        rule=refused.rule,
        line_no=line_no if isinstance(line_no, int) else None,
        sv=refused.said.sv,
        en=refused.said.en,
        refused_at=request.handing.at,
    )
    return replace(request.order, state="refused"), [fact]


def _made(
    kept: DeviceOrder | None,
    devices: Devices,
    balances: Balances,
    movement: Movement | None,
    *,
    request: HandOutRequest,
) -> Decision[DeviceOrder, Devices, Balances, Loans, Movement | None]:
    order, handing = request.order, request.handing
    demand_possible(kept, request)
    stock, known, goods = _drawn(order, devices, balances, request.marked, on=handing.on)
    goods = lend(goods, handing)
    loans = loans_of(order, goods, handing)
    lent = {each.device_no: each for each in loans}
    changed = tuple(on_loan(known[no], lent[no]) for no in device_nos(order))
    facts = facts_of(order, changed, goods, handing)
    noted = added(movement, movement_of(request, stock))
    return made(request, goods), changed, stock.balances, loans, noted, facts


def demand_possible(kept: DeviceOrder | None, request: HandOutRequest) -> None:
    """Demand that it was not taken back before it came, and that the storeroom is the unit's own."""
    if kept is not None and kept.mistaken_at is not None:
        raise TakenBackAlready
    if not request.linked:
        raise StoreroomNotLinked


def made(request: HandOutRequest, goods: tuple[Goods, ...]) -> DeviceOrder:
    """Give the order when the patient has all of it."""
    order, at = request.order, request.handing.at
    parcel = Parcel(order.order_no, "handed_out", request.asked_by, at, goods=goods)
    lines = tuple(replace(each, picked=each.quantity) for each in order.lines)
    return settled(replace(order, state="handed_out", lines=lines, parcels=(parcel,)))


def movement_of(request: HandOutRequest, stock: Stock) -> Movement:
    order, at = request.order, request.handing.at
    return Movement(
        request.movement_no, order.storeroom_no, "handed_out", at, request.asked_by, stock.moved,
        order_no=order.order_no,
    )  # fmt: skip


def _drawn(
    order: DeviceOrder, devices: Devices, balances: Balances, marked: frozenset[str], *, on: date
) -> tuple[Stock, Mapping[str, Device], tuple[Goods, ...]]:
    """Take every line from the shelf; raises the reason why one cannot be."""
    stock, target = Stock.of(order.storeroom_no, order.articles, balances), order_place(order.order_no)
    goods: tuple[Goods, ...] = ()
    there = dict(zip(device_nos(order), devices, strict=True))
    known: dict[str, Device] = {}
    for line in order.lines:
        if line.device_no is None:
            if line.article_no in marked:
                raise DeviceNumberMissing(line_no=line.line_no, article_no=line.article_no)
            stock, drawn = draw_set(stock, line, line.quantity, take=Stock.take_free, target=target, lot=None)
        else:
            if line.device_no in known or line.quantity != 1:
                raise DeviceNumberMissing(line_no=line.line_no, article_no=line.article_no)
            device = ready(line, there[line.device_no], order, stock, on=on)
            stock, device, drawn = draw_device(stock, line, device, take=Stock.take_free, target=target)
            known[line.device_no] = device
        goods = (*goods, *drawn)
    return stock, known, goods


def ready(line: OrderLine, device: Device | None, order: DeviceOrder, stock: Stock, *, on: date) -> Device:
    """Give the device when it can be handed out now; what hinders names no other patient or place."""
    if device is None:
        raise NoSuchDevice(line_no=line.line_no, device_no=line.device_no)
    hindrance = _hindrance(line, device, order, stock, on=on)
    if hindrance is not None:
        raise hindrance(line_no=line.line_no, device_no=line.device_no)
    return device


def _hindrance(
    line: OrderLine, device: Device, order: DeviceOrder, stock: Stock, *, on: date
) -> type[Refused] | None:
    if device.article_no != line.article_no:
        return AnotherArticle
    if device.state == "on_loan":
        return DeviceOnLoan
    if device.state in {"quarantined", "missing", "written_off"}:
        return DeviceSetApart
    if device.state != "in_stock" or device.storeroom_no != order.storeroom_no:
        return DeviceElsewhere
    if stock.of_article(device.article_no).available < 1:
        return OnlyReserved
    return against_lending(device, on=on)


def device_nos(order: DeviceOrder) -> Sequence[str]:
    """Name the devices of an order's lines, each once."""
    return tuple(dict.fromkeys(each.device_no for each in order.lines if each.device_no))
