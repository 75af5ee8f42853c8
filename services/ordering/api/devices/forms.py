"""Request bodies about devices, and the values that rules take."""

from typing import Annotated

from pydantic import Field, StringConstraints

from services.ordering.domain.devices.lines import ChosenComponent
from services.ordering.domain.devices.other_region import Approval
from shared.fields import Code, EventDay, MultiLine, SingleLine
from shared.http import ReasonText, Request
from shared.http.ids import ArticleNo, PatientRef

PlaceCode = Annotated[Code, StringConstraints(max_length=64)]
PersonCode = Annotated[Code, StringConstraints(max_length=64)]
Comment = Annotated[MultiLine, StringConstraints(max_length=500)]
AttachmentId = Annotated[Code, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
MOST_COMPONENTS = 30
MOST_ATTACHMENTS = 5
"""Files of one line."""


class ComponentForm(Request):
    """A component that is to be on the device beside the standard ones (S108)."""

    article_no: ArticleNo
    quantity: Annotated[int, Field(ge=1, le=999)] = 1

    def chosen(self) -> ChosenComponent:
        return ChosenComponent(self.article_no, self.quantity)


class ApprovalForm(Request):
    """What the home region of a patient from another region approved (Q15, Q58)."""

    approved_by: Annotated[SingleLine, StringConstraints(max_length=100)]
    approved_on: EventDay
    reference: Annotated[SingleLine, StringConstraints(max_length=100)] | None = None

    def approval(self) -> Approval:
        return Approval(self.approved_by, self.approved_on, self.reference)


class MistakeForm(Request):
    """Why a hand-out was a mistake (Q51)."""

    reason: ReasonText


class SignedForm(Request):
    """The day when the patient signed the loan agreement (S105)."""

    signed_on: EventDay


class WhichDeviceOrders(Request):
    """The patient, or the care unit, whose device orders are asked for."""

    patient_ref: PatientRef | None = None
    care_unit: PlaceCode | None = None
    only_open: bool = False
    """Only what was ordered and is not over (S158)."""
