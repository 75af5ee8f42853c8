"""A new number on a worn label, and the device that a supplier sends for one it took back (Q12, S177)."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.inventory.domain.devices.device import Device, Label, Serial, device_changed, moved
from services.inventory.domain.devices.receiving import DeviceNumberTaken, SerialNumberTaken
from services.inventory.domain.devices.setting_apart import NotOnThatShelf
from services.inventory.domain.devices.shelving import put_in
from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.goods.movement import OUTSIDE, Movement, added
from services.inventory.domain.goods.stock import Stock
from services.inventory.domain.recalls.recall import Recall, marked_by
from shared.domain.days import local_day
from shared.domain.decision import Decision, Refused, Sentence


class LabelOfNothing(Refused):
    """A device that is gone gets no new label."""

    rule = "label-of-nothing"
    sentence = Sentence(
        "Hjälpmedlet är skrotat eller saknas. Det får inget nytt nummer.",
        "The device is scrapped or missing. It gets no new number.",
    )


def renumber(
    device: Device, taken: Device | None, label: Label | None, *, new: Label
) -> Decision[Device, Device | None, Label]:
    """Put another number on the device; the earlier ones are still found, and never used again.

    Raises DeviceNumberTaken and LabelOfNothing.
    """
    if taken is not None or label is not None:
        raise DeviceNumberTaken(device_no=new.number)
    if device.state in {"missing", "written_off"}:
        raise LabelOfNothing(device_no=device.device_no)
    worn = (*device.former_numbers, device.number_on_label)
    changed = replace(device, label=new.number, former_numbers=worn, version=device.version + 1)
    return changed, taken, new, [device_changed(changed)]


@dataclass(frozen=True)
class Replacement:
    """The device that a supplier sends for one that it took back."""

    movement_no: str
    storeroom_no: str
    device_no: str
    serial_no: str
    reason: str
    by: str
    at: datetime
    recalls: tuple[Recall, ...] = ()
    """Those that are open (N4)."""


def replace_by_supplier(
    devices: tuple[Device | None, ...],
    balance: Balance | None,
    label: Label | None,
    serial: Serial | None,
    movement: Movement | None,
    *,
    sent: Replacement,
) -> Decision[tuple[Device | None, ...], Balance, Label | None, Serial, Movement | None]:
    """Write off the old device, which has a serial number of its own, and receive the new one for it.

    `devices`: the old one, and what has the new number. Raises NotOnThatShelf, DeviceNumberTaken and
    SerialNumberTaken.
    """
    old, taken = devices
    if taken is not None or label is not None:
        raise DeviceNumberTaken(device_no=sent.device_no)
    if serial is not None:
        raise SerialNumberTaken(serial_no=sent.serial_no)
    if old is None or old.state not in {"in_stock", "quarantined"} or old.storeroom_no != sent.storeroom_no:
        raise NotOnThatShelf(device_no=old.device_no if old else "")
    stock = Stock.of(sent.storeroom_no, (old.article_no,), (balance,))
    take = stock.take_quarantined if old.state == "quarantined" else stock.take_free
    stock = take(old.article_no, 1, target=OUTSIDE, device_no=old.device_no)
    gone, new = moved(old, state="written_off"), _new(old, sent)
    stock = put_in(stock, new, source=OUTSIDE)
    noted = Movement(
        sent.movement_no, sent.storeroom_no, "replaced", sent.at, sent.by, stock.moved, reason=sent.reason
    )
    named = Serial(old.article_no, sent.serial_no, sent.device_no)
    facts = [device_changed(gone), device_changed(new)]
    return (gone, new), stock.balances[0], label, named, added(movement, noted), facts


def _new(old: Device, sent: Replacement) -> Device:
    new = Device(
        device_no=sent.device_no,
        article_no=old.article_no,
        owner=old.owner,
        owner_unit=old.owner_unit,
        storeroom_no=sent.storeroom_no,
        serial_no=sent.serial_no,
        purchased_on=old.purchased_on,
        purchase_price=old.purchase_price,
        replaces=old.device_no,
        received_on=local_day(sent.at),
    )
    new = marked_by(new, sent.recalls)
    return replace(new, state="quarantined" if new.is_stopped else "in_stock")
