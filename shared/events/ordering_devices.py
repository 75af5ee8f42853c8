"""The facts of ordering about devices: orders to collect them from patients."""

from datetime import date
from typing import ClassVar, Literal

from shared.events.fact import Fact, Open, Part


class DeviceOnLoan(Part):
    """A device, and the loan under which the patient has it."""

    loan_id: str
    device_no: str


class CollectionOrderRegistered(Fact):
    """Devices are to be collected, from the care unit or from the patient's home (S135, Q10)."""

    topic: ClassVar[str] = "ordering.collection_order_registered.v1"
    about: ClassVar[str] = "collection_no"

    collection_no: str
    patient_ref: str
    place: Open[Literal["care_unit", "home"]]
    devices: tuple[DeviceOnLoan, ...]
    registered_on: date


class CollectionOrderClosed(Fact):
    """A collection order was carried out: these devices were collected (Q10)."""

    topic: ClassVar[str] = "ordering.collection_order_closed.v1"
    about: ClassVar[str] = "collection_no"

    collection_no: str
    patient_ref: str
    devices: tuple[DeviceOnLoan, ...]
    closed_on: date
    not_collected: tuple[DeviceOnLoan, ...] = ()
    """Devices of the order that were not there: their loans and fees go on (Q48)."""


class CollectionOrderAnnulled(Fact):
    """A collection order was annulled before anything was collected: loans and fees go on (Q10)."""

    topic: ClassVar[str] = "ordering.collection_order_annulled.v1"
    about: ClassVar[str] = "collection_no"

    collection_no: str
    patient_ref: str
    devices: tuple[DeviceOnLoan, ...]
    annulled_on: date
