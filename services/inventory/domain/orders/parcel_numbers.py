"""Numbers of parcels: GS1's SSCC with its check digit, or the warehouse's own."""

import re

from services.inventory.domain.orders.refusals import NotAParcelNumber
from shared.domain.scanned import number_of
from shared.domain.text import typed

SSCC_DIGITS = 18
_OWN = re.compile(r"[A-Z0-9](?:[A-Z0-9.-]*[A-Z0-9])?")


def parcel_number(text: str) -> str:
    """Read a parcel's number as it was scanned or typed; raises NotAParcelNumber.

    A scanner may put its symbology identifier and GS1's identifier 00 before the 18 digits of an SSCC.
    """
    found = re.sub(r"^\(00\)", "", typed(number_of(text)).upper())
    digits = found.replace(" ", "")
    if digits.isdecimal() and digits.isascii():
        sscc = digits[2:] if len(digits) == SSCC_DIGITS + 2 and digits.startswith("00") else digits
        if len(sscc) != SSCC_DIGITS or not _is_checked(sscc):
            raise NotAParcelNumber
        return sscc
    if not _OWN.fullmatch(found):
        raise NotAParcelNumber
    return found


def _is_checked(sscc: str) -> bool:
    """Tell whether GS1's check digit is right: weights 3 and 1 in turn, the check digit weighs 1."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(sscc))
    return total % 10 == 0
