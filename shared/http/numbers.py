"""Our own numbers in requests, as people type and paste them, or refused with the reason (Q16)."""

import re
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from shared.domain.numbers import Kind, number, read, unlike
from shared.domain.text import typed

LONGEST = 40
_PLACE = re.compile(r"(.+)[- ]([1-9][0-9]{0,2})")


def _of(*kinds: Kind) -> AfterValidator:
    return AfterValidator(lambda text: read(text, kinds))


def _line_id(text: str) -> str:
    """Read a prescription's number and a line's place on it."""
    found = _PLACE.fullmatch(typed(text.strip()))
    if found is None:
        raise unlike(f"{number('F', year=2026, running=123)}-1")
    return f"{read(found[1], ('F',))}-{found[2]}"


_Text = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST)]

PrescriptionNo = Annotated[_Text, _of("F")]
WithdrawalNo = Annotated[_Text, _of("U")]
OrderNo = Annotated[_Text, _of("B")]
ReplenishmentNo = Annotated[_Text, _of("P")]
PickedNo = Annotated[_Text, _of("B", "P", "Y")]
"""What a warehouse picks: an order or a swap for a patient, or a replenishment of a storeroom."""
CollectionNo = Annotated[_Text, _of("H")]
MaintenanceJobNo = Annotated[_Text, _of("A")]
SwapNo = Annotated[_Text, _of("Y")]
LossNo = Annotated[_Text, _of("E")]
FeeSourceNo = Annotated[_Text, _of("U", "B", "E")]
"""What a fee is for: a withdrawal, an order of a device, or the compensation for one."""
LineId = Annotated[_Text, AfterValidator(_line_id)]
