"""Names stand in the order of the Swedish alphabet."""

from random import Random

from shared.domain.alphabet import alphabetical

NAMES = [
    "Andersson", "Müller", "Möller Ada", "Nyström", "O'Hara", "Zachrisson", "Ågren", "åkesson",
    "Ärlig", "Öberg",
]  # fmt: skip


def test_names_stand_as_in_a_swedish_list() -> None:
    mixed = Random(1).sample(NAMES, len(NAMES))  # noqa: S311  the same order each time

    assert sorted(mixed, key=alphabetical) == NAMES


def test_composed_and_decomposed_letters_are_the_same() -> None:
    assert alphabetical("A\u030angstro\u0308m") == alphabetical("Ångström")
    assert alphabetical("Renée") == alphabetical("RENEE")
