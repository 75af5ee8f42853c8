"""The glossary names what the code has."""

import re

import pytest

from tests.docs import vocabulary

TEXT = (vocabulary.PROJECT / "docs" / "glossary.md").read_text()
ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
CODE = re.compile(r"`(\w+)`")


def part(heading: str) -> str:
    """Give one part of the glossary, from its heading to the next."""
    return TEXT.split(f"\n## {heading}\n")[1].split("\n## ")[0]


def rows(heading: str) -> list[tuple[str, str, str]]:
    """Give the cells of each row: the Swedish word, the name in the code, what it is."""
    return [row for row in ROW.findall(part(heading))[1:] if set(row[0]) != {"-"}]


def missing(cell: str) -> set[str]:
    return set(CODE.findall(cell)) - vocabulary.names() - vocabulary.values()


def no_states(cell: str, meaning: str) -> set[str]:
    """Name what a row gives as a state though no state in the code is called so."""
    return set(CODE.findall(cell)) - vocabulary.values() if "states of" in meaning else set()


@pytest.mark.parametrize("heading", ["Things", "Acts"])
def test_each_word_has_a_name_in_the_code_and_the_code_has_it(heading: str) -> None:
    assert rows(heading)
    for swedish, cell, _ in rows(heading):
        assert CODE.search(cell), swedish
        assert missing(cell) == set(), swedish


def test_a_state_is_a_state_in_the_code() -> None:
    assert sum("states of" in meaning for _, _, meaning in rows("Things")) == 3
    for swedish, cell, meaning in rows("Things"):
        assert no_states(cell, meaning) == set(), swedish


@pytest.mark.parametrize("name", CODE.findall(part("Words of this system")))
def test_a_word_of_this_system_that_is_set_as_code_is_in_the_code(name: str) -> None:
    assert name in vocabulary.names()


def test_no_word_stands_twice() -> None:
    swedish = [row[0] for heading in ("Things", "Words for devices", "Acts") for row in rows(heading)]

    assert len(set(swedish)) == len(swedish)


def test_a_name_that_is_not_in_the_code_is_noticed() -> None:
    assert missing("`DeliveryReport`, `PatientFee` and `Withdrawal`") == {"DeliveryReport", "PatientFee"}
    assert no_states("`draft`, `sent`", "the states of a withdrawal") == {"draft"}
