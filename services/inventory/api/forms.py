"""Fields of requests about goods and devices."""

import re
from typing import Annotated

from pydantic import Field, StringConstraints

from services.inventory.domain.orders.parcel_numbers import parcel_number
from shared.domain.decision import Refused, Sentence
from shared.domain.text import typed
from shared.fields import Code, of_text

LONGEST_NUMBER = 40
MOST_PIECES = 10_000
_NUMBER = re.compile(r"[A-Z0-9](?:[A-Z0-9./_-]*[A-Z0-9])?")


class NotADeviceNumber(Refused):
    """The text cannot be the number on a device's label."""

    rule = "not-a-device-number"
    sentence = Sentence(
        "Ett individnummer har bokstäver A till Z, siffror och streck, som D100001. Skanna märkningen.",
        "A device number has letters A to Z, digits and dashes, for example D100001. Scan the label.",
    )


def _device_no(text: str) -> str:
    """Read a number as it stands on a label; a personal number is none."""
    found = typed(text.strip()).upper()
    if not _NUMBER.fullmatch(found) or re.fullmatch(r"(18|19|20)[0-9]{6}-?[0-9]{4}", found):
        raise NotADeviceNumber
    return found


DeviceNo = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_NUMBER), of_text(_device_no)]
"""The number on the label of a tracked device, read in any case."""
StoreroomNo = Annotated[Code, StringConstraints(max_length=LONGEST_NUMBER)]
SerialNo = Annotated[Code, StringConstraints(max_length=LONGEST_NUMBER)]
LotNo = Annotated[Code, StringConstraints(max_length=LONGEST_NUMBER)]
ParcelNo = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_NUMBER), of_text(parcel_number)]
"""An SSCC as it was scanned, or the warehouse's own number."""
Pieces = Annotated[int, Field(ge=1, le=MOST_PIECES)]
"""Base units: pieces or pairs (Q60)."""
