"""Request body of a hand-out, also in exchange for a device that goes to the warehouse (Q41, Q48)."""

from typing import Annotated

from pydantic import Field

from services.ordering.api.collecting.forms import ExchangeCollectionForm
from services.ordering.api.devices.forms import (
    MOST_ATTACHMENTS,
    MOST_COMPONENTS,
    ApprovalForm,
    AttachmentId,
    Comment,
    ComponentForm,
    PersonCode,
    PlaceCode,
)
from services.ordering.application.collecting import Collecting, Wish
from services.ordering.domain.devices.lines import Exchange, ExchangeDisposition
from shared.http import Request
from shared.http.ids import ArticleNo, DeviceNo, PatientRef


class HandOutExchangeForm(Request):
    """The device that is handed back for the new one: into the storeroom, or to be collected (Q48)."""

    device_no: DeviceNo
    disposition: ExchangeDisposition = "return"
    collection: ExchangeCollectionForm | None = None
    """How it is collected; left out where it is on an open collection order already (S133)."""


def wish_of(
    form: HandOutExchangeForm | None,
    collecting: Collecting,
    exchange: Exchange | None,
    *,
    patient_ref: str,
    care_unit: str,
    by_name: str,
) -> Wish | None:
    """Say how the old device is to be collected; None where the form does not say it."""
    if form is None or form.collection is None or exchange is None:
        return None
    seals, collection = collecting.desk.seals, form.collection
    return Wish(
        patient_ref=patient_ref,
        care_unit=care_unit,
        place=collection.place,
        devices=(collection.wanted(exchange.device_no, seals),),
        pickup=collection.pickup(seals, registered_by=by_name),
    )


class HandOutForm(Request):
    """A device that a patient gets from the care unit's own storeroom, by its number (Q41)."""

    patient_ref: PatientRef
    care_unit: PlaceCode
    device_no: DeviceNo
    prescriber: PersonCode | None = None
    """In whose name; left out by a prescriber who hands out in the own one (S82, S83)."""
    fee: bool | None = None
    """Whether the patient pays; asked only where the article has a fee (S90)."""
    components: Annotated[list[ComponentForm], Field(max_length=MOST_COMPONENTS, default_factory=list)]
    """Beside the standard ones, which come with it (S108)."""
    removed: Annotated[list[ArticleNo], Field(max_length=MOST_COMPONENTS, default_factory=list)]
    comment: Comment | None = None
    """About the device; a wish about the delivery does not belong here (S88)."""
    is_additional: bool = False
    """The patient keeps what he or she has of the same kind: it is no exchange (Q48)."""
    exchange: HandOutExchangeForm | None = None
    """It comes in place of a device that the patient has: loan, fee and day 0 continue (Q48)."""
    approval: ApprovalForm | None = None
    attachments: Annotated[list[AttachmentId], Field(max_length=MOST_ATTACHMENTS, default_factory=list)]
    """Files that were uploaded for it; each belongs to one line (S88)."""
