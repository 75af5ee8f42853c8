"""Which files of tests begin."""

from tests.conftest import LONGEST
from tools.embedded.place import PROJECT


def test_every_file_that_is_said_to_take_long_is_there() -> None:
    assert {path.name for path in (PROJECT / "tests").rglob("test_*.py")} >= set(LONGEST)
