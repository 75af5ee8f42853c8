"""What a scanner puts around a number is taken off at every door that takes a scanned number (T18)."""

import pytest
from pydantic import TypeAdapter

from services.inventory.api.forms import ParcelNo
from shared.http.ids import DeviceNo

SSCC = "340123450000000000"


@pytest.mark.parametrize(
    "scanned", ["]d1D100001", "]C0d100001\r\n", "¨d1D100001", "\x1dD100001", "\ufeffD100001\t"]
)
def test_a_device_number_is_read_however_the_scanner_sends_it(scanned: str) -> None:
    assert TypeAdapter(DeviceNo).validate_python(scanned) == "D100001"


@pytest.mark.parametrize(
    "scanned", [f"]C100{SSCC}", f"]c100{SSCC}\r", f"¨C100{SSCC}", f"]C1(00){SSCC}", SSCC]
)
def test_a_parcel_number_is_read_however_the_scanner_sends_it(scanned: str) -> None:
    assert TypeAdapter(ParcelNo).validate_python(scanned) == SSCC


def test_what_a_wrong_keyboard_made_of_a_dash_is_mended() -> None:
    assert TypeAdapter(DeviceNo).validate_python("¨d1D100+001") == "D100-001"
