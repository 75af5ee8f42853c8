"""Telephone numbers as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.phone import NoSmsToNumber, NotAPhoneNumber, phone_number, sms_number


@pytest.mark.parametrize(
    "written",
    ["070-1740605", "0701740605", "070-174 06 05", "+46 70 174 06 05", "+46(0)701740605", "0046701740605"],
)
def test_a_mobile_number_is_kept_as_e164_however_it_is_written(written: str) -> None:
    assert sms_number(written) == "+46701740605"


@pytest.mark.parametrize(
    "pasted",
    [
        "\u202a+46 70 174 06 05\u202c",
        "070\u2013174\u00a006\u200905",
        "\ufeff0701740605\u200b",
        "070\u00ad1740605\n",
    ],
)
def test_a_pasted_number_may_hold_signs_that_nobody_sees(pasted: str) -> None:
    assert sms_number(pasted) == "+46701740605"


@pytest.mark.parametrize("running", [5, 42, 99])
def test_the_demo_phones_can_receive_an_sms(running: int) -> None:
    assert sms_number(f"070-17406{running:02}") == f"+467017406{running:02}"


@pytest.mark.parametrize("neighbour", ["+47 406 12 345", "+45 20 12 34 56", "+358 41 2345678"])
def test_a_neighbouring_countrys_mobile_number_can_receive_an_sms(neighbour: str) -> None:
    assert sms_number(neighbour).startswith("+")


@pytest.mark.parametrize("written", ["040-6280400", "040-628 04 00"])
def test_a_number_that_takes_no_sms_is_refused_with_what_to_do(written: str) -> None:
    assert phone_number(written)
    with pytest.raises(NoSmsToNumber) as refused:
        sms_number(written)
    assert "mobilnummer" in refused.value.said.sv


@pytest.mark.parametrize(
    "written",
    [
        "",
        "112",
        "1177",
        "070-1740605 (mamma)",
        "070-1740605\n+4670",
        "٠٧٠١٧٤٠٦٠٥",
        "0711234567",
        "07017406",
        "+999 1234567",
        "+",
        "070-174060512345",
    ],
)
def test_what_cannot_be_called_is_refused_and_nothing_is_stripped_silently(written: str) -> None:
    with pytest.raises(NotAPhoneNumber):
        phone_number(written)


@given(st.integers(0, 99), st.text(st.sampled_from(" -.()/\u00a0\u2013\u200b"), min_size=1, max_size=2))
def test_blanks_and_dashes_between_the_digits_change_no_number(running: int, between: str) -> None:
    written = between.join(["070", "17406", f"{running:02}"])

    assert phone_number(written) == f"+467017406{running:02}"
