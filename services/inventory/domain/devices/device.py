"""A tracked device: one piece with a number of its own, which is in exactly one place (S92, S175, I10)."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from services.inventory.domain.devices.upkeep import NO_UPKEEP, Upkeep
from services.inventory.domain.goods.marks import Marks
from shared.domain.money import Money
from shared.events.inventory_goods import DeviceChanged

DeviceState = Literal[
    "in_stock",
    "picked",
    "under_way",
    "at_unit",
    "on_loan",
    "to_collect",
    "quarantined",
    "missing",
    "written_off",
]
Owner = Literal["care_unit", "central"]


@dataclass(frozen=True)
class Coupled:
    """A counted component that is on the device (Q46)."""

    article_no: str
    quantity: int
    lot: str = ""
    best_before: date | None = None


@dataclass(frozen=True)
class RecallAnswer:
    """That what a recall asks for was done to a device, by whom and what."""

    recall_no: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Device:
    """A device; it knows its order and loan, never a person."""

    device_no: str
    """By which it was received: everywhere it is known by this one, whatever its label says by now (0101)."""
    article_no: str
    owner: Owner
    """Whose property it is, set at receipt, whatever place it lies in (Q44)."""
    storeroom_no: str | None
    """Where it lies; None when it is in no storeroom."""
    state: DeviceState = "in_stock"
    serial_no: str | None = None
    purchased_on: date | None = None
    purchase_price: Money | None = None
    order_no: str | None = None
    """The order that it is picked, under way, at the unit or on loan for, or came back from in exchange."""
    loan_id: str | None = None
    components: tuple[Coupled, ...] = ()
    former_numbers: tuple[str, ...] = ()
    """What stood on worn labels: each is still found (Q12)."""
    version: int = 1
    label: str | None = None
    """What stands on its label now, where that is not the number it was received by (Q12)."""
    replaces: str | None = None
    """The device that the supplier took back for this one (Q12)."""
    owner_unit: str | None = None
    """The care unit whose property it is, once another unit received it; None: not known (Q45)."""
    number_runs: tuple[str, ...] | None = None
    """Runs of signs of its numbers, by which a part of one finds it (S174); None: of an earlier version."""
    udi_pi: str | None = None
    """The production identifier of its UDI, as it was scanned at the receipt."""
    note: str | None = None
    """What people wrote about it: nothing about a patient (S176)."""
    lost: bool = False
    """Written off because it was stolen or lost: it may come to light and be received again (Q57)."""
    collection_no: str | None = None
    """The collection order that it waits for, when it came back in exchange for another device (Q48)."""
    received_on: date | None = None
    """None: of an earlier version."""
    care_unit: str | None = None
    """Whose patient has it, or at which it waits for one; None: nobody, or an earlier version moved it."""
    upkeep: Upkeep = NO_UPKEEP
    swap_no: str | None = None
    """The maintenance swap by which the patient is to get another for it, until it has come back (Q56)."""
    recalls: Marks = ()
    """The recalls that concern it: it is lent to nobody until each is withdrawn or answered (N4)."""
    answered: tuple[RecallAnswer, ...] = ()
    """The recalls whose measure was carried out on it: they concern it no more."""
    to_notice: bool = False
    """A recall concerns it, and who has it was not told yet."""

    @property
    def is_stopped(self) -> bool:
        """Tell whether it lies apart when it lies anywhere: recalled, faulty or unfit for use (Q36, N4)."""
        return bool(self.recalls or self.upkeep.corrective_job or self.upkeep.rejected_by)

    @property
    def number_on_label(self) -> str:
        return self.label or self.device_no


def moved(
    device: Device,
    *,
    state: DeviceState,
    storeroom_no: str | None = None,
    order_no: str | None = None,
    loan_id: str | None = None,
    collection_no: str | None = None,
    care_unit: str | None = None,
    swap_no: str | None = None,
) -> Device:
    """Give the device at its next place; what is not named it has no longer there."""
    version = device.version + 1
    is_counted_anew = device.lost or state == "written_off"
    upkeep = replace(device.upkeep, due_on=None, plan_version=None) if is_counted_anew else device.upkeep
    return replace(
        device,
        state=state,
        storeroom_no=storeroom_no,
        order_no=order_no,
        loan_id=loan_id,
        version=version,
        lost=False,
        collection_no=collection_no,
        care_unit=care_unit,
        upkeep=upkeep,
        swap_no=swap_no,
        to_notice=state == "on_loan" and bool(device.recalls),
    )


def device_changed(device: Device) -> DeviceChanged:
    """Publish what others may know of a device: nothing of patients (Q61)."""
    return DeviceChanged(
        device_no=device.device_no,
        version=device.version,
        article_no=device.article_no,
        owner=device.owner,
        storeroom_no=device.storeroom_no,
        available=device.state == "in_stock" and not device.is_stopped,
        former_numbers=device.former_numbers,
        label=device.label,
    )


def serial_id(article_no: str, serial_no: str) -> str:
    return f"{article_no}:{serial_no}"


@dataclass(frozen=True)
class Label:
    """Which device has, or had, another number on its label than it was received by: none is used twice."""

    number: str
    device_no: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Serial:
    """Which device has a serial number of an article: kept so that none is received twice."""

    article_no: str
    serial_no: str
    device_no: str
