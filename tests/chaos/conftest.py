"""A system of the trials' own, started once for all of them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.servers import passing_folder
from tools.chaos.trial import Trial


@pytest.fixture
async def trial() -> AsyncIterator[Trial]:
    """Start three mongods, a broker, the peers and the five services, in a folder that goes afterwards."""
    with passing_folder("trial") as folder:
        async with Trial(Path(folder), name="test") as running:
            yield running
