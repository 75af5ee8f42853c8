"""Every kind of tampering with the audit log is found, by its chains and by the heads signed outside."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from shared.repository.audit import Chain, Head, Verification, Witnessed, breaks
from shared.repository.heads import Heads
from tests.watch.chains import (
    AN_ENTRY,
    ANOTHER_KEY,
    KEY,
    MORNING,
    TAMPERINGS,
    WITH_THE_KEY,
    heads,
    signed_in,
    the_log,
    written,
)


def test_an_untouched_log_is_unbroken() -> None:
    rows = the_log()

    assert breaks(rows, KEY, heads(rows)) == []


def test_rows_after_the_signed_head_break_nothing() -> None:
    rows = the_log()

    assert breaks(rows, KEY, heads(rows[:3])) == []


@pytest.mark.parametrize("kind", TAMPERINGS)
def test_tampering_without_the_key_is_found(kind: str) -> None:
    rows = the_log()

    assert breaks(TAMPERINGS[kind](the_log()), KEY, heads(rows))


@pytest.mark.parametrize("kind", WITH_THE_KEY)
def test_tampering_with_the_key_is_found_by_the_signed_heads(kind: str, tmp_path: Path) -> None:
    book = signed_in(tmp_path / "billing.jsonl", the_log())

    assert breaks(WITH_THE_KEY[kind](the_log()), KEY, book.signed())


def test_a_log_is_not_believed_under_another_key() -> None:
    assert len(breaks(the_log(), ANOTHER_KEY)) == len(the_log())


def test_a_time_that_goes_back_is_told_although_its_row_is_genuine() -> None:
    chain = Chain("billing-1", KEY)
    rows = chain.link([Witnessed(AN_ENTRY, "done", ())], at=MORNING)
    chain.advance(rows)
    rows += chain.link([Witnessed(AN_ENTRY, "done", ())], at=MORNING - timedelta(hours=1))
    verification = Verification(KEY)

    for row in rows:
        verification.see(row)

    assert verification.end() == []
    assert len(verification.set_back) == 1


def test_a_chain_begun_anew_goes_on_under_another_name_and_keeps_the_old_head() -> None:
    chain = Chain("billing-1", KEY)
    first = chain.link([Witnessed(AN_ENTRY, "done", ())], at=MORNING)
    chain.advance(first)

    chain.begin_anew()
    second = chain.link([Witnessed(AN_ENTRY, "done", ())], at=MORNING)
    chain.advance(second)

    assert [head.writer for head in chain.heads] == ["billing-1", "billing-1.1"]
    assert breaks([*first, *second], KEY, chain.heads) == []


def test_a_signed_file_is_unbroken_also_when_several_processes_add_to_it(tmp_path: Path) -> None:
    file = tmp_path / "audit" / "billing.jsonl"
    one, two = Heads(file, KEY), Heads(file, KEY)

    one.sign([Head("a", 1, "h1")], at=MORNING)
    two.sign([Head("b", 1, "h2"), Head("c", 4, "h3")], at=MORNING)
    one.note_verified(6, at=MORNING)

    assert one.breaks() == []
    assert [head.writer for head in two.signed()] == ["a", "b", "c"]
    assert two.verified_at() == MORNING


@pytest.mark.parametrize(
    "tamper",
    [
        lambda lines: lines[1:],
        lambda lines: [lines[0], *lines[2:]],
        lambda lines: [lines[1], lines[0], *lines[2:]],
        lambda lines: [lines[0].replace("billing-1", "billing-9"), *lines[1:]],
        lambda lines: [lines[0], "not json", *lines[2:]],
    ],
    ids=["first line gone", "line gone", "lines swapped", "line changed", "line garbled"],
)
def test_tampering_with_the_signed_file_is_found(
    tmp_path: Path, tamper: Callable[[list[str]], list[str]]
) -> None:
    book = signed_in(tmp_path / "billing.jsonl", the_log())
    file = tmp_path / "billing.jsonl"

    file.write_text("\n".join(tamper(file.read_text().splitlines())) + "\n")

    assert book.breaks()


def test_a_line_that_a_killed_process_left_half_written_breaks_nothing(tmp_path: Path) -> None:
    file = tmp_path / "billing.jsonl"
    book = signed_in(file, written("billing-1", 2))
    with file.open("a") as torn:
        torn.write('{"at": "2026-11-23T08')

    book.sign([Head("billing-1", 3, "h")], at=MORNING)

    assert book.breaks() == []
    assert [head.sequence for head in book.signed()] == [1, 2, 3]
