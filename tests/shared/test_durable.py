"""A file is there whole or not at all, wherever the process that writes it dies."""

import re
import stat
from pathlib import Path
from typing import get_args

import pytest

from shared.durable import OWNER_ONLY, Step, sweep, write_whole

PROJECT = Path(__file__).resolve().parents[2]


class Killed(Exception):
    """The process dies here."""


def kill() -> None:
    raise Killed


@pytest.mark.parametrize("step", get_args(Step))
@pytest.mark.parametrize("before", [None, b"older"])
def test_a_killed_writer_leaves_the_older_file_or_the_whole_new_one(
    tmp_path: Path, step: Step, before: bytes | None
) -> None:
    path = tmp_path / "folder" / "keys.json"
    if before is not None:
        write_whole(path, before)

    with pytest.raises(Killed):
        write_whole(path, b"newer", faults={step: kill})

    left = path.read_bytes() if path.exists() else None
    assert left == (b"newer" if step == "after_rename" else before)


def test_what_a_killed_writer_left_is_swept_and_the_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with pytest.raises(Killed):
        write_whole(path, b"half", faults={"after_write": kill})

    write_whole(path, b"whole")
    sweep(path)

    assert [each.name for each in tmp_path.iterdir()] == ["a.txt"]
    assert path.read_bytes() == b"whole"


def test_a_file_is_its_owners_only(tmp_path: Path) -> None:
    path = tmp_path / "new" / "keys.json"

    write_whole(path, b"{}")

    assert stat.S_IMODE(path.stat().st_mode) == OWNER_ONLY
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_whole_files_are_written_in_one_way_only() -> None:
    """Lines are added to three kinds of file; a whole file is written by `write_whole`."""
    by_hand = re.compile(r"O_EXCL|\.write_text\(|\.write_bytes\(|\.with_suffix\(\"\.new\"\)")
    found = {
        str(file.relative_to(PROJECT))
        for room in ("services", "gateway", "shared", "deploy")
        for file in (PROJECT / room).rglob("*.py")
        if by_hand.search(file.read_text())
    }

    assert found == {"shared/durable.py"}
