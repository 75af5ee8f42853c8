"""The pages of docs/decisions are whole, and each has a number of its own."""

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
PAGES = sorted((PROJECT / "docs" / "decisions").glob("[0-9]*.md"))


def name_of(page: Path) -> str:
    return page.name


def test_no_two_decisions_have_the_same_number() -> None:
    numbers = [page.name[:4] for page in PAGES]

    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_decision_has_context_one_quotable_line_consequences_and_what_enforces_it(page: Path) -> None:
    text = page.read_text()

    assert text.startswith(f"# {page.name[:4]} ")
    assert all(f"**{part}" in text for part in ("Context.**", "Consequences.**", "Enforced by**"))
    assert len(re.findall(r"^> ", text, re.MULTILINE)) in {1, 2, 3}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_file_or_test_that_a_decision_names_exists(page: Path) -> None:
    for file in re.findall(r"`((?:tests|shared|docs)/[\w/.]+)`", page.read_text()):
        assert (PROJECT / file).exists(), file
