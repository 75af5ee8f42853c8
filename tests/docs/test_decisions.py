"""Decision records are complete, numbered once, dated, and listed in the index."""

import re
from pathlib import Path

import pytest

from tools.docs.decisions import Record, decisions, records

PROJECT = Path(__file__).resolve().parents[2]
FOLDER = PROJECT / "docs" / "decisions"
PAGES = sorted(FOLDER.glob("[0-9]*.md"))
RECORDS = records(FOLDER)
WHOLE = """# 0001 Write it down

> Write it down.

Date: 2026-11-30
Status: accepted
Revisit when: nobody reads it
"""


def number_of(record: Record) -> str:
    return record.number


def name_of(page: Path) -> str:
    return page.name


def test_no_two_decisions_have_the_same_number() -> None:
    numbers = [each.number for each in RECORDS]

    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_record_has_context_consequences_and_what_enforces_it(page: Path) -> None:
    text = page.read_text()

    assert text.startswith(f"# {page.name[:4]} ")
    assert all(f"**{part}" in text for part in ("Context.**", "Consequences.**", "Enforced by**"))


@pytest.mark.parametrize("record", RECORDS, ids=number_of)
def test_a_decision_can_be_quoted_in_a_few_lines(record: Record) -> None:
    assert len(re.findall(r"^> ", record.text, re.MULTILINE)) in {1, 2, 3, 4}


def test_a_record_that_another_changed_or_replaced_names_one_that_is_there() -> None:
    named = {number for each in RECORDS for number in re.findall(r"by ([0-9]{4})", each.status)}

    assert named <= {each.number for each in RECORDS}


def test_the_index_lists_every_record_with_its_date_status_and_trigger() -> None:
    index = decisions(FOLDER)

    for each in RECORDS:
        assert f"]({each.link}) | {each.title} | {each.date} | {each.status} | {each.revisit} |" in index


@pytest.mark.parametrize(
    "lacking", ["Date: 2026-11-30\n", "Status: accepted\n", "Revisit when: nobody reads it\n"]
)
def test_a_record_without_date_status_or_trigger_is_noticed(tmp_path: Path, lacking: str) -> None:
    (tmp_path / "0001-write-it-down.md").write_text(WHOLE)
    assert [each.status for each in records(tmp_path)] == ["accepted"]

    (tmp_path / "0001-write-it-down.md").write_text(WHOLE.replace(lacking, ""))
    with pytest.raises(ValueError, match="decision 0001 must end with"):
        records(tmp_path)


def test_a_status_that_means_nothing_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "0001-write-it-down.md").write_text(WHOLE.replace("accepted", "perhaps"))

    with pytest.raises(ValueError, match="decision 0001 must end with"):
        records(tmp_path)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_file_or_test_that_a_decision_names_exists(page: Path) -> None:
    for file in re.findall(r"`((?:tests|shared|docs)/[\w/.]+)`", page.read_text()):
        assert (PROJECT / file).exists(), file
