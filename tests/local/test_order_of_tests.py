"""Which files of tests begin, and which tests are left out."""

import pytest

from tests.conftest import LONGEST
from tools.commands.quality import left_out
from tools.embedded.place import PROJECT


def test_every_file_that_is_said_to_take_long_is_there() -> None:
    assert {path.name for path in (PROJECT / "tests").rglob("test_*.py")} >= set(LONGEST)


@pytest.mark.parametrize(
    ("asked", "marks"),
    [
        ([], "not full and not long"),
        (["-x", "tests/local"], "not full and not long"),
        (["--full"], "not long"),
        (["--long"], ""),
        (["--full", "--long"], ""),
    ],
)
def test_what_takes_minutes_is_left_out_unless_it_is_asked_for(asked: list[str], marks: str) -> None:
    assert left_out(asked) == marks
