"""Invoicing's answer as a file."""

import json
from dataclasses import replace
from datetime import date

import pytest

from services.billing.domain.fees.acknowledgement import Acknowledgement
from services.billing.domain.files.ack_file import AckFile, Unreadable, note_ack_file, read_ack
from shared.events.tasks import TaskRaised, TaskResolved
from tests.billing.examples import AT

NAME = "egenavgift_20261121-0001.ack.jsonl"
HEAD = {"rec": "head", "batch": "20261121-0001", "status": "accepted"}
ROW = {"event_id": "e-1", "status": "invoiced", "invoice_no": "7", "invoice_date": "2026-11-30"}


def file(*lines: object) -> bytes:
    return "".join(f"{json.dumps(line)}\n" for line in lines).encode()


def test_a_file_answers_the_batch_and_each_entry() -> None:
    answered = read_ack(NAME, file(HEAD, ROW, {"rec": "trailer", "rows": 1}), at=AT)

    assert (answered.batch_id, answered.head) == ("20261121-0001", "accepted")
    assert answered.rows == (
        Acknowledgement("e-1", "invoiced", AT, invoice_no="7", invoice_date=date(2026, 11, 30)),
    )


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", "line 1"),
        (b"{not json\n", "line 1"),
        (b"[1]\n", "line 1"),
        (file({"rec": "head"}), "line 1"),
        (file({**HEAD, "rec": "row"}), "line 1"),
        (file({**HEAD, "status": "maybe"}), "line 1"),
        (file({**HEAD, "batch": "20261121-0002"}), "line 1"),
        (file(HEAD, {**ROW, "status": "maybe"}), "line 2"),
        (file(HEAD, ROW, {"status": "accepted"}), "line 3"),
        (file(HEAD, {**ROW, "invoice_date": "soon"}), "line 2"),
        (file(HEAD, {**ROW, "event_id": 7}), "line 2"),
        (file(HEAD, {**ROW, "code": "x" * 61}), "line 2"),
    ],
)
def test_a_file_that_is_not_what_was_agreed_is_refused_whole_with_its_line(content: bytes, line: str) -> None:
    with pytest.raises(Unreadable, match=line):
        read_ack(NAME, content, at=AT)


def test_a_text_of_sixty_signs_fits_and_one_more_does_not() -> None:
    longest = {**ROW, "code": "x" * 60}

    answered = read_ack(NAME, file(HEAD, longest, {"rec": "trailer", "rows": 1}), at=AT)

    assert answered.rows[0].code == "x" * 60
    with pytest.raises(Unreadable, match="line 2"):
        read_ack(NAME, file(HEAD, {**ROW, "code": "x" * 61}, {"rec": "trailer", "rows": 1}), at=AT)


def test_a_file_of_another_name_is_refused() -> None:
    with pytest.raises(Unreadable):
        read_ack("egenavgift_x.ack.jsonl", file(HEAD), at=AT)


def test_a_file_that_cannot_be_read_is_a_task_once_that_ends_when_it_can() -> None:
    bad = AckFile(NAME, "hash-1", AT, fault="answer-line-no-json", details={"line": "2"})
    good = replace(bad, sha256="hash-2", fault=None)

    known, facts = note_ack_file(None, seen=bad)
    _, again = note_ack_file(known, seen=bad)
    mended, ended = note_ack_file(known, seen=good)

    assert ([type(fact) for fact in facts], again) == ([TaskRaised], [])
    assert [type(fact) for fact in ended] == [TaskResolved]
    assert note_ack_file(mended, seen=replace(good, sha256="hash-3"))[1] == []
    assert note_ack_file(None, seen=good) == (good, [])
    assert note_ack_file(replace(bad, fault="line 2: no JSON"), seen=bad)[1] == []
