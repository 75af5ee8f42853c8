"""A patient hands devices and goods back: in stock for the next patient, or scrapped (S146 to S148, S113)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from services.inventory.domain.devices.device import Coupled, Device, device_changed, moved
from services.inventory.domain.devices.loan import Loan
from services.inventory.domain.devices.naming import device_named
from services.inventory.domain.devices.shelving import lying_in, put_in
from services.inventory.domain.goods.balance import Balance, Lot
from services.inventory.domain.goods.movement import SCRAPPED, Movement, added, order_place
from services.inventory.domain.goods.stock import Stock
from services.inventory.domain.orders.handing import OrderMoved
from services.inventory.domain.orders.order import DeviceOrder, Disposition, with_parcel
from services.inventory.domain.places import Storeroom, StoreroomClosed
from services.inventory.domain.returns.counted import against_counted, counted_back
from services.inventory.domain.returns.disposing import (
    Articles,
    against_disposition,
    against_taking,
    is_of_another_unit,
    usual,
)
from services.inventory.domain.returns.refusals import (
    BackBeforeLent,
    LateReturnNeedsReason,
    LostBefore,
    NotOnLoanToPatient,
    ReturnedAlready,
    ReturnedToWarehouse,
)
from shared.domain.days import DayToCome, local_day
from shared.domain.decision import Decision, Refused, refuse_any
from shared.events.inventory import DeviceReturned
from shared.events.tasks import TaskRaised

Devices = tuple[Device | None, ...]
Loans = tuple[Loan | None, ...]
Orders = tuple[DeviceOrder, ...]
Balances = tuple[Balance | None, ...]


@dataclass(frozen=True)
class DeviceBack:
    """A device that is handed back, and what becomes of it and of its components."""

    device_no: str
    disposition: Disposition
    components: tuple[tuple[str, Disposition], ...] = ()
    """By article, where it is not the usual one (Q46)."""
    collection_no: str | None = None
    """It comes on no shelf here, but waits at the unit to be collected with all that is on it (Q48)."""


@dataclass(frozen=True)
class GoodsBack:
    """Counted goods that are handed back, of the order that they came with; base units."""

    order_no: str
    article_no: str
    quantity: int
    disposition: Disposition
    lot: str | None = None
    """None: of whichever lot the patient got."""


@dataclass(frozen=True)
class Return:
    """What a patient hands back to which storeroom, with what the rule must know of the articles."""

    return_no: str
    patient_refs: tuple[str, ...]
    """Every reference by which the patient's loans may be kept (S65)."""
    storeroom: Storeroom
    on: date
    at: datetime
    by: str
    reason: str | None
    devices: tuple[DeviceBack, ...]
    goods: tuple[GoodsBack, ...]
    articles: Articles
    put_back: tuple[str, ...] = ()
    """The articles whose balances were read."""


def register_return(
    movement: Movement | None,
    devices: Devices,
    loans: Loans,
    orders: Orders,
    balances: Balances,
    *,
    back: Return,
) -> Decision[Movement | None, Devices, Loans, Orders, Balances]:
    """End loans, and put on the shelf or scrap what came: all of it, or nothing and every reason why not.

    `loans` stand in the order of `devices`. Raises OrderMoved when something changed since it was read.
    """
    refuse_any(against_return(devices, loans, orders, back=back))
    stock = Stock.of(back.storeroom.storeroom_no, back.put_back, balances)
    found = _on_loan(devices, loans)
    wanted = {each.device_no: each for each in back.devices}
    for device, _ in found:
        stock = device_back(stock, device, wanted[device.device_no], back)
    orders = mark_returned(orders, {device.device_no for device, _ in found})
    stock, orders = counted_back(stock, orders, back.goods)
    after = [after_return(device, loan, wanted[device.device_no], back) for device, loan in found]
    ended = [
        replace(loan, state="returned", returned_on=back.on, return_no=back.return_no) for _, loan in found
    ]
    noted = Movement(
        back.return_no, back.storeroom.storeroom_no, "returned", back.at, back.by, stock.moved,
        reason=back.reason,
    )  # fmt: skip
    facts = [
        *map(device_changed, after),
        *(_returned(each, back) for each in ended),
        *(
            task_of_owner(device, loan, back.articles)
            for device, loan in found
            if is_of_another_unit(device.owner, unit_of(device, loan), back.storeroom)
        ),
    ]
    return added(movement, noted), tuple(after), tuple(ended), orders, stock.balances, facts


def against_return(devices: Devices, loans: Loans, orders: Orders, *, back: Return) -> Iterator[Refused]:
    """Say all that speaks against a return."""
    yield from against_storeroom(back.storeroom)
    today = local_day(back.at)
    if back.on > today:
        yield DayToCome()
    elif back.on < today and back.reason is None:
        yield LateReturnNeedsReason()
    for wanted, device, loan in zip(back.devices, devices, loans, strict=True):
        yield from against_device(wanted, device, loan, back)
    yield from against_counted(
        orders,
        back.goods,
        patient_refs=back.patient_refs,
        articles=back.articles,
        storeroom=back.storeroom,
        on=back.on,
    )


def against_storeroom(storeroom: Storeroom) -> Iterator[Refused]:
    """Say what speaks against taking anything back there."""
    if storeroom.kind == "warehouse":
        yield ReturnedToWarehouse(storeroom_no=storeroom.storeroom_no)
    elif not storeroom.active:
        yield StoreroomClosed(storeroom_no=storeroom.storeroom_no)


