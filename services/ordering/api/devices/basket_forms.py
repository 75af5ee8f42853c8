"""Request bodies about baskets of devices."""

from typing import Annotated, Any, Literal

from pydantic import Field

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
from services.ordering.api.forms import AddressForm, Name
from services.ordering.application.baskets import LineRequest
from services.ordering.domain.devices.basket import Head
from services.ordering.domain.devices.delivering import DeliveryRequest
from services.ordering.domain.devices.lines import ChosenComponent
from shared.domain.address import Address
from shared.domain.decision import Refused, Sentence
from shared.fields import Phone
from shared.http import Request
from shared.http.ids import ArticleNo, DeviceNo, LabelNo

KEPT_AS_THEY_ARE = ("quantity", "source", "storeroom_no", "goes_with", "fee", "comment", "is_additional")
"""Fields of a line that a person writes, under the same names."""
Quantity = Annotated[int, Field(ge=1, le=9999)]


class NoArticle(Refused):
    """A line names an article, or a device by its number."""

    rule = "no-article"
    sentence = Sentence(
        "Ange en artikel, eller numret på en individ i eget förråd; inte båda.",
        "Give an article, or the number of a device in an own storeroom; not both.",
    )


class BasketForm(Request):
    """At which care unit, in whose name, and how the goods are delivered; the lines stay (S85)."""

    care_unit: PlaceCode
    prescriber: PersonCode | None = None
    """Left out by a prescriber who orders in the own name (S82, S83)."""
    joint: bool = False
    deliver_to: Literal["unit", "home"] = "unit"
    receiver_name: Name | None = None
    """Who fetches the parcel when it is not the patient, whose name then stands in c/o (S101)."""
    address: AddressForm | None = None
    contact_name: Name | None = None
    """Left out: the prescriber (S102)."""
    contact_phone: Phone | None = None
    approval: ApprovalForm | None = None

    def delivery(self) -> DeliveryRequest:
        return DeliveryRequest(
            kind=self.deliver_to, contact_name=self.contact_name, contact_phone=self.contact_phone
        )

    def to_address(self) -> Address | None:
        return self.address.address() if self.address else None

    def head(self, delivery: DeliveryRequest, *, prescriber: str) -> Head:
        approval = self.approval.approval() if self.approval else None
        return Head(self.care_unit, prescriber, delivery, self.joint, approval)


class LineFields(Request):
    """What is said of a line; what is left out is preset, or stays as it was (S94)."""

    quantity: Quantity = 1
    source: Literal["storeroom", "warehouse"] | None = None
    """Left out: preset by area, then by the person's own setting (Q52)."""
    storeroom_no: LabelNo | None = None
    components: Annotated[list[ComponentForm], Field(max_length=MOST_COMPONENTS)] | None = None
    """Beside the standard ones, which come with the device (S108)."""
    removed: Annotated[list[ArticleNo], Field(max_length=MOST_COMPONENTS)] | None = None
    goes_with: Annotated[int, Field(ge=1, le=9999)] | None = None
    fee: bool | None = None
    comment: Comment | None = None
    """About the device, for the pick list; a wish about the delivery does not belong here (S88)."""
    is_additional: bool = False
    attachments: Annotated[list[AttachmentId], Field(max_length=MOST_ATTACHMENTS)] | None = None
    """Files that were uploaded for this line; each belongs to one line (S88)."""

    def given(self) -> dict[str, Any]:
        """Give the fields that were sent, and no others."""
        return {name: getattr(self, name) for name in KEPT_AS_THEY_ARE if name in self.model_fields_set}

    def files(self) -> tuple[str, ...] | None:
        return None if self.attachments is None else tuple(dict.fromkeys(self.attachments))

    def added(self) -> tuple[ChosenComponent, ...] | None:
        return None if self.components is None else tuple(each.chosen() for each in self.components)


class BasketLineForm(LineFields):
    """An article to order, or a device of an own storeroom by its number (S91, S112)."""

    article_no: ArticleNo | None = None
    device_no: DeviceNo | None = None

    def line(self) -> LineRequest:
        """Read the line; raises NoArticle."""
        if (self.article_no is None) == (self.device_no is None):
            raise NoArticle
        return LineRequest(
            self.article_no,
            self.device_no,
            self.given(),
            self.added() or (),
            tuple(self.removed or ()),
            self.files() or (),
        )


class LineChangeForm(LineFields):
    """What is to change of a line; the rest stays, the answer about the fee too (S94)."""
