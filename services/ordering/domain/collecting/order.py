"""A collection order: which devices, why, from where, and where they are now (S135 to S145, Q54)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal, get_args

from services.ordering.domain.devices.goods import Refusal
from services.ordering.domain.devices.lines import ChosenComponent
from shared.domain.days import local_day
from shared.domain.decision import Sentence
from shared.events.ordering_devices import DeviceOnLoan
from shared.events.values import Purpose

Place = Literal["care_unit", "home", "post"]
"""Where it is collected (S139): the care unit, the patient's home or school, or sent by post."""
PLACES: tuple[Place, ...] = get_args(Place)
State = Literal["requested", "refused", "registered", "closed", "annulled"]
"""`requested`: it belongs to an exchange that inventory has not answered; `refused`: inventory said no."""
Where = Literal["patient", "care_unit", "carrier", "warehouse"]
Ended = Literal["came", "not_there", "returned", "lost"]
"""Came to the warehouse or not; or the loan ended another way while it was open."""

STATES: Mapping[State, Sentence] = {
    "requested": Sentence("begärd", "requested"),
    "refused": Sentence("blev inte av", "not made"),
    "registered": Sentence("registrerad", "registered"),
    "closed": Sentence("stängd", "closed"),
    "annulled": Sentence("makulerad", "annulled"),
}
WHERE: Mapping[Where, Sentence] = {
    "patient": Sentence("hos patienten", "with the patient"),
    "care_unit": Sentence("på enheten, väntar på hämtning", "at the unit, awaiting collection"),
    "carrier": Sentence("hos transportören", "with the carrier"),
    "warehouse": Sentence("på huvudlagret", "at the warehouse"),
}


@dataclass(frozen=True)
class Stamp:
    """Who did something, by id and by name, when, and why where that is asked (Q38)."""

    by: str
    by_name: str
    at: datetime
    reason: str | None = None
    on: date | None = None
    """The true day, where somebody gave it; else it is that of `at`."""

    @property
    def day(self) -> date:
        return self.on or local_day(self.at)


@dataclass(frozen=True)
class Fault:
    """What is wrong with a device, as the purpose asks (S142); the texts are sealed."""

    what: str | None = None
    when: str | None = None
    """In which situation it appears."""
    form_is_enclosed: bool = False
    """The supplier's own form goes with it, where the fault needs one."""


NO_FAULT = Fault()


@dataclass(frozen=True)
class Collected:
    """A device of the order, and what came of it."""

    loan_id: str
    device_no: str
    article_no: str
    purpose: Purpose
    fault: Fault = NO_FAULT
    components: tuple[ChosenComponent, ...] = ()
    """What was coupled to it; it comes along (S143)."""
    exchange_no: str | None = None
    """The hand-out by which the patient gets another for it: the loan continues with that one (Q48)."""
    ended: Ended | None = None


@dataclass(frozen=True)
class Pickup:
    """Whom the carrier meets and where; all that is personal is sealed (S138, S140, S141)."""

    contact_name: str
    """Somebody at the care unit."""
    address: str | None = None
    """Sealed JSON of the patient's home or school; None at the care unit."""
    phone: str | None = None
    mobile: str | None = None
    information: str | None = None
    """Such as `third floor, no lift`."""
    contact_phone: str | None = None


@dataclass(frozen=True)
class CollectionOrder:
    """Devices of one patient that shall come to the warehouse."""

    collection_no: str
    patient_ref: str
    care_unit: str
    product_areas: tuple[str, ...]
    place: Place
    devices: tuple[Collected, ...]
    pickup: Pickup
    registered_by: str
    registered_by_name: str
    registered_at: datetime
    registered_on: date
    state: State = "registered"
    refusal: Refusal | None = None
    annulled: Stamp | None = None
    handed_in: Stamp | None = None
    """The patient has handed the devices in at the care unit, and answers for them no longer (Q54)."""
    fetched: Stamp | None = None
    """The carrier has them."""
    closed_on: date | None = None
    closed_at: datetime | None = None
    storeroom_no: str | None = None
    """The warehouse that closed it."""

    @property
    def is_open(self) -> bool:
        return self.state in {"requested", "registered"}

    @property
    def where(self) -> Where:
        """Tell where the devices are now."""
        if self.state == "closed":
            return "warehouse"
        if self.fetched is not None:
            return "carrier"
        is_here = self.handed_in is not None or any(each.exchange_no for each in self.devices)
        return "care_unit" if is_here else "patient"

    @property
    def waited_for(self) -> tuple[Collected, ...]:
        return tuple(each for each in self.devices if each.ended is None)

    def device(self, device_no: str) -> Collected | None:
        return next((each for each in self.devices if each.device_no == device_no), None)

    def with_device(self, changed: Collected) -> "CollectionOrder":
        devices = tuple(changed if each.device_no == changed.device_no else each for each in self.devices)
        return replace(self, devices=devices)


def published(devices: tuple[Collected, ...]) -> tuple[DeviceOnLoan, ...]:
    """Write devices as facts name them."""
    return tuple(
        DeviceOnLoan(loan_id=each.loan_id, device_no=each.device_no, purpose=each.purpose) for each in devices
    )
