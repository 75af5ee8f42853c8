"""A device that came to the warehouse, taken in with what was on it: every component by itself (Q46)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from services.inventory.domain.collecting.scanned import ComponentCame, Scanned
from services.inventory.domain.collecting.scanned import Disposition as DeviceDisposition
from services.inventory.domain.devices.device import Coupled, Device, DeviceState, moved
from services.inventory.domain.devices.shelving import put_in
from services.inventory.domain.goods.balance import Lot
from services.inventory.domain.goods.movement import LOST, SCRAPPED, order_place
from services.inventory.domain.goods.stock import Stock
from services.inventory.domain.orders.handing import OrderMoved
from services.inventory.domain.orders.order import Disposition
from services.inventory.domain.returns.disposing import Articles, is_reusable, usual

STATES: Mapping[DeviceDisposition, DeviceState] = {
    "shelf": "in_stock",
    "quarantine": "quarantined",
    "scrap": "written_off",
}


@dataclass(frozen=True)
class Unpacked:
    """The stock afterwards, what of the device lacks, and what came that was not known to be on it."""

    stock: Stock
    lacking: Mapping[str, int]
    """Pieces by article."""
    extra: Mapping[str, int]


def is_restocked_used(component: ComponentCame, articles: Articles) -> bool:
    """Tell whether somebody would put on the shelf what no other patient can use (S147)."""
    return component.disposition == "return" and not is_reusable(articles.get(component.article_no))


def dispositions_of(scanned: Scanned) -> Mapping[str, Disposition]:
    """Give what becomes of each component where somebody said it."""
    return {each.article_no: each.disposition for each in scanned.components or () if each.disposition}


def disposition_of(device: Device, scanned: Scanned) -> DeviceDisposition:
    """Say what becomes of a device: a recalled or faulty one lies apart, whoever scanned it (Q56, N4)."""
    is_apart = scanned.disposition == "shelf" and device.is_stopped
    return "quarantine" if is_apart else scanned.disposition


def taken_in(device: Device, scanned: Scanned, storeroom_no: str) -> Device:
    """Give the device as it is there, with nothing on it."""
    disposition = disposition_of(device, scanned)
    there = None if disposition == "scrap" else storeroom_no
    return moved(replace(device, components=()), state=STATES[disposition], storeroom_no=there)


def unpacked(stock: Stock, device: Device, scanned: Scanned, articles: Articles) -> Unpacked:
    """Put device and components on the shelf, set them apart or scrap them; what lacks is in no stock."""
    stock = _device_in(stock, device, scanned)
    left = Counter({each.article_no: 0 for each in device.components})
    for each in device.components if scanned.components is None else scanned.components:
        left[each.article_no] += each.quantity
    lacking = Counter[str]()
    for coupled in device.components:
        came = min(coupled.quantity, left[coupled.article_no])
        left[coupled.article_no] -= came
        lacking[coupled.article_no] += coupled.quantity - came
        said = dispositions_of(scanned).get(coupled.article_no)
        disposition = said or usual(articles.get(coupled.article_no))
        stock = _component_in(stock, device, coupled, came=came, disposition=disposition)
    return Unpacked(stock, +lacking, +left)


def _device_in(stock: Stock, device: Device, scanned: Scanned) -> Stock:
    source, number = order_place(device.order_no or ""), device.device_no
    if scanned.disposition == "scrap":
        return stock.pass_by(device.article_no, 1, source=source, target=SCRAPPED, device_no=number)
    taken = put_in(_known(stock, device.article_no, device), device, source=source)
    if scanned.disposition == "shelf" or device.is_stopped:
        return taken
    return taken.quarantine(device.article_no, 1, device_no=number)


def _component_in(
    stock: Stock, device: Device, coupled: Coupled, *, came: int, disposition: Disposition
) -> Stock:
    no, source, lot = coupled.article_no, order_place(device.order_no or ""), coupled.lot
    if came and disposition == "scrap":
        stock = stock.pass_by(no, came, source=source, target=SCRAPPED, lot=lot)
    elif came:
        stock = _known(stock, no, device).put(no, came, source=source, lot=Lot(lot, coupled.best_before))
    lost = coupled.quantity - came
    return stock.pass_by(no, lost, source=source, target=LOST, lot=lot) if lost else stock


def _known(stock: Stock, article_no: str, device: Device) -> Stock:
    """Demand that the balance was read; raises OrderMoved when the device changed since."""
    if article_no not in {each.article_no for each in stock.balances}:
        raise OrderMoved(order_no=device.order_no)
    return stock
