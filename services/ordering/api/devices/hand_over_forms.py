"""Request body of a hand-over at the care unit, also in exchange for what the patient has (Q43, Q48)."""

from typing import Annotated

from pydantic import Field

from services.ordering.api.devices.hand_out_forms import HandOutExchangeForm
from services.ordering.domain.devices.goods import Goods
from shared.fields import EventDay
from shared.http import ReasonText, Request
from shared.http.ids import DeviceNo, LabelNo


class GoodsForm(Request):
    """What of a line was handed over; of a tracked device its number."""

    line_no: Annotated[int, Field(ge=1, le=9999)]
    quantity: Annotated[int, Field(ge=1, le=9999)] = 1
    device_nos: Annotated[list[DeviceNo], Field(max_length=100, default_factory=list)]
    exchange: HandOutExchangeForm | None = None
    """It comes in place of a device that the patient has: loan, fee and day 0 continue (Q48)."""

    def goods(self) -> Goods:
        return Goods(self.line_no, "", self.quantity, tuple(self.device_nos))


class HandOverForm(Request):
    """What was handed to the patient at the care unit: without lines all that waits there (Q43)."""

    handed_over_on: EventDay | None = None
    """The true day; left out, today."""
    reason: ReasonText | None = None
    """Why it is registered on a later day."""
    storeroom_no: LabelNo | None = None
    """Where a device is put that comes back in exchange; left out, the care unit's only own storeroom.

    What is collected is put nowhere."""
    lines: Annotated[list[GoodsForm], Field(max_length=50, default_factory=list)]
