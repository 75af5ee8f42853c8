"""What a partner calls a code or a paper's number goes on; what may name somebody does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.code import code_of, is_persons, reference_of
from tools.demo.test_numbers import DEMO_NUMBERS


@pytest.mark.parametrize("code", ["out-of-stock", "NOT-HOME", "E_404", "57", "no.goods", "a", "x" * 40])
def test_a_code_goes_on_as_it_is(code: str) -> None:
    assert code_of(code) == code


@pytest.mark.parametrize(
    "text",
    [None, "", "Grannen Anna tog emot", "x" * 41, "ej-hemma-å", "Svensson", "0701740605", "900101-2385",
     "a\n", "-", "a--b", "Out-Of-Stock", "a:b", "٣"],
)  # fmt: skip
def test_free_text_is_no_code(text: str | None) -> None:
    assert code_of(text) == "other"


@pytest.mark.parametrize(
    "number", ["DEMO-0123456789", "F20261234567", "2026/000123", "U2026-000123-9", "4711"]
)
def test_the_number_of_a_paper_goes_on_as_it_is(number: str) -> None:
    assert reference_of(number) == number


@pytest.mark.parametrize("text", [None, "", "Anna S", "x" * 41, "-1", "å1"])
def test_what_is_no_number_of_a_paper_does_not(text: str | None) -> None:
    assert reference_of(text) is None


@given(st.sampled_from(sorted(DEMO_NUMBERS)), st.sampled_from(["", "-", "+", " "]), st.booleans())
def test_a_persons_number_is_found_however_it_is_written(number: str, dash: str, century: bool) -> None:
    written = (number[:8] if century else number[2:8]) + dash + number[8:]

    assert is_persons(written)
    assert is_persons(f"reg-{written}")
    assert code_of(written) == "other"
    assert reference_of(written) is None
