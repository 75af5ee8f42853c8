"""Every kind of tampering with the audit log is found, by its chains and by the heads signed outside."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from shared.repository.audit.chain import Chain, Head, Verification, Witnessed, breaks
from shared.repository.audit.heads import Heads
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

    assert breaks(rows, (KEY,), heads(rows)) == []


def test_rows_after_the_signed_head_break_nothing() -> None:
    rows = the_log()

    assert breaks(rows, (KEY,), heads(rows[:3])) == []


@pytest.mark.parametrize("kind", TAMPERINGS)
def test_tampering_without_the_key_is_found(kind: str) -> None:
    rows = the_log()

    assert breaks(TAMPERINGS[kind](the_log()), (KEY,), heads(rows))


@pytest.mark.parametrize("kind", WITH_THE_KEY)
def test_tampering_with_the_key_is_found_by_the_signed_heads(kind: str, tmp_path: Path) -> None:
    book = signed_in(tmp_path / "billing.jsonl", the_log())

    assert breaks(WITH_THE_KEY[kind](the_log()), (KEY,), book.signed())


def test_a_log_is_not_believed_under_another_key() -> None:
    assert len(breaks(the_log(), (ANOTHER_KEY,))) == len(the_log())


def test_a_time_that_goes_back_is_found_although_its_row_is_genuine() -> None:
    chain = Chain("billing-1", KEY)
    rows = chain.link([Witnessed(AN_ENTRY, "done", ())], at=MORNING)
    chain.advance(rows)
    rows += chain.link([Witnessed(AN_ENTRY, "done", ())], at=MORNING - timedelta(hours=1))
    verification = Verification((KEY,))

    for row in rows:
        verification.see(row)

    assert verification.end() == []
    assert len(verification.set_back) == 1


def test_a_whole_second_of_the_version_before_is_not_after_its_own_half() -> None:
    verification = Verification((KEY,))
    (row,) = written("billing-1", 1)

    for number, at in enumerate(("2026-11-23T08:00:00Z", "2026-11-23T08:00:00.500000Z"), start=1):
        verification.see({**row, "sequence": number, "at": at})

    assert verification.set_back == []


def test_a_chain_begun_anew_goes_on_under_another_name_and_keeps_the_old_head() -> None:
    chain = Chain("billing-1", KEY)
    first = chain.link([Witnessed(AN_ENTRY, "done", ())], at=MORNING)
    chain.advance(first)

    chain.begin_anew()
    second = chain.link([Witnessed(AN_ENTRY, "done", ())], at=MORNING)
    chain.advance(second)

    assert [head.writer for head in chain.heads] == ["billing-1", "billing-1.1"]
    assert breaks([*first, *second], (KEY,), chain.heads) == []


def test_a_signed_file_is_unbroken_also_when_several_processes_add_to_it(tmp_path: Path) -> None:
    file = tmp_path / "audit" / "billing.jsonl"
    one, two = Heads(file, (KEY,)), Heads(file, (KEY,))

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
@pytest.mark.parametrize("is_of_the_version_before", [False, True])
def test_tampering_with_the_signed_file_is_found(
    tmp_path: Path, tamper: Callable[[list[str]], list[str]], *, is_of_the_version_before: bool
) -> None:
    book = signed_in(tmp_path / "billing.jsonl", the_log())
    file = tmp_path / "billing" / "2026-11-23.jsonl"
    if is_of_the_version_before:
        file = file.rename(tmp_path / "billing.jsonl")
    assert book.breaks() == []

    file.write_text("\n".join(tamper(file.read_text().splitlines())) + "\n")

    assert book.breaks()


def test_a_line_that_a_killed_process_left_half_written_breaks_nothing(tmp_path: Path) -> None:
    file = tmp_path / "billing.jsonl"
    book = signed_in(file, written("billing-1", 2))
    with (tmp_path / "billing" / "2026-11-23.jsonl").open("a") as torn:
        torn.write('{"at": "2026-11-23T08')

    book.sign([Head("billing-1", 3, "h")], at=MORNING)

    assert book.breaks() == []
    assert [head.sequence for head in book.signed()] == [1, 2, 3]


def sign(book: Heads, number: int, *, days: int = 0) -> None:
    book.sign([Head("billing-1", number, f"h{number}")], at=MORNING + timedelta(days=days))


def test_heads_are_signed_in_a_file_a_day_that_follows_the_day_before(tmp_path: Path) -> None:
    book = Heads(tmp_path / "billing.jsonl", (KEY,))
    for number in range(1, 4):
        sign(book, number, days=number)

    days = sorted(each.name for each in (tmp_path / "billing").glob("*.jsonl"))
    assert days == ["2026-11-24.jsonl", "2026-11-25.jsonl", "2026-11-26.jsonl"]
    assert [head.sequence for head in book.signed()] == [1, 2, 3]
    assert book.breaks() == []
    (tmp_path / "billing" / days[1]).unlink()
    assert len(book.breaks()) == 1


def test_a_clock_that_is_set_back_adds_to_the_newest_day(tmp_path: Path) -> None:
    book = Heads(tmp_path / "billing.jsonl", (KEY,))
    for number, day in enumerate((5, 1, 6, 0), start=1):
        sign(book, number, days=day)

    assert [head.sequence for head in book.signed()] == [1, 2, 3, 4]
    assert book.breaks() == []


@pytest.fixture
def beside(tmp_path: Path) -> tuple[Heads, Path]:
    """The one file of the version before, and what this version signed after it."""
    file = tmp_path / "billing.jsonl"
    book = signed_in(file, written("billing-1", 2))
    (tmp_path / "billing" / "2026-11-23.jsonl").rename(file)
    sign(book, 3, days=1)
    return book, file


def added_by_the_version_before(file: Path, number: int) -> None:
    """Let a replica of the version before sign, in its file and under its own lock."""
    other = Heads(file.parent / "other" / "billing.jsonl", (KEY,))
    other.folder.mkdir(parents=True)
    own = other.folder / "2026-11-23.jsonl"
    file.rename(own)
    sign(other, number)
    own.rename(file)


def test_the_one_file_of_the_version_before_goes_on_being_read(beside: tuple[Heads, Path]) -> None:
    book, file = beside

    added_by_the_version_before(file, 4)

    assert [head.sequence for head in book.signed()] == [1, 2, 4, 3]
    assert book.breaks() == []


def test_the_file_of_the_version_before_cannot_be_taken_away_or_begun_anew(
    beside: tuple[Heads, Path], tmp_path: Path
) -> None:
    book, file = beside
    file.unlink()
    assert book.breaks()

    signed_in(tmp_path / "other.jsonl", written("billing-1", 2))
    (tmp_path / "other" / "2026-11-23.jsonl").rename(file)
    assert book.breaks() == []  # the very same lines
    file.write_bytes(file.read_bytes().splitlines(keepends=True)[0])
    assert book.breaks()


def test_reading_goes_on_behind_a_place_and_sees_that_what_was_read_is_gone(
    beside: tuple[Heads, Path],
) -> None:
    book, file = beside
    places = [reading.place for reading in book.read()]

    for number, place in enumerate(places, start=1):
        assert [reading.wrong for reading in book.read(place)] == [None] * (3 - number)
    added_by_the_version_before(file, 4)
    assert [reading.wrong for reading in book.read(places[1])] == [None, None]
    sign(book, 5, days=2)
    assert [reading.head.sequence for reading in book.read(places[2]) if reading.head] == [5]

    (book.folder / "2026-11-24.jsonl").write_text("")
    assert next(book.read(places[2])).wrong
    (book.folder / "2026-11-24.jsonl").unlink()
    assert next(book.read(places[2])).wrong
