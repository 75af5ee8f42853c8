"""The facts of ordering about devices: orders of them, and orders to collect them from patients."""

from datetime import date, datetime
from typing import ClassVar, Literal

from shared.events.fact import Fact, Open, Part, Sealed
from shared.events.fees import DeviceFee
from shared.events.values import Purpose


class Component(Part):
    """A counted article that is coupled to a device; it has no line of its own (Q46)."""

    article_no: str
    quantity: int


class InPlaceOf(Part):
    """The device that the patient hands back in exchange for the one of the line (Q48)."""

    loan_id: str
    """It continues with the new device, and so do its fee and its day 0."""
    device_no: str
    disposition: Open[Literal["return", "scrap", "collect"]]
    """What becomes of the old device; one that only a newer version knows is treated as `return`."""
    collection_no: str | None = None
    """The collection order that the old device waits for at the unit; None where it is not collected."""


class DeviceLine(Part):
    """One article of a device order; a marked accessory has a line of its own (Q46)."""

    line_no: int
    article_no: str
    quantity: int
    """In base units: pieces or pairs (Q60)."""
    device_no: str | None = None
    """The tracked device that is handed out; None where the warehouse chooses one."""
    components: tuple[Component, ...] = ()
    removed: tuple[str, ...] = ()
    """Articles of standard components that are to be taken off."""
    goes_with: int | None = None
    """The line of the device that this accessory belongs to."""
    fee: DeviceFee | None = None
    """Priced by the tariff of the day of sending; None when no fee was wanted, or it is free (Q37)."""
    comment: Sealed | None = None
    exchange: InPlaceOf | None = None
    """What it comes in place of; None where it is no exchange."""


class DeviceOrderSent(Fact):
    """An order of devices was sent, or a hand-out from an own storeroom was asked for (Q35, Q41)."""

    topic: ClassVar[str] = "ordering.device_order_sent.v1"
    about: ClassVar[str] = "order_no"

    order_no: str
    kind: Open[Literal["order", "hand_out"]]
    patient_ref: str
    care_unit: str
    placed_by: str
    prescriber: str
    """Who answers for it: the HSA-id of a prescriber of the care unit (Q42)."""
    product_area: str
    storeroom_no: str
    """The storeroom or warehouse that it is taken from."""
    deliver_to: Open[Literal["unit", "home"]]
    joint: bool = False
    """All lines are sent together, or none (Q55)."""
    sent_on: date
    sent_at: datetime
    lines: tuple[DeviceLine, ...]


class DeviceOrderAnnulmentAsked(Fact):
    """An order is to be annulled; inventory releases what is reserved, or says that it is too late (Q49)."""

    topic: ClassVar[str] = "ordering.device_order_annulment_asked.v1"
    about: ClassVar[str] = "order_no"

    order_no: str
    asked_at: datetime


class DeviceOrderSplit(Fact):
    """A joint delivery that waits is split: what is reserved may leave without the rest (Q55)."""

    topic: ClassVar[str] = "ordering.device_order_split.v1"
    about: ClassVar[str] = "order_no"

    order_no: str
    split_at: datetime


class DeviceOrderOver(Fact):
    """Nothing more is waited for: handed out, never fetched, annulled, refused or taken back."""

    topic: ClassVar[str] = "ordering.device_order_over.v1"
    about: ClassVar[str] = "order_no"

    order_no: str
    patient_ref: str
    how: Open[Literal["refused", "handed_out", "not_fetched", "annulled", "taken_back"]]


class LineHandedOver(Part):
    """What of a line was handed to the patient at the care unit."""

    line_no: int
    article_no: str
    quantity: int
    device_nos: tuple[str, ...] = ()
    exchange: InPlaceOf | None = None
    """The device that the patient hands back for it; None where it is no exchange (Q48)."""


class DevicesHandedOver(Fact):
    """Goods that waited at the care unit were handed to the patient (Q43)."""

    topic: ClassVar[str] = "ordering.devices_handed_over.v1"
    about: ClassVar[str] = "hand_over_no"

    hand_over_no: str
    """The order's number and a count: an order may be handed over in parts."""
    order_no: str
    patient_ref: str
    care_unit: str
    handed_over_on: date
    """The true day, which may lie before the day of registration."""
    registered_at: datetime
    lines: tuple[LineHandedOver, ...]
    registered_by: str = ""
    """Empty of a version that did not say it."""
    storeroom_no: str | None = None
    """The own storeroom that takes what the patient hands back; None where nothing is exchanged (Q48)."""


class HandOutMistaken(Fact):
    """A hand-out was registered by mistake: inventory takes it back (Q51)."""

    topic: ClassVar[str] = "ordering.hand_out_mistaken.v1"
    about: ClassVar[str] = "order_no"

    order_no: str
    patient_ref: str
    mistaken_at: datetime


class DeviceFeeDecided(Fact):
    """Yes or no to a line's fee was corrected after the order was sent; a second person approved (S97)."""

    topic: ClassVar[str] = "ordering.device_fee_decided.v1"
    about: ClassVar[str] = "order_no"

    order_no: str
    line_no: int
    patient_ref: str
    version: int
    """Counts the corrections of the line: the newest wins."""
    fee: DeviceFee | None
    """The fee from now on; None: the patient pays none."""
    decided_at: datetime


class DeviceOnLoan(Part):
    """A device, and the loan under which the patient has it."""

    loan_id: str
    device_no: str
    purpose: Open[Purpose] | None = None
    """None of a version that did not say it, and of what is not to be collected any more."""


class CollectionOrderRegistered(Fact):
    """Devices are to be collected, from the care unit or from the patient's home (S135, Q10)."""

    topic: ClassVar[str] = "ordering.collection_order_registered.v1"
    about: ClassVar[str] = "collection_no"

    collection_no: str
    patient_ref: str
    place: Open[Literal["care_unit", "home", "post"]]
    devices: tuple[DeviceOnLoan, ...]
    registered_on: date
    care_unit: str = ""
    """Who asked for it, and reads of what was not there; empty of a version that did not say it."""
    product_areas: tuple[str, ...] = ()
    """Of the devices; none of a version that did not say it."""


class CollectionOrderFetched(Fact):
    """The patient has given the devices away: handed in at the care unit, or to the carrier (Q10, Q54)."""

    topic: ClassVar[str] = "ordering.collection_order_fetched.v1"
    about: ClassVar[str] = "collection_no"

    collection_no: str
    patient_ref: str
    devices: tuple[DeviceOnLoan, ...]
    fetched_on: date
    """The true day, which may lie before the day of registration."""


class CollectionOrderClosed(Fact):
    """A collection order was carried out: these devices were collected (Q10)."""

    topic: ClassVar[str] = "ordering.collection_order_closed.v1"
    about: ClassVar[str] = "collection_no"

    collection_no: str
    patient_ref: str
    devices: tuple[DeviceOnLoan, ...]
    closed_on: date
    not_collected: tuple[DeviceOnLoan, ...] = ()
    """Devices of the order that were not there: their loans and fees continue (Q48)."""


class CollectionOrderAnnulled(Fact):
    """A collection order was annulled before anything was collected: loans and fees continue (Q10)."""

    topic: ClassVar[str] = "ordering.collection_order_annulled.v1"
    about: ClassVar[str] = "collection_no"

    collection_no: str
    patient_ref: str
    devices: tuple[DeviceOnLoan, ...]
    annulled_on: date
