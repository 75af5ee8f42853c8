"""What people type and paste, cleaned in one place (decision 0059)."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.text import (
    ControlCharacter,
    NotAName,
    NotOneLine,
    as_one_line,
    multi_line,
    person_name,
    plain,
    single_line,
    typed,
)

UNSEEN = ["\u200b", "\u202a", "\u202e", "\ufeff", "\u00ad", "\u2060", "\u200d", "\u3164", "\U000e0041"]
BLANKS = ["\u00a0", "\u2009", "\u202f", "\u2007", "\u3000"]
BREAKS = ["\n", "\r\n", "\u2028", "\u0085", "\u000b", "\t", "\u0000", "\u0007", "\u001b", "\ud800", "\uffff"]


@pytest.mark.parametrize("unseen", UNSEEN)
def test_a_sign_that_nobody_sees_is_left_out_wherever_it_stands(unseen: str) -> None:
    assert single_line(f"{unseen}An{unseen}na{unseen}") == "Anna"
    assert typed(f"{unseen}F2026{unseen}-000016-7{unseen}") == "F2026-000016-7"


@pytest.mark.parametrize(
    "text", ["\ufe0f", "\ufe0e\ufe0f", " \u200d\ufe0f", "\u0301", "\u20dd\n\ufe0f", "\U000e0100"]
)
def test_signs_that_only_change_others_are_no_text_by_themselves(text: str) -> None:
    assert multi_line(text) == ""
    assert multi_line("\u2764\ufe0f") == "\u2764\ufe0f"


@pytest.mark.parametrize("blank", BLANKS)
def test_every_blank_becomes_one_plain_blank_and_none_at_the_ends(blank: str) -> None:
    assert single_line(f"{blank}Anna{blank} {blank}Svensson{blank}") == "Anna Svensson"


@pytest.mark.parametrize("dash", ["\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2212", "\uff0d"])
def test_a_number_and_a_name_have_one_kind_of_dash(dash: str) -> None:
    assert typed(f"19121212{dash}1212") == "19121212-1212"
    assert person_name(f"Anna{dash}Lena") == "Anna-Lena"


def test_a_sentence_keeps_the_dash_that_it_was_written_with() -> None:
    assert single_line("Öppet 9\u201317") == "Öppet 9\u201317"


@pytest.mark.parametrize("sign", BREAKS)
def test_a_text_of_one_line_holds_no_line_break_and_no_control_character(sign: str) -> None:
    with pytest.raises(NotOneLine):
        single_line(f"Anna{sign}Storgatan 1")
    with pytest.raises(NotOneLine):
        person_name(f"Anna{sign}Storgatan 1")


def test_a_line_break_that_was_pasted_behind_a_text_is_not_part_of_it() -> None:
    assert single_line("Storgatan 1\r\n") == "Storgatan 1"


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\u2028", "\u0085"])
def test_a_text_of_several_lines_keeps_them_with_one_kind_of_line_break(line_break: str) -> None:
    assert (
        multi_line(f" Ring först.{line_break}{line_break}\u200bPorten är låst. ")
        == "Ring först.\n\nPorten är låst."
    )


@pytest.mark.parametrize("sign", ["\u0000", "\u0007", "\u001b", "\u007f", "\ud800"])
def test_a_text_of_several_lines_holds_no_control_characters(sign: str) -> None:
    with pytest.raises(ControlCharacter):
        multi_line(f"Ring{sign}först")


@pytest.mark.parametrize(
    "name", ["", " ", "\u200b", "\u200b\u202a\ufeff", "\u3164", "\u2800", "---", "4711", "\u0301", "😀"]
)
def test_a_name_without_a_letter_is_no_name(name: str) -> None:
    with pytest.raises(NotAName):
        person_name(name)


@pytest.mark.parametrize("apostrophe", ["'", "\u2019", "\u2018", "\u00b4", "`"])
def test_a_name_has_one_kind_of_apostrophe(apostrophe: str) -> None:
    assert person_name(f"Siobhán O{apostrophe}Brien") == "Siobhán O'Brien"


@pytest.mark.parametrize(
    "name", ["李明", "ไทย", "Anna 😀", "Łukasz Ørsted", "می\u200cخواهم", "క్\u200dష", "Å. B"]
)
def test_a_name_in_any_script_stays_as_it_is(name: str) -> None:
    assert person_name(name) == name


def test_letters_that_were_put_together_of_two_signs_are_one() -> None:
    assert person_name("A\u030asa") == "Åsa"


@pytest.mark.parametrize("beside", "\u2013\u2212\uff0d\u201d")
def test_a_joiner_between_signs_that_are_no_letters_is_left_out(beside: str) -> None:
    assert plain(f"a{beside}\u200d{beside}") == f"a{beside}{beside}"


@given(st.text(alphabet=st.sampled_from([*UNSEEN, *BLANKS, "a", "Å", "1", "-", "\u2013"]), max_size=20))
def test_what_is_cleaned_is_clean(text: str) -> None:
    once = plain(text)

    assert plain(once) == once
    assert not [sign for sign in once if unicodedata.category(sign) in ("Cf", "Zs") and sign != " "]


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("Anna\r\nStorgatan 1", "Anna Storgatan 1"),
        ("a\tb\u2028c\u0085d\u000be", "a b c d e"),
        ("An\u0007na \ud800\ufffe\u202eB ", "Anna B"),
        ("\u0000", ""),
        ("ܫܡܫܐ 😀", "ܫܡܫܐ 😀"),
    ],
)
def test_what_another_system_says_is_one_line_however_it_is_said(said: str, line: str) -> None:
    assert as_one_line(said) == line


@given(st.text())
def test_any_text_can_be_made_one_line(text: str) -> None:
    assert single_line(as_one_line(text)) == single_line(single_line(as_one_line(text)))
