"""What is asked for of maintenance swaps."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from services.inventory.api.collecting.closing import DeviceCameForm
from services.inventory.api.forms import Pieces, StoreroomNo
from services.inventory.application.swaps import SwapWanted
from services.inventory.domain.orders.swap import SwapResult
from services.inventory.domain.swaps.arranging import RowAsked
from shared.domain.decision import Sentence
from shared.fields import Day, refusal
from shared.http import ReasonText, Request
from shared.http.ids import ArticleNo, DeviceNo

MOST_DEVICES = 20
MOST_COMPONENTS = 20


class SwapComponentForm(Request):
    """A counted article that is put on the new device; in base units."""

    article_no: ArticleNo
    quantity: Pieces = 1


class SwapDeviceForm(Request):
    """A device on loan that is to be maintained."""

    device_no: DeviceNo
    article_no: ArticleNo | None = None
    """What the patient gets for it; left out: another of the same article."""
    components: Annotated[list[SwapComponentForm], Field(max_length=MOST_COMPONENTS, default_factory=list)]


class SwapForm(Request):
    """Devices of one patient that are swapped together (S132)."""

    storeroom_no: StoreroomNo
    ready_by: Day
    """The day on which the transport fetches the new devices at the unit: their settings are made then."""
    reason: ReasonText
    devices: Annotated[list[SwapDeviceForm], Field(min_length=1, max_length=MOST_DEVICES)]

    def wanted(self) -> SwapWanted:
        rows = tuple(
            RowAsked(
                each.device_no,
                each.article_no or "",
                tuple((part.article_no, part.quantity) for part in each.components),
            )
            for each in self.devices
        )
        return SwapWanted(self.storeroom_no, self.ready_by, self.reason, rows)


class SwapResultForm(Request):
    """How it went with one device on loan."""

    device_no: DeviceNo
    result: SwapResult
    why: ReasonText | None = None
    """Of what was not swapped: it is still with the patient, and somebody has to know."""

    @model_validator(mode="after")
    def _says_why(self) -> Self:
        if self.result == "not_swapped" and self.why is None:
            sentence = Sentence(
                "Skriv varför hjälpmedlet inte byttes ut.", "Write why the device was not swapped."
            )
            raise refusal("why-not-swapped", sentence)
        return self


class SwapResultsForm(Request):
    """What the transport reports, of all devices or of some."""

    swapped_on: Day
    devices: Annotated[list[SwapResultForm], Field(min_length=1, max_length=MOST_DEVICES)]


class SwapCameForm(Request):
    """What came to the warehouse, and whether nothing more will: then the rest is missing."""

    devices: Annotated[list[DeviceCameForm], Field(max_length=MOST_DEVICES, default_factory=list)]
    nothing_more: bool = False


class SwapCorrectionForm(Request):
    """Of which device on loan the result was registered by mistake, and why."""

    device_no: DeviceNo
    reason: ReasonText


class SwapAnnulForm(Request):
    """Why nothing is swapped."""

    reason: ReasonText
