"""Checks a GTIN, the number under the bar code, by its check digit."""

import re

_FORM = re.compile(r"[0-9]{8}|[0-9]{12,14}")


def is_gtin(text: str) -> bool:
    """Say whether it is a GTIN-8, 12, 13 or 14 whose check digit is right (formats.md section 1).

    Nothing but zeros passes the check and is nobody's number.
    """
    return _FORM.fullmatch(text) is not None and text.strip("0") != "" and _weighed(text) % 10 == 0


def as_14(gtin: str) -> str:
    """Give the form that we keep: fourteen digits, zeros first (formats.md section 1)."""
    return gtin.zfill(14)


def _weighed(digits: str) -> int:
    from_the_right = [int(digit) for digit in reversed(digits)]
    return sum(from_the_right[::2]) + 3 * sum(from_the_right[1::2])
