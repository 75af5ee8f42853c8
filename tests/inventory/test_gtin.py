"""The number under the bar code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import ean

from services.inventory.domain.gtin import as_14, is_gtin


@pytest.mark.parametrize(
    "text", ["", "9520000000102", "952000000010", "09520000000103\n", "٠٩٥٢٠٠٠٠٠٠٠١٠٣", "9.52E+12"]
)
def test_what_is_no_gtin_is_told_from_one(text: str) -> None:
    assert not is_gtin(text)


def test_a_gtin_is_kept_as_fourteen_digits() -> None:
    assert as_14("9520000000103") == "09520000000103"
    assert is_gtin("9520000000103")
    assert is_gtin("09520000000103")


@given(st.text("0123456789", min_size=8, max_size=14).filter(lambda text: len(text) not in (9, 10, 11)))
def test_the_check_digit_is_the_one_that_another_library_counts(digits: str) -> None:
    assert is_gtin(digits) == (ean.is_valid(digits) and set(digits) != {"0"})


@pytest.mark.parametrize("length", [8, 12, 13, 14])
def test_nothing_but_zeros_is_nobodys_number(length: int) -> None:
    assert not is_gtin("0" * length)
