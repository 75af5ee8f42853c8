"""The tests that docs/proof.md names exist, and each row is proved in one place."""

import ast
import re
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
PROOF = PROJECT / "docs" / "proof.md"
ROW = re.compile(r"^\| (?P<number>[^|]+) \| (?P<what>[^|]+) \| `(?P<file>[^|`:]+)::(?P<test>[^|`]+)` \|$")
NUMBER = re.compile(r"[SQTN][1-9][0-9]*")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
HEADER = 2


def lines() -> list[str]:
    table = [line for line in PROOF.read_text().splitlines() if line.startswith("|")]
    return table[HEADER:]


def rows() -> list[dict[str, str]]:
    return [found.groupdict() for line in lines() if (found := ROW.match(line))]


@cache
def functions_in(file: str) -> frozenset[str]:
    """The test functions of a file."""
    tree = ast.parse((PROJECT / file).read_text())
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, functions))


def test_every_line_of_the_table_is_a_row_with_number_words_and_test() -> None:
    assert [line for line in lines() if not ROW.match(line)] == []


def test_the_table_has_rows() -> None:
    assert rows()


def test_every_named_test_exists() -> None:
    missing = [
        f"{row['file']}::{row['test']}"
        for row in rows()
        if not (PROJECT / row["file"]).exists() or row["test"] not in functions_in(row["file"])
    ]

    assert missing == []


def test_a_test_that_any_other_page_names_exists() -> None:
    pages = [*PROJECT.glob("*.md"), *PROJECT.glob("docs/**/*.md")]
    named = {found for page in pages for found in NAMED.findall(page.read_text())}

    assert [(file, test) for file, test in sorted(named) if test not in functions_in(file)] == []


def test_every_number_is_one_of_the_guides_the_decisions_or_the_capabilities() -> None:
    assert [row["number"] for row in rows() if not NUMBER.fullmatch(row["number"])] == []


def test_no_number_stands_twice() -> None:
    numbers = [row["number"] for row in rows()]

    assert sorted(numbers) == sorted(set(numbers))


def test_only_tests_are_named() -> None:
    assert [row["test"] for row in rows() if not row["test"].startswith("test_")] == []
