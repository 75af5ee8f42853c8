"""A unit hands over what waited there, also in exchange for what the patient has (Q43, Q48)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from services.inventory.domain.devices.device import Device, device_changed
from services.inventory.domain.devices.loan import Loan
from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.goods.movement import Movement, added
from services.inventory.domain.goods.stock import Stock
from services.inventory.domain.maintenance.lending import demand_fit
from services.inventory.domain.orders.hand_over import LineHanded, begun, taken_over
from services.inventory.domain.orders.handing import Handing, OrderMoved, on_loan
from services.inventory.domain.orders.order import DeviceOrder, Exchange
from services.inventory.domain.orders.refusals import StoreroomNotLinked
from services.inventory.domain.returns.exchanging import (
    Collections,
    Swapped,
    came_back,
    demand_lent,
    demand_open,
    swapped,
)
from services.inventory.domain.returns.refusals import NotOnLoanToPatient
from services.inventory.domain.returns.returning import (
    Return,
    against_storeroom,
    mark_returned,
)
from shared.domain.decision import Decision, Refused, refuse_any
from shared.events.fact import Fact
from shared.events.inventory_goods import HandOverRefused

Orders = tuple[DeviceOrder | None, ...]
Devices = tuple[Device | None, ...]
Loans = tuple[Loan | None, ...]
Balances = tuple[Balance | None, ...]


@dataclass(frozen=True)
class HandOverRequest:
    """What was handed over at the care unit, and what the patient handed back for it."""

    handing: Handing
    lines: tuple[LineHanded, ...]
    back: Return
    """Of the devices that are exchanged, in the order of `exchanges`; else of nothing."""
    movement_no: str
    articles: tuple[str, ...] = ()
    """Those whose balances were read."""

    @property
    def device_nos(self) -> tuple[str, ...]:
        """Name the devices that are handed over, each once."""
        return tuple(dict.fromkeys(no for line in self.lines for no in line.device_nos))

    @property
    def exchanges(self) -> tuple[tuple[str, Exchange], ...]:
        """Give each device that is handed over for another, with the other one."""
        return tuple((no, each.exchange) for each in self.lines if each.exchange for no in each.device_nos)


def hand_over(
    orders: Orders,
    devices: Devices,
    loans: Loans,
    collections: Collections,
    *ledger: *tuple[Balances, Movement | None],
    request: HandOverRequest,
) -> Decision[Orders, Devices, Loans, Collections, Balances, Movement | None]:
    """Give the patient all that is named, or say what is in the way; a repeated request changes nothing.

    `orders`: the one that is handed over, and those that the exchanged devices came with. `devices`, and
    `loans` in their order: those that are handed over, then those that come back. `collections`: what those
    wait for, where it is known. `ledger`: the storeroom's balances, and the movement. Raises OrderMoved.
    """
    order, handing = orders[0], request.handing
    balances, movement = ledger
    if order is None or handing.handing_no in order.hand_overs:
        return orders, devices, loans, collections, balances, movement, []
    asked = replace(order, hand_overs=(*order.hand_overs, handing.handing_no))
    try:
        demand_open(collections)
        after = _handed((asked, *orders[1:]), devices, loans, balances, movement, request=request)
    except OrderMoved:
        raise
    except Refused as refused:
        fact = _refused(order, refused, handing)
        return (asked, *orders[1:]), devices, loans, collections, balances, movement, [fact]
    changed, known, kept, balances, movement, told = after
    return changed, known, kept, collections, balances, movement, told


def _handed(
    orders: tuple[DeviceOrder, *Orders],
    devices: Devices,
    loans: Loans,
    balances: Balances,
    movement: Movement | None,
    *,
    request: HandOverRequest,
) -> Decision[Orders, Devices, Loans, Balances, Movement | None]:
    order, *before = orders
    continued = {no: exchange.loan_id for no, exchange in request.exchanges}
    after, goods = taken_over(order, request.lines, request.handing, continued=continued)
    count = len(request.device_nos)
    demand_fit(devices[:count], on=request.handing.on, at=request.handing.at)
    new, began, facts = begun(
        order, devices[:count], loans[:count],
        handed=goods, handing=request.handing, exchanged=continued.keys(),
    )  # fmt: skip
    if not request.exchanges:
        return (after, *before), new, began, balances, movement, facts
    _demand_read(devices[count:], orders)
    swaps = _swapped(after, new, devices[count:], loans[count:], balances, request=request)
    lent = {each.device_no: each for each in swaps.lent}
    new = tuple(lent.get(each.device_no, each) if each else None for each in new)
    facts = [*map(device_changed, swaps.lent), *swaps.facts, *facts]
    kept = _marked((after, *before), swaps.came)
    moved = swaps.stock.moved
    noted = added(movement, _movement(request, swaps.stock, after.order_no)) if moved else movement
    return kept, (*new, *swaps.came), (*began, *swaps.loans), swaps.stock.balances, noted, facts


@dataclass(frozen=True)
class _Swaps:
    stock: Stock
    lent: tuple[Device, ...]
    came: tuple[Device, ...]
    loans: tuple[Loan, ...]
    facts: tuple[Fact, ...]


def _swapped(
    order: DeviceOrder,
    new: Devices,
    old: Devices,
    loans: Loans,
    balances: Balances,
    *,
    request: HandOverRequest,
) -> _Swaps:
    """Let each loan continue with the new device; raises each reason against taking the old ones."""
    back = request.back
    if any(each.collection_no is None for each in back.devices):
        refuse_any(_against_place(order, back))
    stock = Stock.of(back.storeroom.storeroom_no, request.articles, balances)
    found = {each.device_no: each for each in new if each}
    lent, swaps = list[Device](), list[Swapped]()
    for (no, exchange), wanted, device, loan in zip(request.exchanges, back.devices, old, loans, strict=True):
        if any(each.came.device_no == exchange.device_no for each in swaps):
            raise NotOnLoanToPatient(device_no=exchange.device_no)
        if no not in found:
            raise OrderMoved(order_no=order.order_no)
        came, known = demand_lent(device, loan, wanted, back)
        lent.append(on_loan(found[no], replace(known, order_no=order.order_no)))
        swaps.append(swapped(stock, came, known, lent[-1], wanted=wanted, back=back))
        stock = swaps[-1].stock
    return _Swaps(
        stock,
        tuple(lent),
        tuple(each.came for each in swaps),
        tuple(each.loan for each in swaps),
        tuple(fact for each in swaps for fact in each.facts),
    )


def _against_place(order: DeviceOrder, back: Return) -> Iterator[Refused]:
    if order.care_unit not in back.storeroom.care_units:
        yield StoreroomNotLinked(storeroom_no=back.storeroom.storeroom_no)
    yield from against_storeroom(back.storeroom)


def _demand_read(old: Devices, orders: Orders) -> None:
    """Demand that the order was read that each device came with; raises OrderMoved."""
    read = {each.order_no for each in orders if each}
    for each in old:
        if each and each.order_no and each.order_no not in read:
            raise OrderMoved(order_no=each.order_no)


def _marked(orders: Orders, came: tuple[Device, ...]) -> Orders:
    """Mark what came back in the orders that it came with."""
    back = came_back(*came)
    return tuple(mark_returned((each,), back)[0] if each else None for each in orders)


def _refused(order: DeviceOrder, refused: Refused, handing: Handing) -> HandOverRefused:
    line_no = refused.facts.get("line_no")
    return HandOverRefused(
        hand_over_no=handing.handing_no,
        order_no=order.order_no,
        rule=refused.rule,
        line_no=line_no if isinstance(line_no, int) else None,
        sv=refused.said.sv,
        en=refused.said.en,
        refused_at=handing.at,
    )


def _movement(request: HandOverRequest, stock: Stock, order_no: str) -> Movement:
    back = request.back
    return Movement(
        request.movement_no, back.storeroom.storeroom_no, "returned", back.at, back.by, stock.moved,
        order_no=order_no,
    )  # fmt: skip
