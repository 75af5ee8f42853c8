"""Fields of requests about goods and devices."""

from typing import Annotated

from pydantic import Field, StringConstraints

from services.inventory.domain.goods.lots import piece_number
from services.inventory.domain.orders.parcel_numbers import parcel_number
from shared.fields import of_text
from shared.http.ids import LabelNo

LONGEST_NUMBER = 40
LONGEST_SCAN = 300
MOST_PIECES = 10_000

StoreroomNo = LabelNo
SerialNo = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_NUMBER), of_text(piece_number)]
LotNo = SerialNo
ParcelNo = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_NUMBER), of_text(parcel_number)]
"""An SSCC as it was scanned, or the warehouse's own number."""
Pieces = Annotated[int, Field(ge=1, le=MOST_PIECES)]
"""Base units: pieces or pairs (Q60)."""
