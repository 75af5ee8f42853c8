"""Whatever is sent: no 5xx, no status that the document does not name, every answer as it says."""

import asyncio
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from services import SERVICES
from tests.doors.fuzzing import Fuzz

CASES = int(os.environ.get("SESAM_FUZZ_CASES", "200"))
"""For all services together; `./sesam fuzz` asks for more."""
SEED = int(os.environ.get("SESAM_FUZZ_SEED", "20261123"))
STEPS = 8

pytestmark = pytest.mark.slow


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.mark.parametrize("service", SERVICES)
def test_every_answer_is_one_that_the_document_names(
    service: str, runner: asyncio.Runner, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    fuzz = Fuzz(service, runner, tmp_path)
    share = -(-CASES // len(SERVICES))

    fuzz.one_by_one(share * 4 // 5, seeded=SEED)
    fuzz.in_sequence(share // 5 // STEPS, steps=STEPS, seeded=SEED)
    fuzz.one_by_one(max(1, share - fuzz.tally.cases), seeded=SEED + 1000)
    fuzz.close()

    record_property("statuses", dict(sorted(fuzz.tally.statuses.items())))
    record_property("cases", fuzz.tally.cases)
    assert not fuzz.tally.wrong, "\n".join(fuzz.tally.wrong.values())
    assert fuzz.tally.cases >= share
