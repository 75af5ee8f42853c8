"""A part of a number finds every number that contains it, and no other (S124)."""

import pytest

from shared.domain.number_parts import NumbersLike, PartTooShort, numbers_like
from shared.domain.numbers import AnotherKindOfNumber, Kind, NotANumber, number

KINDS: tuple[Kind, ...] = ("B", "U")
YEARS = (2026, 2025)
SOME = [
    number(kind, year=year, running=running)
    for kind in KINDS
    for year in YEARS
    for running in (0, 1, 77, 123, 20_262, 202_620, 999_999)
]


def found(part: str) -> set[str]:
    like = numbers_like(part, kinds=KINDS, years=YEARS)
    return {each for each in SOME if each in like.numbers or each.startswith(like.beginnings)}


def test_every_part_of_four_figures_or_more_finds_the_numbers_that_contain_it_and_no_other() -> None:
    bare = {each: each.replace("-", "") for each in SOME}
    parts = {
        text[first:last]
        for text in bare.values()
        for first in range(len(text))
        for last in range(first + 4, len(text) + 1)
    }

    wrong = [
        part for part in sorted(parts) if found(part) != {no for no, text in bare.items() if part in text}
    ]

    assert wrong == []


def test_a_part_is_read_as_it_was_typed_or_pasted() -> None:
    wanted = number("B", year=2026, running=77)

    for text in (
        wanted,
        f" {wanted.lower()} ",
        wanted.replace("-", "–"),
        "b 2026 000077",
        wanted[-6:],
        "000077",
    ):
        assert wanted in found(text), text


def test_a_whole_number_names_one_document_of_whatever_year() -> None:
    old = number("U", year=2019, running=5)

    assert numbers_like(old, kinds=KINDS, years=YEARS) == NumbersLike((old,))


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("077", PartTooShort),
        ("", PartTooShort),
        ("B2-6", PartTooShort),
        ("H2026-000001", AnotherKindOfNumber),
        ("order 77", NotANumber),
        ("B2026-000123-8", NotANumber),
        ("u2026 000123 8", NotANumber),
        ("B2026-000123-99", NotANumber),
        ("B20260001238999", NotANumber),
        ("2026/000077", NotANumber),
        ("٠٠٧٧٠", NotANumber),
    ],
)
def test_what_is_in_no_number_or_in_all_is_refused_in_words(text: str, refused: type[Exception]) -> None:
    with pytest.raises(refused):
        numbers_like(text, kinds=KINDS, years=YEARS)


def test_the_fewest_characters_name_some_thousand_numbers_at_most() -> None:
    assert len(numbers_like("0077", kinds=KINDS, years=(2024, 2025, 2026)).numbers) < 3_000
