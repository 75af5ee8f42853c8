"""The facts of inventory about places, devices, and what becomes of the orders of devices."""

from datetime import date, datetime
from typing import ClassVar, Literal

from shared.events.fact import Fact, Open, Part


class CareUnitChanged(Fact):
    """A snapshot of a care unit, so that others show its name (Q38): newest version wins."""

    topic: ClassVar[str] = "inventory.care_unit_changed.v1"
    about: ClassVar[str] = "care_unit"

    care_unit: str
    version: int
    name: str
    address: str | None = None
    """JSON of `shared.domain.address.Address`: where deliveries to the unit go; a place of work."""
    active: bool = True


class StoreroomChanged(Fact):
    """A snapshot of a storeroom or warehouse: newest version wins."""

    topic: ClassVar[str] = "inventory.storeroom_changed.v1"
    about: ClassVar[str] = "storeroom_no"

    storeroom_no: str
    version: int
    name: str
    kind: Open[Literal["storeroom", "warehouse"]]
    care_units: tuple[str, ...]
    """Of a storeroom: whose it is. Of a warehouse: which units may order from it."""
    supplied_by: tuple[str, ...] = ()
    """The warehouses that refill it."""
    active: bool = True


class DeviceChanged(Fact):
    """A snapshot of a tracked device: newest version wins. It says nothing of patients."""

    topic: ClassVar[str] = "inventory.device_changed.v1"
    about: ClassVar[str] = "device_no"

    device_no: str
    version: int
    article_no: str
    owner: Open[Literal["care_unit", "central"]]
    """Whose property it is, set at receipt, whatever place it lies in (Q44)."""
    storeroom_no: str | None = None
    """Where it lies; None when it is in no storeroom: with a patient, under way, written off."""
    available: bool = False
    """It lies in that storeroom, reserved for nobody and not set apart."""
    former_numbers: tuple[str, ...] = ()
    """Worn or replaced labels: they are still found (Q12)."""
    label: str | None = None
    """What stands on its label now; None: `device_no`."""


class LineReserved(Part):
    """How much of a line lies ready, and what is waited for."""

    line_no: int
    article_no: str
    """What will be delivered: a replacement article where one took its place (S89)."""
    reserved: int
    """Base units that are set apart for the order."""
    waiting: int
    """Base units that are not there yet."""
    expected_on: date | None = None


class DeviceOrderReserved(Fact):
    """A snapshot of what is reserved for an order: newest version wins."""

    topic: ClassVar[str] = "inventory.device_order_reserved.v1"
    about: ClassVar[str] = "order_no"

    order_no: str
    version: int
    lines: tuple[LineReserved, ...]


class DeviceOrderPicking(Fact):
    """The pick list of an order was taken: from now on it cannot be annulled (Q49)."""

    topic: ClassVar[str] = "inventory.device_order_picking.v1"
    about: ClassVar[str] = "order_no"

    order_no: str
    pick_list_no: str
    picking_at: datetime


class LotQuantity(Part):
    """How many base units came from which lot."""

    lot: str
    quantity: int
    best_before: date | None = None


class LineGoods(Part):
    """What of a line is in a parcel, or was handed out."""

    line_no: int
    article_no: str
    quantity: int
    device_nos: tuple[str, ...] = ()
    """The tracked devices, when the article is marked."""
    lots: tuple[LotQuantity, ...] = ()
    """Where the article has lots."""


class DeviceOrderDespatched(Fact):
    """A parcel of an order left the warehouse."""

    topic: ClassVar[str] = "inventory.device_order_despatched.v1"
    about: ClassVar[str] = "order_no"

    order_no: str
    parcel_no: str
    despatched_at: datetime
    lines: tuple[LineGoods, ...]
    complete: bool
    """Nothing more of this order will come."""


class DeviceOrderReceived(Fact):
    """A parcel of an order was received at the care unit: the goods wait there for the patient (Q43)."""

    topic: ClassVar[str] = "inventory.device_order_received.v1"
    about: ClassVar[str] = "order_no"

    order_no: str
    parcel_no: str
    care_unit: str
    received_at: datetime
    lines: tuple[LineGoods, ...]


