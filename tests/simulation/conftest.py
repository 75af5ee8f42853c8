"""What a simulation leaves as it found it: the log, the fault points and the disk."""

from collections.abc import Iterator
from unittest.mock import patch

import pytest
import structlog

from shared import fault
from tests.simulation.programs import Outside, empty_folder

MUTE = 50


@pytest.fixture(autouse=True)
def left_as_found() -> Iterator[None]:
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(MUTE))
    yield
    structlog.configure(**before)
    patch.stopall()
    fault._armed.clear()
    Outside.world = None
    empty_folder()
