"""A device that was exchanged and does not come to the warehouse is its patient's again (Q48)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from services.inventory.domain.collecting.order import CollectionOrder
from services.inventory.domain.devices.device import Device, device_changed
from services.inventory.domain.devices.loan import Loan
from services.inventory.domain.orders.handing import OrderMoved, on_loan
from shared.domain.decision import Decision
from shared.events.fact import Fact
from shared.events.inventory_collections import DeviceLentAgain

Devices = tuple[Device | None, ...]
Loans = tuple[Loan | None, ...]


@dataclass(frozen=True)
class Again:
    """A device that its patient has again, and the loan of its own."""

    device: Device
    loan: Loan


def again_ids(order: CollectionOrder) -> list[str]:
    """Name the loans under which the order's devices would be their patient's again."""
    return [_again_id(order.collection_no, each.device_no) for each in order.devices]


def settle_annulled(
    order: CollectionOrder,
    devices: Devices,
    loans: Loans,
    again: Loans,
    *,
    seen: CollectionOrder,
    at: datetime,
) -> Decision[CollectionOrder, Devices, Loans, Loans]:
    """Let go what was exchanged and waits for an order that was annulled: its patient has it again.

    `devices`, `loans` and `again` stand in the order of `seen.devices`; raises OrderMoved when there are
    others by now.
    """
    if order.state != "annulled":
        return order, devices, loans, again, []
    if order.devices != seen.devices:
        raise OrderMoved(order_no=order.collection_no)
    found = lend_again(order, {each.device_no: each for each in devices if each}, loans)
    facts = list(facts_of_lent_again(order, found, at=at))
    return order, with_devices(devices, found), loans, with_loans(again, order, found), facts


def lend_again(order: CollectionOrder, devices: Mapping[str, Device], loans: Loans) -> dict[str, Again]:
    """Give back those of the devices that wait for the order, by number; `loans` by the order's devices."""
    found: dict[str, Again] = {}
    for row, before in zip(order.devices, loans, strict=True):
        device = devices.get(row.device_no)
        if device is None or before is None or device.state != "to_collect":
            continue
        if device.collection_no == order.collection_no:
            found[device.device_no] = _lent(device, before, order.collection_no)
    return found


def with_devices(devices: Devices, found: Mapping[str, Again]) -> Devices:
    """Put each device, as it is now, into its place."""
    return tuple(
        found[each.device_no].device if each and each.device_no in found else each for each in devices
    )


def with_loans(again: Loans, order: CollectionOrder, found: Mapping[str, Again]) -> Loans:
    """Put each new loan into its place."""
    pairs = zip(order.devices, again, strict=True)
    return tuple(found[row.device_no].loan if row.device_no in found else loan for row, loan in pairs)


def facts_of_lent_again(
    order: CollectionOrder, found: Mapping[str, Again], *, at: datetime
) -> Iterator[Fact]:
    """Publish it to those who keep copies of loans."""
    for each in found.values():
        device, loan = each.device, each.loan
        yield device_changed(device)
        yield DeviceLentAgain(
            loan_id=loan.loan_id,
            patient_ref=loan.patient_ref,
            device_no=device.device_no,
            article_no=device.article_no,
            product_area=loan.product_area,
            care_unit=loan.care_unit,
            order_no=loan.order_no,
            handed_out_on=loan.handed_out_on,
            lent_at=at,
            collection_no=order.collection_no,
        )


def _again_id(collection_no: str, device_no: str) -> str:
    return f"{collection_no}.{device_no}"


def _lent(device: Device, before: Loan, collection_no: str) -> Again:
    """Give it under a loan of its own: the first one continues with what came for the device."""
    had = [each.device_no for each in before.exchanged]
    place = len(had) - 1 - had[::-1].index(device.device_no) if device.device_no in had else 0
    loan = replace(
        before,
        loan_id=_again_id(collection_no, device.device_no),
        device_no=device.device_no,
        article_no=device.article_no,
        order_no=device.order_no or before.order_no,
        handed_out_on=before.exchanged[place - 1].through if place else before.handed_out_on,
        state="on_loan",
        returned_on=None,
        return_no=None,
        ended_on=None,
        exchanged=(),
    )
    return Again(on_loan(device, loan), loan)
