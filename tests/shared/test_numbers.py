"""Numbers that people read, write and mistype."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.numbers import (
    KINDS,
    AnotherKindOfNumber,
    Kind,
    NotANumber,
    Number,
    is_number,
    number,
    parse,
    read,
)

WITHDRAWAL_NO = number("U", year=2026, running=123)
PINNED = [
    "F2026-000001-9", "F2026-040507-7", "U2026-000001-7", "U2026-040507-5", "B2026-000001-5",
    "B2026-040507-3", "H2026-000001-3", "H2026-040507-1", "R2026-000001-0", "R2026-040507-8",
    "P2026-000001-8", "P2026-040507-6", "A2026-000001-6", "A2026-040507-4", "E2026-000001-4",
    "E2026-040507-2", "Y2026-000001-2", "Y2026-040507-0",
]  # fmt: skip
"""Numbers that are in use: another check digit would make every one of them wrong."""

kinds = st.sampled_from(KINDS)
years = st.integers(2000, 9999)
runnings = st.integers(0, 99_999_999)


def test_withdrawal_123_of_2026_is_u2026_000123_9() -> None:
    assert WITHDRAWAL_NO == "U2026-000123-9"


def test_the_check_digits_of_each_kind_are_those_that_stand_on_paper() -> None:
    written = [number(kind, year=2026, running=running) for kind in KINDS for running in (1, 40_507)]

    assert written == PINNED


@given(kinds, years, runnings)
def test_what_was_written_can_be_read_back(kind: Kind, year: int, running: int) -> None:
    text = number(kind, year=year, running=running)

    read = parse(text, kind=kind)

    assert read == Number(kind, year, running)
    assert str(read) == text
    assert is_number(text, kind)


@given(kinds, years, runnings, st.data())
def test_one_wrong_digit_never_passes(kind: Kind, year: int, running: int, data: st.DataObject) -> None:
    text = number(kind, year=year, running=running)
    places = [at for at, each in enumerate(text) if each.isdigit()]
    place = data.draw(st.sampled_from(places))
    other = data.draw(st.sampled_from([each for each in "0123456789" if each != text[place]]))

    assert not is_number(text[:place] + other + text[place + 1 :], kind)


@given(kinds, kinds, years, runnings)
def test_digits_of_one_kind_never_pass_as_another(one: Kind, other: Kind, year: int, running: int) -> None:
    text = number(one, year=year, running=running)

    assert is_number(other + text[1:], other) is (one == other)


def test_a_running_number_above_a_million_is_still_a_number() -> None:
    assert is_number(number("B", year=2026, running=1_234_567), "B")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-000123-4",
        "X2026-000123-4",
        "U2026-123-4",
        WITHDRAWAL_NO + "1",
        "U2026-٠٠٠١٢٣-4",
        "U2026-0000123-4",
    ],
)
def test_a_text_of_another_form_is_no_number(text: str) -> None:
    with pytest.raises(NotANumber):
        parse(text)


def test_a_wrong_check_digit_is_refused() -> None:
    wrong = str((int(WITHDRAWAL_NO[-1]) + 1) % 10)

    with pytest.raises(NotANumber):
        parse(WITHDRAWAL_NO[:-1] + wrong)


def test_an_order_number_is_refused_where_a_withdrawal_number_is_asked_for() -> None:
    with pytest.raises(AnotherKindOfNumber) as refused:
        parse(number("B", year=2026, running=7), kind="U")

    assert refused.value.facts == {"expected": "U", "found": "B"}


def test_blanks_around_a_number_and_small_letters_are_read_as_the_number() -> None:
    assert str(parse(f" {WITHDRAWAL_NO.lower()} ")) == WITHDRAWAL_NO


def test_a_number_with_a_trailing_newline_is_not_stored_as_one() -> None:
    assert not is_number(WITHDRAWAL_NO + "\n", "U")


@pytest.mark.parametrize(("year", "running"), [(26, 1), (10_000, 1), (2026, -1)])
def test_a_year_of_two_digits_or_a_negative_running_number_is_a_bug(year: int, running: int) -> None:
    with pytest.raises(ValueError, match="no number"):
        number("U", year=year, running=running)


@pytest.mark.parametrize(
    "text",
    [
        "f2026-000016-7",
        "F2026 000016 7",
        " F2026\u2013000016\u20137\n",
        "F2026\u2011000016\u20117",
        "F2026\u00a0000016\u00a07",
        "\u200bF2026-000016-7\ufeff",
        "f20260000167",
    ],
)
def test_a_number_is_read_however_it_was_typed_or_pasted(text: str) -> None:
    assert read(text, ("F",)) == "F2026-000016-7"


@pytest.mark.parametrize("text", ["F2026-000016-8", "F2026-000016", "F2026_000016_7", "", "199007052393"])
def test_a_slip_of_the_pen_is_named(text: str) -> None:
    with pytest.raises(NotANumber):
        read(text, ("F",))


@pytest.mark.parametrize("kind", KINDS)
def test_a_slip_of_the_pen_is_said_with_an_example_of_the_kind_that_is_asked_for(kind: Kind) -> None:
    example = number(kind, year=2026, running=123)

    for wrong, refusal in ((example[:-1], NotANumber), (another(kind), AnotherKindOfNumber)):
        with pytest.raises(refusal) as told:
            read(wrong, (kind,))
        assert example in told.value.said.sv
        assert example in told.value.said.en


def another(kind: Kind) -> str:
    return number("U" if kind != "U" else "B", year=2026, running=123)


def test_a_number_of_another_kind_is_named_as_that() -> None:
    with pytest.raises(AnotherKindOfNumber) as told:
        read(number("U", year=2026, running=123), ("F",))

    assert told.value.facts == {"expected": "F", "found": "U"}
