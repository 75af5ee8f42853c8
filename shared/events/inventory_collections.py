"""The facts of inventory about devices that were collected: what really came to the warehouse (Q34)."""

from datetime import date, datetime
from typing import ClassVar, Literal

from shared.events.fact import Fact, Open, Part


class DeviceCollected(Part):
    """A device of a collection order that came, and what became of it."""

    loan_id: str
    device_no: str
    disposition: Open[Literal["shelf", "quarantine", "scrap"]]


class DeviceNotThere(Part):
    """A device of a collection order that did not come: its loan continues (Q48)."""

    loan_id: str
    device_no: str


class CollectionReceived(Fact):
    """The warehouse has closed a collection order by scanning what came."""

    topic: ClassVar[str] = "inventory.collection_received.v1"
    about: ClassVar[str] = "collection_no"

    collection_no: str
    storeroom_no: str
    """The warehouse."""
    received_on: date
    received_at: datetime
    received_by: str
    came: tuple[DeviceCollected, ...]
    not_there: tuple[DeviceNotThere, ...] = ()


class DeviceLentAgain(Fact):
    """A device that was exchanged and never came to the warehouse: it is its patient's again (Q48)."""

    topic: ClassVar[str] = "inventory.device_lent_again.v1"
    about: ClassVar[str] = "loan_id"

    loan_id: str
    """A loan of its own, without a fee: the first one continues with the device that came for it."""
    patient_ref: str
    device_no: str
    article_no: str
    product_area: str
    care_unit: str
    order_no: str
    """Which the device came with."""
    handed_out_on: date
    """When the patient got it."""
    lent_at: datetime
    """When it was known not to come."""
    collection_no: str
    """The collection order that it did not come by."""
