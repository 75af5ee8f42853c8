"""The fact of inventory about devices that were collected: what really came to the warehouse (Q34)."""

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