class DeviceOrderNotFetched(Fact):
    """The patient never fetched goods that waited at the care unit: they are not for the order now (Q43)."""

    topic: ClassVar[str] = "inventory.device_order_not_fetched.v1"
    about: ClassVar[str] = "order_no"

    order_no: str
    storeroom_no: str
    """Where they lie now, or are sent back to."""
    ended_at: datetime
    lines: tuple[LineGoods, ...]
    complete: bool
    """Nothing more of this order will come."""


class DeviceOrderReleased(Fact):
    """An order was annulled before its pick list was taken: what was reserved is free again (Q49)."""

    topic: ClassVar[str] = "inventory.device_order_released.v1"
    about: ClassVar[str] = "order_no"

    order_no: str
    released_at: datetime


class DeviceOrderNotReleased(Fact):
    """An order could not be annulled any more (Q49)."""

    topic: ClassVar[str] = "inventory.device_order_not_released.v1"
    about: ClassVar[str] = "order_no"

    order_no: str
    refused_at: datetime
    why: Open[Literal["picking", "despatched"]]


class HandOutRefused(Fact):
    """A hand-out from an own storeroom could not be made; nothing was moved (Q41, S107)."""

    topic: ClassVar[str] = "inventory.hand_out_refused.v1"
    about: ClassVar[str] = "order_no"

    order_no: str
    rule: str
    """The code of the rule that refused it, such as `device-on-loan`."""
    line_no: int | None = None
    sv: str
    """What is in the way and what to do, in Swedish; nothing about patients."""
    en: str
    refused_at: datetime


class LineHandedOut(Part):
    """What of a line the patient has now."""

    line_no: int
    article_no: str
    quantity: int
    device_nos: tuple[str, ...] = ()
    loan_ids: tuple[str, ...] = ()
    """The loans of those devices, in the same order."""
    lots: tuple[LotQuantity, ...] = ()
    exchanged: bool = False
    """It came in place of another device: that one's loan, fee and day 0 continue (Q48)."""


class HandOutMade(Fact):
    """The patient has the goods: handed out from a storeroom, or handed over at the unit (Q41, Q43)."""

    topic: ClassVar[str] = "inventory.hand_out_made.v1"
    about: ClassVar[str] = "order_no"

    order_no: str
    patient_ref: str
    handed_out_on: date
    """The day on which the patient got them: day 0 of a deferred fee (Q10)."""
    handed_out_at: datetime
    lines: tuple[LineHandedOut, ...]
    hand_over_no: str | None = None
    """The hand-over at the care unit that it answers; None of a hand-out from a storeroom (Q43)."""


class HandOverRefused(Fact):
    """What a care unit registered as handed over could not be: nothing was moved (Q43, Q48)."""

    topic: ClassVar[str] = "inventory.hand_over_refused.v1"
    about: ClassVar[str] = "hand_over_no"

    hand_over_no: str
    order_no: str
    rule: str
    """The code of the rule that refused it, such as `not-at-unit-now`."""
    line_no: int | None = None
    sv: str
    """What is in the way and what to do, in Swedish; nothing about patients."""
    en: str
    refused_at: datetime


class HandOutTakenBack(Fact):
    """A hand-out by mistake was taken back: goods and devices are where they were, it was no loan (Q51)."""

    topic: ClassVar[str] = "inventory.hand_out_taken_back.v1"
    about: ClassVar[str] = "order_no"

    order_no: str
    patient_ref: str
    loan_ids: tuple[str, ...]
    taken_back_at: datetime


class HandOutNotTakenBack(Fact):
    """A hand-out that was said to be a mistake stands: it cannot be undone any more (Q51, Q48)."""

    topic: ClassVar[str] = "inventory.hand_out_not_taken_back.v1"
    about: ClassVar[str] = "order_no"

    order_no: str
    rule: str
    """The code of the rule that refused it, such as `exchanged-since`."""
    sv: str
    """What is in the way and what to do, in Swedish; nothing about patients."""
    en: str
    refused_at: datetime
