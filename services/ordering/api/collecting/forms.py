"""Request bodies about collection orders, and the values that rules take."""

import json
from dataclasses import asdict
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from services.ordering.api.forms import AddressForm, Name, Number
from services.ordering.application.collecting import CollectionCriteria, Wish
from services.ordering.domain.collecting.order import Fault, Pickup, Place, State
from services.ordering.domain.collecting.registering import DeviceWanted
from shared.events.values import Purpose
from shared.fields import Day, MultiLine, Phone, SingleLine
from shared.http import ReasonText, Request
from shared.http.ids import DeviceNo, PatientRef
from shared.phone import phone_number
from shared.sealed import Seals

PlaceCode = Number
FaultText = Annotated[MultiLine, StringConstraints(max_length=500)]
MOST_DEVICES = 50
"""Of one collection order."""


class WhoseDevicesForm(Request):
    """Whose devices may be collected, asked for at which care unit."""

    patient_ref: PatientRef
    care_unit: PlaceCode


class PurposeForm(Request):
    """Why a device is collected, and what that purpose asks (S142)."""

    purpose: Purpose
    fault: FaultText | None = None
    """What is wrong; asked of a repair."""
    fault_appears: FaultText | None = None
    """When it appears; asked of a repair that is not on warranty."""
    is_about_sound: bool = False
    """Of a repair on warranty: the supplier wants its own form for that."""
    form_is_enclosed: bool = False

    def wanted(self, device_no: str, seals: Seals) -> DeviceWanted:
        fault = Fault(
            what=seals.seal(self.fault) if self.fault else None,
            when=seals.seal(self.fault_appears) if self.fault_appears else None,
            form_is_enclosed=self.form_is_enclosed,
        )
        return DeviceWanted(device_no, self.purpose, fault, self.is_about_sound)


class DeviceToCollectForm(PurposeForm):
    """A device of the patient's list, by its number."""

    device_no: DeviceNo


class PickupForm(Request):
    """Whom the carrier meets, and where (S138, S140, S141); what is left out comes from the register."""

    place: Place = "care_unit"
    contact_name: Name | None = None
    """Left out: who registers the order."""
    contact_phone: Phone | None = None
    address: AddressForm | None = None
    """At the patient's home or school; left out, the patient's own."""
    phone: Phone | None = None
    """The patient's; one of the two is enough."""
    mobile: Phone | None = None
    information: Annotated[SingleLine, StringConstraints(max_length=200)] | None = None
    """Such as: third floor, no lift."""

    def pickup(self, seals: Seals, *, registered_by: str) -> Pickup:
        """Seal what is personal; raises NotAPhoneNumber."""

        def sealed(text: str | None) -> str | None:
            return seals.seal(text, purpose="contact") if text else None

        address = json.dumps(asdict(self.address.address())) if self.address else None
        return Pickup(
            contact_name=self.contact_name or registered_by,
            address=sealed(address),
            phone=sealed(phone_number(self.phone) if self.phone else None),
            mobile=sealed(phone_number(self.mobile) if self.mobile else None),
            information=sealed(self.information),
            contact_phone=phone_number(self.contact_phone) if self.contact_phone else None,
        )


class CollectionForm(PickupForm):
    """A collection order: which devices of a patient, why, and from where (S136)."""

    patient_ref: PatientRef
    care_unit: PlaceCode
    devices: Annotated[list[DeviceToCollectForm], Field(min_length=1, max_length=MOST_DEVICES)]

    def wish(self, seals: Seals, *, registered_by: str) -> Wish:
        return Wish(
            patient_ref=self.patient_ref,
            care_unit=self.care_unit,
            place=self.place,
            devices=tuple(each.wanted(each.device_no, seals) for each in self.devices),
            pickup=self.pickup(seals, registered_by=registered_by),
        )


class ExchangeCollectionForm(PickupForm, PurposeForm):
    """How the old device of an exchange is collected, and why (Q41, Q48)."""

    place: Literal["care_unit"] = "care_unit"
    """It was handed in there."""


class StampForm(Request):
    """On which day it happened, and why it is registered later; left out, today."""

    on: Day | None = None
    reason: ReasonText | None = None


class AnnulForm(Request):
    """Why a collection order is annulled; name nobody."""

    reason: ReasonText | None = None


class CollectionsForm(Request):
    """Which collection orders are asked for; what is left out is not asked about, but for own units."""

    care_unit: PlaceCode | None = None
    since: Day | None = None
    """The first day on which it was registered (S150)."""
    until: Day | None = None
    """The last one."""
    state: State | None = None
    patient_ref: PatientRef | None = None
    mine: bool = False
    """Registered by me."""

    def criteria(self) -> CollectionCriteria:
        return CollectionCriteria(**self.model_dump())
