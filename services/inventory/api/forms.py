"""Fields of requests about goods and devices."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from services.inventory.domain.goods.lots import new_piece_number, piece_number
from services.inventory.domain.orders.parcel_numbers import parcel_number
from services.inventory.domain.scanning.reading import read
from shared.domain.decision import Sentence
from shared.domain.device_areas import DEVICE_AREA_KEYS
from shared.fields import Code, in_our_words, of_text, refusal
from shared.http.ids import LabelNo

LONGEST_NUMBER = 40
LONGEST_SCAN = 300
MOST_PIECES = 10_000

StoreroomNo = LabelNo
SerialNo = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_NUMBER), of_text(piece_number)]
LotNo = SerialNo
NewSerialNo = Annotated[
    str, StringConstraints(min_length=1, max_length=LONGEST_NUMBER), of_text(new_piece_number)
]
"""Of a lot or piece that comes: a personal number is none; what lies there already keeps its number."""
NewLotNo = NewSerialNo
ParcelNo = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_NUMBER), of_text(parcel_number)]
"""An SSCC as it was scanned, or the warehouse's own number."""


def _readable(code: str) -> str:
    read(code)
    return code


ScannedCode = Annotated[
    str, StringConstraints(min_length=1, max_length=LONGEST_SCAN), AfterValidator(in_our_words(_readable))
]
"""As a scanner sent it, with all that it puts around the code."""
Pieces = Annotated[int, Field(ge=1, le=MOST_PIECES)]
"""Base units: pieces or pairs (Q60)."""


def known_area(key: str) -> str:
    """Read the key of a product area of devices, or refuse it and name those that there are."""
    if key not in DEVICE_AREA_KEYS:
        known = ", ".join(sorted(DEVICE_AREA_KEYS))
        raise refusal("unknown-area", Sentence(f"Välj en av: {known}.", f"Choose one of: {known}."))
    return key


AreaKey = Annotated[Code, StringConstraints(max_length=LONGEST_NUMBER), AfterValidator(known_area)]
CareUnitNo = LabelNo