def against_device(
    wanted: DeviceBack, device: Device | None, loan: Loan | None, back: Return
) -> Iterator[Refused]:
    if (
        device is None
        or loan is None
        or loan.patient_ref not in back.patient_refs
        or loan.state == "mistaken"
    ):
        yield NotOnLoanToPatient(device_no=wanted.device_no)
        return
    if loan.state == "written_off":
        yield LostBefore(device_no=wanted.device_no)
        return
    if loan.state == "returned":
        yield ReturnedAlready(device_no=wanted.device_no, returned_on=f"{loan.returned_on}")
        return
    if back.on < loan.since:
        yield BackBeforeLent(device_no=wanted.device_no, handed_out_on=loan.since.isoformat())
    if wanted.collection_no is not None:
        return
    article = back.articles.get(device.article_no)
    refused = against_taking(
        article,
        wanted.disposition,
        owner=device.owner,
        unit=unit_of(device, loan),
        area=loan.product_area,
        storeroom=back.storeroom,
    )
    if refused is not None:
        yield refused(device_no=wanted.device_no, article_no=device.article_no)
    yield from _against_components(wanted, device, back)


def _against_components(wanted: DeviceBack, device: Device, back: Return) -> Iterator[Refused]:
    for article_no, disposition in wanted.components:
        if article_no not in {each.article_no for each in device.components}:
            yield NotOnLoanToPatient(device_no=wanted.device_no, article_no=article_no)
        elif refused := _against_component(back, article_no, disposition):
            yield refused(device_no=wanted.device_no, article_no=article_no)


def _against_component(back: Return, article_no: str, disposition: Disposition) -> type[Refused] | None:
    # A component is never a main aid of the central organisation: it may be scrapped.
    return against_disposition(back.articles.get(article_no), disposition, owner="care_unit")


def component_disposition(wanted: DeviceBack, component: Coupled, articles: Articles) -> Disposition:
    """Give what becomes of a component: as somebody said, else as usual for its article (Q46)."""
    return dict(wanted.components).get(component.article_no) or usual(articles.get(component.article_no))


def _on_loan(devices: Devices, loans: Loans) -> list[tuple[Device, Loan]]:
    """Give each device with its loan; raises OrderMoved when it has another by now."""
    found = [(device, loan) for device, loan in zip(devices, loans, strict=True) if device and loan]
    for device, loan in found:
        if device.state != "on_loan" or device.loan_id != loan.loan_id:
            raise OrderMoved(order_no=device.order_no)
    return found


def device_back(stock: Stock, device: Device, wanted: DeviceBack, back: Return) -> Stock:
    if wanted.collection_no is not None:
        return stock
    source, number = order_place(device.order_no or ""), device.device_no
    known = {each.article_no for each in stock.balances}
    if wanted.disposition == "scrap":
        stock = stock.pass_by(device.article_no, 1, source=source, target=SCRAPPED, device_no=number)
    else:
        stock = put_in(stock, device, source=source)
    for each in device.components:
        if component_disposition(wanted, each, back.articles) == "scrap":
            stock = stock.pass_by(
                each.article_no, each.quantity, source=source, target=SCRAPPED, lot=each.lot
            )
        elif each.article_no not in known:
            raise OrderMoved(order_no=device.order_no)
        else:
            lot = Lot(each.lot, each.best_before)
            stock = stock.put(each.article_no, each.quantity, source=source, lot=lot)
    return stock


def mark_returned(orders: Orders, device_nos: set[str]) -> Orders:
    """Mark devices, with their components, as handed back in the orders that they came with."""
    for place, order in enumerate(orders):
        changed = order
        for parcel in order.parcels:
            goods = tuple(
                replace(each, returned=True) if each.handed_over and each.device_no in device_nos else each
                for each in parcel.goods
            )
            changed = with_parcel(changed, replace(parcel, goods=goods))
        orders = (*orders[:place], changed, *orders[place + 1 :])
    return orders


def unit_of(device: Device, loan: Loan) -> str:
    """Give whose property a unit's device is: whoever lent it first, as long as nobody else is known."""
    return device.owner_unit or loan.care_unit


def after_return(device: Device, loan: Loan, wanted: DeviceBack, back: Return) -> Device:
    if wanted.collection_no is not None:
        number = wanted.collection_no
        return moved(device, state="to_collect", order_no=device.order_no, collection_no=number)
    unit = unit_of(device, loan)
    is_elsewhere = is_of_another_unit(device.owner, unit, back.storeroom)
    bare = replace(device, components=(), owner_unit=unit if is_elsewhere else device.owner_unit)
    if wanted.disposition == "scrap":
        return moved(bare, state="written_off")
    return lying_in(bare, back.storeroom.storeroom_no)


def _returned(loan: Loan, back: Return) -> DeviceReturned:
    return DeviceReturned(
        loan_id=loan.loan_id,
        patient_ref=loan.patient_ref,
        device_no=loan.device_no,
        returned_on=back.on,
        return_no=back.return_no,
    )


def task_of_owner(device: Device, loan: Loan, articles: Articles) -> TaskRaised:
    return TaskRaised(
        task_id=f"device-returned-elsewhere:{loan.loan_id}",
        kind="device_returned_elsewhere",
        role="order_placer",
        care_unit=unit_of(device, loan),
        subject_no=device.device_no,
        reason="another-unit-received-it",
        details={"device_no": device.device_no, "device": device_named(device, articles)},
    )
