"""The fact of inventory about maintenance swaps: which device a patient gets for which (S132, Q56)."""

from datetime import date, datetime
from typing import ClassVar, Literal

from shared.events.fact import Fact, Open, Part


class OnDevice(Part):
    """A counted component that is on a device; in base units."""

    article_no: str
    quantity: int


class DeviceInSwap(Part):
    """A device on loan that is swapped for another, and how it went."""

    loan_id: str
    device_no: str
    article_no: str
    new_article_no: str
    new_device_no: str | None = None
    """None until it was sent."""
    result: Open[Literal["swapped", "not_swapped"]] | None = None
    """`swapped`: the patient has the new device on the same loan; in every other case the old one."""
    result_on: date | None = None
    registered_at: datetime | None = None
    """When it was registered last which of the two the patient has; None: never."""
    components: tuple[OnDevice, ...] = ()
    """What is on the one that the patient has."""


class DeviceSwapChanged(Fact):
    """A snapshot of a maintenance swap for one patient: newest version wins."""

    topic: ClassVar[str] = "inventory.device_swap_changed.v1"
    about: ClassVar[str] = "swap_no"

    swap_no: str
    version: int
    patient_ref: str
    care_unit: str
    storeroom_no: str
    """The warehouse that arranged it."""
    product_area: str
    arranged_on: date
    ready_by: date
    """The day on which the transport takes the new devices from the care unit to the patient."""
    state: Open[Literal["open", "closed", "annulled"]] = "open"
    devices: tuple[DeviceInSwap, ...]
