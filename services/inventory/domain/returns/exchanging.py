"""A patient gets another device for the one on loan: loan, fee and day 0 continue (Q10, Q48)."""

from dataclasses import dataclass, replace

from services.inventory.domain.collecting.order import CollectionOrder
from services.inventory.domain.devices.device import Device, device_changed
from services.inventory.domain.devices.loan import Exchanged, Loan
from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.goods.movement import Movement, added, order_place
from services.inventory.domain.goods.stock import Stock
from services.inventory.domain.orders.drawing import draw_device
from services.inventory.domain.orders.hand_out import (
    HandOutRequest,
    demand_possible,
    made,
    movement_of,
    not_made,
    ready,
)
from services.inventory.domain.orders.handing import hand_out_made, lend, on_loan
from services.inventory.domain.orders.order import DeviceOrder, Exchange, OrderLine
from services.inventory.domain.returns.disposing import is_of_another_unit
from services.inventory.domain.returns.refusals import CollectionOverMeanwhile, NotOnLoanToPatient
from services.inventory.domain.returns.returning import (
    DeviceBack,
    Return,
    after_return,
    against_device,
    device_back,
    mark_returned,
    task_of_owner,
    unit_of,
)
from shared.domain.decision import Decision, Refused, refuse_any
from shared.events.fact import Fact
from shared.events.inventory import DeviceExchanged

Orders = tuple[DeviceOrder | None, ...]
Devices = tuple[Device | None, ...]
Balances = tuple[Balance | None, ...]
Collections = tuple[CollectionOrder | None, ...]


@dataclass(frozen=True)
class ExchangeRequest:
    """A hand-out of one device, and the return of the one that it comes in place of."""

    hand_out: HandOutRequest
    back: Return
    """Of one device, into the storeroom that the new one is taken from."""
    articles: tuple[str, ...]
    """Those whose balances were read."""


def exchange(
    orders: Orders,
    devices: Devices,
    loan: Loan | None,
    collections: Collections,
    *ledger: *tuple[Balances, Movement | None],
    request: ExchangeRequest,
) -> Decision[Orders, Devices, Loan | None, Collections, Balances, Movement | None]:
    """Give the patient the new device and take the old one back, or say what is in the way.

    `orders`: the one of the exchange, and the one that the old device came with. `devices`: the new one and
    the old one. `collections`: the order that the old one waits for, where it is known. `ledger`: the
    storeroom's balances, and the movement. A repeated request changes nothing.
    """
    kept, before = orders
    balances, movement = ledger
    if kept is not None and kept.state != "expected":
        return orders, devices, loan, collections, balances, movement, []
    try:
        demand_possible(kept, request.hand_out)
        demand_open(collections)
        after = _exchanged(before, devices, loan, balances, movement, request=request)
    except Refused as refused:
        order, facts = not_made(request.hand_out, refused)
        return (order, before), devices, loan, collections, balances, movement, facts
    changed, new, continued, balances, movement, told = after
    return changed, new, continued, collections, balances, movement, told


def _exchanged(
    before: DeviceOrder | None,
    devices: Devices,
    loan: Loan | None,
    balances: Balances,
    movement: Movement | None,
    *,
    request: ExchangeRequest,
) -> Decision[Orders, Devices, Loan | None, Balances, Movement | None]:
    new, old = devices
    back, order = request.back, request.hand_out.order
    (wanted,), (line,) = back.devices, order.lines
    old, loan = demand_lent(old, loan, wanted, back)
    if before is None:
        raise NotOnLoanToPatient(device_no=wanted.device_no)
    stock = Stock.of(order.storeroom_no, request.articles, balances)
    stock, drawn, goods = draw_device(
        stock, line, ready(line, new, order, stock, on=back.on),
        take=Stock.take_free, target=order_place(order.order_no),
    )  # fmt: skip
    lent = on_loan(drawn, replace(loan, order_no=order.order_no))
    goods = lend(goods, request.hand_out.handing, continued={lent.device_no: loan.loan_id})
    swap = swapped(stock, old, loan, lent, wanted=wanted, back=back)
    (marked,) = mark_returned((before,), came_back(swap.came))
    facts: list[Fact] = [device_changed(lent), *swap.facts]
    facts.append(hand_out_made(order, goods, request.hand_out.handing, exchanged={lent.device_no}))
    noted = added(movement, movement_of(request.hand_out, swap.stock))
    orders = made(request.hand_out, goods), marked
    return orders, (lent, swap.came), swap.loan, swap.stock.balances, noted, facts


def demand_open(collections: Collections) -> None:
    """Demand that nobody closed or annulled meanwhile what an old device would wait for.

    Raises CollectionOverMeanwhile. One that is not known yet is registered by the exchange.
    """
    for each in collections:
        if each is not None and each.state != "open":
            raise CollectionOverMeanwhile(collection_no=each.collection_no)


@dataclass(frozen=True)
class Swapped:
    """What is true when a device came back for another: on the shelf, of itself, of its loan."""

    stock: Stock
    came: Device
    loan: Loan
    facts: tuple[Fact, ...]


def demand_lent(
    old: Device | None, loan: Loan | None, wanted: DeviceBack, back: Return
) -> tuple[Device, Loan]:
    """Give what comes back, with its loan; raises each reason against it, and NotOnLoanToPatient."""
    refuse_any(against_device(wanted, old, loan, back))
    if old is None or loan is None or old.loan_id != loan.loan_id:
        raise NotOnLoanToPatient(device_no=wanted.device_no)
    return old, loan


def swapped(
    stock: Stock, old: Device, loan: Loan, new: Device, *, wanted: DeviceBack, back: Return
) -> Swapped:
    """Take the old device back, and let its loan continue with the new one (Q48)."""
    came, continued = after_return(old, loan, wanted, back), _continued(loan, old, new, back)
    facts: list[Fact] = [device_changed(came), _fact(continued, old, back)]
    is_taken_here = wanted.collection_no is None
    if is_taken_here and is_of_another_unit(old.owner, unit_of(old, loan), back.storeroom):
        facts.append(task_of_owner(old, loan, back.articles))
    return Swapped(device_back(stock, old, wanted, back), came, continued, tuple(facts))


def came_back(*devices: Device) -> set[str]:
    """Name those that are with the patient no more; what waits to be collected is still of its order."""
    return {each.device_no for each in devices if each.state != "to_collect"}


def device_in_exchange(asked: Exchange) -> DeviceBack:
    """Say what becomes of the old device, as the exchange asks."""
    if asked.disposition == "collect":
        return DeviceBack(asked.device_no, "return", collection_no=asked.collection_no or "")
    return DeviceBack(asked.device_no, asked.disposition)


def _continued(loan: Loan, old: Device, new: Device, back: Return) -> Loan:
    had = Exchanged(old.device_no, old.article_no, back.on)
    return replace(loan, device_no=new.device_no, article_no=new.article_no, exchanged=(*loan.exchanged, had))


def _fact(loan: Loan, old: Device, back: Return) -> DeviceExchanged:
    return DeviceExchanged(
        loan_id=loan.loan_id,
        patient_ref=loan.patient_ref,
        device_no=loan.device_no,
        in_place_of=old.device_no,
        exchanged_on=back.on,
        why="exchange",
    )


def line_of(order: DeviceOrder) -> OrderLine | None:
    """Give the line that exchanges a device; None where the order exchanges none."""
    return next((each for each in order.lines if each.exchange), None)
