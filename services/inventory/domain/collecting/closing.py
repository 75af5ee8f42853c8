"""Closing a collection order by scanning what came: pieces, loans and tasks (S142, S145, Q46, Q48, Q54)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from services.inventory.domain.collecting.lending_again import (
    facts_of_lent_again,
    lend_again,
    with_devices,
    with_loans,
)
from services.inventory.domain.collecting.order import CollectionOrder, ToCollect
from services.inventory.domain.collecting.refusals import (
    CollectedToWarehouse,
    CollectionAnnulled,
    CollectionClosed,
)
from services.inventory.domain.collecting.scanned import Closing, Found, Scanned
from services.inventory.domain.collecting.tasks import tasks_of, tasks_of_components
from services.inventory.domain.collecting.unpacking import (
    disposition_of,
    is_restocked_used,
    taken_in,
    unpacked,
)
from services.inventory.domain.devices.device import Device, device_changed
from services.inventory.domain.devices.loan import Loan
from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.goods.movement import Movement, added
from services.inventory.domain.goods.stock import Stock
from services.inventory.domain.orders.handing import OrderMoved
from services.inventory.domain.orders.order import DeviceOrder
from services.inventory.domain.places import StoreroomClosed
from services.inventory.domain.returns.refusals import UsedIsScrapped
from services.inventory.domain.returns.returning import mark_returned
from shared.domain.decision import Decision, Refused, refuse_any
from shared.events.fact import Fact
from shared.events.inventory import DeviceReturned
from shared.events.inventory_collections import CollectionReceived, DeviceCollected, DeviceNotThere

Devices = tuple[Device | None, ...]
Loans = tuple[Loan | None, ...]
Orders = tuple[DeviceOrder, ...]
Balances = tuple[Balance | None, ...]


def close_collection(
    order: CollectionOrder,
    devices: Devices,
    loans: Loans,
    again: Loans,
    orders: Orders,
    *ledger: *tuple[Balances, Movement | None],
    closing: Closing,
) -> Decision[CollectionOrder, Devices, Loans, Loans, Orders, Balances, Movement | None]:
    """Take in what came, end its loans, and raise a task for each piece that lacks or nobody expected.

    `loans` stand in the order of the collection order's devices; so do those `again`, of exchanged devices
    that did not come. `ledger`: the warehouse's balances, and the movement of this order. Raises every
    reason against it; and OrderMoved when something changed meanwhile.
    """
    balances, movement = ledger
    refuse_any(_against(order, closing))
    read = dict(zip(closing.device_nos, devices, strict=True))
    found = sorted_out(order, read, closing.scanned)
    _demand_read(found, orders)
    stock = Stock.of(closing.storeroom.storeroom_no, closing.put_back, balances)
    tasks = list(tasks_of(order, found, read, closing))
    for _, device, scanned in found.came:
        unpack = unpacked(stock, device, scanned, closing.articles)
        stock = unpack.stock
        tasks += tasks_of_components(order, device, unpack, closing)
    there = closing.storeroom.storeroom_no
    after = {device.device_no: taken_in(device, scanned, there) for _, device, scanned in found.came}
    ended = tuple(_ended(loan, order, found, closing) for loan in loans)
    waits = {each.device_no: each for each in devices if each and each.device_no not in after}
    lent = lend_again(order, waits, loans)
    facts: list[Fact] = [
        *map(device_changed, after.values()),
        *facts_of_lent_again(order, lent, at=closing.at),
        *_facts_of_loans(loans, ended, order),
        _received(order, found, closing),
        *tasks,
    ]
    closed = replace(order, state="closed", storeroom_no=there, closed_at=closing.at, closed_by=closing.by)
    known = tuple(after.get(each.device_no, each) if each else None for each in devices)
    known = with_devices(known, lent)
    noted = added(movement, _movement(order, stock, closing)) if stock.moved else movement
    marked, renewed = mark_returned(orders, set(after)), with_loans(again, order, lent)
    return closed, known, ended, renewed, marked, stock.balances, noted, facts


def sorted_out(
    order: CollectionOrder, devices: Mapping[str, Device | None], scanned: Sequence[Scanned]
) -> Found:
    """Compare what was scanned with what should come; what came back another way is waited for no more."""
    by_number = {each.device_no: each for each in scanned}
    waited = [(row, found) for row in order.devices if (found := _waited_for(row, devices, order))]
    came = tuple(
        (row, device, by_number[row.device_no]) for row, device in waited if row.device_no in by_number
    )
    arrived = {row.device_no for row, _, _ in came}
    return Found(
        came,
        tuple(row for row, _ in waited if row.device_no not in arrived),
        tuple(no for no in by_number if no not in arrived),
    )


def _waited_for(
    row: ToCollect, devices: Mapping[str, Device | None], order: CollectionOrder
) -> Device | None:
    device = devices.get(row.device_no)
    if device is None:
        return None
    is_lent = device.state == "on_loan" and device.loan_id == row.loan_id
    waits = device.state == "to_collect" and device.collection_no == order.collection_no
    return device if is_lent or waits else None


def _against(order: CollectionOrder, closing: Closing) -> Iterator[Refused]:
    if order.state == "annulled":
        yield CollectionAnnulled(collection_no=order.collection_no)
    if order.state == "closed":
        yield CollectionClosed(collection_no=order.collection_no)
    place = closing.storeroom
    if place.kind != "warehouse":
        yield CollectedToWarehouse(storeroom_no=place.storeroom_no)
    elif not place.active:
        yield StoreroomClosed(storeroom_no=place.storeroom_no)
    for scanned in closing.scanned:
        for each in scanned.components or ():
            if is_restocked_used(each, closing.articles):
                yield UsedIsScrapped(device_no=scanned.device_no, article_no=each.article_no)


def _demand_read(found: Found, orders: Orders) -> None:
    """Demand that the order was read that each device came with; raises OrderMoved."""
    read = {each.order_no for each in orders}
    for _, device, _ in found.came:
        if device.order_no not in read:
            raise OrderMoved(order_no=device.order_no)


def _ended(loan: Loan | None, order: CollectionOrder, found: Found, closing: Closing) -> Loan | None:
    """End the loan of a device that came; one that was exchanged continues with the new device (Q48)."""
    came = {device.loan_id for _, device, _ in found.came if device.state == "on_loan"}
    if loan is None or loan.loan_id not in came:
        return loan
    return replace(loan, state="returned", returned_on=closing.on, return_no=order.collection_no)


def _facts_of_loans(before: Loans, after: Loans, order: CollectionOrder) -> Iterator[Fact]:
    for was, each in zip(before, after, strict=True):
        if each is not None and each != was and each.returned_on is not None:
            yield DeviceReturned(
                loan_id=each.loan_id,
                patient_ref=each.patient_ref,
                device_no=each.device_no,
                returned_on=each.returned_on,
                return_no=order.collection_no,
            )


def _received(order: CollectionOrder, found: Found, closing: Closing) -> CollectionReceived:
    return CollectionReceived(
        collection_no=order.collection_no,
        storeroom_no=closing.storeroom.storeroom_no,
        received_on=closing.on,
        received_at=closing.at,
        received_by=closing.by,
        came=tuple(
            DeviceCollected(
                loan_id=row.loan_id, device_no=row.device_no, disposition=disposition_of(device, scanned)
            )
            for row, device, scanned in found.came
        ),
        not_there=tuple(
            DeviceNotThere(loan_id=each.loan_id, device_no=each.device_no) for each in found.not_there
        ),
    )


def _movement(order: CollectionOrder, stock: Stock, closing: Closing) -> Movement:
    return Movement(
        order.collection_no, closing.storeroom.storeroom_no, "collected", closing.at, closing.by, stock.moved,
    )  # fmt: skip
